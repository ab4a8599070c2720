"""Staying with a migration: at once when something moves, rarely when nothing does, and never for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from aws_org_features.common.errors import EndpointUnreachableError
from aws_org_features.common.run_io import Edges
from aws_org_features.migration.decide import must_wait
from aws_org_features.migration.wait import Stay
from aws_org_features.model.migration import Approvals, Assessment, Desired, Observation, Status, WaitUntil
from tests.reconcile.conftest import Heard
from tests.unit.values import parent, seen


@dataclass
class World:
    """Time, and what each look finds; the last is found for ever."""

    found: list[Assessment | Exception]
    takes: float = 0.0
    over_at: float = float("inf")
    now: float = 0.0
    looks: list[float] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)

    def stay(self, **declared: Any) -> Assessment:
        """The migration's status in the end."""
        desired = Desired("o-exampleorg1", **declared)
        at = {id(first): value for first, value in self._observations()}

        def advance() -> Observation:
            self.looks.append(self.now)
            self.now += self.takes
            nth = min(len(self.looks), len(self.found) - 1)
            value = self.found[nth]
            if isinstance(value, Exception):
                raise value
            return self._made[nth]

        stay = Stay(
            Edges(self.heard, lambda: self.now, self._sleep, lambda: self.now >= self.over_at),
            desired,
            assess=lambda seen: at[id(seen)],
            wanted=lambda now: must_wait(desired, now),
            advance=advance,
        )
        return at[id(stay.until_done(self._made[0]))]

    def _observations(self) -> Iterable[tuple[Observation, Assessment]]:
        self._made = [seen(parent()) for _ in self.found]
        for observation, value in zip(self._made, self.found, strict=True):
            if isinstance(value, Assessment):
                yield observation, value

    def _sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 1, "so that the end of a run is noticed"
        self.now += seconds


def waiting(accepted: int = 0) -> Assessment:
    return Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(3, accepted, 3 - accepted))


READY = Assessment(Status.AWAITING_FINALIZATION, parent("OPEN"))
DONE = Assessment(Status.ENABLED)
DECLINED = Assessment(Status.DECLINED, parent())


@pytest.mark.parametrize("wait_until", WaitUntil)
@pytest.mark.parametrize("now", [waiting(), READY, DONE, DECLINED, Assessment(Status.CANCELED, parent())])
def test_the_state_that_is_waited_for(wait_until: WaitUntil, now: Assessment) -> None:
    waits = {
        WaitUntil.REQUESTED: set(),
        WaitUntil.APPROVED: {Status.AWAITING_APPROVALS},
        WaitUntil.ENABLED: {Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION},
    }
    assert must_wait(Desired("o-exampleorg1", wait_until=wait_until), now) is (
        now.status in waits[wait_until]
    )


@pytest.mark.parametrize(
    ("wait_until", "found", "looks"),
    [
        (WaitUntil.REQUESTED, [waiting()], 0),
        (WaitUntil.APPROVED, [waiting(), waiting(1), READY], 2),
        (WaitUntil.ENABLED, [waiting(), READY, DONE], 2),
        (WaitUntil.ENABLED, [waiting(), DECLINED], 1),
        (WaitUntil.ENABLED, [DONE], 0),
    ],
)
def test_it_ends_when_there_is_nothing_left_to_wait_for(
    wait_until: WaitUntil, found: list[Assessment | Exception], looks: int
) -> None:
    world = World(found)
    assert world.stay(wait_until=wait_until) is found[-1]
    assert len(world.looks) == looks


def test_it_looks_more_and_more_seldom_while_nothing_moves_and_soon_again_once_something_does() -> None:
    quiet: list[Assessment | Exception] = [waiting() for _ in range(20)]
    world = World([*quiet, waiting(1), waiting(1), READY])
    world.stay(wait_until=WaitUntil.APPROVED, timeout=7200)
    pauses = [later - before for before, later in zip(world.looks, world.looks[1:], strict=False)]
    assert pauses[:3] == sorted(pauses[:3])
    assert max(pauses) == pytest.approx(60)
    assert pauses[-2] == pytest.approx(2)


def test_a_look_that_takes_long_is_followed_by_a_longer_pause() -> None:
    world = World([waiting()], takes=50)
    world.stay(wait_until=WaitUntil.APPROVED, timeout=3600)
    assert len(world.looks) <= 3600 / 250 + 2


def test_it_gives_up_in_time_and_says_so() -> None:
    world = World([waiting()])
    assert world.stay(wait_until=WaitUntil.ENABLED, timeout=90) is world.found[0]
    assert world.now == pytest.approx(90)
    assert "not enabled within 1m30s" in world.heard.lines[-1]


def test_a_run_that_is_over_ends_within_a_second() -> None:
    world = World([waiting()], over_at=45.5)
    world.stay(wait_until=WaitUntil.ENABLED)
    assert world.now <= 46.6
    assert "the run is ending" in world.heard.lines[-1]


Make = Callable[[], Exception]


def _unreachable() -> Exception:
    return EndpointUnreachableError("Nothing answers.", "Check the network.")


def test_failed_looks_are_reported_and_tried_again() -> None:
    world = World([waiting(), _unreachable(), _unreachable(), READY])
    assert world.stay(wait_until=WaitUntil.APPROVED) is READY
    assert sum("endpoint-unreachable: Nothing answers." in line for line in world.heard.lines) == 2


def test_too_many_that_fail_end_it_without_an_error() -> None:
    world = World([waiting(), _unreachable()])
    assert world.stay(wait_until=WaitUntil.APPROVED) is world.found[0]
    assert len(world.looks) == 5
    assert world.heard.lines[-1].endswith("the next `pulumi up` continues")
