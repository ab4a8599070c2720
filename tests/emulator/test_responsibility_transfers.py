"""Billing transfers: asked for, answered, renamed and ended, by the two management accounts alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aws_org_emulator import Emulator
from tests.emulator.conftest import Start
from tests.emulator.helpers import handshakes, refusal
from tests.emulator.model_check import checked

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NEXT_MONTH = datetime(2026, 2, 1, tzinfo=UTC)
SOURCE = "888888888888"
INPUT = "InvalidInputException"


class Two:
    """An organization that is to manage another one's bills."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.target: Any = checked(emulator.client("organizations", emulator.management))
        self.source: Any = checked(emulator.client("organizations", SOURCE))
        self.source.create_organization(FeatureSet="ALL")

    def invite(self, **more: Any) -> dict[str, Any]:
        asked = {
            "Type": "BILLING",
            "Target": {"Type": "ACCOUNT", "Id": SOURCE},
            "StartTimestamp": NEXT_MONTH,
            "SourceName": "theirs",
            **more,
        }
        return dict(self.target.invite_organization_to_transfer_responsibility(**asked)["Handshake"])

    def inbound(self) -> list[dict[str, Any]]:
        return list(
            self.target.list_inbound_responsibility_transfers(Type="BILLING")["ResponsibilityTransfers"]
        )

    def outbound(self) -> list[dict[str, Any]]:
        return list(
            self.source.list_outbound_responsibility_transfers(Type="BILLING")["ResponsibilityTransfers"]
        )


@pytest.fixture
def two(start: Start) -> Two:
    return Two(start(feature_set="ALL", start=NOW))


@pytest.mark.parametrize(
    ("call", "status"), [("accept", "ACCEPTED"), ("decline", "DECLINED"), ("cancel", "CANCELED")]
)
def test_both_see_what_was_asked_and_answered(two: Two, call: str, status: str) -> None:
    asked = two.invite()
    assert (asked["Action"], asked["State"]) == ("TRANSFER_RESPONSIBILITY", "OPEN")
    assert [each["Status"] for each in (*two.inbound(), *two.outbound())] == ["REQUESTED"] * 2
    assert [each["Id"] for each in handshakes(two.source.list_handshakes_for_account)] == [asked["Id"]]
    client = two.target if call == "cancel" else two.source
    getattr(client, f"{call}_handshake")(HandshakeId=asked["Id"])
    (inbound,), (outbound,) = two.inbound(), two.outbound()
    assert inbound["Status"] == outbound["Status"] == status
    assert "/inbound/" in inbound["Arn"]
    assert "/outbound/" in outbound["Arn"]
    assert inbound["Source"]["ManagementAccountId"] == SOURCE
    assert two.emulator.management not in {each["Id"] for each in two.source.list_accounts()["Accounts"]}


def test_it_expires_with_its_handshake(two: Two) -> None:
    two.invite()
    two.emulator.clock.advance(days=15)
    assert two.inbound()[0]["Status"] == "EXPIRED"


def test_it_is_renamed_and_ended_once(two: Two) -> None:
    two.source.accept_handshake(HandshakeId=two.invite()["Id"])
    asked = {"Id": two.inbound()[0]["Id"]}
    two.target.update_responsibility_transfer(**asked, Name="ours")
    assert two.outbound()[0]["Name"] == "ours"
    ended = two.source.terminate_responsibility_transfer(**asked)["ResponsibilityTransfer"]
    assert ended["Status"] == "WITHDRAWN"
    assert ended["EndTimestamp"].astimezone(UTC).date().isoformat() == "2026-01-31"
    again = refusal(two.target.terminate_responsibility_transfer, **asked)
    assert again.code == "ResponsibilityTransferAlreadyInStatusException"
    error = refusal(two.target.update_responsibility_transfer, **asked, Name="again")
    assert error.reason == "TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"StartTimestamp": datetime(2026, 2, 2, tzinfo=UTC)}, (INPUT, "START_DATE_NOT_BEGINNING_OF_MONTH")),
        ({"StartTimestamp": datetime(2026, 2, 1, 1, tzinfo=UTC)}, (INPUT, "START_DATE_NOT_BEGINNING_OF_DAY")),
        ({"StartTimestamp": datetime(2026, 1, 1, tzinfo=UTC)}, (INPUT, "START_DATE_TOO_EARLY")),
        ({"Target": {"Type": "ORGANIZATION", "Id": "o-exampleorg1"}}, (INPUT, "INVALID_PARTY_TYPE_TARGET")),
        (
            {"Target": {"Type": "ACCOUNT", "Id": "111111111111"}},
            ("HandshakeConstraintViolationException", "SOURCE_AND_TARGET_CANNOT_MATCH"),
        ),
    ],
)
def test_requests_that_cannot_be_made(two: Two, more: dict[str, Any], error: tuple[str, str]) -> None:
    with pytest.raises(two.target.exceptions.ClientError) as caught:
        two.invite(**more)
    said: Any = caught.value.response
    assert (said["Error"]["Code"], said.get("Reason")) == error
    assert two.inbound() == []


def test_it_is_asked_for_once(two: Two) -> None:
    first = two.invite()
    with pytest.raises(two.target.exceptions.DuplicateHandshakeException):
        two.invite()
    two.source.accept_handshake(HandshakeId=first["Id"])
    with pytest.raises(two.target.exceptions.HandshakeConstraintViolationException):
        two.invite()


def test_an_account_without_a_part_in_it_sees_nothing_of_it(two: Two) -> None:
    two.invite()
    asked = {"Id": two.inbound()[0]["Id"]}
    other = checked(two.emulator.client("organizations", "777777777777"))
    other.create_organization(FeatureSet="ALL")
    code = refusal(other.describe_responsibility_transfer, **asked).code
    assert code == "ResponsibilityTransferNotFoundException"
    member = checked(two.emulator.client("organizations", two.emulator.invited[0]))
    assert refusal(member.describe_responsibility_transfer, **asked).code == "AccessDeniedException"
    ended = refusal(two.target.terminate_responsibility_transfer, **asked)
    assert ended.code == "InvalidResponsibilityTransferTransitionException"


def test_it_needs_all_features(emulator: Emulator) -> None:
    client = checked(emulator.client("organizations", emulator.management))
    error = refusal(
        client.invite_organization_to_transfer_responsibility,
        Type="BILLING",
        Target={"Type": "ACCOUNT", "Id": SOURCE},
        StartTimestamp=NEXT_MONTH,
        SourceName="theirs",
    )
    assert error.reason == "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
