"""A question about AWS, what a recording's places tell of it, and what these amount to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aws_org_features.evidence.story import Story


Position = str | bool | float
"""Of a switch, as a scenario file has it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of one place of a recording.

    Attributes:
        position: Which position, or what in words where a question has no switch.
        index: Which exchange.
    """

    position: Position
    index: int


def alike(found: Sequence[Position]) -> Position | None:
    """The position that all findings have; None if they contradict one another."""
    return found[0] if len(set(found)) == 1 else None


def once_is_enough(found: Sequence[Position]) -> Position | None:
    """True where it was seen once: the other position is only that it wasn't."""
    return True in found


def ever(found: Sequence[Position]) -> Position | None:
    """The same, where other recordings may well not show it."""
    return True in found


def least(found: Sequence[Position]) -> Position | None:
    """The smallest: what was seen at least."""
    return min(each for each in found if isinstance(each, int | float))


def largest(found: Sequence[Position]) -> Position | None:
    """The largest: what was seen at most."""
    return max(each for each in found if isinstance(each, int | float))


def either(found: Sequence[Position]) -> Position | None:
    """The position that all findings have, or that it is now one and now the other."""
    return found[0] if len(set(found)) == 1 else "either"


_MERGING: Final = (either, ever, largest, least)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that AWS's sources contradict one another about, or are silent on.

    Attributes:
        name: Stable; of the emulator's switch, where it has one.
        asks: The question.
        look: Finds what a recording tells.
        switch: The emulator's switch; empty if it has none.
        positions: What the positions mean, in words; of a number, what it is.
        settle: The position that several findings amount to.
        known: By what the answer is known so far: `documents`, `captures` or `nothing`.
    """

    name: str
    asks: str
    look: Callable[[Story], Iterator[Finding]]
    switch: str = ""
    positions: tuple[tuple[Position, str], ...] = ()
    settle: Callable[[Sequence[Position]], Position | None] = alike
    known: str = "documents"

    @property
    def merges(self) -> bool:
        """Return whether several recordings add up to something: none contradicts another."""
        return self.settle in _MERGING
