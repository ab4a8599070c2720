"""Rates of requests to AWS: below its published ones, because the buckets are shared with everybody else.

From the Organizations User Guide, "Throttling limits". No botocore: time is passed in.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

SHARE: Final = 0.8
"""Share of AWS's rates that is used unless the configuration says otherwise."""
SHARE_OF_LISTS: Final = 0.98
"""And how much by the lists of an organization, for which somebody waits, and which soon are over. The
organization's own buckets are larger than an account's: other accounts aren't kept from asking."""

RATES: Final[Mapping[str, tuple[float, int]]] = {
    "AcceptHandshake": (5.0, 5),
    "DisableAWSServiceAccess": (1.0, 2),
    "DisablePolicyType": (1.0, 1),
    "EnableAWSServiceAccess": (1.0, 2),
    "EnablePolicyType": (1.0, 1),
    "ListAWSServiceAccessForOrganization": (1.0, 3),
    "ListAccounts": (8.0, 12),
    "ListDelegatedAdministrators": (5.0, 8),
    "ListHandshakesForAccount": (6.0, 10),
    "ListHandshakesForOrganization": (5.0, 8),
    "ListRoots": (1.0, 2),
}
"""Calls a second, and at once after a rest: what all accounts of an organization share, or, of the calls that
one account makes, the management account's, what that account has."""

_LISTS: Final = frozenset({"ListAccounts", "ListHandshakesForOrganization"})
_SLOWEST: Final = 0.1
"""The share of the rate that is never gone below."""
_RECOVERY: Final = 0.02
"""Share of the rate that comes back with each call that is let through."""


def kept_to(operation: str) -> tuple[float, int]:
    """Calls a second of an operation unless told otherwise, and how many at once after a rest."""
    rate, burst = RATES[operation]
    share = SHARE_OF_LISTS if operation in _LISTS else SHARE
    return rate * share, max(1, round(burst * share))


class Pace:
    """Lets calls through at a steady rate, slower once AWS refuses one; threads may share it.

    Args:
        rate: Calls a second.
        burst: How many at once after a rest.
        clock: A monotonic clock, in seconds.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._full_rate = self.rate = rate
        self._burst = burst
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._due = 0.0
        self._slowed_at = float("-inf")

    def wait(self) -> None:
        """Wait for this call's turn."""
        with self._lock:
            now = self._clock()
            self._due = max(self._due, now)
            pause = self._due - now - (self._burst - 1) / self.rate
            self._due += 1 / self.rate
            self.rate = min(self._full_rate, self.rate + self._full_rate * _RECOVERY)
        if pause > 0:
            self._sleep(pause)

    def slow_down(self) -> None:
        """AWS has refused a call: halve the rate, and use up what was saved. Several at once count as one."""
        with self._lock:
            now = self._clock()
            if now - self._slowed_at < 1:
                return
            self._slowed_at = now
            self.rate = max(self.rate / 2, self._full_rate * _SLOWEST)
            self._due = max(self._due, now + self._burst / self.rate)


class Paces:
    """A pace for each operation, or one for all.

    Args:
        max_calls_per_second: Over all operations; None keeps each to its share of AWS's own rate.
        clock: A monotonic clock, in seconds.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        max_calls_per_second: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.sleep = sleep
        if max_calls_per_second is None:
            self._paces = {
                operation: Pace(*kept_to(operation), clock=clock, sleep=sleep) for operation in RATES
            }
        else:
            shared = Pace(max_calls_per_second, max(1, int(max_calls_per_second)), clock=clock, sleep=sleep)
            self._paces = dict.fromkeys(RATES, shared)

    def wait(self, operation: str) -> None:
        """Wait for an operation's turn; those without a pace go at once."""
        if operation in self._paces:
            self._paces[operation].wait()

    def together(self, operations: Collection[str]) -> float:
        """Rate at which all of some operations can be called together, at this moment."""
        paces = [self._paces[operation] for operation in operations]
        return min(pace.rate / paces.count(pace) for pace in paces)

    def slow_down(self, operation: str) -> None:
        """AWS has refused a call of an operation."""
        if operation in self._paces:
            self._paces[operation].slow_down()
