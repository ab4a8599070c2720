"""The one list of approvals: who is asked, who has answered, who blocks it and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_org_features.migration.approval_requests import outstanding, requests
from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED, Failure
from aws_org_features.model.organizations import AccountDetails, Accounts, Unclear
from tests.unit import values

if TYPE_CHECKING:
    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.migration import Observation

FIRST, SECOND, THIRD = values.INVITED
HIDDEN = {"children": (), "accounts": values.accounts()}


def listed(seen: Observation, known: Accounts | None = None) -> tuple[ApprovalRequest, ...]:
    return requests(seen, assess(NOTHING_RECORDED, seen), known)


def told(found: tuple[ApprovalRequest, ...]) -> list[tuple[str, str, bool, bool]]:
    return [(each.account_id, each.state, each.outstanding, each.holds_up) for each in found]


def test_accounts_that_have_answered_are_listed_too_and_block_nothing() -> None:
    found = listed(values.seen(values.parent(), children=values.children("OPEN", "ACCEPTED", "DECLINED")))
    assert told(found) == [
        (THIRD, "DECLINED", False, True),
        (FIRST, "OPEN", True, True),
        (SECOND, "ACCEPTED", False, False),
    ]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (values.seen(values.parent(), children=values.children("STALLED")), ("STALLED", False, True)),
        (
            values.seen(values.parent("CANCELED"), children=values.children("STALLED")),
            ("STALLED", False, False),
        ),
        (
            values.seen(values.parent("EXPIRED"), children=values.children("EXPIRED")),
            ("EXPIRED", False, True),
        ),
        (
            values.seen(values.parent("EXPIRED"), children=values.children("ACCEPTED")),
            ("ACCEPTED", False, False),
        ),
    ],
)
def test_the_blockers_depend_on_the_status(seen: Observation, expected: tuple[str, bool, bool]) -> None:
    assert told(listed(seen)) == [(FIRST, *expected)]


@pytest.mark.parametrize(("parent", "holds_up"), [("REQUESTED", True), ("OPEN", False)])
def test_if_aws_shows_no_approvals_all_invited_accounts_are_listed(parent: str, holds_up: bool) -> None:
    found = listed(values.seen(values.parent(parent), **HIDDEN))
    assert told(found) == [(each, "", True, holds_up) for each in values.INVITED]


def test_a_contradictory_request_blocks_it_and_nobody_may_answer_it() -> None:
    first, second = values.children("OPEN", "OPEN")
    odd = Unclear(first, "its ARN names o-foreignorg1")
    found = listed(values.seen(values.parent(), children=(second,), unclear=(odd,)))
    assert told(found) == [(FIRST, "OPEN", False, True), (SECOND, "OPEN", True, True)]
    assert found[0].why.startswith("handshake-unclear: ")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ACCEPTED", [("ACCEPTED", False)]),
        ("OPEN", [("OPEN", True)]),
        # It may have been asked again, which AWS doesn't show.
        ("CANCELED", [("", True), ("CANCELED", False)]),
    ],
)
def test_an_accounts_own_view_counts_where_management_is_shown_nothing(
    state: str, expected: list[tuple[str, bool]]
) -> None:
    found = listed(values.seen(values.parent(), own=values.children(state), **HIDDEN))
    assert [(each.state, each.outstanding) for each in found if each.account_id == FIRST] == expected


def test_the_message_says_what_an_approver_met_with() -> None:
    failed = Failure(SECOND, "role-not-assumed: denied", "Trust it.")
    found = listed(values.seen(values.parent(), failures=(failed,), **HIDDEN))
    assert {each.account_id: each.reason for each in found} == {FIRST: "", SECOND: failed.reason, THIRD: ""}


def test_the_details_of_an_account_come_with_its_request() -> None:
    suspended = AccountDetails(SECOND, "Sandbox", "sandbox@example.com", "INVITED", "SUSPENDED")
    known = Accounts.of([suspended])
    last, first = listed(values.seen(values.parent(), children=values.children("OPEN", "OPEN")), known)[::-1]
    assert (first.account_id, first.name, first.left, first.why) == (
        SECOND,
        "Sandbox",
        False,
        "suspended, so nobody can approve",
    )
    assert (last.account_id, last.name, last.left) == (FIRST, None, True)


@pytest.mark.parametrize("state", ["CANCELED", "EXPIRED", "ACCEPTED"])
def test_after_the_end_nobody_must_answer(state: str) -> None:
    seen = values.seen(values.parent(state), children=values.children("OPEN"))
    over, under_way = seen, replace(seen, parent=values.parent())
    found = [[*outstanding(each, assess(NOTHING_RECORDED, each))] for each in (over, under_way)]
    assert [[each.account_id for each in some] for some in found] == [[], [FIRST]]
