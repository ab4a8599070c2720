"""The next write: each decision as a whole, and the table of status, attempt and finalize."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from aws_org_features.migration.decide import NOT_STARTED_HERE, decide, may_cancel, must_wait, to_approve
from aws_org_features.migration.state import carry
from aws_org_features.model.migration import (
    NOTHING_RECORDED,
    Action,
    Approvals,
    Approver,
    Assessment,
    Decision,
    Desired,
    Recorded,
    Status,
    Waiting,
    WaitUntil,
)
from aws_org_features.model.organizations import Accounts
from tests.unit.values import INVITED, accounts, children, parent, record, seen

PLAIN = Desired("o-exampleorg1")
RAISED = replace(PLAIN, attempt=2)
APPROVER = Approver("arn:{partition}:iam::{account_id}:role/X")
APPROVING = replace(PLAIN, approver=APPROVER)
WAITING = (Waiting(INVITED[0], "h-child0000", "APPROVE_ALL_FEATURES", "OPEN"),)
UNSHOWN = Assessment(
    Status.AWAITING_APPROVALS, parent(), Approvals(3, accepted=3), unshown=frozenset(INVITED)
)
BLOCKED = Assessment(Status.DECLINED, parent(), waiting_for=WAITING)

NOT_KNOWN = "which this version doesn't know"

DECISIONS: dict[str, tuple[Desired, Recorded, Assessment, Decision]] = {
    "all is done": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.ENABLED, parent("ACCEPTED")),
        Decision(Action.NONE, "all features are enabled"),
    ),
    "nothing has begun": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.NOT_STARTED),
        Decision(Action.START, "no migration is in progress"),
    ),
    "owners think it over": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_APPROVALS, parent(), waiting_for=WAITING),
        Decision(Action.NONE, "approvals are outstanding"),
    ),
    "an approver may act": (
        APPROVING,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_APPROVALS, parent(), waiting_for=WAITING),
        Decision(Action.APPROVE, "the program declares an approver", accounts=(INVITED[0],)),
    ),
    "everyone has responded": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN")),
        Decision(Action.ACCEPT, "everyone has responded"),
    ),
    "everyone has approved": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN"), Approvals(3, accepted=3)),
        Decision(Action.ACCEPT, "everyone has approved"),
    ),
    "everyone has responded, and it is the one to finalize": (
        replace(PLAIN, finalize=parent().id),
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN")),
        Decision(Action.ACCEPT, "everyone has responded"),
    ),
    "everyone has responded, and finalize names another migration": (
        replace(PLAIN, finalize="h-another001"),
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN")),
        Decision(Action.NONE, "everyone has responded, and finalize names another migration, h-another001"),
    ),
    "its state isn't known": (
        RAISED,
        NOTHING_RECORDED,
        Assessment(Status.DECLINED, parent("PAUSED")),
        Decision(Action.NONE, f"AWS shows {parent().id} in state PAUSED, {NOT_KNOWN}", blocked=True),
    ),
    "everyone has responded, and finalize is False": (
        replace(PLAIN, finalize=False),
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN")),
        Decision(Action.NONE, "everyone has responded, and finalize is False"),
    ),
    "everyone has approved, and finalize is False": (
        replace(PLAIN, finalize=False),
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN"), Approvals(3, accepted=3)),
        Decision(Action.NONE, "everyone has approved, and finalize is False"),
    ),
    "it is finalized": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("ACCEPTED")),
        Decision(Action.NONE, "the migration is finalized, and AWS is enabling all features"),
    ),
    "everyone has responded, and the parent isn't listed": (
        PLAIN,
        record(Status.AWAITING_FINALIZATION, None),
        Assessment(Status.AWAITING_FINALIZATION, None),
        Decision(Action.NONE, "the migration is finalized, and AWS is enabling all features"),
    ),
    "it was canceled, and attempt is below the recorded one": (
        RAISED,
        record(Status.CANCELED, parent("CANCELED"), attempt=3),
        Assessment(Status.CANCELED, parent("CANCELED")),
        Decision(Action.NONE, "the migration was canceled", blocked=True),
    ),
    "it expired": (
        PLAIN,
        record(Status.AWAITING_APPROVALS, parent()),
        Assessment(Status.EXPIRED, parent("EXPIRED")),
        Decision(Action.START, "the last migration expired before it was finalized"),
    ),
    "it was canceled": (
        PLAIN,
        record(Status.AWAITING_APPROVALS, parent()),
        Assessment(Status.CANCELED, parent("CANCELED")),
        Decision(Action.NONE, "the migration was canceled", blocked=True),
    ),
    "it was canceled, and attempt is raised": (
        RAISED,
        record(Status.AWAITING_APPROVALS, parent()),
        Assessment(Status.CANCELED, parent("CANCELED")),
        Decision(Action.START, "attempt was raised from 1 to 2"),
    ),
    "an account declined": (
        PLAIN,
        record(Status.AWAITING_APPROVALS, parent()),
        BLOCKED,
        Decision(Action.NONE, "an account declined", blocked=True),
    ),
    "an account declined, and others can be approved for": (
        APPROVING,
        record(Status.AWAITING_APPROVALS, parent()),
        BLOCKED,
        Decision(Action.APPROVE, "the program declares an approver", blocked=True, accounts=(INVITED[0],)),
    ),
    "an account declined, and it is over": (
        APPROVING,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, handshake=parent("EXPIRED")),
        Decision(Action.NONE, "an account declined", blocked=True),
    ),
    "an account declined, and AWS lists it no more": (
        APPROVING,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, listed=False),
        Decision(Action.NONE, "an account declined", blocked=True),
    ),
    "an account declined, and the parent isn't listed": (
        APPROVING,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, handshake=None),
        Decision(Action.NONE, "an account declined", blocked=True),
    ),
    "an account declined, and attempt is raised": (
        RAISED,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, approvals=Approvals(2, accepted=1, declined=1)),
        Decision(Action.CANCEL, "attempt was raised from 1 to 2"),
    ),
    "an account declined, it is over, and attempt is raised": (
        RAISED,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, handshake=parent("EXPIRED")),
        Decision(Action.START, "attempt was raised from 1 to 2"),
    ),
    "an account declined, AWS lists it no more, and attempt is raised": (
        RAISED,
        record(Status.AWAITING_APPROVALS, parent()),
        replace(BLOCKED, listed=False),
        Decision(Action.START, "attempt was raised from 1 to 2"),
    ),
    **{
        f"an account declined, it is {state}, and attempt is raised": (
            RAISED,
            record(Status.DECLINED, parent()),
            Assessment(Status.DECLINED, parent(state)),
            Decision(Action.START, "attempt was raised from 1 to 2"),
        )
        for state in ("DECLINED", "CANCELED")
    },
    "an account declined before a create": (
        RAISED,
        NOTHING_RECORDED,
        BLOCKED,
        Decision(Action.NONE, "an account declined, and others may have approved", blocked=True),
    ),
    "an account declined before a create, and it is over": (
        RAISED,
        NOTHING_RECORDED,
        replace(BLOCKED, handshake=parent("EXPIRED")),
        Decision(Action.START, "attempt was raised from 1 to 2"),
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_each_decision(case: str) -> None:
    desired, recorded, now, decision = DECISIONS[case]
    assert decide(desired, recorded, now) == decision


@pytest.mark.parametrize(
    ("acting", "now", "decision"),
    [
        (False, UNSHOWN, Decision(Action.NONE, "approvals are outstanding")),
        (True, UNSHOWN, Decision(Action.APPROVE, "the program declares an approver", accounts=INVITED)),
        (
            True,
            replace(UNSHOWN, unshown=frozenset(INVITED[:1])),
            Decision(Action.APPROVE, "the program declares an approver", accounts=INVITED[:1]),
        ),
        (True, replace(UNSHOWN, unshown=frozenset()), Decision(Action.NONE, "approvals are outstanding")),
        (
            True,
            replace(UNSHOWN, status=Status.DECLINED),
            Decision(Action.NONE, "an account declined", blocked=True),
        ),
    ],
    ids=["asked whether there is something to do", "at work", "one left", "everyone is shown", "declined"],
)
def test_a_run_at_work_asks_each_account_itself_where_none_is_shown(
    acting: bool, now: Assessment, decision: Decision
) -> None:
    """A count says how many have approved, not who: five may be another five."""
    assert decide(APPROVING, NOTHING_RECORDED, now, acting=acting) == decision


def test_by_default_no_run_is_at_work() -> None:
    assert decide(APPROVING, NOTHING_RECORDED, UNSHOWN).action is Action.NONE


_WAITS = {
    WaitUntil.REQUESTED: frozenset[Status](),
    WaitUntil.APPROVED: frozenset({Status.AWAITING_APPROVALS}),
    WaitUntil.ENABLED: frozenset({Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION}),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("until", WaitUntil)
def test_the_time_that_a_run_waits_for(until: WaitUntil, status: Status) -> None:
    waits = must_wait(replace(PLAIN, wait_until=until), Assessment(status, parent()))
    assert waits is (status in _WAITS[until])


OURS = record(Status.AWAITING_APPROVALS, parent(), started=True)
SHOWN = seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=accounts())
PENDING = Assessment(Status.AWAITING_APPROVALS, parent())
IRREVERSIBLE = Decision(Action.NONE, "all features are enabled, which can't be undone")
NONE_IN_FLIGHT = Decision(Action.NONE, "no migration is in progress")
NOT_OURS = Decision(Action.NONE, f"migration h-parent0001 {NOT_STARTED_HERE}")
NOT_SHOWN = Decision(Action.NONE, "approvals that AWS doesn't show may have been given")

WITHDRAWALS = {
    "its state isn't known": (
        OURS,
        Assessment(Status.AWAITING_APPROVALS, parent("PAUSED")),
        SHOWN,
        Decision(Action.NONE, f"AWS shows {parent().id} in state PAUSED, {NOT_KNOWN}"),
    ),
    "nobody has approved": (OURS, PENDING, SHOWN, Decision(Action.CANCEL, "nobody has approved it yet")),
    "a decline costs nobody's approval": (
        OURS,
        Assessment(Status.DECLINED, parent()),
        SHOWN,
        Decision(Action.CANCEL, "nobody has approved it yet"),
    ),
    "it was declined, and AWS lists it no more": (
        OURS,
        Assessment(Status.DECLINED, parent(), listed=False),
        SHOWN,
        NONE_IN_FLIGHT,
    ),
    "it was canceled": (OURS, Assessment(Status.CANCELED, parent("CANCELED")), SHOWN, NONE_IN_FLIGHT),
    "no approval is shown": (OURS, PENDING, seen(parent(), children=(), accounts=accounts()), NOT_SHOWN),
    "all is done": (OURS, Assessment(Status.ENABLED, parent("ACCEPTED")), SHOWN, IRREVERSIBLE),
    "there is none": (OURS, Assessment(Status.NOT_STARTED), SHOWN, NONE_IN_FLIGHT),
    "it is over": (OURS, Assessment(Status.EXPIRED, parent("EXPIRED")), SHOWN, NONE_IN_FLIGHT),
    "AWS lists it no more": (OURS, replace(PENDING, listed=False), SHOWN, NONE_IN_FLIGHT),
    "somebody else's": (replace(OURS, started=False), PENDING, SHOWN, NOT_OURS),
    "another one": (
        record(Status.AWAITING_APPROVALS, parent(id_="h-another001"), started=True),
        PENDING,
        SHOWN,
        NOT_OURS,
    ),
    "none was recorded": (Recorded(started=True), PENDING, SHOWN, NOT_OURS),
    "somebody has approved": (
        OURS,
        replace(PENDING, approvals=Approvals(2, accepted=1, pending=1)),
        SHOWN,
        Decision(Action.NONE, "somebody has approved it"),
    ),
    "how somebody answered isn't known": (
        OURS,
        replace(PENDING, approvals=Approvals(2, unknown=1, pending=1)),
        SHOWN,
        NOT_SHOWN,
    ),
    "an approval isn't shown": (
        OURS,
        PENDING,
        seen(parent(), children=children("OPEN", "OPEN"), accounts=accounts()),
        NOT_SHOWN,
    ),
    "none was asked for": (OURS, PENDING, seen(parent(), accounts=accounts()), NOT_SHOWN),
    "accounts weren't asked for": (
        OURS,
        PENDING,
        seen(parent(), children=children("OPEN", "OPEN", "OPEN")),
        NOT_SHOWN,
    ),
    "accounts may not be listed": (
        OURS,
        PENDING,
        seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=Accounts(known=False)),
        NOT_SHOWN,
    ),
    "a created account is asked as well": (
        OURS,
        PENDING,
        seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=accounts(invited=INVITED[:2])),
        Decision(Action.CANCEL, "nobody has approved it yet"),
    ),
}


@pytest.mark.parametrize("case", WITHDRAWALS)
def test_each_withdrawal(case: str) -> None:
    recorded, now, looked, decision = WITHDRAWALS[case]
    assert may_cancel(recorded, now, looked) == decision


@pytest.mark.parametrize(
    ("accepted", "named"), [(0, INVITED[:2]), (1, INVITED[:2]), (2, INVITED[:1]), (3, INVITED[:1])]
)
def test_those_that_are_not_shown_are_named_until_as_many_were_seen(
    accepted: int, named: tuple[str, ...]
) -> None:
    now = Assessment(
        Status.AWAITING_APPROVALS,
        parent(),
        Approvals(3, accepted),
        WAITING,
        unshown=frozenset(INVITED),
    )
    desired = replace(PLAIN, approver=replace(APPROVER, exclude=frozenset({INVITED[2]})))
    assert to_approve(desired, now) == named


# Of every status, as a table

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


@pytest.mark.parametrize(
    "approvals",
    [
        Approvals(2, declined=1, pending=1),
        Approvals(2, accepted=1, declined=1),
        Approvals(2, declined=1, unknown=1),
    ],
)
def test_a_create_cancels_nothing_with_any_attempt(approvals: Approvals) -> None:
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
        (Status.DECLINED, False, 2, 1, 2),
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
def test_the_accounts_that_an_approver_approves_for(limits: dict[str, Any], named: tuple[str, ...]) -> None:
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
