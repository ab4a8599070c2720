"""Number of progress messages in a long run: bounded, however long it takes and however much happens."""

from __future__ import annotations

import pytest

from aws_org_features.common.progress_log import Heartbeat
from tests.reconcile.conftest import Heard


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("hours", "most"), [(0.5, 15), (24, 110), (168, 700)])
def test_progress_is_reported_at_increasing_intervals(hours: float, most: int) -> None:
    heard, time = Heard(), Time()
    heartbeat = Heartbeat(heard, time)
    while time.now < hours * 3600:
        time.now += 5
        heartbeat.beat("still waiting")
    assert 5 < len(heard.lines) <= most


@pytest.mark.parametrize(("hours", "most"), [(0.5, 80), (24, 250)])
def test_many_changes_are_reported_at_most_so_often(hours: float, most: int) -> None:
    heard, time = Heard(), Time()
    heartbeat = Heartbeat(heard, time)
    looks = 0
    while time.now < hours * 3600:
        time.now += 2
        looks += 1
        heartbeat.news(f"{looks} approved")
    assert 10 < len(heard.lines) <= most


def test_a_change_that_came_too_soon_is_reported_later() -> None:
    heard, time = Heard(), Time()
    heartbeat = Heartbeat(heard, time)
    time.now = 1
    heartbeat.news("1 approved")
    assert heard.lines == []
    time.now = 12
    heartbeat.beat("1 approved")
    assert heard.lines == ["1 approved"]
