"""The parts of a page that each language has: one below the other in the repository, tabs on the site.

A language's title is a line of its own, in bold, above what it titles. Of the tabs, each page of the site
shows those of the language that a reader has chosen last.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES: Final[Mapping[str, str]] = {
    "yaml": "YAML",
    "typescript": "TypeScript",
    "python": "Python",
    "go": "Go",
}
_BEGIN: Final = "<!-- languages -->"
_END: Final = "<!-- /languages -->"
_BLOCK: Final = re.compile(rf"{_BEGIN}\n(.*?){_END}", re.DOTALL)
_TITLE: Final = re.compile(rf"^\*\*({'|'.join(TITLES.values())})\*\*$\n", re.MULTILINE)


def block(told: Mapping[str, str]) -> str:
    """The text for each language, as the repository's pages have it."""
    return "\n\n".join((_BEGIN, *(f"**{TITLES[each]}**\n\n{text}" for each, text in told.items()), _END))


def in_tabs(page: str) -> str:
    """A page whose languages are tabs."""
    return _BLOCK.sub(lambda found: _tabs(found[1]), page)


def _tabs(text: str) -> str:
    _, *parts = _TITLE.split(text)
    titled = zip(parts[::2], parts[1::2], strict=True)
    return "\n".join(f'=== "{title}"\n\n{textwrap.indent(told.strip(), " " * 4)}\n' for title, told in titled)
