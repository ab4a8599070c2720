"""Accounts that CreateAccount makes: how a request goes, and how it ends."""

from typing import Any

import pytest

from aws_org_emulator import Emulator
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked

NEW = {"Email": "new@example.com", "AccountName": "New"}


@pytest.fixture
def management(emulator: Emulator) -> Any:
    return checked(emulator.client("organizations", emulator.management))


def became(management: Any, status: dict[str, Any]) -> dict[str, Any]:
    asked = {"CreateAccountRequestId": status["Id"]}
    return dict(management.describe_create_account_status(**asked)["CreateAccountStatus"])


@pytest.mark.parametrize("call", ["create_account", "create_gov_cloud_account"])
def test_a_request_is_in_progress_and_then_done(management: Any, call: str) -> None:
    status = getattr(management, call)(**NEW)["CreateAccountStatus"]
    assert set(status) == {"Id", "AccountName", "State", "RequestedTimestamp"}
    assert status["State"] == "IN_PROGRESS"
    done = became(management, status)
    assert (done["State"], "GovCloudAccountId" in done) == ("SUCCEEDED", call != "create_account")
    account = management.describe_account(AccountId=done["AccountId"])["Account"]
    assert (account["Email"], account["Name"]) == ("new@example.com", "New")
    listed = management.list_create_account_status(States=["SUCCEEDED"])["CreateAccountStatuses"]
    assert done in listed


@pytest.mark.parametrize(
    "email", ["master@example.com", "aws-222222222222@example.com", "AWS-222222222222@example.com"]
)
def test_an_address_is_one_accounts(emulator: Emulator, management: Any, email: str) -> None:
    before = emulator.created
    status = management.create_account(Email=email, AccountName="New")["CreateAccountStatus"]
    assert status["State"] == "IN_PROGRESS"
    failed = became(management, status)
    assert (failed["State"], failed["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    assert "AccountId" not in failed
    assert management.list_create_account_status(States=["FAILED"])["CreateAccountStatuses"] == [failed]
    assert management.list_create_account_status(States=["IN_PROGRESS"])["CreateAccountStatuses"] == []
    assert emulator.created == before


def test_the_address_of_a_new_account_is_taken_too(management: Any) -> None:
    states = [became(management, management.create_account(**NEW)["CreateAccountStatus"]) for _ in range(2)]
    assert [each["State"] for each in states] == ["SUCCEEDED", "FAILED"]


def test_a_role_of_aws_own_name_is_refused(management: Any) -> None:
    error = refusal(management.create_account, **NEW, RoleName="AWSServiceRoleForMe")
    assert error[:2] == ("InvalidInputException", "INVALID_ROLE_NAME")


def test_an_unknown_request_is_not_found(management: Any) -> None:
    error = refusal(management.describe_create_account_status, CreateAccountRequestId="car-0123456789")
    assert error.code == "CreateAccountStatusNotFoundException"


def test_a_new_account_has_the_roles_that_aws_makes(emulator: Emulator, management: Any) -> None:
    status = management.create_account(**NEW, RoleName="Ours", Tags=[{"Key": "a", "Value": "b"}])
    account_id = became(management, status["CreateAccountStatus"])["AccountId"]
    iam = emulator.client("iam", account_id)
    attached = {
        role["RoleName"]: [
            each["PolicyName"]
            for each in iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
        ]
        for role in iam.list_roles()["Roles"]
    }
    assert attached == {
        "Ours": ["AdministratorAccess"],
        "AWSServiceRoleForOrganizations": ["AWSOrganizationsServiceTrustPolicy"],
    }
    assert management.list_tags_for_resource(ResourceId=account_id)["Tags"] == [{"Key": "a", "Value": "b"}]
