"""The worked examples of AWS's documentation, replayed.

The User Guide's (standard migration) down to the last field; botocore's as far as they agree with
it. Ids and times are the emulator's own.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_org_emulator import Emulator, Member, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import handshakes
from tests.emulator.model_check import checked

ORGANIZATION, MANAGEMENT, MEMBER = "o-aa111bb222", "123456789012", "111122223333"
REQUESTED = datetime(2020, 11, 20, 0, 21, 46, 995000, tzinfo=UTC)
EXPIRES = datetime(2021, 2, 18, 0, 21, 46, 995000, tzinfo=UTC)
ARN = f"arn:aws:organizations::{MANAGEMENT}:handshake/{ORGANIZATION}"
PARENT_ID = re.compile(r"h-([0-9a-z]{8,32})")

# User Guide, "Enabling all features", its ids replaced by {parent} and {child} (without "h-").
PARENT: dict[str, Any] = {
    "Id": "h-{parent}",
    "Arn": f"{ARN}/enable_all_features/h-{{parent}}",
    "Parties": [{"Id": "aa111bb222", "Type": "ORGANIZATION"}],
    "State": "REQUESTED",
    "RequestedTimestamp": REQUESTED,
    "ExpirationTimestamp": EXPIRES,
    "Action": "ENABLE_ALL_FEATURES",
    "Resources": [{"Value": "o-aa111bb222", "Type": "ORGANIZATION"}],
}
CHILD: dict[str, Any] = {
    "Id": "h-{child}",
    "Arn": f"{ARN}/approve_all_features/h-{{child}}",
    "Parties": [
        {"Id": "aa111bb222", "Type": "ORGANIZATION"},
        {"Id": "111122223333", "Type": "ACCOUNT"},
    ],
    "State": "OPEN",
    "RequestedTimestamp": REQUESTED,
    "ExpirationTimestamp": EXPIRES,
    "Action": "APPROVE_ALL_FEATURES",
    "Resources": [
        {"Value": "{parent}", "Type": "PARENT_HANDSHAKE"},
        {"Value": "o-aa111bb222", "Type": "ORGANIZATION"},
        {"Value": "111122223333", "Type": "ACCOUNT"},
    ],
}


def guide(start: Start, switches: Switches | None = None) -> Emulator:
    """The organization of the User Guide's example, at its time."""
    return start(
        switches,
        invited=0,
        created=0,
        organization_id=ORGANIZATION,
        management_id=MANAGEMENT,
        start=REQUESTED,
        members=(Member(MEMBER),),
    )


def with_ids(example: Any, **ids: str) -> Any:
    """An example with ids filled in."""
    if isinstance(example, dict):
        return {key: with_ids(value, **ids) for key, value in example.items()}
    if isinstance(example, list):
        return [with_ids(value, **ids) for value in example]
    return example.format(**ids) if isinstance(example, str) else example


def test_the_user_guides_examples_replayed(start: Start) -> None:
    emulator = guide(start)
    management = checked(emulator.client("organizations", MANAGEMENT))
    owner = checked(emulator.client("organizations", MEMBER))

    parent = management.enable_all_features()["Handshake"]
    (pending,) = handshakes(owner.list_handshakes_for_account)
    ids = {"parent": parent["Id"][2:], "child": pending["Id"][2:]}
    assert parent == with_ids(PARENT, **ids)
    assert pending == with_ids(CHILD, **ids)

    accepted = owner.accept_handshake(HandshakeId=pending["Id"])["Handshake"]
    assert accepted == with_ids(CHILD, **ids) | {"State": "ACCEPTED"}

    by_action = {"Filter": {"ActionType": "ENABLE_ALL_FEATURES"}}
    (listed,) = handshakes(management.list_handshakes_for_organization, **by_action)
    assert listed == with_ids(PARENT, **ids) | {"State": "OPEN"}

    final = management.accept_handshake(HandshakeId=parent["Id"])["Handshake"]
    assert final == with_ids(PARENT, **ids) | {"State": "ACCEPTED"}
    assert management.describe_organization()["Organization"]["FeatureSet"] == "ALL"


def test_topology_b_differs_by_action_and_arn_alone(start: Start) -> None:
    emulator = guide(start, Switches(topology="B"))
    parent = emulator.enable_all_features()
    (child,) = emulator.children
    ids = {"parent": parent["Id"][2:], "child": child["Id"][2:]}
    assert parent == with_ids(PARENT, **ids) | {
        "Action": "APPROVE_ALL_FEATURES",
        "Arn": f"{ARN}/approve_all_features/{parent['Id']}",
    }
    assert child == with_ids(CHILD, **ids) | {
        "Action": "ENABLE_ALL_FEATURES",
        "Arn": f"{ARN}/enable_all_features/{child['Id']}",
    }


def test_an_invitation_looks_like_botocores_example(start: Start) -> None:
    emulator = start(Switches(party_prefixes=True), organization_id="o-exampleorgid", start=REQUESTED)
    management = checked(emulator.client("organizations", emulator.management))
    target = {"Type": "EMAIL", "Id": "juan@example.com"}
    notes = "This is a request for Juan's account to join Bill's organization"
    invitation = management.invite_account_to_organization(Target=target, Notes=notes)["Handshake"]
    assert invitation == {
        "Action": "INVITE",
        "Arn": f"arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/{invitation['Id']}",
        "RequestedTimestamp": REQUESTED,
        "ExpirationTimestamp": REQUESTED + timedelta(days=15),
        "Id": invitation["Id"],
        "Parties": [
            {"Id": "o-exampleorgid", "Type": "ORGANIZATION"},
            {"Id": "juan@example.com", "Type": "EMAIL"},
        ],
        "Resources": [
            {
                "Resources": [
                    {"Type": "MASTER_EMAIL", "Value": "master@example.com"},
                    {"Type": "MASTER_NAME", "Value": "master"},
                    {"Type": "ORGANIZATION_FEATURE_SET", "Value": "CONSOLIDATED_BILLING"},
                ],
                "Type": "ORGANIZATION",
                "Value": "o-exampleorgid",
            },
            {"Type": "NOTES", "Value": notes},
        ],
        "State": "OPEN",
    }
    assert PARENT_ID.fullmatch(invitation["Id"])


def test_accounts_are_listed_with_the_clocks_times(start: Start) -> None:
    emulator = guide(start)
    management = checked(emulator.client("organizations", MANAGEMENT))
    found = management.list_accounts()["Accounts"]
    assert [account["JoinedTimestamp"] for account in found] == [REQUESTED, REQUESTED]
    emulator.clock.advance(days=1)
    emulator.join(emulator.invite())
    latest = management.list_accounts()["Accounts"][-1]
    assert latest["JoinedTimestamp"] == REQUESTED + timedelta(days=1)
    assert (latest["Status"], latest["State"]) == ("ACTIVE", "ACTIVE")
