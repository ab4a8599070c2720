#!/bin/sh
# Pin the newest packages that work together, for every platform and Python, in requirements.lock.
# Pins that still hold are kept; with -U all of them are looked up anew.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null; then
    uv=uv
else
    # Outside the virtual environment, which holds what is pinned and nothing else.
    .venv/bin/python -m pip install -q --upgrade --target .local/uv uv >&2
    uv=.local/uv/bin/uv
fi
# Which index the packages came from is everyone's own business.
"$uv" pip compile --quiet --universal --python-version 3.11 --all-extras \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --output-file requirements.lock "$@" pyproject.toml
