"""Every decision as a whole: what to do, why, whether a person must act, and for whom it approves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aws_org_features.decide import decide, is_first_look, may_cancel, must_wait, to_approve
from aws_org_features.model import (
    NOTHING_RECORDED,
    Accounts,
    Action,
    Approvals,
    Approver,
    Assessment,
    Decision,
    Desired,
    Handshake,
    Recorded,
    Status,
    Waiting,
    WaitUntil,
)
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
        Decision(Action.START, "there is none yet"),
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
    "everyone has responded, and it isn't to be finalized": (
        replace(PLAIN, finalize=False),
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("OPEN")),
        Decision(Action.NONE, "everyone has responded, and finalize is False"),
    ),
    "it is finalized": (
        PLAIN,
        NOTHING_RECORDED,
        Assessment(Status.AWAITING_FINALIZATION, parent("ACCEPTED")),
        Decision(Action.NONE, "the migration is finalized, AWS is switching over"),
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


def test_unless_told_otherwise_no_run_is_at_work() -> None:
    assert decide(APPROVING, NOTHING_RECORDED, UNSHOWN).action is Action.NONE


_WAITS = {
    WaitUntil.REQUESTED: frozenset[Status](),
    WaitUntil.APPROVED: frozenset({Status.AWAITING_APPROVALS}),
    WaitUntil.ENABLED: frozenset({Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION}),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("until", WaitUntil)
def test_what_a_run_stays_for(until: WaitUntil, status: Status) -> None:
    waits = must_wait(replace(PLAIN, wait_until=until), Assessment(status, parent()))
    assert waits is (status in _WAITS[until])


OURS = record(Status.AWAITING_APPROVALS, parent(), started=True)
SHOWN = seen(parent(), children=children("OPEN", "OPEN", "OPEN"), accounts=accounts())
PENDING = Assessment(Status.AWAITING_APPROVALS, parent())
IRREVERSIBLE = Decision(Action.NONE, "all features are enabled, which can't be undone")
NONE_IN_FLIGHT = Decision(Action.NONE, "no migration is in flight")
NOT_OURS = Decision(Action.NONE, "migration h-parent0001 wasn't started by this resource")
NOT_SHOWN = Decision(Action.NONE, "approvals that AWS doesn't show may have been given")

WITHDRAWALS = {
    "nobody has approved": (OURS, PENDING, SHOWN, Decision(Action.CANCEL, "nobody has approved it yet")),
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


@pytest.mark.parametrize(("handshake", "first"), [(None, True), (parent(), False)])
def test_a_look_is_the_first_until_a_migration_is_recorded(handshake: Handshake | None, first: bool) -> None:
    assert is_first_look(record(Status.NOT_STARTED, handshake)) is first
