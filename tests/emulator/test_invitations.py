"""Inviting, joining, leaving and removing: membership and what it means for a migration."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, NothingPendingError, Switches
from tests.emulator.conftest import Ask, Start
from tests.emulator.helpers import handshakes, made_account, pages, refusal
from tests.emulator.model_check import checked


def members(management: Any) -> dict[str, str]:
    accounts = [each for page in pages(management.list_accounts, "Accounts") for each in page]
    return {each["Id"]: each["JoinedMethod"] for each in accounts}


def offered(handshake: dict[str, Any]) -> str:
    (organization,) = [each for each in handshake["Resources"] if each["Type"] == "ORGANIZATION"]
    terms = {each["Type"]: each["Value"] for each in organization["Resources"]}
    return str(terms["ORGANIZATION_FEATURE_SET"])


def test_an_invited_account_joins_as_invited(emulator: Emulator, management: Any, ask: Ask) -> None:
    account_id = emulator.invite()
    assert account_id not in members(management)
    assert refusal(ask(account_id).describe_organization).code == "AWSOrganizationsNotInUseException"
    emulator.join(account_id)
    assert members(management)[account_id] == "INVITED"
    assert ask(account_id).describe_organization()["Organization"]["Id"] == emulator.organization_id
    with pytest.raises(NothingPendingError):
        emulator.join(account_id)


def test_an_invitation_by_address_reaches_the_account(emulator: Emulator, management: Any, ask: Ask) -> None:
    emulator.credentials("888888888888")
    target = {"Id": "aws-888888888888@example.com", "Type": "EMAIL"}
    sent = management.invite_account_to_organization(Target=target, Notes="Come in.")["Handshake"]
    assert {"Id": target["Id"], "Type": "EMAIL"} in sent["Parties"]
    assert {"Value": "Come in.", "Type": "NOTES"} in sent["Resources"]
    (received,) = handshakes(ask("888888888888").list_handshakes_for_account)
    assert received["Id"] == sent["Id"]
    emulator.join("888888888888")
    assert "888888888888" in emulator.invited


def test_invitations_lapse_after_fifteen_days(emulator: Emulator, management: Any) -> None:
    account_id = emulator.invite()
    (invitation,) = handshakes(management.list_handshakes_for_organization)
    assert (invitation["ExpirationTimestamp"] - invitation["RequestedTimestamp"]).days == 15
    emulator.clock.advance(days=15)
    (invitation,) = handshakes(management.list_handshakes_for_organization)
    assert invitation["State"] == "EXPIRED"
    emulator.invite(account_id)


@pytest.mark.parametrize(
    ("target", "code", "reason"),
    [
        ("222222222222", "HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION"),
        ("111111111111", "HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION"),
        ("444444444444", "DuplicateHandshakeException", None),
        ("4444", "InvalidInputException", "INVALID_PATTERN"),
    ],
)
def test_accounts_that_cannot_be_invited(
    emulator: Emulator, management: Any, target: str, code: str, reason: str | None
) -> None:
    assert emulator.invite() == "444444444444"
    party = {"Id": target, "Type": "ACCOUNT"}
    assert refusal(management.invite_account_to_organization, Target=party)[:2] == (code, reason)


def test_an_organization_is_no_party_to_invite(management: Any) -> None:
    party = {"Id": "o-exampleorg1", "Type": "ORGANIZATION"}
    error = refusal(management.invite_account_to_organization, Target=party)
    assert error[:2] == ("InvalidInputException", "INVALID_PARTY_TYPE_TARGET")


def test_two_organizations_invite_and_the_last_to_be_accepted_has_it(emulator: Emulator, ask: Ask) -> None:
    other = ask("888888888888")
    other.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    account_id = emulator.invite()
    second = other.invite_account_to_organization(Target={"Id": account_id, "Type": "ACCOUNT"})
    emulator.join(account_id)
    ask(account_id).accept_handshake(HandshakeId=second["Handshake"]["Id"])
    assert handshakes(other.list_handshakes_for_organization)[0]["State"] == "ACCEPTED"
    assert members(other)[account_id] == "INVITED"
    assert account_id not in emulator.invited


def test_a_migration_cancels_the_invitations_that_came_before(emulator: Emulator, management: Any) -> None:
    account_id = emulator.invite()
    (before,) = handshakes(management.list_handshakes_for_organization)
    assert offered(before) == "CONSOLIDATED_BILLING"
    emulator.enable_all_features()
    described = management.describe_handshake(HandshakeId=before["Id"])["Handshake"]
    assert described["State"] == "CANCELED"
    with pytest.raises(NothingPendingError):
        emulator.join(account_id)


def test_invitations_during_a_migration_are_canceled_with_it(emulator: Emulator, management: Any) -> None:
    emulator.enable_all_features()
    account_id = emulator.invite()
    emulator.cancel()
    (sent,) = handshakes(management.list_handshakes_for_organization, Filter={"ActionType": "INVITE"})
    assert (sent["State"], offered(sent)) == ("CANCELED", "ALL")
    with pytest.raises(NothingPendingError):
        emulator.join(account_id)
    emulator.invite(account_id)
    emulator.join(account_id)
    assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_an_account_that_joins_during_a_migration_has_consented(emulator: Emulator, ask: Ask) -> None:
    emulator.enable_all_features()
    late = emulator.invite()
    (invitation,) = handshakes(ask(late).list_handshakes_for_account)
    assert offered(invitation) == "ALL"
    emulator.join(late)
    assert late in emulator.invited
    assert len(emulator.children) == 3
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


def test_an_account_that_leaves_and_comes_back_during_a_migration_has_consented(emulator: Emulator) -> None:
    emulator.enable_all_features()
    first, *others = emulator.invited
    emulator.decline(first)
    emulator.remove_account(first)
    emulator.invite(first)
    emulator.join(first)
    for account_id in others:
        emulator.approve(account_id)
    emulator.finalize()
    assert emulator.feature_set == "ALL"
    assert first in emulator.invited


def test_invitations_during_a_migration_can_be_refused(start: Start) -> None:
    emulator = start(Switches(invitations_during_migration=False))
    management = checked(emulator.client("organizations", emulator.management))
    emulator.invite()
    emulator.enable_all_features()
    party = {"Id": "888888888888", "Type": "ACCOUNT"}
    error = refusal(management.invite_account_to_organization, Target=party)
    assert error.reason == "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"
    emulator.cancel()
    management.invite_account_to_organization(Target=party)


def test_an_account_created_during_a_migration_is_not_asked(emulator: Emulator, management: Any) -> None:
    emulator.enable_all_features()
    created = made_account(management, Email="new@example.com", AccountName="new")
    assert members(management)[created] == "CREATED"
    emulator.approve_all()
    emulator.finalize()
    role = f"arn:aws:iam::{created}:role/OrganizationAccountAccessRole"
    sts = emulator.client("sts", emulator.management)
    assert sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]


@pytest.mark.parametrize("kind", ["invited", "created"])
def test_members_of_either_kind_can_be_removed(emulator: Emulator, management: Any, kind: str) -> None:
    account_id = getattr(emulator, kind)[0]
    management.remove_account_from_organization(AccountId=account_id)
    assert account_id not in members(management)
    again = refusal(management.remove_account_from_organization, AccountId=account_id)
    assert again.code == "AccountNotFoundException"


def test_the_management_account_stays(emulator: Emulator, management: Any) -> None:
    removal = refusal(management.remove_account_from_organization, AccountId=emulator.management)
    leaving = refusal(management.leave_organization)
    assert removal.code == leaving.code == "MasterCannotLeaveOrganizationException"


def test_a_delegated_administrator_stays_and_may_list(start: Start) -> None:
    emulator = start(feature_set="ALL")
    management = checked(emulator.client("organizations", emulator.management))
    delegate = checked(emulator.client("organizations", emulator.created[0]))
    service = {"ServicePrincipal": "ssm.amazonaws.com", "AccountId": emulator.created[0]}
    assert refusal(delegate.list_accounts).code == "AccessDeniedException"
    management.enable_aws_service_access(ServicePrincipal="ssm.amazonaws.com")
    management.register_delegated_administrator(**service)
    assert len(delegate.list_accounts()["Accounts"]) == 6
    assert refusal(delegate.enable_all_features).code == "AccessDeniedException"
    error = refusal(management.remove_account_from_organization, AccountId=emulator.created[0])
    assert error.reason == "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"


def test_deleting_the_organization_cancels_what_is_pending(start: Start) -> None:
    emulator = start(invited=0, created=0)
    management = checked(emulator.client("organizations", emulator.management))
    account_id = emulator.invite()
    emulator.enable_all_features()
    management.delete_organization()
    assert emulator.parent is not None
    assert emulator.parent["State"] == "CANCELED"
    owner = checked(emulator.client("organizations", account_id))
    assert [each["State"] for each in handshakes(owner.list_handshakes_for_account)] == ["CANCELED"]


def test_management_is_shown_as_invited_and_never_asked(emulator: Emulator, management: Any) -> None:
    assert members(management)[emulator.management] == "INVITED"
    emulator.enable_all_features()
    asked = {child["Parties"][1]["Id"] for child in emulator.children}
    assert asked == set(emulator.invited)
