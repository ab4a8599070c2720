"""The programs of docs/native.md, in each language: tests run them, and the SDKs' texts show them."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from tools.docs.blocks import ROOT

PAGE: Final = ROOT / "docs" / "native.md"
LANGUAGES: Final = ("yaml", "typescript", "python", "go")


def program(name: str) -> str:
    """A program, by the name that the page gives it.

    Raises:
        KeyError: The page has none.
    """
    return _block("program", name)


def yaml_program(name: str) -> dict[str, Any]:
    """A program in YAML, as values."""
    return dict(yaml.safe_load(program(name)))


def commands(language: str) -> str:
    """The commands that get a language's SDK."""
    return _block("sdk", language)


def _block(kind: str, name: str) -> str:
    found = re.search(rf"<!-- {kind}: {name} -->\n```\w+\n(.*?)```", PAGE.read_text(), re.DOTALL)
    if found is None:
        raise KeyError(name)
    return found[1]
