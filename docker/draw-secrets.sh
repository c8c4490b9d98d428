#!/bin/sh
# sh docker/draw-secrets.sh: for a lab that is started by hand. Draws the passwords and tokens that docker-compose.yml asks
# for into .env, which Compose reads and only its owner may read. What is there already stays.
set -e
umask 077
cd "$(dirname "$0")/.."
touch .env
chmod 600 .env
for name in KANIT_DATABASE_ADMIN_PASSWORD KANIT_DATABASE_PASSWORD KANIT_POOLER_CONSOLE_PASSWORD KANIT_CONTROL_TOKEN KANIT_PLATFORM_TOKEN; do
  grep -q "^$name=" .env || printf '%s=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >>.env
done
