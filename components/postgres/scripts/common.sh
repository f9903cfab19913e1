# What the starts of the primary and of its replica have in common. POSIX sh, with what every image of Postgres has.
#
# VOLUME          the mounted volume; PGDATA is a folder of it
# PGDATA          the data directory, as the image knows it

say() {
    echo "groundwork: $*" >&2
}

# Waits and hears signals at once: a shell handles them only between its commands.
pause() {
    sleep "$1" &
    wait $! || true
}

# For as long as this process or one of its children lives, nobody else starts on this volume: two servers on one data directory destroy it,
# and Postgres's own lock file says nothing between containers, where every server is process 1.
lock_volume() {
    trap 'exit 143' INT TERM
    exec 9>"$VOLUME/lock"
    flock --nonblock 9 || say "the volume is in use by another server; waiting until it has ended"
    until flock --nonblock 9; do
        pause 1
    done
    trap - INT TERM
}

has_database() {
    [ -s "$PGDATA/PG_VERSION" ]
}

# It follows a primary; without that file it is a primary, or was one.
is_copy() {
    [ -e "$PGDATA/standby.signal" ]
}
