"""An approval that contradicts itself, as management is shown it: reported everywhere, and never acted on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aws_org_features.migration import messages
from aws_org_features.migration.approval_scope import scope
from aws_org_features.migration.assess import assess
from aws_org_features.migration.decide import decide, may_cancel, to_approve
from aws_org_features.model.migration import NOTHING_RECORDED, Action, Approver, Desired, Observation, Status
from aws_org_features.model.organizations import Unclear
from aws_org_features.views.approval_kit import outstanding
from aws_org_features.views.status import outlook
from tests.unit import values

FIRST, SECOND, _ = values.INVITED
APPROVER = Approver("arn:{partition}:iam::{account_id}:role/x")
DESIRED = Desired("o-exampleorg1", approver=APPROVER)


def shown(*, clear: bool, state: str = "OPEN") -> Observation:
    """The first account's request contradicts itself; the second one's is there and clear, or isn't there."""
    first, second = values.children(state, "OPEN")
    unclear = Unclear(first, "its ARN names o-foreignorg1")
    known = values.accounts(invited=(FIRST, SECOND))
    seen = values.seen(values.parent(), children=(second,) if clear else (), accounts=known)
    return replace(seen, unclear=(unclear,))


@pytest.mark.parametrize("clear", [True, False])
def test_it_is_reported_and_nobody_acts_on_it(clear: bool) -> None:
    seen = shown(clear=clear)
    now = assess(NOTHING_RECORDED, seen)
    assert now.status is Status.AWAITING_APPROVALS
    assert (now.approvals.unknown, now.unshown) == (1, frozenset())
    told = next(waiting for waiting in now.waiting_for if waiting.account_id == FIRST)
    assert told.reason.startswith("handshake-unclear: Handshake h-child0000 ")
    assert "o-foreignorg1" in told.reason
    given = (SECOND,) if clear else ()
    assert to_approve(DESIRED, now) == given
    assert decide(DESIRED, NOTHING_RECORDED, now, acting=True).accounts == given
    assert tuple(w.account_id for w in scope(DESIRED, DESIRED, seen, now).to_give) == given
    assert tuple(asked.account_id for asked in outstanding(seen, now).accounts) == given
    holder = next(each for each in outlook(seen, values.NOW).holders if each.account_id == FIRST)
    assert holder.why.startswith("handshake-unclear: ")
    message = messages.message(DESIRED, NOTHING_RECORDED, now)
    assert "contradict themselves, so nothing is written to them: see `waiting_for`" in message
    assert "The approver failed" not in message


@pytest.mark.parametrize("state", ["ACCEPTED", "DECLINED", "EXPIRED", "CANCELED"])
def test_a_migrations_end_decides_nothing(state: str) -> None:
    seen = shown(clear=True, state=state)
    now = assess(NOTHING_RECORDED, seen)
    assert now.status is Status.AWAITING_APPROVALS
    assert [waiting.account_id for waiting in now.waiting_for] == [SECOND]
    recorded = values.record(Status.AWAITING_APPROVALS, values.parent(), started=True)
    created = replace(seen, accounts=values.accounts(invited=(SECOND,)))
    assert may_cancel(recorded, now, created).reason == "approvals that AWS doesn't show may have been given"
    assert may_cancel(recorded, now, replace(created, unclear=())).action is Action.CANCEL


def test_an_account_with_a_clear_request_besides_may_be_acted_in() -> None:
    first, _second = values.children("OPEN", "OPEN")
    odd = Unclear(replace(first, id="h-odd00001"), "its ARN names o-foreignorg1")
    seen = replace(values.seen(values.parent(), children=(first,)), unclear=(odd,))
    now = assess(NOTHING_RECORDED, seen)
    assert to_approve(DESIRED, now) == (FIRST,)
    (waiting,) = scope(DESIRED, DESIRED, seen, now).to_give
    assert waiting.handshake_id == first.id
