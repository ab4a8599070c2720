"""The common part of all reconcilers: a run's memory, steps told once, and looks after an error."""

from __future__ import annotations

import pytest

from aws_org_features.common import errors
from aws_org_features.common.reconciler import LAG_PAUSES, LONG_LAG_PAUSES, Reconciler
from aws_org_features.common.run_cache import RunCache
from aws_org_features.common.run_io import Edges
from aws_org_features.common.state import changed


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str) -> None:
        self.lines.append(text)

    warn = progress = info


class Counting(Reconciler[int]):
    """Sees a number that grows with each look."""

    def __init__(self, cache: RunCache[int] | None = None) -> None:
        self.log, self.pauses, self.looks = Log(), list[float](), 0
        edges = Edges(self.log, lambda: 0.0, self.pauses.append, lambda: False)
        super().__init__("somebody", "o-exampleorg1", RunCache[int]() if cache is None else cache, edges)

    def _observe(self) -> int:
        self.looks += 1
        return self.looks


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (errors.AccessDeniedError("", ""), LAG_PAUSES[:1]),
        (errors.ConcurrentModificationError("", ""), LAG_PAUSES[:1]),
        (errors.ThrottledError("", ""), LAG_PAUSES[:1]),
        (errors.ServiceFailedError("", ""), LAG_PAUSES),
        (errors.EndpointUnreachableError("", ""), LAG_PAUSES),
        (errors.AlreadyEnabledError("", ""), LONG_LAG_PAUSES),
        (errors.AlreadyMigratingError("", ""), LONG_LAG_PAUSES),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failed_write_is_looked_for_for_a_while(
    error: errors.OrgFeaturesError, pauses: tuple[float, ...]
) -> None:
    reconciler = Counting()
    with pytest.raises(type(error)):
        reconciler._look_after(error, lambda _: False)
    assert reconciler.pauses == list(pauses)


def test_a_write_that_has_happened_after_all_is_no_error() -> None:
    reconciler = Counting()
    assert reconciler._look_after(errors.ServiceFailedError("", ""), lambda seen: seen == 2) == 2


def test_a_step_is_reported_once_in_a_run() -> None:
    cache = RunCache[int]()
    one, other = Counting(cache), Counting(cache)
    one._tell("starting")
    other._tell("starting")
    assert (one.log.lines, other.log.lines) == (["starting"], [])


def test_a_write_makes_every_look_at_the_organization_stale() -> None:
    cache = RunCache[int](
        {("somebody", "o-exampleorg1"): 1, ("else", "o-exampleorg1"): 2, ("else", "o-other"): 3}
    )
    Counting(cache)._forget()
    assert list(cache.seen) == [("else", "o-other")]


@pytest.mark.parametrize(
    ("outputs", "is_change"),
    [({"status": "A", "message": "other words"}, False), ({"status": "B", "message": "words"}, True)],
)
def test_better_words_are_no_change(outputs: dict[str, str], is_change: bool) -> None:
    assert changed({"status": "A", "message": "words"}, outputs) is is_change
