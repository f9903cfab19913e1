#!/bin/sh
# Starts Redis the way that the redis image does: options and a configuration file may come without the program's name, root gives up
# its rights, and protected mode is off, because a container's neighbours are not on its loopback.
set -eu

if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
    set -- redis-server "$@"
fi
if [ "$1" = redis-server ]; then
    if [ "$(id -u)" = 0 ]; then
        find . \! -user redis -exec chown redis:redis {} +
        exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
    fi
    umask 0077
    case " $* " in
        *protected-mode*) ;;
        *) set -- "$@" --protected-mode no ;;
    esac
fi
exec "$@"
