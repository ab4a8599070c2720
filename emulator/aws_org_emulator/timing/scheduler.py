"""Future events that happen by themselves: closures, removals, policy types coming into effect.

Nothing here runs by itself: each look at the emulator's state asks first for what has become due. So all
happens in order, however far the clock was moved.
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

Action = Callable[..., object]
"""Called with the time that it was due at, and with its own arguments."""


class Scheduler:
    """Actions to come, by their times."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Action, tuple[Any, ...]]] = []
        self._number = count()

    def add(self, at: datetime, action: Action, *arguments: Any) -> None:
        """Let something happen at a time, in UTC; what has the same time keeps its order."""
        heapq.heappush(self._entries, (at, next(self._number), action, arguments))

    def due(self, now: datetime) -> Iterator[tuple[datetime, Action, tuple[Any, ...]]]:
        """Events that have become due, each once, earliest first, with the time that each was due at.

        What is added meanwhile counts too.
        """
        while self._entries and self._entries[0][0] <= now:
            at, _, action, arguments = heapq.heappop(self._entries)
            yield at, action, arguments
