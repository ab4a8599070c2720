"""The worked examples of AWS's documentation, replayed.

The User Guide's (standard migration) down to the last field, as handshake_examples.json has them; botocore's
as far as they agree with it. Ids and times are the emulator's own.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from tests.emulator.conftest import Start, Tried
from tests.emulator.helpers import handshakes
from tests.emulator.model_check import checked

ORGANIZATION, MANAGEMENT, MEMBER = "o-aa111bb222", "123456789012", "111122223333"
REQUESTED = datetime(2020, 11, 20, 0, 21, 46, 995000, tzinfo=UTC)
ARN = f"arn:aws:organizations::{MANAGEMENT}:handshake/{ORGANIZATION}"
HANDSHAKE_ID = re.compile(r"h-[0-9a-z]{8,32}")

SOURCE = Path(__file__).with_name("handshake_examples.json")
EXAMPLES: dict[str, Any] = {
    name: each for name, each in json.loads(SOURCE.read_text()).items() if name != "source"
}
PARENT, CHILD = "enable_all_features", "list_handshakes_for_account_pending"


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


def example(name: str, parent: str, child: str) -> dict[str, Any]:
    """One of the User Guide's handshakes, with ids of ours in place of its own; times as datetimes.

    Some are described there by what has changed since the one before.
    """
    told = EXAMPLES[name]
    if isinstance(told, str):
        before = list(EXAMPLES)[list(EXAMPLES).index(name) - 1]
        return example(before, parent, child) | {"State": re.findall(r"State (\w+)", told)[0]}
    text = json.dumps(told)
    for ours, theirs in ((parent, EXAMPLES[PARENT]["Id"]), (child, EXAMPLES[CHILD]["Id"])):
        text = text.replace(theirs.removeprefix("h-"), ours.removeprefix("h-"))
    handshake: dict[str, Any] = json.loads(text)
    for each in ("RequestedTimestamp", "ExpirationTimestamp"):
        handshake[each] = datetime.fromisoformat(handshake[each])
    return handshake


def without_times(handshake: dict[str, Any]) -> tuple[dict[str, Any], timedelta]:
    """A handshake but for when it was made, and how long it lives."""
    rest = dict(handshake)
    return rest, rest.pop("ExpirationTimestamp") - rest.pop("RequestedTimestamp")


def played(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """The emulator's answers to the User Guide's steps, by their names."""
    management = checked(emulator.client("organizations", MANAGEMENT))
    owner = checked(emulator.client("organizations", MEMBER))
    parent = management.enable_all_features()["Handshake"]
    (pending,) = handshakes(owner.list_handshakes_for_account)
    accepted = owner.accept_handshake(HandshakeId=pending["Id"])["Handshake"]
    by_action = {"Filter": {"ActionType": "ENABLE_ALL_FEATURES"}}
    (listed,) = handshakes(management.list_handshakes_for_organization, **by_action)
    final = management.accept_handshake(HandshakeId=parent["Id"])["Handshake"]
    assert management.describe_organization()["Organization"]["FeatureSet"] == "ALL"
    return {
        "enable_all_features": parent,
        "list_handshakes_for_account_pending": pending,
        "accept_by_member": accepted,
        "list_handshakes_for_organization_all_approved": listed,
        "accept_by_management": final,
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_step_of_the_user_guide_is_answered_as_it_says(start: Start, name: str, tried: Tried) -> None:
    tried("guide", name, of=len(EXAMPLES))
    answers = played(guide(start))
    ids = answers[PARENT]["Id"], answers[CHILD]["Id"]
    told, answer = example(name, *ids), answers[name]
    if told["RequestedTimestamp"] == REQUESTED:
        assert answer == told
        return
    # The Guide's owner looks a quarter of an hour later, and at a child that expires a second too soon.
    (answer, lives), (told, is_told_to_live) = without_times(answer), without_times(told)
    assert answer == told
    assert abs(lives - is_told_to_live) < timedelta(seconds=1)


def test_models_actions_differ_by_action_and_arn_alone(start: Start) -> None:
    emulator = guide(start, Switches(handshake_actions="model"))
    parent = emulator.enable_all_features()
    (child,) = emulator.children
    ids = parent["Id"], child["Id"]
    assert parent == example(PARENT, *ids) | {
        "Action": "APPROVE_ALL_FEATURES",
        "Arn": f"{ARN}/approve_all_features/{parent['Id']}",
    }
    assert without_times(child)[0] == without_times(example(CHILD, *ids))[0] | {
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
            {"Type": "EMAIL", "Value": "juan@example.com"},
            {"Type": "NOTES", "Value": notes},
        ],
        "State": "OPEN",
    }
    assert HANDSHAKE_ID.fullmatch(invitation["Id"])


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
