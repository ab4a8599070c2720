#!/bin/sh
# Set up the checkout: virtual environment, pinned packages, engine. Says what it does on stderr.
# Instant when there is nothing to do. With --check: only tell, by the exit code, whether it is done.
set -eu
cd "$(dirname "$0")/.."

# What the installed packages follow from. The path counts: scripts of a venv name it.
fingerprint() {
    pwd -P
    cksum pyproject.toml requirements.lock
}

packages_ready() {
    [ -x .venv/bin/python ] && [ "$(cat .venv/installed-from 2>/dev/null)" = "$(fingerprint)" ]
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
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "error: there is no Python 3.11 or newer"
    say "  Install one (Debian 12 or newer: apt-get install python3 python3-venv), or name it:"
    say "  make PYTHON=/path/to/python3.11 ..."
    return 1
}

# Debian ships Python without what makes virtual environments.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "This Python makes no virtual environments: installing Debian's $package"
        { apt-get install -qq -y "$package" || { apt-get update -qq && apt-get install -qq -y "$package"; }; } \
            >/dev/null 2>&1 </dev/null && return
    fi
    say "error: $1 makes no virtual environments (no ensurepip)"
    say "  Install that and run this again: sudo apt-get install $package"
    return 1
}

usable_venv() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return
    .venv/bin/python -c 'import pip' 2>/dev/null ||
        .venv/bin/python -m ensurepip >/dev/null 2>&1 || return
    # One that was moved along with its checkout has scripts that lead elsewhere.
    [ ! -r .venv/installed-from ] || [ "$(head -n 1 .venv/installed-from)" = "$(pwd -P)" ]
}

make_venv() {
    python=$(find_python)
    ensure_venv_module "$python"
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

if [ "${1:-}" = --check ]; then
    packages_ready && engine_ready
    exit
fi

mkdir -p .local
if ! packages_ready; then
    usable_venv || make_venv
    # Read before the installation: a change during it is for the next run.
    from=$(fingerprint)
    rm -f .venv/installed-from
    .venv/bin/python -m tools.packages
    echo "$from" >.venv/installed-from
fi
if ! engine_ready; then
    engine=$(.venv/bin/python -m tools.engine)
    echo "$engine" >.local/engine
fi
