"""Considerations in a plan: only those that apply to the organization that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aws_org_features.model.organizations import AccountDetails, Accounts
from aws_org_features.views.plan import Ahead, Consideration, Topic, plan
from tests.unit.values import ALL, INVITED, MANAGEMENT, NOW, accounts, children, parent, seen

CREATED = "999999999999"
ALONE = accounts(MANAGEMENT, invited=())
OURS = accounts(MANAGEMENT, CREATED, invited=())

NEW, OUT, ASSISTED = Topic.NEW_ORGANIZATION, Topic.MOVE_OUT, Topic.ASSISTED_MIGRATION
BILLING, TOWER, ACCELERATOR = Topic.BILLING_TRANSFER, Topic.CONTROL_TOWER, Topic.LANDING_ZONE_ACCELERATOR


def considered(
    known: Accounts | None, *, parent: Any = None, **more: Any
) -> tuple[Consideration, ...] | None:
    return plan(Ahead(seen(parent, accounts=known, **more), known, ()), NOW).considerations


def told(known: Accounts, topic: Topic, **more: Any) -> Consideration:
    (found,) = [each for each in considered(known, **more) or () if each.topic is topic]
    return found


def members(count: int, invited: int = 0) -> Accounts:
    """Members besides the management account, so many, of which some were invited."""
    ids = [f"{number:012}" for number in range(1, count + 1)]
    return accounts(MANAGEMENT, *ids, invited=ids[:invited])


def detailed(*found: AccountDetails, management: str = "aws@example.com") -> Accounts:
    return Accounts.of([AccountDetails(MANAGEMENT, "", management, "MANAGEMENT"), *found])


@pytest.mark.parametrize(
    ("known", "more", "topics"),
    [
        pytest.param(accounts(), {}, [NEW, OUT, ASSISTED, ACCELERATOR], id="owners to be asked"),
        pytest.param(OURS, {}, [NEW], id="nobody to be asked"),
        pytest.param(ALONE, {}, [], id="no member"),
        pytest.param(None, {}, None, id="accounts that may not be listed"),
        pytest.param(accounts(), {"organization": ALL}, [], id="enabled"),
        pytest.param(None, {"organization": ALL}, [], id="enabled, and nothing listed"),
        pytest.param(
            accounts(),
            {"parent": parent(), "children": children("OPEN", "ACCEPTED", "ACCEPTED")},
            [NEW, OUT, ASSISTED, ACCELERATOR],
            id="in progress",
        ),
        pytest.param(
            accounts(),
            {"parent": parent(), "children": children("DECLINED", "ACCEPTED", "OPEN")},
            [NEW, OUT, ASSISTED, ACCELERATOR],
            id="declined",
        ),
        pytest.param(
            accounts(),
            {"parent": parent("OPEN"), "children": children("ACCEPTED", "ACCEPTED", "ACCEPTED")},
            [NEW],
            id="to be finalized",
        ),
        pytest.param(accounts(), {"parent": parent("ACCEPTED")}, [], id="finalized, not shown yet"),
        pytest.param(
            detailed(AccountDetails(INVITED[0], "", "a@example.com", "INVITED", "SUSPENDED")),
            {},
            [NEW, ASSISTED, ACCELERATOR],
            id="nobody who could move",
        ),
        pytest.param(members(7), {}, [NEW], id="room for two more"),
        pytest.param(members(8), {}, [NEW, TOWER], id="no room for two more"),
        pytest.param(members(4999), {}, [NEW, TOWER], id="as large as may be"),
        pytest.param(members(5000), {}, [NEW, ASSISTED, TOWER], id="too large"),
    ],
)
def test_only_considerations_that_apply_are_shown(
    known: Accounts | None, more: dict[str, Any], topics: list[Topic] | None
) -> None:
    found = considered(known, **more)
    assert (None if found is None else [each.topic for each in found]) == topics
    assert all(each.source.startswith("https://") for each in found or ())


@pytest.mark.parametrize(
    ("known", "topic", "more", "text", "account_ids"),
    [
        (accounts(), OUT, {}, "An owner who won't approve may accept another organization's", ()),
        (
            accounts(),
            OUT,
            {"parent": parent(), "children": children("DECLINED", "OPEN", "DECLINED")},
            f"The owners of {INVITED[0]} and {INVITED[2]}, which declined, may accept",
            (INVITED[0], INVITED[2]),
        ),
        (
            accounts(),
            OUT,
            {"parent": parent(), "children": children("OPEN", "DECLINED")},
            f"The owner of {INVITED[1]}, which declined, may accept",
            (INVITED[1],),
        ),
        (accounts(), ASSISTED, {}, "needn't approve. It can't be rolled back", ()),
        (
            accounts(),
            ASSISTED,
            {"parent": parent(), "children": children("OPEN", "OPEN", "OPEN")},
            "needn't approve. It cancels the migration in progress, can't be rolled back",
            (),
        ),
        (members(1499), TOWER, {}, "the quota must be 1,502 or more", ()),
    ],
)
def test_it_says_what_that_means_here(
    known: Accounts, topic: Topic, more: dict[str, Any], text: str, account_ids: tuple[str, ...]
) -> None:
    found = told(known, topic, **more)
    assert text in found.text
    assert found.account_ids == account_ids


HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("joined", "age", "state", "text", "excepted"),
    [
        ("CREATED", 95 * HOURS, "ACTIVE", "can't before 2026-03-01 13:00 UTC", True),
        ("CREATED", 96 * HOURS, "ACTIVE", "", False),
        ("CREATED", None, "ACTIVE", "", False),
        ("INVITED", HOURS, "ACTIVE", "", False),
        ("CREATED", HOURS, "SUSPENDED", "can't until AWS Support reinstates it: suspended or closed", True),
        ("INVITED", None, "CLOSED", "can't until AWS Support reinstates it: suspended or closed", True),
        (
            "INVITED",
            None,
            "PENDING_CLOSURE",
            "can't until AWS Support reinstates it: suspended or closed",
            True,
        ),
    ],
)
def test_accounts_that_cant_move_yet_are_named(
    joined: str, age: timedelta | None, state: str, text: str, excepted: bool
) -> None:
    account = AccountDetails(CREATED, "", "a@example.com", joined, state, NOW - age if age else None)
    found = told(detailed(account), NEW)
    assert found.account_ids == ((CREATED,) if excepted else ())
    assert (f" {CREATED} {text}" in found.text) if excepted else ("can't" not in found.text)


@pytest.mark.parametrize(
    ("management", "invited", "domains"),
    [
        ("aws@example.com", ["a@example.com", "b@EXAMPLE.com"], None),
        ("aws@example.com", ["a@team.example.com"], None),
        ("aws@hq.example.com", ["a@example.com"], None),
        ("aws@example.com", [""], None),
        ("", ["a@other.example"], None),
        ("aws@example.com", ["a@other.example"], "1 invited account has an address of another"),
        ("aws@example.com", ["a@notexample.com"], "account's (notexample.com)"),
        ("aws@example.com", ["a@b.example", "c@d.example", "e@example.com"], "(b.example and d.example)"),
        ("aws@example.com", ["a@b.example", "c@b.example"], "2 invited accounts have addresses of another"),
        ("aws@example.com", ["a@b\x1b[31m.example"], "(b\N{REPLACEMENT CHARACTER}[31m.example)"),
    ],
)
def test_accounts_of_other_domains_may_be_a_resellers_customers(
    management: str, invited: list[str], domains: str | None
) -> None:
    found = [AccountDetails(id_, "", email, "INVITED") for id_, email in zip(INVITED, invited, strict=False)]
    created = AccountDetails(CREATED, "", "created@elsewhere.example", "CREATED")
    known = detailed(*found, created, management=management)
    if domains is None:
        assert BILLING not in [each.topic for each in considered(known) or ()]
    else:
        assert domains in told(known, BILLING).text
        assert CREATED not in told(known, BILLING).account_ids


def test_accounts_without_details_are_no_customers() -> None:
    known = replace(accounts(), details={MANAGEMENT: AccountDetails(MANAGEMENT, "", "aws@example.com")})
    assert BILLING not in [each.topic for each in considered(known) or ()]
