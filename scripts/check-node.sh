#!/usr/bin/env bash
# Stops early, with the remedy, where Node.js is missing or too old: npm's own message names neither.
set -euo pipefail
needed=$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' "$(dirname "$0")/../package.json")
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Node.js $needed or newer, with npm, is needed, and is not on the PATH. Install it, for example from https://nodejs.org, then run make again." >&2
    exit 2
fi
found=$(node --version)
if ! printf '%s\n' "v$needed" "$found" | sort --version-sort --check=quiet; then
    echo "Node.js $needed or newer is needed; this is $found. Install a newer one, then run make again." >&2
    exit 2
fi
