"""What is going to happen by itself, and when: closures, removals, policy types coming into effect.

Nothing here keeps time: whoever looks at the world asks for what has become due, so that an agenda is
worked off in order however far the clock was moved.
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

Act = Callable[..., object]
"""Called with the time that it was due at, and with its own arguments."""


class Agenda:
    """Actions to come, by their times."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Act, tuple[Any, ...]]] = []
        self._number = count()

    def add(self, at: datetime, act: Act, *arguments: Any) -> None:
        """Let something happen at a time, in UTC; what has the same time keeps its order."""
        heapq.heappush(self._entries, (at, next(self._number), act, arguments))

    def due(self, now: datetime) -> Iterator[tuple[datetime, Act, tuple[Any, ...]]]:
        """What has become due, each once, earliest first, with the time that it was due at.

        What is added meanwhile counts too.
        """
        while self._entries and self._entries[0][0] <= now:
            at, _, act, arguments = heapq.heappop(self._entries)
            yield at, act, arguments
