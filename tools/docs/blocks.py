"""Places in a page that a program writes: between two comments, which name them.

`<!-- generated: NAME -->` and `<!-- /generated -->` are the ends of a block of the kind `generated`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))


def names(page: str, kind: str) -> set[str]:
    """The names of a page's blocks of a kind."""
    return {found[2] for found in _blocks(kind).finditer(page)}


def filled(page: str, kind: str, known: Iterable[str], text_of: Callable[[str], str]) -> str:
    """A page with its blocks of a kind regenerated, of those whose names are known."""
    known = frozenset(known)

    def written(found: re.Match[str]) -> str:
        return f"{found[1]}{text_of(found[2])}\n{found[3]}" if found[2] in known else found[0]

    return _blocks(kind).sub(written, page)


def _blocks(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {kind}: ([^>]+?) -->\n).*?(<!-- /{kind} -->)", re.DOTALL)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, spaced: bool = False) -> str:
    """A table; the line below its heads is with spaces or without."""
    rule = _row(["---"] * len(heads)) if spaced else f"|{'---|' * len(heads)}"
    return "\n".join((_row(heads), rule, *map(_row, rows)))


def _row(cells: Sequence[str]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"
