"""Logs the progress of a long run, with increasing intervals so that it fits into any log.

In a terminal a passing message replaces the one before; in a pipeline's log each stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.common.log import Log

_SOONEST: Final = 10.0
_LATEST: Final = 900.0
_GROWTH: Final = 1.5
_NEWS_PER_SPAN: Final = 30
"""Report a change at most once per this share of the time elapsed so far."""


class Heartbeat:
    """Reports changes, and now and then that the run goes on.

    Args:
        say: Where.
        clock: A monotonic clock, in seconds.
    """

    def __init__(self, say: Log, clock: Callable[[], float]) -> None:
        self._say = say
        self._clock = clock
        self._began = self._spoke = clock()
        self._pause = _SOONEST
        self._unsaid: str | None = None

    def news(self, text: str) -> None:
        """Something has changed. Said now, or with what changes next."""
        now = self._clock()
        self._unsaid = text
        if now - self._spoke >= max(_SOONEST, (now - self._began) / _NEWS_PER_SPAN):
            self._speak(self._say.info, text)

    def beat(self, text: str) -> None:
        """Nothing has changed."""
        if self._clock() - self._spoke >= self._pause:
            self._pause = min(self._pause * _GROWTH, _LATEST)
            self._speak(self._say.info if self._unsaid else self._say.progress, text)

    def _speak(self, speak: Callable[[str], None], text: str) -> None:
        self._spoke, self._unsaid = self._clock(), None
        speak(text)
