"""A world for commands: time that passes by sleeping alone, and a terminal of a given size."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aws_org_features.cli.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@dataclass
class Time:
    """Begins at `NOW`.

    Attributes:
        passed: Seconds since.
        events: What happens while somebody sleeps, by the second.
    """

    passed: float = 0.0
    events: dict[float, Callable[[], object]] = field(default_factory=dict)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def clock(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.passed += seconds
        for due in [second for second in self.events if second <= self.passed]:
            self.events.pop(due)()


def world(
    time: Time | None = None, *, terminal: tuple[int, int] | None = None, later: tuple[int, int] | None = None
) -> Environment:
    """A world where it is `NOW`, or another time; with a terminal of so many columns and rows, or none.

    Args:
        time: How it passes.
        terminal: The terminal's size,
        later: and what somebody makes it after the first minute.
    """
    passing = time or Time()

    def size() -> os.terminal_size | None:
        now = later if later and passing.passed > 60 else terminal
        return os.terminal_size(now) if now else None

    return Environment(passing.now, passing.clock, passing.sleep, size)
