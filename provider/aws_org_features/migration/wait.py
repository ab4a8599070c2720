"""Staying with a migration until it has come as far as the program wants, or the time is over.

When to look again and when to stop; looking and acting are passed in. Nothing here raises: what was reached
so far is worth more than an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common import errors
from aws_org_features.common.progress_log import Heartbeat
from aws_org_features.migration import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.common.run_io import Edges
    from aws_org_features.model.migration import Assessment, Desired, Observation

_SOONEST: Final = 2.0
_LATEST: Final = 60.0
_GROWTH: Final = 1.5
_LOOKS_SHARE: Final = 4
"""After each look, pause for at least this many times as long as the look took."""
_MOST_FAILURES: Final = 5
"""In a row, of looks."""


class Stay:
    """Stays with one migration.

    Args:
        edges: The world.
        desired: For how long, at most.
        assess: Tells where the migration stands.
        wanted: Tells whether to wait, as it stands.
        advance: Looks again, and does what there is to do.
    """

    def __init__(
        self,
        edges: Edges,
        desired: Desired,
        *,
        assess: Callable[[Observation], Assessment],
        wanted: Callable[[Assessment], bool],
        advance: Callable[[], Observation],
    ) -> None:
        self._edges = edges
        self._desired = desired
        self._assess = assess
        self._wanted = wanted
        self._advance = advance
        self._failures = 0

    def until_done(self, seen: Observation) -> Observation:
        """Wait until there is nothing to wait for, the time is over, or the run is.

        Args:
            seen: The last look.

        Returns:
            The last look by then.
        """
        now = self._assess(seen)
        if not self._wanted(now):
            return seen
        log, clock = self._edges.log, self._edges.clock
        log.info(messages.waiting(self._desired, now))
        heartbeat, pause, until = Heartbeat(log, clock), _SOONEST, clock() + self._desired.timeout
        while self._wanted(now) and self._failures < _MOST_FAILURES:
            left = until - clock()
            if left <= 0:
                log.warn(messages.gave_up(self._desired, now))
                break
            if not self._edges.rest(min(pause, left)):
                log.warn(messages.interrupted(now))
                break
            began, before = clock(), now
            seen = self._look(seen)
            now = self._assess(seen)
            moved = now != before
            pause = _SOONEST if moved else min(pause * _GROWTH, _LATEST)
            pause = max(pause, _LOOKS_SHARE * (clock() - began))
            (heartbeat.news if moved else heartbeat.beat)(messages.short(now))
        return seen

    def _look(self, before: Observation) -> Observation:
        try:
            seen = self._advance()
        except errors.OrgFeaturesError as error:
            self._failures += 1
            again = "trying again" if self._failures < _MOST_FAILURES else "the next `pulumi up` continues"
            self._edges.log.warn(f"can't read AWS ({error.reference}: {error.what}); {again}")
            return before
        self._failures = 0
        return seen
