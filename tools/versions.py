"""The versions of what isn't a Python package. Those are in requirements.lock.

A test holds the `go.mod` files below `tools/engine/` and `tools/actionlint/` to these.
"""

ENGINE = "3.274.1"
"""Pulumi's engine: what is downloaded or built."""

OLDEST_ENGINE = "3.259.0"
"""The oldest that is accepted on PATH. `make test-all` tries it, too."""

LANGUAGE_HOST = "3.79.0"
"""The sdk/v3 module that pulumi-language-python is built from; the engine's own has no tags."""

YAML_HOST = "1.38.3"
"""The module of pulumi-language-yaml; the newest that registries have with a tag."""

NODEJS_HOST = "3.68.0"
"""The last sdk/v3 module that has pulumi-language-nodejs, for TypeScript and JavaScript."""

GO_HOST = "3.66.0"
"""The last sdk/v3 module that has pulumi-language-go."""

MERMAID = "12.3.0"
"""The library that draws the site's diagrams, from npm. The theme is made for this major version."""

MERMAID_SHA256 = "336df803d87a38b70a01e736e666c8f7601d2ce42f5e47c8fafe5d721074b9a3"
"""Of its `dist/mermaid.min.js`."""

ACTIONLINT = "1.7.12"
"""The checker of GitHub Actions' workflows; a Go module, built where the tests want it."""
