"""Which write comes next: status x attempt x finalize, each with one expected action."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from aws_org_features.decide import decide, may_cancel, to_approve
from aws_org_features.model import (
    NOTHING_RECORDED,
    Accounts,
    Action,
    Approvals,
    Approver,
    Assessment,
    Desired,
    Observation,
    Status,
    Waiting,
)
from aws_org_features.record import carry
from tests.unit.values import accounts, children, parent, record, seen

_PARENT_OF = {
    Status.NOT_STARTED: None,
    Status.AWAITING_APPROVALS: parent("REQUESTED"),
    Status.AWAITING_FINALIZATION: parent("OPEN"),
    Status.DECLINED: parent("REQUESTED"),
    Status.EXPIRED: parent("EXPIRED"),
    Status.CANCELED: parent("CANCELED"),
    Status.ENABLED: parent("ACCEPTED"),
}

# status -> (action, action with attempt raised, blocked unless it is raised)
_EXPECTED = {
    Status.NOT_STARTED: (Action.START, Action.START, False),
    Status.AWAITING_APPROVALS: (Action.NONE, Action.NONE, False),
    Status.AWAITING_FINALIZATION: (Action.ACCEPT, Action.ACCEPT, False),
    Status.DECLINED: (Action.NONE, Action.CANCEL, True),
    Status.EXPIRED: (Action.START, Action.START, False),
    Status.CANCELED: (Action.NONE, Action.START, True),
    Status.ENABLED: (Action.NONE, Action.NONE, False),
}


@pytest.mark.parametrize(
    ("status", "finalize", "raised"), list(itertools.product(Status, (True, False), (True, False)))
)
def test_next_step(status: Status, finalize: bool, raised: bool) -> None:
    calm, after_raising, blocks = _EXPECTED[status]
    wanted = after_raising if raised else calm
    if wanted is Action.ACCEPT and not finalize:
        wanted = Action.NONE
    desired = Desired("o-exampleorg1", finalize=finalize, attempt=2 if raised else 1)
    recorded = record(status, _PARENT_OF[status])

    decision = decide(desired, recorded, Assessment(status, _PARENT_OF[status]))

    assert decision.action is wanted
    assert decision.blocked is (blocks and not raised)


@pytest.mark.parametrize("state", ["EXPIRED", "DECLINED", "CANCELED"])
def test_a_declined_migration_that_is_over_needs_no_cancel(state: str) -> None:
    now = Assessment(Status.DECLINED, parent(state))
    decision = decide(Desired("o-exampleorg1", attempt=2), record(Status.DECLINED, parent()), now)
    assert decision.action is Action.START


def test_a_declined_migration_that_is_no_longer_listed_is_not_canceled() -> None:
    now = Assessment(Status.DECLINED, parent(), listed=False)
    decision = decide(Desired("o-exampleorg1", attempt=2), record(Status.DECLINED, parent()), now)
    assert decision.action is Action.START


def test_an_accepted_parent_is_not_accepted_again() -> None:
    now = Assessment(Status.AWAITING_FINALIZATION, parent("ACCEPTED"))
    assert decide(Desired("o-exampleorg1"), record(now.status, parent()), now).action is Action.NONE


def test_a_migration_without_a_listed_parent_has_nothing_to_accept() -> None:
    now = Assessment(Status.AWAITING_FINALIZATION, None)
    assert decide(Desired("o-exampleorg1"), record(now.status, None), now).action is Action.NONE


def test_an_attempt_below_the_recorded_one_starts_nothing() -> None:
    now = Assessment(Status.CANCELED, parent("CANCELED"))
    recorded = record(Status.CANCELED, parent("CANCELED"), attempt=3)
    assert decide(Desired("o-exampleorg1", attempt=2), recorded, now).action is Action.NONE


@pytest.mark.parametrize(
    ("name", "now", "started", "action"),
    [
        ("nobody has approved", Assessment(Status.AWAITING_APPROVALS, parent()), True, Action.CANCEL),
        ("not ours", Assessment(Status.AWAITING_APPROVALS, parent()), False, Action.NONE),
        (
            "someone has approved",
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(2, accepted=1, pending=1)),
            True,
            Action.NONE,
        ),
        (
            "approvals that can't be seen count as given",
            Assessment(Status.AWAITING_APPROVALS, parent(), Approvals(2, unknown=2)),
            True,
            Action.NONE,
        ),
        (
            "somebody else began another one",
            Assessment(Status.AWAITING_APPROVALS, parent(id_="h-another001")),
            True,
            Action.NONE,
        ),
        ("a decline costs nobody's approval", Assessment(Status.DECLINED, parent()), True, Action.CANCEL),
        ("ALL stays ALL", Assessment(Status.ENABLED, parent("ACCEPTED")), True, Action.NONE),
        ("expired", Assessment(Status.EXPIRED, parent("EXPIRED")), True, Action.NONE),
        ("canceled already", Assessment(Status.CANCELED, parent("CANCELED")), True, Action.NONE),
        ("gone from the list", Assessment(Status.DECLINED, parent(), listed=False), True, Action.NONE),
        ("nothing started", Assessment(Status.NOT_STARTED), True, Action.NONE),
    ],
)
def test_what_a_destroy_may_cancel(name: str, now: Assessment, started: bool, action: Action) -> None:
    recorded = record(Status.AWAITING_APPROVALS, parent(), started=started)
    looked = seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=accounts())
    assert may_cancel(recorded, now, looked).action is action, name


@pytest.mark.parametrize(
    "looked",
    [
        seen(parent(), children=children("OPEN", "OPEN"), accounts=accounts()),
        seen(parent(), children=(), accounts=accounts()),
        seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=Accounts(known=False)),
        seen(parent(), children=children("OPEN", "OPEN", "OPEN")),
    ],
)
def test_an_invited_account_whose_approval_is_not_shown_may_have_given_it(looked: Observation) -> None:
    now = Assessment(Status.AWAITING_APPROVALS, parent())
    assert may_cancel(record(now.status, parent(), started=True), now, looked).action is Action.NONE


@pytest.mark.parametrize(
    "approvals",
    [
        Approvals(2, declined=1, pending=1),
        Approvals(2, accepted=1, declined=1),
        Approvals(2, declined=1, unknown=1),
    ],
)
def test_a_create_cancels_nothing_whatever_its_attempt(approvals: Approvals) -> None:
    """A renamed resource still declares the attempt that its earlier name has used up."""
    now = Assessment(Status.DECLINED, parent(), approvals)
    desired = Desired("o-exampleorg1", attempt=2)
    assert decide(desired, NOTHING_RECORDED, now).action is Action.NONE
    adopted = carry(desired, NOTHING_RECORDED, now)
    assert adopted.attempt == 2
    assert decide(Desired("o-exampleorg1", attempt=3), adopted, now).action is Action.CANCEL


@pytest.mark.parametrize(
    ("status", "same", "declared", "before", "after"),
    [
        (Status.AWAITING_APPROVALS, True, 2, 1, 2),
        (Status.AWAITING_APPROVALS, True, 1, 3, 3),
        (Status.AWAITING_APPROVALS, False, 1, 3, 1),
        (Status.ENABLED, True, 4, 1, 4),
        (Status.CANCELED, True, 2, 1, 1),
        (Status.DECLINED, True, 2, 1, 1),
        (Status.DECLINED, False, 2, 1, 1),
    ],
)
def test_an_attempt_is_used_up_by_what_nothing_stands_against(
    status: Status, same: bool, declared: int, before: int, after: int
) -> None:
    known = parent() if same else parent(id_="h-another001")
    recorded = record(Status.AWAITING_APPROVALS, known, attempt=before, started=True)
    carried = carry(Desired("o-exampleorg1", attempt=declared), recorded, Assessment(status, parent()))
    assert carried.attempt == after
    assert carried.started is same


APPROVER = Approver("arn:{partition}:iam::{account_id}:role/X")


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("raised", [True, False])
def test_an_approver_acts_only_while_approvals_are_outstanding(status: Status, raised: bool) -> None:
    handshake = _PARENT_OF[status]
    waiting = (Waiting("222222222222", "h-child0000", "APPROVE_ALL_FEATURES", "OPEN"),)
    now = Assessment(status, handshake, waiting_for=waiting)
    desired = Desired("o-exampleorg1", attempt=2 if raised else 1, approver=APPROVER)
    decision = decide(desired, record(status, handshake), now)
    approves = status is Status.AWAITING_APPROVALS or (status is Status.DECLINED and not raised)
    assert (decision.action is Action.APPROVE) is approves
    assert decision.accounts == (("222222222222",) if approves else ())


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({}, ("222222222222", "333333333333")),
        ({"only": frozenset({"333333333333", "999999999999"})}, ("333333333333",)),
        ({"exclude": frozenset({"333333333333"})}, ("222222222222",)),
        ({"exclude": frozenset({"222222222222", "333333333333"})}, ()),
    ],
)
def test_whom_an_approver_approves_for(limits: dict[str, Any], named: tuple[str, ...]) -> None:
    waiting = (
        Waiting("333333333333", "h-child0001", "APPROVE_ALL_FEATURES", "REQUESTED", "some-reason: x"),
        Waiting("222222222222", "h-child0000", "APPROVE_ALL_FEATURES", "OPEN"),
        Waiting("444444444444", "h-child0002", "APPROVE_ALL_FEATURES", "DECLINED"),
        Waiting("", "h-child0003", "APPROVE_ALL_FEATURES", "OPEN"),
    )
    now = Assessment(Status.AWAITING_APPROVALS, parent(), waiting_for=waiting)
    desired = Desired("o-exampleorg1", approver=replace(APPROVER, **limits))
    assert to_approve(desired, now) == named


@pytest.mark.parametrize(("accepted", "left"), [(0, 3), (2, 3), (3, 0)])
def test_where_nobody_is_shown_everyone_is_tried_until_all_were_seen_to_approve(
    accepted: int, left: int
) -> None:
    now = Assessment(
        Status.AWAITING_APPROVALS, parent(), Approvals(3, accepted), unshown=frozenset(accounts().invited)
    )
    assert len(to_approve(Desired("o-exampleorg1", approver=APPROVER), now)) == left
