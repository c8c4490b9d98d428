#!/bin/sh
# lead-to.sh DATABASE: from the next RELOAD on, clients of the database `spark` are in this one of Postgres's.
set -e
printf '[databases]\nspark = host=%s port=%s dbname=%s\n' "${POSTGRES_HOST:-proxy}" "${POSTGRES_PORT:-20003}" "$1" >/tmp/databases.new
mv /tmp/databases.new /tmp/databases.ini
