"""The same thing in many accounts at once: as they are done, and no further than it is wanted."""

from __future__ import annotations

import contextlib
import threading

import pytest

from aws_org_features.approver import messages
from aws_org_features.approver.fan_out import WORKERS, Progress, in_each

ACCOUNTS = [f"6000000000{number:02}" for number in range(40)]


def test_accounts_come_in_the_order_in_which_they_are_done() -> None:
    others_are_done = threading.Event()

    def act(account_id: str) -> str:
        if account_id == ACCOUNTS[0]:
            others_are_done.wait()
        return account_id[::-1]

    found: list[str] = []
    for account_id, came in in_each(ACCOUNTS, act):
        assert came == account_id[::-1]
        found.append(account_id)
        if len(found) == len(ACCOUNTS) - 1:
            others_are_done.set()
    assert (sorted(found), found[-1]) == (ACCOUNTS, ACCOUNTS[0])


def test_work_that_hasnt_started_when_nobody_wants_more_is_left() -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def act(account_id: str) -> None:
        begun.append(account_id)
        if len(begun) > 1:
            go_on.wait()

    with contextlib.closing(in_each(ACCOUNTS, act)) as results:
        next(results)
    go_on.set()
    assert len(begun) <= 1 + WORKERS


def test_an_error_of_ours_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_each(ACCOUNTS, lambda account_id: 1 // (int(account_id) - int(ACCOUNTS[3]))))


@pytest.mark.parametrize(
    ("done", "seconds", "left"),
    [
        (0, 0.0, 25.0),
        (4, 0.1, 24.0),
        (60, 15.0, 10.0),
        (60, 1.0, 10.0),  # what was saved before a round begins doesn't last
        (60, 60.0, 40.0),
        (100, 25.0, 0.0),
    ],
)
def test_the_time_left_is_that_of_the_pace_or_longer(done: int, seconds: float, left: float) -> None:
    assert Progress(100, done, 0, seconds, pace=4).seconds_left == pytest.approx(left)


def test_progress_is_one_line() -> None:
    assert messages.approving(Progress(120, 40, 5, 10.0, 4)) == (
        "approving: 40 of 120 accounts done, 5 failed, 4.0/s, 20s left"
    )
    assert messages.approving(Progress(1, 1, 0, 0.2, 4), "probing") == ("probing: 1 of 1 account done, 1.0/s")
