# Usage: replica.sh COMMAND...
#
# Keeps a copy of the primary on the volume, and COMMAND, a server that follows it, running on that. Starts without the primary where there is a
# copy; makes one where there is none; makes another where the primary can no longer bring this one up to date.
#
# VOLUME, PGDATA        see common.sh
# PRIMARY               connection string of the primary, without a password
# REPLICATION_PASSWORD_FILE  file that holds the role's password
# PASSFILE              where that is put in the form that libpq reads, in memory
# SLOT                  replication slot on the primary
# PREPARING             exists while there is no server here that could answer, and this is as it should be
set -eu
. "$(dirname "$0")/common.sh"

CHECK_SECONDS=15
SEED=$VOLUME/seed
server=
work=

stop() {
    trap '' INT TERM
    [ -z "$work" ] || kill "$work" 2>/dev/null || true
    stop_server
    exit 0
}

# Fast shutdown: clients are disconnected.
stop_server() {
    [ -n "$server" ] || return 0
    kill -INT "$server" 2>/dev/null || true
    while kill -0 "$server" 2>/dev/null; do
        wait "$server" || true
    done
    server=
}

write_passfile() {
    (
        umask 077
        sed 's/[\\:]/\\&/g; s/^/*:*:*:*:/' "$REPLICATION_PASSWORD_FILE" >"$PASSFILE"
    )
}

# A command of the replication protocol. Fails when the primary does not answer.
ask() {
    psql --no-psqlrc --no-password --tuples-only --no-align --quiet --set=ON_ERROR_STOP=1 \
        --dbname="$PRIMARY replication=true" --command="$1" 2>&1
}

# Whose copy this may be. Every copy of a database has its number, and no other database has.
number_there() {
    answer=$(ask IDENTIFY_SYSTEM) || return 1
    echo "${answer%%|*}"
}

number_here() {
    LC_ALL=C pg_controldata --pgdata="$PGDATA" | sed -n 's/^Database system identifier: *//p'
}

same_database() {
    there=$(number_there) || return 1
    [ "$there" = "$(number_here)" ]
}

# The primary answers and has no log for this copy any more: the slot is gone, or was given up because it held too much.
is_lost() {
    same_database || return 1
    slot=$(ask "READ_REPLICATION_SLOT $SLOT") || return 1
    case $slot in
        physical\|?*\|*) return 1 ;;
        *) return 0 ;;
    esac
}

wait_for_primary() {
    said=
    until answer=$(ask IDENTIFY_SYSTEM); do
        [ "$answer" = "$said" ] || say "waiting for the primary: $answer"
        said=$answer
        pause 2
    done
}

# Whether another copy has room beside this one.
has_room() {
    free=$(df -Pk "$VOLUME" | tail -n 1 | tr -s ' ' | cut -d' ' -f4)
    used=$(du -sk "$PGDATA" | cut -f1)
    [ "$free" -gt $((used + used / 10)) ]
}

seed() {
    rm -rf "$SEED"
    wait_for_primary
    if has_database && ! has_room; then
        say "there is no room for a new copy beside the old one, which is removed first"
        rm -rf "$PGDATA"
    fi
    say "copying the primary"
    ask "DROP_REPLICATION_SLOT $SLOT WAIT" >/dev/null || true
    pg_basebackup --pgdata="$SEED" --dbname="$PRIMARY" --no-password --wal-method=stream --checkpoint=fast \
        --slot="$SLOT" --create-slot &
    work=$!
    if ! wait "$work"; then
        work=
        say "the copy failed; trying again"
        pause 5
        return 1
    fi
    work=
    : >"$SEED/standby.signal"
    sync
    rm -rf "$PGDATA"
    mv "$SEED" "$PGDATA"
    say "the copy is whole"
}

# A primary that another took the place of. What it wrote that no replica had is nowhere else, so that it is put aside and not removed.
set_aside() {
    wait_for_primary
    if ! same_database; then
        say "this volume holds another database than the primary's. It is left as it is; empty the volume to have a replica on it."
        exit 1
    fi
    rm -rf "$VOLUME"/former-*
    former=$VOLUME/former-$(date -u +%Y%m%dT%H%M%SZ)
    say "this volume was a primary's: its data directory is kept as $former until the next promotion"
    mv "$PGDATA" "$former"
}

prepare() {
    if has_database && ! is_copy; then
        set_aside
    fi
    if ! has_database; then
        until seed; do :; done
    elif is_lost; then
        say "the primary has no log for this copy any more; making another"
        until seed; do :; done
    fi
}

run() {
    "$@" &
    server=$!
    asked=0
    while kill -0 "$server" 2>/dev/null; do
        if [ -e "$PREPARING" ]; then
            code=0
            pg_isready --quiet --host=127.0.0.1 --timeout=2 || code=$?
            [ "$code" -gt 1 ] || rm -f "$PREPARING"
        fi
        pause 1
        asked=$((asked + 1))
        [ "$asked" -ge "$CHECK_SECONDS" ] || continue
        asked=0
        if is_lost; then
            : >"$PREPARING"
            stop_server
            return
        fi
    done
    code=0
    wait "$server" || code=$?
    exit "$code"
}

: >"$PREPARING"
lock_volume
trap stop INT TERM
write_passfile
while :; do
    prepare
    run "$@"
done
