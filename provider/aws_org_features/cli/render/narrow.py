"""Tables and labeled texts where a terminal is too narrow for them. An id is never cut: it is what counts.

What doesn't fit beside another stands below it. An ARN that is wider than the terminal stays whole, and the
terminal folds it, so that it can be copied; any other word is folded here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

NAME: Final = "name"
"""The column whose cells may be cut: an id stands beside it."""
NARROWEST: Final = 8
"""Columns of names, at least, where they are that long."""
_INDENT: Final = "  "
_WORD: Final = re.compile(r"\S+")
_ID: Final = re.compile(r"\barn:aws[a-z-]*:[a-z]|\b(?:[0-9]{12}|[oh]-[0-9a-z]{8,32})\b")


def widths(
    cells: Mapping[str, Sequence[str]], room: int, loose: str = NAME, least: int = NARROWEST
) -> dict[str, int] | None:
    """Widths of columns: as their cells, but for a loose one, which takes what is left.

    Args:
        cells: The columns, by their heads.
        room: Terminal columns for all of them, without what stands between.
        loose: The head of the column whose cells may be wrapped,
        least: and the columns that it needs, where its cells are that long.

    Returns:
        None where they don't fit.
    """
    found = {head: max(map(cell_len, (head, *column))) for head, column in cells.items()}
    others = sum(width for head, width in found.items() if head != loose)
    if loose in found:
        found[loose] = min(found[loose], max(least, room - others))
    return found if sum(found.values()) <= room else None


def stacked(cells: Mapping[str, Sequence[str]]) -> Group:
    """Rows as two or three lines: what it is and what it is called, then all the rest."""
    return Group(*(text for row in zip(*cells.values(), strict=True) for text in _row(tuple(cells), row)))


def _row(heads: Sequence[str], row: Sequence[str]) -> Iterable[Whole]:
    named = [cell for head, cell in zip(heads[1:], row[1:], strict=True) if head == NAME and cell]
    others = [cell for head, cell in zip(heads[1:], row[1:], strict=True) if head != NAME and cell]
    yield Whole(Text(_INDENT.join((row[0], *named))))
    # Each on a line of its own: behind another text, an id might be folded.
    yield from (Whole(Text(f"{_INDENT}{cell}")) for cell in others)


def below(rows: Iterable[tuple[str, Text]]) -> RenderableType:
    """Labels, and below each a text."""
    return Group(*(each for label, told in rows for each in (Text(label, "dim"), Whole(told))))


def indented(rows: Iterable[tuple[str, str]]) -> Group:
    """Rows as a line and what stands below it."""
    drawn: list[RenderableType] = []
    for first, then in rows:
        drawn.append(Whole(Text(first)))
        if then:
            drawn.append(Padding(Text(then), (0, 0, 0, len(_INDENT))))
    return Group(*drawn)


class Whole:
    """A text that is wrapped between words and never within an id, however wide that is.

    Args:
        text: One line.
    """

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it, as rich asks for it."""
        for row in self._text.divide(_breaks(self._text.plain, options.max_width)):
            row.rstrip()
            if longest_id([row]) > options.max_width:
                row.no_wrap, row.overflow = True, "ignore"
            yield row


def _breaks(text: str, width: int) -> Iterable[int]:
    """Positions at which lines begin, but for the first."""
    begun = 0
    for word in _WORD.finditer(text):
        if word.start() > begun and cell_len(text[begun : word.end()]) > width:
            begun = word.start()
            yield begun


def longest_id(texts: Iterable[Text]) -> int:
    """Width of the widest word with an id in it, which must not be cut."""
    words = (word for text in texts for word in text.plain.split() if _ID.search(word))
    return max(map(cell_len, words), default=0)
