"""The clock that all handshakes and accounts of an emulator go by.

Time passes here only as the machine's clock and `advance` say; what lapses with it is evaluated at
each read, never by a timer.
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that can be moved forward.

    Args:
        start: where the clock stands, with a time zone; it then stands still but for `advance`.
            None follows the machine's clock.
    """

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the clock's start needs a time zone, e.g. datetime(..., tzinfo=UTC)")
        self._start = start
        self._moved = timedelta()

    def now(self) -> datetime:
        """The present moment, in UTC, to the millisecond, as AWS's timestamps are."""
        present = (self._start or datetime.now(UTC)).astimezone(UTC) + self._moved
        return present.replace(microsecond=present.microsecond // 1000 * 1000)

    def elapsed(self, at: datetime | None = None) -> float:
        """A monotonic clock, in seconds, which pass by the machine's clock and by `advance` alike.

        For what clients wait for with real patience, even where `now` stands still.

        Args:
            at: a moment that is past; None is the present.
        """
        since = timedelta() if at is None else self.now() - at
        return time.monotonic() + (self._moved - since).total_seconds()

    def advance(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> datetime:
        """Move the clock forward.

        Args:
            days: how many days,
            hours: how many hours,
            seconds: and how many seconds.

        Returns:
            The new present.

        Raises:
            ValueError: the sum is negative; AWS's time doesn't run backwards.
        """
        step = timedelta(days=days, hours=hours, seconds=seconds)
        if step < timedelta():
            raise ValueError("time can't be moved backwards")
        self.now() + step  # which fails where there is no such time, and then nothing moves
        self._moved += step
        return self.now()
