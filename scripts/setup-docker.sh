#!/bin/bash
# Makes sure that a Docker engine answers, and that images can be built without a registry.
#
# Installs Debian's packages and starts the daemon when it may: root, on Debian or Ubuntu, and GROUNDWORK_INSTALL_DOCKER is not 0.
# Otherwise it says what to install. Exit codes: 0 an engine answers, 1 it was installed but does not start, 2 it must be installed.
set -euo pipefail

run_dir=${GROUNDWORK_DOCKER_DIR:-/var/run/groundwork}
log=$run_dir/dockerd.log
start_seconds=60

say() { echo "docker: $*"; }

answers() { docker info >/dev/null 2>&1; }

explain() {
    {
        say "no Docker engine answers${1:+ ($1)}."
        echo "  Debian, Ubuntu: sudo apt-get install docker.io debootstrap, then add yourself to the group docker"
        echo "  macOS, Windows: Docker Desktop, https://docs.docker.com/get-docker/"
        echo "  elsewhere:      set DOCKER_HOST, e.g. to ssh://you@host"
    } >&2
    exit 2
}

is_debian() { grep -qsE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; }

installed() { dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# Packages that are not there yet, of those given.
missing() {
    local package
    for package in "$@"; do installed "$package" || echo "$package"; done
}

install_packages() {
    say "installing $*"
    local options=(--quiet=2 --option Acquire::Retries=3 --option DPkg::Lock::Timeout=120)
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get "${options[@]}" update &&
            apt-get "${options[@]}" --yes --no-install-recommends install "$@"
    } >"$run_dir/apt.log" 2>&1 || {
        tail -n 20 "$run_dir/apt.log" >&2
        say "apt-get install $* failed; the whole log is in $run_dir/apt.log" >&2
        exit 1
    }
}

# True when the process of a pid file lives and is what it is said to be: pids are used again.
alive() {
    local pid
    pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ]
}

# What a killed daemon leaves behind, and the next one stumbles over. Nothing of it is removed while its owner lives.
clean_up() {
    alive /var/run/docker.pid dockerd || rm -f /var/run/docker.pid
    if ! alive /var/run/docker/containerd/containerd.pid containerd; then
        rm -f /var/run/docker/containerd/containerd.pid /var/run/docker/containerd/*.sock /var/run/docker/containerd/*.sock.ttrpc
    fi
    if ! pgrep -x dockerd >/dev/null; then
        rm -f /var/run/docker.sock
    fi
}

start_daemon() {
    # A service manager that runs knows better.
    if [ -d /run/systemd/system ]; then
        systemctl start docker
        return
    fi
    clean_up
    say "starting dockerd (log: $log)"
    # Not through 9: the daemon must not keep this script's lock.
    setsid --fork dockerd --pidfile /var/run/docker.pid >>"$log" 2>&1 </dev/null 9>&-
}

wait_until_it_answers() {
    local deadline=$((SECONDS + start_seconds))
    until answers; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            [ ! -f "$log" ] || tail -n 20 "$log" >&2
            say "the daemon does not answer after $start_seconds s; its log is above" >&2
            exit 1
        fi
        sleep 0.2
    done
}

may_install() { [ "$(id -u)" = 0 ] && is_debian && [ "${GROUNDWORK_INSTALL_DOCKER:-1}" != 0 ]; }

# Image builds start from debootstrap where no registry answers. Without it they say so themselves, hence no reason to fail here.
ensure_debootstrap() {
    if may_install && ! command -v debootstrap >/dev/null; then
        mkdir -p "$run_dir"
        (install_packages debootstrap) || say "debootstrap could not be installed: local images need it, or a registry" >&2
    fi
}

if answers; then
    ensure_debootstrap
    say "engine $(docker version --format '{{.Server.Version}}') answers"
    exit 0
fi
[ -z "${DOCKER_HOST:-}" ] || explain "DOCKER_HOST is $DOCKER_HOST"
may_install || explain

mkdir -p "$run_dir"
# Two at once: the second waits, and then finds an engine.
exec 9>"$run_dir/setup.lock"
flock 9
if ! answers; then
    packages=(debootstrap iptables)
    command -v dockerd >/dev/null || packages+=(docker.io)
    mapfile -t wanted < <(missing "${packages[@]}")
    [ "${#wanted[@]}" = 0 ] || install_packages "${wanted[@]}"
    # A package of its own from Debian 13 on.
    command -v docker >/dev/null || install_packages docker-cli
    pgrep -x dockerd >/dev/null || start_daemon
    wait_until_it_answers
fi
say "engine $(docker version --format '{{.Server.Version}}') answers"
