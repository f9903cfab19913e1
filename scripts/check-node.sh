#!/usr/bin/env bash
# Stops early, with the remedy, where Node.js is missing or too old: npm's own message names neither.
set -euo pipefail
needed=20.19
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Node.js $needed or newer, with npm, is needed, and is not on the PATH. Install it, for example from https://nodejs.org, then run make again." >&2
    exit 2
fi
found=$(node --version)
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    echo "Node.js $needed or newer is needed; this is $found. Install a newer one, then run make again." >&2
    exit 2
fi
