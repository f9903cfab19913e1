#!/bin/bash
# Makes sure that there is a Chromium for the tests of pages.
#
# Installs Debian's package where it may: root, on Debian. Otherwise it says what to install. Exit codes: 0 there is one, 1 it could not be
# installed, 2 it must be installed.
set -euo pipefail

say() { echo "chromium: $*"; }

# As tests/browser/chromium.ts looks for it.
found() { command -v chromium google-chrome google-chrome-stable | head -n 1; }

if [ -n "${GROUNDWORK_CHROMIUM:-}" ] || [ -n "$(found)" ]; then exit 0; fi
# Ubuntu's package is a snap, which needs more than a package manager.
if [ "$(id -u)" != 0 ] || ! grep -qsx 'ID=debian' /etc/os-release; then
    say "there is none. Debian: sudo apt-get install chromium; elsewhere: set GROUNDWORK_CHROMIUM to the path of Chromium or Chrome." >&2
    exit 2
fi
say "installing Debian's package"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
options=(--quiet=2 --option Acquire::Retries=3 --option DPkg::Lock::Timeout=120)
export DEBIAN_FRONTEND=noninteractive
{
    apt-get "${options[@]}" update &&
        apt-get "${options[@]}" --yes --no-install-recommends install chromium
} >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    say "apt-get install chromium failed" >&2
    exit 1
}
