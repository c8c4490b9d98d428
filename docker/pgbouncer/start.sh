#!/bin/sh
set -e
umask 077
printf '"spark" "%s"\n"kanit" "%s"\n' "${KANIT_DATABASE_PASSWORD:?}" "${KANIT_POOLER_CONSOLE_PASSWORD:?}" >/tmp/users.txt
lead-to.sh "${POSTGRES_DATABASE:-spark}"
exec pgbouncer /etc/kanit/pgbouncer.ini
