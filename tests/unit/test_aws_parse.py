"""AWS's shapes as our values: with and without prefixes, parties and nesting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.aws import Connection, Organizations
from aws_org_features.aws.parse import MisshapenError, account, handshake, organization, root
from aws_org_features.common.errors import ServiceFailedError

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake

PACIFIC = timezone(timedelta(hours=-8))

# The pending approval of the User Guide's worked example, with an example's ids.
CHILD: dict[str, Any] = {
    "Id": "h-a2d6ecb7dbdc4540bc788200a2",
    "Arn": "arn:aws:organizations::123456789012:handshake/o-aa111bb222/approve_all_features/h-a2d6",
    "Parties": [
        {"Id": "aa111bb222", "Type": "ORGANIZATION"},
        {"Id": "111122223333", "Type": "ACCOUNT"},
    ],
    "State": "OPEN",
    "RequestedTimestamp": datetime(2020, 11, 19, 16, 35, 24, tzinfo=PACIFIC),
    "ExpirationTimestamp": datetime(2021, 2, 17, 16, 35, 24, tzinfo=PACIFIC),
    "Action": "APPROVE_ALL_FEATURES",
    "Resources": [
        {"Value": "79d8f6f114ee4304a5e55397e1", "Type": "PARENT_HANDSHAKE"},
        {"Value": "o-aa111bb222", "Type": "ORGANIZATION"},
        {"Value": "111122223333", "Type": "ACCOUNT"},
    ],
}


def read(shape: dict[str, Any]) -> Handshake:
    return handshake(shape)  # type: ignore[arg-type]  # a plain dictionary


def test_a_worked_example() -> None:
    child = read(CHILD)
    assert child.account_id == "111122223333"
    assert child.parent_id == "h-79d8f6f114ee4304a5e55397e1"
    assert child.organization_id == "o-aa111bb222"
    assert child.pending
    assert child.expires_at == datetime(2021, 2, 18, 0, 35, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "account_id", "parent_id"),
    [
        ({"Parties": []}, "111122223333", "h-79d8f6f114ee4304a5e55397e1"),
        ({"Resources": []}, "111122223333", None),
        ({"Resources": [], "Parties": []}, None, None),
        (
            {"Resources": [{"Type": "PARENT_HANDSHAKE", "Value": "h-79d8f6f114ee4304a5e55397e1"}]},
            "111122223333",
            "h-79d8f6f114ee4304a5e55397e1",
        ),
        (
            {
                "Resources": [
                    {
                        "Type": "ORGANIZATION",
                        "Value": "o-aa111bb222",
                        "Resources": [{"Type": "PARENT_HANDSHAKE", "Value": "12345678"}],
                    }
                ]
            },
            "111122223333",
            "h-12345678",
        ),
    ],
)
def test_links_are_found_wherever_aws_puts_them(
    change: dict[str, Any], account_id: str | None, parent_id: str | None
) -> None:
    child = read({**CHILD, **change})
    assert (child.account_id, child.parent_id) == (account_id, parent_id)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Parties": [{"Id": "o-aa111bb222", "Type": "ORGANIZATION"}]},
        {"Parties": []},
        {"Resources": []},
        {"Parties": [], "Resources": [{"Type": "ORGANIZATION", "Value": "aa111bb222"}]},
        {"Parties": [], "Resources": []},
        {"Arn": ""},
    ],
)
def test_the_organization_is_found_wherever_aws_names_it(change: dict[str, Any]) -> None:
    assert read({**CHILD, **change}).organization_id == "o-aa111bb222"


def test_a_handshake_with_the_least_that_aws_may_answer() -> None:
    bare = read({"Id": "h-12345678", "State": "REQUESTED"})
    assert bare.requested_at is None
    assert bare.expires_at is None
    assert bare.organization_id is None
    assert bare.action == ""


ORGANIZATION: dict[str, Any] = {
    "Id": "o-exampleorg1",
    "Arn": "arn:aws:organizations::111111111111:organization/o-exampleorg1",
    "MasterAccountId": "111111111111",
    "FeatureSet": "ALL",
}


@pytest.mark.parametrize(
    "id_", ["", "h-1234567", "h-12345678\n", "h-1234567;", "H-12345678", "h-" + "0" * 33]
)
def test_a_handshakes_id_has_awss_form_for_commands_are_made_of_it(id_: str) -> None:
    with pytest.raises(MisshapenError, match=r"^Id is "):
        read({**CHILD, "Id": id_})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Id", "o-../../../x"),
        ("Arn", "arn"),
        ("Arn", "arn:aws;x:organizations::111111111111:organization/o-exampleorg1"),
        ("MasterAccountId", "111111111111\n"),
        ("MasterAccountId", 111111111111),
        ("FeatureSet", ""),
        ("FeatureSet", ["ALL"]),
    ],
)
def test_an_organization_is_what_aws_would_answer(name: str, value: object) -> None:
    with pytest.raises(MisshapenError, match=f"^{name} is "):
        organization({**ORGANIZATION, name: value})  # type: ignore[typeddict-item]  # so


@pytest.mark.parametrize(
    "change",
    [
        {"State": ""},
        {"State": {"OPEN": 1}},
        {"Parties": [{"Id": "222", "Type": "ACCOUNT"}]},
        {"Parties": [{"Id": 7, "Type": "ACCOUNT"}]},
        {"Resources": [{"Value": None, "Type": "PARENT_HANDSHAKE"}]},
    ],
)
def test_a_handshake_is_what_aws_would_answer(change: dict[str, Any]) -> None:
    with pytest.raises(MisshapenError):
        read({**CHILD, **change})


def test_a_root_is_what_aws_would_answer() -> None:
    assert root({"Id": "r-tm1i", "Name": "Root"}).policy_types == {}
    with pytest.raises(MisshapenError, match=r"^Id is 'r-\.\./x'"):
        root({"Id": "r-../x"})


def test_awss_words_only_show_and_names_stay_as_they_were_typed() -> None:
    shape: Any = {
        "Id": "111111111111",
        "Name": "\x1b[31ma\nb",
        "State": "NEW\x1b[31m\nSTATE",
        "Email": "a\ud800",
    }
    found = account(shape)
    assert (found.name, found.email, found.state) == ("\x1b[31ma\nb", "a\ufffd", "NEW\ufffd[31m STATE")


def test_a_page_that_leads_to_itself_ends_the_list() -> None:
    asked: list[dict[str, str]] = []

    def fetch(**arguments: str) -> dict[str, Any]:
        asked.append(arguments)
        return {"Accounts": [], "NextToken": "again"}

    pages = Organizations(Connection())._pages("ListAccounts", fetch, "Accounts", str)
    with pytest.raises(ServiceFailedError, match="the page after this one is this one again"):
        list(pages)
    assert asked == [{}, {"NextToken": "again"}]
