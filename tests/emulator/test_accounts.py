"""The ways of an account: leaving, being removed, closed, suspended; and what a migration makes of them."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from aws_org_emulator.organization.account_removal import quota
from tests.emulator.conftest import Ask, Start
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def described(emulator: Emulator, account_id: str) -> dict[str, Any]:
    client = checked(emulator.client("organizations", emulator.management))
    account: dict[str, Any] = client.describe_account(AccountId=account_id)["Account"]
    return account


def parent_state(emulator: Emulator) -> str:
    assert emulator.parent is not None
    return str(emulator.parent["State"])


def test_closing_takes_minutes_and_the_account_stays_for_ninety_days(start: Start) -> None:
    emulator = start(feature_set="ALL", start=NOW)
    management = checked(emulator.client("organizations", emulator.management))
    account_id = emulator.created[0]
    management.close_account(AccountId=account_id)
    seen = []
    for wait in ({}, {"seconds": 300}, {"days": 89}):
        emulator.clock.advance(**wait)
        account = described(emulator, account_id)
        seen.append((account["State"], account["Status"]))
    assert seen == [("PENDING_CLOSURE", "PENDING_CLOSURE"), ("CLOSED", "SUSPENDED"), ("CLOSED", "SUSPENDED")]
    emulator.clock.advance(days=1)
    assert account_id not in emulator.created
    gone = refusal(management.describe_account, AccountId=account_id)
    assert gone.code == "AccountNotFoundException"


def test_a_long_sleep_ends_where_small_steps_do(start: Start) -> None:
    emulator = start(feature_set="ALL", start=NOW)
    emulator.client("organizations", emulator.management).close_account(AccountId=emulator.created[0])
    emulator.clock.advance(days=365)
    assert len(emulator.created) == 1


def test_an_account_that_is_reinstated_is_not_removed(start: Start) -> None:
    emulator = start(feature_set="ALL", start=NOW)
    account_id = emulator.created[0]
    emulator.client("organizations", emulator.management).close_account(AccountId=account_id)
    emulator.clock.advance(days=30)
    emulator.set_account_state(account_id, "ACTIVE")
    emulator.clock.advance(days=365)
    assert described(emulator, account_id)["State"] == "ACTIVE"


@pytest.mark.parametrize(
    ("feature_set", "account_id", "state", "code", "reason"),
    [
        (
            "CONSOLIDATED_BILLING",
            "333333333333",
            "ACTIVE",
            "ConstraintViolationException",
            "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
        ),
        (
            "ALL",
            "111111111111",
            None,
            "ConstraintViolationException",
            "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
        ),
        ("ALL", "999999999999", None, "AccountNotFoundException", None),
        ("ALL", "333333333333", "CLOSED", "AccountAlreadyClosedException", None),
        ("ALL", "333333333333", "SUSPENDED", "AccountAlreadyClosedException", None),
        ("ALL", "333333333333", "PENDING_CLOSURE", "ConflictException", None),
    ],
)
def test_accounts_that_cannot_be_closed(
    start: Start, feature_set: str, account_id: str, state: Any, code: str, reason: str | None
) -> None:
    emulator = start(feature_set=feature_set)
    if state is not None:
        emulator.set_account_state(account_id, state)
    management = checked(emulator.client("organizations", emulator.management))
    assert refusal(management.close_account, AccountId=account_id)[:2] == (code, reason)


@pytest.mark.parametrize(("members", "allowed"), [(0, 250), (1250, 250), (2000, 400), (50_000, 1000)])
def test_the_quota_of_closures(members: int, allowed: int) -> None:
    assert quota(members) == allowed


def test_the_quota_is_counted_over_thirty_days(start: Start) -> None:
    emulator = start(feature_set="ALL", invited=0, created=252, start=NOW)
    management = checked(emulator.client("organizations", emulator.management))
    for account_id in emulator.created[:250]:
        management.close_account(AccountId=account_id)
    error = refusal(management.close_account, AccountId=emulator.created[250])
    assert error.reason == "CLOSE_ACCOUNT_QUOTA_EXCEEDED"
    emulator.clock.advance(days=30)
    management.close_account(AccountId=emulator.created[250])


@pytest.mark.parametrize("state", ["SUSPENDED", "CLOSED"])
def test_an_inactive_account_can_answer_nothing(emulator: Emulator, ask: Ask, state: Any) -> None:
    emulator.enable_all_features()
    account_id = emulator.invited[0]
    emulator.set_account_state(account_id, state)
    child_id = emulator.children[0]["Id"]
    assert refusal(ask(account_id).accept_handshake, HandshakeId=child_id).code == "AccessDeniedException"
    emulator.set_account_state(account_id, "ACTIVE")
    assert ask(account_id).accept_handshake(HandshakeId=child_id)["Handshake"]["State"] == "ACCEPTED"


@pytest.mark.parametrize("count", [True, False])
@pytest.mark.parametrize("state", ["SUSPENDED", "CLOSED"])
def test_whether_inactive_accounts_count_is_a_switch(start: Start, count: bool, state: Any) -> None:
    lost = Member("777777777777", state=state)
    emulator = start(Switches(inactive_accounts_count=count), invited=2, members=(lost,))
    emulator.enable_all_features()
    assert len(emulator.children) == (3 if count else 2)
    first, second = emulator.invited[:2]
    emulator.approve(first)
    emulator.set_account_state(second, state)
    assert parent_state(emulator) == ("REQUESTED" if count else "OPEN")
    if count:
        for account_id in (second, lost.id):
            emulator.remove_account(account_id)
        assert parent_state(emulator) == "OPEN"


@pytest.mark.parametrize("waits", [True, False])
def test_created_accounts_may_have_to_wait_four_days(start: Start, waits: bool) -> None:
    emulator = start(Switches(removal_waiting_period=waits), start=NOW)
    management = checked(emulator.client("organizations", emulator.management))
    account_id = emulator.created[0]
    if waits:
        for call, values in (
            (management.remove_account_from_organization, {"AccountId": account_id}),
            (checked(emulator.client("organizations", account_id)).leave_organization, {}),
        ):
            assert refusal(call, **values)[:2] == ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
        emulator.clock.advance(days=4)
    emulator.remove_account(emulator.invited[0])
    emulator.remove_account(account_id)
    assert (len(emulator.invited), len(emulator.created)) == (2, 1)


def test_an_account_without_a_payment_method_cannot_leave(start: Start) -> None:
    poor = Member("777777777777", payment_method=False)
    emulator = start(members=(poor,))
    leave = checked(emulator.client("organizations", poor.id)).leave_organization
    assert refusal(leave).reason == "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED"
    assert poor.id in emulator.invited


@pytest.mark.parametrize("shown", [True, False])
def test_status_is_shown_besides_state_or_not(start: Start, shown: bool) -> None:
    emulator = start(Switches(account_status_shown=shown))
    management = checked(emulator.client("organizations", emulator.management))
    root_id = management.list_roots()["Roots"][0]["Id"]
    found = [
        described(emulator, emulator.invited[0]),
        *management.list_accounts()["Accounts"],
        *management.list_accounts_for_parent(ParentId=root_id)["Accounts"],
    ]
    assert {("Status" in account, account["State"]) for account in found} == {(shown, "ACTIVE")}


def test_less_than_five_thousand_migrate_in_each_position_of_the_switch(start: Start) -> None:
    emulator = start(Switches(five_thousand_migrate=False), invited=4998, created=0)
    management = checked(emulator.client("organizations", emulator.management))
    assert management.enable_all_features()["Handshake"]["State"] == "REQUESTED"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"account_id": "222222222222", "state": "CLOSED"}, 200),
        ({"account_id": "222222222222", "state": "GONE"}, 400),
        ({"account_id": "111111111111", "state": "CLOSED"}, 400),
        ({"account_id": "999999999999", "state": "CLOSED"}, 400),
    ],
)
def test_another_process_sets_a_state(emulator: Emulator, body: dict[str, str], status: int) -> None:
    data = json.dumps(body).encode()
    url = f"{emulator.endpoint}/_emulator/accounts"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"X-Emulator-Control": "1", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method="POST")  # noqa: S310 - http
    if status == 200:
        opener.open(request).close()
    else:
        with pytest.raises(urllib.error.HTTPError) as caught:
            opener.open(request)
        caught.value.close()
        assert caught.value.code == status
    closed = described(emulator, emulator.invited[0])["State"] == "CLOSED"
    assert closed is (status == 200)
