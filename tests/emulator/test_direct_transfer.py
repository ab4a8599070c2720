"""A member of one organization that accepts another's invitation moves there directly."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import handshakes, refusal
from tests.emulator.model_check import checked

OTHER = "888888888888"


class Two:
    """Two organizations, of which the second invites."""

    def __init__(self, emulator: Emulator, feature_set: str = "ALL") -> None:
        self.emulator = emulator
        self.first = checked(emulator.client("organizations", emulator.management))
        self.second = checked(emulator.client("organizations", OTHER))
        self.second.create_organization(FeatureSet=feature_set)

    def client(self, account_id: str) -> Any:
        return checked(self.emulator.client("organizations", account_id))

    def invite(self, account_id: str) -> str:
        answer = self.second.invite_account_to_organization(Target={"Id": account_id, "Type": "ACCOUNT"})
        return str(answer["Handshake"]["Id"])

    def members(self, client: Any) -> list[str]:
        return [
            each["Id"]
            for page in client.get_paginator("list_accounts").paginate()
            for each in page["Accounts"]
        ]


@pytest.mark.parametrize("joined", ["invited", "created"])
def test_a_member_moves_and_is_nowhere_else(start: Start, joined: str) -> None:
    two = Two(start(members=(Member("777777777777", payment_method=False),)))
    account_id = getattr(two.emulator, joined)[-1]
    accepted = two.client(account_id).accept_handshake(HandshakeId=two.invite(account_id))["Handshake"]
    assert accepted["State"] == "ACCEPTED"
    assert account_id in two.members(two.second)
    assert account_id not in two.members(two.first)
    described = two.client(account_id).describe_organization()["Organization"]
    assert described["MasterAccountId"] == OTHER
    account = two.second.describe_account(AccountId=account_id)["Account"]
    assert account["JoinedMethod"] == "INVITED"
    error = refusal(two.first.remove_account_from_organization, AccountId=account_id)
    assert error.code == "AccountNotFoundException"


def test_an_account_that_moves_no_longer_blocks_a_migration(emulator: Emulator) -> None:
    two = Two(emulator)
    parent = two.first.enable_all_features()["Handshake"]
    leaver, *others = emulator.invited
    for account_id in others:
        emulator.approve(account_id)
    two.client(leaver).accept_handshake(HandshakeId=two.invite(leaver))
    assert two.first.describe_handshake(HandshakeId=parent["Id"])["Handshake"]["State"] == "OPEN"
    emulator.finalize()
    assert emulator.feature_set == "ALL"


def test_a_management_account_cannot_move(emulator: Emulator) -> None:
    two = Two(emulator)
    invitation = two.invite(emulator.management)
    error = refusal(two.first.accept_handshake, HandshakeId=invitation)
    assert error.code == "MasterCannotLeaveOrganizationException"
    assert handshakes(two.second.list_handshakes_for_organization)[0]["State"] == "OPEN"
    assert emulator.organization_id == two.first.describe_organization()["Organization"]["Id"]


def test_a_delegated_administrator_cannot_move(start: Start) -> None:
    two = Two(start(feature_set="ALL"))
    delegate, service = two.emulator.created[0], {"ServicePrincipal": "ssm.amazonaws.com"}
    two.first.enable_aws_service_access(**service)
    two.first.register_delegated_administrator(AccountId=delegate, **service)
    error = refusal(two.client(delegate).accept_handshake, HandshakeId=two.invite(delegate))
    assert error.reason == "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    assert delegate in two.members(two.first)


def test_a_suspended_account_cannot_move(emulator: Emulator) -> None:
    two = Two(emulator)
    account_id = emulator.invited[0]
    invitation = two.invite(account_id)
    emulator.set_account_state(account_id, "SUSPENDED")
    assert (
        refusal(two.client(account_id).accept_handshake, HandshakeId=invitation).code
        == "AccessDeniedException"
    )


@pytest.mark.parametrize(
    ("joined", "days", "moves"),
    [
        ("created", 3, False),
        ("created", 6, False),
        ("created", 7, True),
        ("invited", 6, False),
        ("invited", 7, True),
    ],
)
def test_accounts_and_organizations_must_be_old_enough(
    start: Start, joined: str, days: int, moves: bool
) -> None:
    two = Two(start(Switches(removal_waiting_period=True)))
    account_id = getattr(two.emulator, joined)[0]
    invitation = two.invite(account_id)
    two.emulator.clock.advance(days=days)
    client = two.client(account_id)
    if moves:
        client.accept_handshake(HandshakeId=invitation)
    else:
        error = refusal(client.accept_handshake, HandshakeId=invitation)
        assert error[:2] == ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE")
    assert (account_id in two.members(two.second)) is moves


def test_an_account_that_is_too_young_may_go_to_an_old_organization_later(start: Start) -> None:
    two = Two(start(Switches(removal_waiting_period=True)))
    two.emulator.clock.advance(days=10)
    asked = two.first.create_account(Email="new@example.com", AccountName="new")["CreateAccountStatus"]["Id"]
    status = two.first.describe_create_account_status(CreateAccountRequestId=asked)["CreateAccountStatus"]
    invitation = two.invite(status["AccountId"])
    client = two.client(status["AccountId"])
    assert refusal(client.accept_handshake, HandshakeId=invitation).reason == "WAIT_PERIOD_ACTIVE"
    two.emulator.clock.advance(days=4)
    client.accept_handshake(HandshakeId=invitation)


def test_a_member_that_its_own_organization_invites_by_address_is_refused_and_has_accepted(
    emulator: Emulator,
) -> None:
    client = checked(emulator.client("organizations", emulator.management))
    address = {"Id": f"aws-{emulator.invited[0]}@example.com", "Type": "EMAIL"}
    invitation = client.invite_account_to_organization(Target=address)["Handshake"]
    owner = checked(emulator.client("organizations", emulator.invited[0]))
    error = refusal(owner.accept_handshake, HandshakeId=invitation["Id"])
    assert error[:2] == ("HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION")
    described = client.describe_handshake(HandshakeId=invitation["Id"])["Handshake"]
    assert described["State"] == "ACCEPTED"
    assert {"Id": emulator.invited[0], "Type": "ACCOUNT"} in described["Parties"]
    assert address not in described["Parties"]
    client.invite_account_to_organization(Target=address)
