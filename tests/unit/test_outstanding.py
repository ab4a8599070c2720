"""Outstanding approvals, from what AWS shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED
from aws_org_features.model.organizations import AccountDetails, Accounts
from aws_org_features.views.approval_kit import named, outstanding
from tests.unit import values

if TYPE_CHECKING:
    from aws_org_features.model.migration import Observation
    from aws_org_features.views.approval_kit import Request

DETAILS = {id_: AccountDetails(id_, f"name of {id_}", f"{id_}@example.com") for id_ in values.INVITED[:2]}
FIRST, SECOND, THIRD = values.INVITED
HIDDEN = {"children": (), "accounts": values.accounts()}


def request(seen: Observation, **more: Any) -> Request:
    return outstanding(seen, assess(NOTHING_RECORDED, seen), **more)


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        (values.seen(values.parent(), children=values.children("OPEN", "OPEN", "OPEN")), values.INVITED),
        (
            values.seen(values.parent(), children=values.children("ACCEPTED", "REQUESTED", "OPEN")),
            (SECOND, THIRD),
        ),
        (values.seen(values.parent(), children=values.children("DECLINED", "OPEN", "ACCEPTED")), (SECOND,)),
        (values.seen(values.parent(), **HIDDEN), values.INVITED),
        (values.seen(values.parent(), children=(), accounts=Accounts(known=False)), ()),
        (values.seen(children=values.children("OPEN")), (FIRST,)),
        (values.seen(values.parent("OPEN")), ()),
        (values.seen(values.parent("OPEN"), children=values.children("ACCEPTED", "DECLINED")), ()),
        (values.seen(values.parent("EXPIRED"), children=values.children("EXPIRED")), ()),
        (values.seen(values.parent("CANCELED"), children=values.children("CANCELED")), ()),
        (values.seen(), ()),
        (values.seen(organization=values.ALL), ()),
    ],
)
def test_the_accounts_that_are_asked(seen: Observation, asked: tuple[str, ...]) -> None:
    assert tuple(each.account_id for each in request(seen).accounts) == asked


def test_the_details_of_an_account_are_shown() -> None:
    found = request(values.seen(values.parent(), children=values.children("OPEN", "OPEN", "OPEN")))
    first, second, third = named(found, DETAILS).accounts
    assert (first.name, first.email) == (f"name of {FIRST}", f"{FIRST}@example.com")
    assert (second.handshake_id, second.action) == ("h-child0001", "APPROVE_ALL_FEATURES")
    assert (third.name, third.email) == (None, None)


@pytest.mark.parametrize("action", ["", "approve", "`rm -rf ~`", "A" * 65])
def test_an_unknown_action_is_not_shown(action: str) -> None:
    children = tuple(replace(child, action=action) for child in values.children("OPEN"))
    (asked,) = request(values.seen(values.parent(), children=children)).accounts
    assert asked.action is None


def test_a_request_that_isnt_shown_is_found_by_its_parent() -> None:
    found = request(values.seen(values.parent(), **HIDDEN))
    assert {(each.handshake_id, each.action) for each in found.accounts} == {(None, None)}
    assert found.parent_id == "h-parent0001"


def test_the_request_is_that_of_the_migration() -> None:
    found = request(values.seen(values.parent(), children=values.children("OPEN")))
    assert (found.organization_id, found.management_account_id) == ("o-exampleorg1", values.MANAGEMENT)
    assert found.partition == "aws"
    assert found.expires_at == values.parent().expires_at


def test_without_a_parent_the_first_approval_to_expire_counts() -> None:
    one, other = values.children("OPEN", "OPEN")
    late = replace(one, expires_at=values.parent(age_days=1).expires_at)
    early = replace(other, expires_at=values.parent(age_days=5).expires_at)
    assert request(values.seen(children=(late, early))).expires_at == early.expires_at
    assert request(values.seen(children=(one,))).expires_at is None


def test_only_chosen_accounts_count() -> None:
    seen = values.seen(values.parent(), children=values.children("OPEN", "OPEN", "ACCEPTED"))
    chosen = request(seen, accounts={SECOND, THIRD}).accounts
    assert [each.account_id for each in chosen] == [SECOND]


def test_an_account_that_is_asked_twice_has_one_text_and_one_that_has_no_name_none() -> None:
    approval, other = values.children("OPEN", "OPEN")
    twice = replace(other, account_id=approval.account_id, action="ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE")
    nameless = replace(other, id="h-nameless1", account_id=None)
    (asked,) = request(values.seen(values.parent(), children=(twice, approval, nameless))).accounts
    assert (asked.account_id, asked.handshake_id) == (FIRST, approval.id)
