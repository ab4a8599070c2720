"""Outside needs of a long step of a run: a clock, a pause, a log, and whether the run is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.common.log import Log

_TICK: Final = 1.0
"""Seconds after which a pause notices that the run is over."""


@dataclass(frozen=True, slots=True)
class Edges:
    """A long step's connections to the outside.

    Attributes:
        log: Where to tell how it goes.
        clock: A monotonic clock, in seconds.
        sleep: Waits for some seconds.
        over: Whether the run must end early: it was canceled, or the engine is gone.
    """

    log: Log
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    over: Callable[[], bool]

    def rest(self, seconds: float) -> bool:
        """Pause; False as soon as the run is over."""
        until = self.clock() + seconds
        while not self.over():
            left = until - self.clock()
            if left <= 0:
                return True
            self.sleep(min(left, _TICK))
        return False
