"""Filters and pages."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Switches
from aws_org_emulator.protocol.paging import Pager
from tests.emulator.conftest import Ask, Start
from tests.emulator.helpers import handshakes, pages, refusal
from tests.emulator.model_check import checked


@pytest.mark.parametrize("call", ["list_handshakes_for_account", "list_handshakes_for_organization"])
@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (
            {"Filter": {"ActionType": "INVITE", "ParentHandshakeId": "h-0123456789"}},
            "MAX_LIMIT_EXCEEDED_FILTER",
        ),
        ({"Filter": {"ActionType": "NO_SUCH_ACTION"}}, "INVALID_ENUM:FILTER_ACTION_TYPE"),
        ({"MaxResults": 21}, "MAX_VALUE_EXCEEDED:MAX_RESULTS"),
        ({"NextToken": ""}, "INVALID_NEXT_TOKEN"),
        ({"NextToken": "nonsense"}, "INVALID_NEXT_TOKEN"),
        ({"NextToken": "WyJMaXN0QWNjb3VudHMiLCAxLCBmYWxzZV0="}, "INVALID_NEXT_TOKEN"),
    ],
)
def test_the_refusals_of_a_list(management: Any, call: str, parameters: dict[str, Any], reason: str) -> None:
    error = refusal(getattr(management, call), **parameters)
    assert error[:2] == ("InvalidInputException", reason)


def test_an_unknown_parent_has_no_children(emulator: Emulator, management: Any, ask: Ask) -> None:
    emulator.enable_all_features()
    unknown = {"Filter": {"ParentHandshakeId": "h-0123456789"}}
    assert handshakes(management.list_handshakes_for_organization, **unknown) == []
    assert handshakes(ask(emulator.invited[0]).list_handshakes_for_account, **unknown) == []


def test_another_organizations_children_are_not_shown(emulator: Emulator, ask: Ask) -> None:
    parent = emulator.enable_all_features()
    other = ask("888888888888")
    other.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    by_parent = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    assert handshakes(other.list_handshakes_for_organization, **by_parent) == []
    assert handshakes(other.list_handshakes_for_organization) == []


def test_filters_tell_kinds_apart(emulator: Emulator, management: Any, ask: Ask) -> None:
    parent = emulator.enable_all_features()
    emulator.invite()
    call = management.list_handshakes_for_organization
    found = {
        action: len(handshakes(call, Filter={"ActionType": action}))
        for action in ("INVITE", "ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES", "TRANSFER_RESPONSIBILITY")
    }
    assert list(found.values()) == [1, 1, 3, 0]
    assert len(handshakes(call)) == 5
    owner = ask(emulator.invited[0]).list_handshakes_for_account
    (child,) = handshakes(owner, Filter={"ParentHandshakeId": parent["Id"]})
    assert child["Parties"][1]["Id"] == emulator.invited[0]
    assert handshakes(owner, Filter={"ActionType": "INVITE"}) == []


@pytest.mark.parametrize(
    ("size", "expected"), [(None, [20, 20, 2]), (20, [20, 20, 2]), (14, [14, 14, 14]), (19, [19, 19, 4])]
)
def test_pages_have_twenty_entries_at_most(start: Start, size: int | None, expected: list[int]) -> None:
    emulator = start(invited=42, created=0)
    management = checked(emulator.client("organizations", emulator.management))
    parent = management.enable_all_features()["Handshake"]
    sized = {} if size is None else {"MaxResults": size}
    by_parent = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    found = pages(management.list_handshakes_for_organization, "Handshakes", **by_parent, **sized)
    assert [len(page) for page in found] == expected
    assert len({each["Id"] for page in found for each in page}) == 42
    accounts = pages(management.list_accounts, "Accounts", **sized)
    assert len({each["Id"] for page in accounts for each in page}) == 43


def test_every_page_may_come_after_an_empty_one(start: Start) -> None:
    emulator = start(Switches(empty_pages=True), invited=30, created=0)
    management = checked(emulator.client("organizations", emulator.management))
    emulator.enable_all_features()
    found = pages(management.list_handshakes_for_organization, "Handshakes")
    assert [len(page) for page in found] == [0, 20, 0, 11]
    assert [len(page) for page in pages(management.list_accounts, "Accounts")] == [0, 20, 0, 11]


def test_a_list_looks_at_each_item_at_most_twice() -> None:
    looked = 0

    def shown(number: int) -> bool:
        nonlocal looked
        looked += 1
        return number % 2 == 0

    pager, items, found = Pager(empty_pages=False), range(10_000), 0
    request: dict[str, Any] = {}
    while True:
        page, token = pager.page("List", items, request, shown)
        found += len(page)
        if token is None:
            break
        request = {"NextToken": token}
    assert found == 5000
    assert looked <= 2 * len(items)
