#!/bin/sh
# Set up the checkout: virtual environment, pinned packages, engine. Says what it does on stderr.
#   sh tools/setup.sh [GROUP...]     what the story needs, and groups of pyproject.toml besides
# Instant when there is nothing to do. With --check: only tell, by the exit code, whether it is done. With
# --fingerprint: print what the installed packages follow from. With --language NAME: refuse a language in
# which there is no story.
set -eu
cd "$(dirname "$0")/.."

# The path counts: scripts of a venv name it.
fingerprint() {
    pwd -P
    cksum pyproject.toml requirements.lock
}

# The first three lines are the fingerprint, the others what was installed.
packages_ready() {
    [ -x .venv/bin/python ] && [ -r .venv/installed-from ] &&
        [ "$(head -n 3 .venv/installed-from)" = "$(fingerprint)" ] || return 1
    for group in install "$@"; do
        grep -qx "$group" .venv/installed-from || return 1
    done
}

engine_ready() {
    [ -r .local/engine ] && [ .local/engine -nt tools/versions.py ] &&
        [ -x "$(cat .local/engine)/pulumi" ]
}

say() {
    echo "$@" >&2
}

# The first Python that is new enough; PYTHON=... overrides.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        # Not the .venv's own, which may be replaced.
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'
            return
        fi
    done
    say "error: there is no Python 3.11 or newer"
    say "  Install one (Debian 12 or newer: sudo apt-get install python3), or name it:"
    say "  make PYTHON=/path/to/python3.11 ..."
    return 1
}

# Takes what is at hand at once; what has to be downloaded or built takes minutes.
get_engine() {
    engine=$("$python" -m tools.engine "$@") || return
    echo "$engine" >.local/engine
}

case "${1:-}" in
--check)
    packages_ready && engine_ready
    exit
    ;;
--fingerprint)
    fingerprint
    exit
    ;;
--language)
    case "$2" in
    "" | python | yaml) exit ;;
    esac
    say "error: there is no LANGUAGE=$2"
    say "  It is python, as without it, or yaml."
    exit 2
    ;;
esac

mkdir -p .local
packages_ready "$@" && engine_ready && exit
python=$(find_python)
if ! engine_ready; then
    if packages_ready "$@"; then
        get_engine
    elif ! get_engine --at-hand; then
        say "Installing the pinned packages into .venv while the engine is got"
        "$python" -m tools.packages "$@" >.local/packages.log 2>&1 &
        packages=$!
        trap 'kill $packages 2>/dev/null' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        got=0
        get_engine || got=$?
        installed=0
        wait $packages || installed=$?
        trap - EXIT INT TERM
        cat .local/packages.log >&2
        [ "$got" = 0 ] || exit "$got"
        exit "$installed"
    fi
fi
packages_ready "$@" || "$python" -m tools.packages "$@"
