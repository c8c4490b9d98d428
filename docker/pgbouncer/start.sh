#!/bin/sh
set -e
lead-to.sh "${POSTGRES_DATABASE:-spark}"
exec pgbouncer /etc/kanit/pgbouncer.ini
