"""Figures of the emulator's tests: for the end of a run, and for the documentation.

Tests tell what they tried, one thing at a time, and how many such things there are in all; nothing here
knows a figure by itself. A page says where they go: between `<!-- counted: emulator -->` and
`<!-- /counted -->`; what other tests did goes where their sections are named in this way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.docs import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KINDS: Final = {
    "cells": "cells of the table of handshakes: role, state, event",
    "combinations": "states, events and actors combined, through the API",
    "declared": "errors that botocore's model declares for {} operations, reached",
    "rules": "situations in which a migration meets an error, provoked",
    "botocore": "examples that botocore ships, of {} operations, replayed",
    "guide": "steps of the User Guide's example, replayed",
    "switches": "positions of {} switches, seen by a client",
    "captured": "answers captured from AWS, of {} areas, compared",
}
"""The kinds that are counted, and their names; {} is the number of different firsts among the things."""
_HOW: Final = ("by AWS's rules", "on request")
AGREES, OTHERWISE = "agrees", "otherwise"
KIND: Final = "counted"


class Figures:
    """The number of things of each kind that were tried, and that there are to try."""

    def __init__(self) -> None:
        self._tried: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in KINDS}
        self._all: dict[str, int] = {}

    def add(self, kind: str, thing: Iterable[str], of: int) -> None:
        """Take down one thing of a kind, of so many."""
        self._tried[kind].add(tuple(thing))
        self._all[kind] = of

    @property
    def begun(self) -> bool:
        """Return whether some kind was tried as a whole."""
        return any(self._whole(kind) for kind in KINDS)

    @property
    def whole(self) -> bool:
        """Return whether every kind was."""
        return all(self._whole(kind) for kind in KINDS)

    def _whole(self, kind: str) -> bool:
        return kind in self._all and len(self._tried[kind]) == self._all[kind]

    def counts(self) -> Iterator[tuple[str, str]]:
        """The number tried of each kind; of one not tried as a whole, how many there are."""
        for kind, tried in self._tried.items():
            if not tried:
                continue
            count = f"{len(tried)}" if self._whole(kind) else f"{len(tried)} of {self._all[kind]}"
            yield count, KINDS[kind].format(len({thing[0] for thing in tried}))

    def operations(self) -> Iterator[tuple[str, ...]]:
        """A row for each operation: errors declared, reached by AWS's rules, and on request."""
        declared = sorted(self._tried["declared"])
        if declared:
            yield ("operation", "errors declared", *_HOW)
        for operation in dict.fromkeys(thing[0] for thing in declared):
            ways = [thing[2] for thing in declared if thing[0] == operation]
            yield operation, str(len(ways)), *(str(ways.count(how)) for how in _HOW)

    def areas(self) -> Iterator[tuple[str, ...]]:
        """A row for each area of AWS's captured answers: how many there are, and how many agree."""
        captured = sorted(self._tried["captured"])
        if captured:
            yield ("captured from AWS", "answers", AGREES, OTHERWISE)
        for area in dict.fromkeys(thing[0] for thing in captured):
            found = [thing[2] for thing in captured if thing[0] == area]
            yield area, str(len(found)), *(str(found.count(how)) for how in (AGREES, OTHERWISE))

    def text(self) -> Iterator[str]:
        """The figures as lines of a terminal."""
        yield from (f"{count:>9}  {name}" for count, name in self.counts())
        table = [
            f"{first:31}" + "".join(f"{each:>17}" for each in rest) for first, *rest in self.operations()
        ]
        yield from ("", *table) if table else ()
        areas = [f"{first:47}" + "".join(f"{each:>11}" for each in rest) for first, *rest in self.areas()]
        yield from ("", *areas) if areas else ()

    def markdown(self) -> Iterator[str]:
        """The figures as tables of a page."""
        yield blocks.table(("tried", ""), ((name, count) for count, name in self.counts()))
        yield ""
        head, *rows = self.operations()
        by_operation = ((f"`{operation}`", *columns) for operation, *columns in rows)
        yield blocks.table(head, by_operation, spaced=True)
        yield ""
        head, *rows = self.areas()
        yield blocks.table(head, rows, spaced=True)

    def filled(self, page: str) -> str:
        """A page with the figures as they are."""
        return blocks.filled(page, KIND, ["emulator"], lambda _: "\n".join(self.markdown()))


def with_counts(page: str, counted: Mapping[str, Mapping[str, int]]) -> str:
    """A page with how often tests did what, by section; a section that isn't counted stays as it is."""

    def table(section: str) -> str:
        rows = (f"| {what} | {times:,} |" for what, times in counted[section].items())
        return "\n".join(("| | |", "|---|---:|", *rows))

    return blocks.filled(page, KIND, counted, table)
