"""Times as people say them: `12 days`, `in 12 days`, `3 hours ago`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import moment

if TYPE_CHECKING:
    from datetime import datetime

_UNITS: Final = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
_LEAST: Final = 2
"""Number of a unit from which it is used: `47 hours`, but `2 days`."""


def span(seconds: float) -> str:
    """A duration in one unit, rounded down."""
    for size, unit in _UNITS:
        if seconds >= _LEAST * size:
            return f"{int(seconds // size)} {unit}"
    return "a minute"


def relative(when: datetime, at: datetime) -> str:
    """A point in time, seen from another."""
    seconds = (when - at).total_seconds()
    return f"in {span(seconds)}" if seconds > 0 else f"{span(-seconds)} ago"


def both(when: datetime, at: datetime) -> str:
    """A point in time, to the minute and seen from another."""
    return f"{moment(when)}, {relative(when, at)}"


def past(when: datetime, at: datetime) -> str:
    """The same, for the past: by a clock behind AWS's, or an emulator's, it would lie in the future."""
    return both(when, at) if when <= at else moment(when)
