"""Requests to an account, and which are accepted: topology x prefixes x state x whose request it is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.aws.parse import handshake
from aws_org_features.member_account.decide import decide, is_approval_of
from aws_org_features.model.approval import NO_APPROVAL, Approval, ApprovalStatus
from tests.unit.values import MANAGEMENT, NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.model.organizations import Handshake

ORGANIZATION = "o-exampleorg1"
MINE = "222222222222"
PARENT = "h-parent0001"

_STATES = {
    "REQUESTED": ApprovalStatus.NOT_ASKED,
    "OPEN": ApprovalStatus.NOT_ASKED,
    "ACCEPTED": ApprovalStatus.APPROVED,
    "DECLINED": ApprovalStatus.DECLINED,
    "EXPIRED": ApprovalStatus.EXPIRED,
    "CANCELED": ApprovalStatus.CANCELED,
}
_PENDING = ("REQUESTED", "OPEN")


def shape(
    state: str = "OPEN",
    action: str = "APPROVE_ALL_FEATURES",
    *,
    organization: str = ORGANIZATION,
    account: str | None = MINE,
    parent: str | None = PARENT,
    prefixed: bool = False,
) -> dict[str, Any]:
    """A handshake as AWS shows it to the account, with ids as the worked examples write them."""
    parties = [{"Type": "ORGANIZATION", "Id": organization if prefixed else organization[2:]}]
    resources = [{"Type": "ORGANIZATION", "Value": organization}]
    if account:
        parties.append({"Type": "ACCOUNT", "Id": account})
        resources.append({"Type": "ACCOUNT", "Value": account})
    if parent:
        resources.append({"Type": "PARENT_HANDSHAKE", "Value": parent if prefixed else parent[2:]})
    return {
        "Id": "h-child0001",
        "Arn": f"arn:aws:organizations::{MANAGEMENT}:handshake/{organization}/{action.lower()}/h-child0001",
        "State": state,
        "Action": action,
        "Parties": parties,
        "Resources": resources,
        "RequestedTimestamp": NOW,
        "ExpirationTimestamp": NOW + timedelta(days=90),
    }


def received(*args: Any, **changes: Any) -> Handshake:
    return handshake(shape(*args, **changes))  # type: ignore[arg-type]  # a plain dictionary


_ROLE = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
_TRANSFER = "TRANSFER_RESPONSIBILITY"
_OURS: dict[str, dict[str, Any]] = {
    "topology A": {},
    "topology B": {"action": "ENABLE_ALL_FEATURES"},
    "the service-linked role": {"action": _ROLE},
    "a parent link alone": {"account": None},
    "an account alone": {"parent": None},
}
_NOT_OURS: dict[str, dict[str, Any]] = {
    "an invitation": {"action": "INVITE", "parent": None},
    "an invitation of another organization": {
        "action": "INVITE",
        "parent": None,
        "organization": "o-somebodyelse",
    },
    "an invitation that looks like a child": {"action": "INVITE"},
    "a transfer of responsibility": {"action": _TRANSFER},
    "something that AWS has yet to think of": {"action": "CLOSE_ACCOUNT"},
    "another organization's": {"organization": "o-somebodyelse"},
    "another organization's, topology B": {
        "organization": "o-somebodyelse",
        "action": "ENABLE_ALL_FEATURES",
    },
    "another account's": {"account": "333333333333"},
    "the parent": {"action": "ENABLE_ALL_FEATURES", "account": None, "parent": None},
    "the parent, topology B": {"account": None, "parent": None},
    "the parent, named after the management account": {"account": MANAGEMENT, "parent": None},
    "a service-linked role outside a migration": {"action": _ROLE, "parent": None},
}


@pytest.mark.parametrize(
    ("what", "state", "prefixed"), list(itertools.product(_OURS, _STATES, (False, True)))
)
def test_the_organizations_request_is_accepted_while_it_is_pending(
    what: str, state: str, prefixed: bool
) -> None:
    ours = received(state, prefixed=prefixed, **_OURS[what])
    assert is_approval_of(ours, ORGANIZATION, MINE)
    answer = decide(ORGANIZATION, MINE, NO_APPROVAL, [ours])
    assert answer.accept == ((ours,) if state in _PENDING else ())
    assert answer.approval == Approval(_STATES[state], ours)


@pytest.mark.parametrize(
    ("what", "state", "prefixed"), list(itertools.product(_NOT_OURS, _STATES, (False, True)))
)
def test_nothing_else_is_ever_accepted_or_reported(what: str, state: str, prefixed: bool) -> None:
    foreign = received(state, prefixed=prefixed, **_NOT_OURS[what])
    for account_id in (MINE, MANAGEMENT) if "parent" in what else (MINE,):
        assert not is_approval_of(foreign, ORGANIZATION, account_id)
        answer = decide(ORGANIZATION, account_id, NO_APPROVAL, [foreign])
        assert answer.accept == ()
        assert answer.approval == NO_APPROVAL


def test_the_management_account_approves_nothing_of_its_own_organization() -> None:
    assert not is_approval_of(received(account=MANAGEMENT), ORGANIZATION, MANAGEMENT)


@pytest.mark.parametrize("prefixed", [True, False])
@pytest.mark.parametrize(("link", "counts"), [(PARENT, True), ("h-another001", False), (None, False)])
def test_an_approver_counts_the_requests_of_one_migration(
    prefixed: bool, link: str | None, counts: bool
) -> None:
    asked = received(parent=link, prefixed=prefixed)
    assert is_approval_of(asked, ORGANIZATION, MINE, PARENT) is counts
    assert is_approval_of(asked, ORGANIZATION, MINE)


def at(state: str, id_: str, day: int, **changes: Any) -> Handshake:
    return replace(received(state, **changes), id=id_, requested_at=NOW + timedelta(days=day))


@pytest.mark.parametrize(
    ("name", "listed", "accepted", "status", "about"),
    [
        ("nothing", [], [], "NOT_ASKED", None),
        (
            "one canceled, a new one",
            [at("CANCELED", "h-1", 0), at("OPEN", "h-2", 1)],
            ["h-2"],
            "NOT_ASKED",
            "h-2",
        ),
        (
            "the new one listed first",
            [at("OPEN", "h-2", 1), at("EXPIRED", "h-1", 0)],
            ["h-2"],
            "NOT_ASKED",
            "h-2",
        ),
        (
            "two pending",
            [at("OPEN", "h-2", 1), at("REQUESTED", "h-1", 0)],
            ["h-1", "h-2"],
            "NOT_ASKED",
            "h-2",
        ),
        (
            "another organization's beside it",
            [at("OPEN", "h-9", 5, organization="o-somebodyelse"), at("OPEN", "h-1", 0)],
            ["h-1"],
            "NOT_ASKED",
            "h-1",
        ),
        (
            "the newest of those that are over",
            [at("ACCEPTED", "h-2", 1), at("DECLINED", "h-1", 0)],
            [],
            "APPROVED",
            "h-2",
        ),
        (
            "approved, then asked again",
            [at("ACCEPTED", "h-1", 0), at("OPEN", "h-2", 9)],
            ["h-2"],
            "NOT_ASKED",
            "h-2",
        ),
        (
            "declined, then asked again",
            [at("DECLINED", "h-1", 0), at("OPEN", "h-2", 9)],
            ["h-2"],
            "NOT_ASKED",
            "h-2",
        ),
    ],
)
def test_of_several(
    name: str, listed: Sequence[Handshake], accepted: list[str], status: str, about: str | None
) -> None:
    answer = decide(ORGANIZATION, MINE, NO_APPROVAL, listed)
    assert [h.id for h in answer.accept] == accepted, name
    assert answer.approval.status == status
    assert (answer.approval.handshake.id if answer.approval.handshake else None) == about
    assert answer.approval.pending is bool(accepted)


@pytest.mark.parametrize(
    ("was", "status"), [*((s, status) for s, status in _STATES.items() if s not in _PENDING)]
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_migration_that_is_over_stays_so_when_it_is_no_longer_listed(
    was: str, status: ApprovalStatus, listed: bool
) -> None:
    recorded = Approval(status, received(was))
    older = [at("EXPIRED", "h-older", -100)] if listed else []
    answer = decide(ORGANIZATION, MINE, recorded, older)
    assert (answer.accept, answer.approval) == ((), recorded)


@pytest.mark.parametrize("was", ["ACCEPTED", "DECLINED", "EXPIRED", "CANCELED"])
def test_a_list_that_lags_behind_does_not_ask_again(was: str) -> None:
    recorded = Approval(_STATES[was], received(was))
    answer = decide(ORGANIZATION, MINE, recorded, [received("OPEN")])
    assert (answer.accept, answer.approval) == ((), recorded)


def test_a_request_that_vanished_is_not_reported_as_waiting() -> None:
    seen = Approval(ApprovalStatus.NOT_ASKED, received("OPEN"))
    assert seen.pending
    vanished = decide(ORGANIZATION, MINE, seen, []).approval
    assert vanished.status is ApprovalStatus.CANCELED
    assert not vanished.pending
    assert decide(ORGANIZATION, MINE, vanished, []).approval == vanished, "and stays what it is"
    assert decide(ORGANIZATION, MINE, vanished, [received("ACCEPTED")]).approval.status == "APPROVED"
