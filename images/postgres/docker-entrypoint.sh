#!/bin/bash
# Starts PostgreSQL the way that the postgres image does: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS (each
# also as <NAME>_FILE), POSTGRES_HOST_AUTH_METHOD, PGDATA and /docker-entrypoint-initdb.d count when the data directory is empty.
#
# The cluster is made in $PGDATA/.init and moved into place when it is whole, PG_VERSION last: a container that is killed in the
# middle of its first start makes a new one, rather than leaving one without its database.
set -Eeuo pipefail

fail() {
    echo "docker-entrypoint: $*" >&2
    exit 1
}

# Sets $1 from the file that $1_FILE names, else from $1, else to $2.
from_env() {
    local name=$1 default=${2:-} file_name="${1}_FILE"
    local file=${!file_name:-}
    if [ -n "$file" ]; then
        [ -z "${!name:-}" ] || fail "both $name and $file_name are set; set one"
        [ -r "$file" ] || fail "$file_name names $file, which user $(id -u) cannot read"
        printf -v "$name" %s "$(<"$file")"
    elif [ -z "${!name:-}" ]; then
        printf -v "$name" %s "$default"
    fi
    unset "$file_name"
}

run_init_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh) echo "docker-entrypoint: running $file" && if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
            *.sql) echo "docker-entrypoint: running $file" && "${psql[@]}" --file="$file" ;;
            *.sql.gz) echo "docker-entrypoint: running $file" && gunzip --stdout "$file" | "${psql[@]}" ;;
        esac
    done
}

make_cluster() {
    local stage=$1
    from_env POSTGRES_PASSWORD
    from_env POSTGRES_USER postgres
    from_env POSTGRES_DB "$POSTGRES_USER"
    from_env POSTGRES_INITDB_ARGS
    local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    [ -n "$POSTGRES_PASSWORD" ] || [ "$method" = trust ] ||
        fail "the database is new and has no password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"

    # A pipe, so that the password is in no argument list and no file.
    eval 'initdb --pgdata="$stage" --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
    printf 'host all all all %s\n' "$method" >>"$stage/pg_hba.conf"
    printf "listen_addresses = '*'\n" >>"$stage/postgresql.conf"

    # Over the socket only: nobody may take a database that is still being made for a ready one.
    PGUSER=$POSTGRES_USER pg_ctl --pgdata="$stage" --wait start \
        --options="-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql"
    psql=(psql --no-psqlrc --set=ON_ERROR_STOP=1 --no-password --username="$POSTGRES_USER")
    export PGHOST=/var/run/postgresql PGPASSWORD=$POSTGRES_PASSWORD
    if [ "$POSTGRES_DB" != postgres ]; then
        "${psql[@]}" --dbname=postgres --set=db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
    fi
    psql+=(--dbname="$POSTGRES_DB")
    run_init_files
    unset PGHOST PGPASSWORD
    pg_ctl --pgdata="$stage" --mode=fast --wait stop
}

if [ "${1:0:1}" = - ]; then
    set -- postgres "$@"
fi

if [ "$1" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA"
        chown --recursive --from=0 999:999 "$PGDATA" /var/run/postgresql
        chmod 0700 "$PGDATA"
        exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
    fi
    mkdir -p "$PGDATA"
    chmod 0700 "$PGDATA" || fail "$PGDATA must belong to user $(id -u)"
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        stage=$PGDATA/.init
        if [ ! -e "$stage/PG_VERSION.whole" ]; then
            rm -rf "$stage"
            [ -z "$(ls -A "$PGDATA" | grep -vx lost+found)" ] ||
                fail "$PGDATA holds files but no database: empty it, or set PGDATA to a folder in it"
            make_cluster "$stage"
            sync
            mv "$stage/PG_VERSION" "$stage/PG_VERSION.whole"
        fi
        find "$stage" -mindepth 1 -maxdepth 1 ! -name PG_VERSION.whole -exec mv --target-directory="$PGDATA" {} +
        mv "$stage/PG_VERSION.whole" "$PGDATA/PG_VERSION"
        rmdir "$stage"
        echo "docker-entrypoint: the database is made"
    fi
    # The server needs none of these, and what it does not have it cannot show.
    unset POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS
fi

exec "$@"
