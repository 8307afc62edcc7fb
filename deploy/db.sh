#!/bin/sh
# The database of docker-compose.yml: one cluster, one role with a password, the extensions in the template.
set -eu
bin=/usr/lib/postgresql/15/bin
data=/var/lib/zaiqing/pg
if [ ! -f "$data/PG_VERSION" ]; then
    umask 077
    printf '%s' "$POSTGRES_PASSWORD" > /tmp/pw
    "$bin/initdb" -D "$data" -U postgres --pwfile=/tmp/pw --auth-local=peer --auth-host=scram-sha-256 \
        --data-checksums --encoding=UTF8 --locale=C.UTF-8
    rm /tmp/pw
    printf "listen_addresses = '*'\nmax_connections = 100\nmax_locks_per_transaction = 256\nmax_wal_size = 2GB\n" \
        >> "$data/postgresql.conf"
    echo "host all zaiqing all scram-sha-256" >> "$data/pg_hba.conf"
    "$bin/pg_ctl" -D "$data" -o "-c listen_addresses=''" -w start
    for extension in postgis pgrouting btree_gist; do
        psql -X -q -d template1 -c "CREATE EXTENSION IF NOT EXISTS $extension CASCADE"
    done
    psql -X -q -d postgres -v password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE zaiqing LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE zaiqing OWNER zaiqing;
SQL
    "$bin/pg_ctl" -D "$data" -w stop
fi
exec "$bin/postgres" -D "$data"
