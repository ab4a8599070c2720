#!/bin/sh
# Print what a shell evaluates to work on the local stack. Instant once set up: it starts no program
# of ours then. Before that it sets up, and everything it has to say goes to stderr.
set -eu
cd "$(dirname "$0")/.."

if [ -r .local/env ] && sh tools/setup.sh --check; then
    kill -0 "$(cat .local/emulator.pid 2>/dev/null)" 2>/dev/null ||
        echo "The emulator isn't running (any more): make up starts it." >&2
else
    echo "Nothing is set up yet, or it was taken down: doing it now." >&2
    sh tools/setup.sh >&2
    .venv/bin/python -m tools.local prepare >&2
fi
cat .local/env
