#!/bin/sh
# Pin the newest packages that work together, with their sums, for every platform and Python, in requirements.lock.
# Pins that still hold are kept; with -U all of them are looked up again.
set -eu
cd "$(dirname "$0")/.."

uv=$(.venv/bin/python -m tools.packages --uv)
if [ -z "$uv" ]; then
    echo "error: only uv can pin packages for every platform, and there is none" >&2
    echo "  Install uv and run this again." >&2
    exit 1
fi
# All the groups; pyproject.toml says which of them a package is for.
groups=$(sed -n '/^\[dependency-groups\]/,/^\[[a-z].*\]$/s/^\([a-z-]*\) = \[.*/--group \1/p' pyproject.toml)
# Which index the packages came from is everyone's own business.
# shellcheck disable=SC2086
"$uv" pip compile --quiet --universal --python-version 3.11 --all-extras $groups --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links \
    --output-file requirements.lock "$@" pyproject.toml
.venv/bin/python -m tools.pins
