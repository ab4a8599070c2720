"""The figures as a table: what was measured, against what, and whether the budget holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figure import Of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figure import Budget, Figure, Found

COLUMNS = ("measured", "ours", "against", "theirs", "ratio", "budget", "holds", "emulator")


def row(figure: Figure) -> tuple[str, ...]:
    """A figure, in the order of `COLUMNS`."""
    return (
        figure.what,
        amount(figure.ours, figure.unit),
        figure.against,
        "" if figure.theirs is None else amount(figure.theirs, figure.unit),
        "" if figure.ratio is None else _ratio(figure.budget, figure.ratio),
        _budget(figure.budget, figure.unit),
        "holds" if figure.holds else "does not hold",
        _share(figure),
    )


def amount(value: float, unit: str) -> str:
    """A value with its unit, in as many digits as mean something."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2  # noqa: PLR2004 - three digits
    return f"{value:,.{digits}f} {unit}"


def _ratio(budget: Budget, ratio: float) -> str:
    if budget.of is Of.SPEED:
        return f"{1 / ratio:.1f} times faster"
    return f"{ratio:.2f}"


def _budget(budget: Budget, unit: str) -> str:
    if budget.of is Of.VALUE:
        return f"at most {budget.limit:g} {unit}"
    if budget.of is Of.RATIO:
        return f"at most {budget.limit:g}"
    return f"at least {budget.limit:g} times faster"


def _share(figure: Figure) -> str:
    """The emulator's share of our time."""
    if figure.served is None:
        return ""
    count = figure.served.requests
    requests = f"{count} request" if count == 1 else f"{count} requests"
    if figure.unit != "s" or not count:
        return requests
    return f"{requests}, {figure.served.seconds / figure.ours:.0%}"


def notes(found: Found) -> Iterator[str]:
    """Notes that a reader needs to believe the figures."""
    for figure in found.figures:
        if figure.note:
            yield f"{figure.what}: {figure.note}."
