#!/bin/sh
# Print what a shell evaluates to work on the local stack. Instant once set up: it starts no program
# of ours then. Before that it sets up, and everything it has to say goes to stderr.
#   sh tools/env.sh [LANGUAGE]     as for make up; the stack that there is needs none
set -eu
cd "$(dirname "$0")/.."

# By its command line: ids are reused, and a dead process may still have one.
emulator_runs() {
    pid=$(cat .local/emulator.pid 2>/dev/null) || return
    if [ -d /proc/self ]; then
        grep -q aws-org-emulator "/proc/$pid/cmdline" 2>/dev/null
    else
        ps -ww -o command= -p "$pid" | grep -q aws-org-emulator
    fi
}

language=${1:-}
sh tools/setup.sh --language "$language"
if [ -z "$language" ] && [ -r .local/env ] && sh tools/setup.sh --check; then
    emulator_runs || echo "The emulator isn't running any more: make up starts it." >&2
else
    [ -r .local/env ] || echo "Nothing is set up yet, or it was taken down: doing it now." >&2
    sh tools/setup.sh >&2
    .venv/bin/python -m tools.local prepare "$language" >&2
fi
cat .local/env
