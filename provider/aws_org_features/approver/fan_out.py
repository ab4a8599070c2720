"""The same thing done in many accounts at once, and how far that is.

What is done, and at which pace, is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Generator

WORKERS: Final = 8
"""Accounts at once: what keeps AWS's rates busy, as each takes three calls one after another."""

_TELLING: Final = 3 * WORKERS
"""Accounts after which the time that they took says how long the others take."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a round.

    Attributes:
        wanted: How many accounts it is about.
        done: How many of them are done,
        failed: and how many of those failed.
        seconds: How long it has taken.
        pace: How many accounts a second AWS's rates allow.
    """

    wanted: int
    done: int = 0
    failed: int = 0
    seconds: float = 0.0
    pace: float = float("inf")

    @property
    def rate(self) -> float:
        """Accounts a second so far."""
        return self.done / max(self.seconds, 1)

    @property
    def seconds_left(self) -> float:
        """Time that the others take: at the pace, or as they have gone so far where that is slower."""
        rate = min(self.pace, self.rate) if self.done >= _TELLING else self.pace
        return (self.wanted - self.done) / rate


Watch = Callable[[int], AbstractContextManager[Callable[[Progress], None]]]
"""Watches a round: gets its number of accounts, and returns a listener to its progress while it lasts."""


def in_each(account_ids: Collection[str], act: Callable[[str], _T]) -> Generator[tuple[str, _T]]:
    """Act in each account, a few at a time.

    If the consumer stops, by an error or by Ctrl-C, items that haven't been started stay undone.

    Yields:
        The accounts as they are done, with what came of it.
    """
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="account")
    try:
        begun = {pool.submit(act, account_id): account_id for account_id in sorted(account_ids)}
        for done in as_completed(begun):
            yield begun[done], done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
