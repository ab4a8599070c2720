"""Progress over time, as what a drawing needs: numbers only, in a box of `WIDTH` by `HEIGHT`.

Each point is what one report counted; nothing is known of the time between two, so the line stays level until
the next.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.views.report.values import ASKED, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aws_org_features.views.report.values import Point, Report

WIDTH: Final = 1000
HEIGHT: Final = 100


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing, and what it is drawn from.

    Attributes:
        line: How many had approved, as an SVG path.
        area: What lies under it.
        dots: The reports, as an SVG path of points.
        begin: When it begins: as the migration was requested, or with the first report.
        end: When it ends: at the deadline, or with the last report.
        deadline: Whether that is the deadline.
        top: How many accounts its height stands for.
        points: The reports that saw a change, and the last.
        standings: What they counted.
    """

    line: str
    area: str
    dots: str
    begin: datetime
    end: datetime
    deadline: bool
    top: int
    points: tuple[Point, ...]
    standings: tuple[Standing, ...]


def timeline(report: Report) -> Timeline | None:
    """Draw how the approvals came in; None without at least two reports to draw from."""
    points = _changes(report.progress)
    if len(points) < 2:  # noqa: PLR2004 - one point is no line
        return None
    requested = report.handshake.requested_at if report.handshake else None
    begin = min(filter(None, (requested, points[0].at)))
    end = max(filter(None, (report.expires_at, points[-1].at)))
    top = max(1, *(_asked(point) for point in points))
    span = (end - begin).total_seconds() or 1.0
    places = [
        (
            round((point.at - begin).total_seconds() / span * WIDTH, 1),
            round(HEIGHT - point.counts.get(Standing.APPROVED, 0) / top * HEIGHT, 1),
        )
        for point in points
    ]
    steps = "".join(f"H{x}V{y}" for x, y in places[1:])
    first_x, first_y = places[0]
    return Timeline(
        line=f"M{first_x} {first_y}{steps}",
        area=f"M{first_x} {HEIGHT}V{first_y}{steps}V{HEIGHT}Z",
        dots="".join(f"M{x} {y}h0" for x, y in places),
        begin=begin,
        end=end,
        deadline=end == report.expires_at,
        top=top,
        points=points,
        standings=tuple(each for each in ASKED if any(point.counts.get(each) for point in points)),
    )


def _asked(point: Point) -> int:
    return sum(point.counts.get(standing, 0) for standing in ASKED)


def _changes(points: Sequence[Point]) -> tuple[Point, ...]:
    """Those that counted something else than the one before, and the last."""
    changed = [point for before, point in itertools.pairwise(points) if point.counts != before.counts]
    kept = [*points[:1], *changed]
    return (*kept, *(point for point in points[-1:] if point is not kept[-1]))
