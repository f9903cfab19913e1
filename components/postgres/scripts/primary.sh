# Usage: primary.sh COMMAND...
#
# Sees to it that the volume may be the primary's, then becomes COMMAND, which starts the server.
#
# VOLUME, PGDATA  see common.sh
# REPLICA_HOST    who may hold a copy of a database that is missing here, by a name that finds it also while it is not ready
# ASK_SECONDS     for how long that one is asked whether it does
# NEW_DATABASE    `allowed`, or else the volume must hold a database
set -eu
. "$(dirname "$0")/common.sh"

# Since when a copy is on its way to be a primary: only then is it this file that says how its recovery ends.
MARK=$PGDATA/groundwork.promotion

# Whether there is such a name. A name server that does not answer for a moment looks as if there were none.
is_known() {
    for _ in 1 2 3; do
        ! getent hosts "$1" >/dev/null || return 0
        pause 2
    done
    return 1
}

# A new database beside a replica that holds the old one would be taken for all there is.
expect_no_copy_elsewhere() {
    tries=$((ASK_SECONDS / 2))
    while [ "$tries" -gt 0 ] && is_known "$REPLICA_HOST"; do
        code=0
        pg_isready --quiet --host="$REPLICA_HOST" --timeout=2 || code=$?
        # 1: it starts up, and has something to start.
        if [ "$code" -le 1 ]; then
            say "this volume is empty, and postgres-replica holds the database. No new one is made. Promote the replica: set" \
                "groundwork:postgres.primaryVolume to its volume and run up. Or, to begin anew, delete the replica's volume first."
            exit 1
        fi
        tries=$((tries - 1))
        pause 2
    done
}

lock_volume
if ! has_database; then
    if [ "$NEW_DATABASE" != allowed ]; then
        say "there is no database on the volume that groundwork:postgres.primaryVolume names: nothing can be promoted"
        exit 1
    fi
    expect_no_copy_elsewhere
elif is_copy; then
    say "this volume holds a copy, and groundwork:postgres.primaryVolume makes it the primary: promoting"
    : >"$MARK"
    mv "$PGDATA/standby.signal" "$PGDATA/recovery.signal"
    sync
fi
if [ -e "$MARK" ] && [ -e "$PGDATA/recovery.signal" ]; then
    # Replays what it has to the end, then begins a timeline of its own, by which everybody can tell it from the old primary's. Killed in the
    # middle, it does so at its next start.
    set -- "$@" -c restore_command=false
else
    rm -f "$MARK"
fi
exec "$@"
