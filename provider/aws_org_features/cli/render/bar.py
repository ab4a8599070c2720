"""A bar of approvals, and what its parts are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.text import Text

if TYPE_CHECKING:
    from aws_org_features.model.migration import Approvals


class _Part(NamedTuple):
    size: int
    what: str
    style: str
    drawn: str
    typed: str


_SHORT: Final = 40
"""Columns of a bar where it is read in a log."""


def bar(approvals: Approvals, width: int, *, plain: bool, ascii_only: bool) -> list[Text]:
    """Draw the bar and its legend, one below the other.

    Args:
        approvals: Counts; at least one is required.
        width: Columns.
        plain: In a line with the legend, and short.
        ascii_only: Without block elements.
    """
    parts = [part for part in _parts(approvals) if part.size]
    if plain:
        legend = ", ".join(f"{part.size:,} {part.what}" for part in parts)
        return [Text(f"[{''.join(_cells(parts, _SHORT, typed=True))}]  {legend}")]
    drawn, below = Text(no_wrap=True), Text()
    for part, cells in zip(parts, _cells(parts, width, typed=ascii_only), strict=True):
        drawn.append(cells, part.style)
        below.append(cells[:1], part.style).append(f" {part.size:,} {part.what}   ")
    below.rstrip()
    return [drawn, below]


def _parts(approvals: Approvals) -> list[_Part]:
    lapsed = approvals.expired + approvals.canceled
    return [
        _Part(approvals.accepted, "approved", "green", "█", "#"),
        _Part(approvals.declined, "declined", "red", "▓", "x"),
        _Part(lapsed, "expired or canceled", "magenta", "▒", "/"),
        _Part(approvals.pending, "not yet answered", "bright_black", "░", "."),
        _Part(approvals.unknown, "no longer shown", "bright_black", "·", "?"),
    ]


def _cells(parts: list[_Part], width: int, *, typed: bool) -> list[str]:
    """The parts as long as their shares; each part above zero has at least a cell."""
    total = sum(part.size for part in parts)
    lengths = [max(1, part.size * width // total) for part in parts]
    longest = lengths.index(max(lengths))
    lengths[longest] += width - sum(lengths)
    return [
        (part.typed if typed else part.drawn) * length for part, length in zip(parts, lengths, strict=True)
    ]
