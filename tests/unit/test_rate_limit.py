"""The rate of calls to AWS: never above the limit, slower after a refusal, and back again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_org_features.aws.rate_limit import RATES, SHARE, Pace, Paces, kept_to


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def times(pace: Pace, clock: Clock, calls: int) -> list[float]:
    """The times at which so many calls were let through."""
    found = []
    for _ in range(calls):
        pace.wait()
        found.append(clock())
    return found


@settings(deadline=None)  # other tests run at the same time
@given(st.floats(0.1, 50), st.integers(1, 10), st.lists(st.floats(0, 5), min_size=5, max_size=60))
def test_no_span_of_time_has_more_calls_than_its_rate(rate: float, burst: int, rests: list[float]) -> None:
    clock = Clock()
    pace = Pace(rate, burst, clock=clock, sleep=clock.sleep)
    let_through = []
    for rest in rests:
        clock.now += rest
        pace.wait()
        let_through.append(clock())
    for first, start in enumerate(let_through):
        for last, end in enumerate(let_through[first:], 1):
            assert last <= burst + rate * (end - start) + 1e-6


def test_after_a_burst_calls_come_steadily() -> None:
    clock = Clock()
    found = times(Pace(4, 4, clock=clock, sleep=clock.sleep), clock, 104)
    assert found[3] == 100.0
    assert found[-1] - found[3] == pytest.approx(25)


def test_a_refusal_halves_the_rate_and_calls_let_it_recover() -> None:
    clock = Clock()
    pace = Pace(4, 4, clock=clock, sleep=clock.sleep)
    times(pace, clock, 10)
    pace.slow_down()
    pace.slow_down()
    assert pace.rate == 2, "several at once are one"
    assert times(pace, clock, 1) == [pytest.approx(102)], "what was saved is used up"
    times(pace, clock, 30)
    assert pace.rate == 4


def test_however_often_it_is_refused_some_rate_is_left() -> None:
    clock = Clock()
    pace = Pace(4, 4, clock=clock, sleep=clock.sleep)
    for _ in range(20):
        clock.now += 2
        pace.slow_down()
    assert pace.rate == pytest.approx(0.4)


@pytest.mark.parametrize("operation", RATES)
def test_each_operation_keeps_to_its_share(operation: str) -> None:
    clock = Clock()
    paces = Paces(clock=clock, sleep=clock.sleep)
    for _ in range(100):
        paces.wait(operation)
    rate, burst = kept_to(operation)
    assert clock() - 100 == pytest.approx((100 - burst) / rate)


@pytest.mark.parametrize(
    ("operation", "kept"),
    [
        ("AcceptHandshake", (4, 4)),
        ("ListHandshakesForOrganization", (4.9, 8)),
        ("EnablePolicyType", (0.8, 1)),
    ],
)
def test_a_share_is_left_to_others_and_less_of_it_by_lists(operation: str, kept: tuple[float, int]) -> None:
    assert kept_to(operation) == pytest.approx(kept)


def test_one_rate_for_all_where_it_is_given() -> None:
    clock = Clock()
    paces = Paces(10, clock=clock, sleep=clock.sleep)
    for number in range(100):
        paces.wait(list(RATES)[number % 2])
    assert clock() - 100 == pytest.approx(9)


def test_several_operations_together_are_as_fast_as_the_slowest_or_share_one_rate() -> None:
    calls = ("ListHandshakesForAccount", "AcceptHandshake")
    assert Paces().together(calls) == pytest.approx(RATES["AcceptHandshake"][0] * SHARE)
    assert Paces().together(calls[:1]) == pytest.approx(RATES["ListHandshakesForAccount"][0] * SHARE)
    assert Paces(10).together(calls) == 5
    slowed = Paces()
    slowed.slow_down("ListHandshakesForAccount")
    assert slowed.together(calls) == pytest.approx(RATES["ListHandshakesForAccount"][0] * SHARE / 2)


def test_operations_without_a_pace_go_at_once() -> None:
    clock = Clock()
    paces = Paces(0.1, clock=clock, sleep=clock.sleep)
    counted: Counter[str] = Counter()
    for _ in range(50):
        paces.wait("AssumeRole")
        paces.slow_down("AssumeRole")
        counted["AssumeRole"] += 1
    assert clock() == 100
