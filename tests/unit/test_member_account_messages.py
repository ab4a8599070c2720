"""Messages to a member account's owner, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aws_org_features.lifecycle.approval import INPUTS
from aws_org_features.member_account import messages
from aws_org_features.member_account.state import OUTPUTS, Recorded, outputs, recorded_from
from aws_org_features.model.approval import Approval, ApprovalStatus
from aws_org_features.model.organizations import Handshake
from tests.unit.values import parent

ORGANIZATION, MINE = "o-exampleorg1", "222222222222"


def approval(status: str, state: str | None = None) -> Approval:
    asked = None if state is None else replace(parent(state, "h-child0001"), account_id=MINE)
    return Approval(ApprovalStatus(status), asked)


_WAITING = approval("NOT_ASKED")
_ASKED = approval("NOT_ASKED", "OPEN")
_APPROVED = approval("APPROVED", "ACCEPTED")
_EXPIRED = approval("EXPIRED", "EXPIRED")
_CANCELED = approval("CANCELED", "CANCELED")
_VANISHED = approval("CANCELED", "OPEN")
_DECLINED = approval("DECLINED", "DECLINED")
_ALL = (_WAITING, _ASKED, _APPROVED, _EXPIRED, _CANCELED, _VANISHED, _DECLINED)


@pytest.mark.parametrize(
    ("now", "feature_set", "said"),
    [
        (_WAITING, "CONSOLIDATED_BILLING", "o-exampleorg1 hasn't asked account 222222222222"),
        (_WAITING, "CONSOLIDATED_BILLING", "Once it does, the next `pulumi up` approves."),
        (_WAITING, None, "To see whether the account is a member, allow organizations:DescribeOrganization."),
        (_WAITING, "ALL", "All features are enabled in organization o-exampleorg1: account 222222222222 has"),
        (_ASKED, None, "by 2026-05-29 12:00 UTC (h-child0001). The next `pulumi up` approves."),
        (_ASKED, "ALL", "asks account 222222222222 to approve"),
        (_APPROVED, None, "The organization finalizes once every account has."),
        (_APPROVED, "ALL", "Account 222222222222 approved with h-child0001."),
        (
            _EXPIRED,
            None,
            "h-child0001 expired on 2026-05-29 12:00 UTC, before account 222222222222 answered.",
        ),
        (_EXPIRED, "ALL", "there is nothing left for account 222222222222 to approve."),
        (_CANCELED, None, "Organization o-exampleorg1 canceled h-child0001 before"),
        (_VANISHED, None, "AWS no longer lists h-child0001, and how it ended isn't known."),
        (_DECLINED, None, "Somebody in account 222222222222 declined h-child0001"),
        (_DECLINED, None, "If you don't want that, remove this resource."),
    ],
)
def test_its_status_in_words(now: Approval, feature_set: str | None, said: str) -> None:
    assert said in messages.message(ORGANIZATION, MINE, now, feature_set)


@pytest.mark.parametrize("now", [_EXPIRED, _CANCELED, _VANISHED, _DECLINED])
def test_a_request_that_ended_without_an_approval_may_be_made_again(now: Approval) -> None:
    said = messages.message(ORGANIZATION, MINE, now, "CONSOLIDATED_BILLING")
    assert "If the organization asks again, the next `pulumi up` approves." in said
    assert "asks again" not in messages.message(ORGANIZATION, MINE, now, "ALL")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (_APPROVED, "consent that was given can't be withdrawn"),
        (_ASKED, "h-child0001 stays unanswered, and isn't declined"),
        (_WAITING, "nothing was approved"),
        (_DECLINED, "nothing was approved"),
    ],
)
def test_a_destroy_leaves_the_rest_behind(now: Approval, said: str) -> None:
    assert messages.left_behind(now) == f"removed from the stack only: {said}"


@pytest.mark.parametrize("now", _ALL)
@pytest.mark.parametrize("feature_set", ["CONSOLIDATED_BILLING", "ALL", None])
def test_a_record_is_read_back_as_it_was(now: Approval, feature_set: str | None) -> None:
    made = outputs(ORGANIZATION, MINE, feature_set, now)
    assert tuple(made) == OUTPUTS
    kept = now.handshake and replace(now.handshake, account_id=None)
    read = recorded_from(made)
    assert read == Recorded(MINE, feature_set, Approval(now.status, kept))
    assert read.settled is (feature_set == "ALL" and now is not _ASKED)


def test_no_output_shares_a_name_with_an_input() -> None:
    """A preview echoes inputs as outputs: one that shares a name would show what isn't."""
    assert not set(OUTPUTS) & set(INPUTS)


def test_a_request_without_times_is_reported_as_well() -> None:
    bare = Approval(ApprovalStatus.NOT_ASKED, Handshake("h-child0001", "", "", "REQUESTED"))
    assert "a time that AWS didn't give" in messages.message(ORGANIZATION, MINE, bare, None)
