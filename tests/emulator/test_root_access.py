"""Centralized root access: IAM's features for organizations, and AssumeRoot."""

from typing import Any

import pytest

from aws_org_emulator import Emulator
from tests.emulator.conftest import Start
from tests.emulator.helpers import refusal

AUDIT = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
FEATURES = {"RootCredentialsManagement": "root_credentials_management", "RootSessions": "root_sessions"}
MEMBER = "333333333333"


@pytest.fixture
def trusting(start: Start) -> Emulator:
    """An organization that trusts IAM."""
    emulator = start(feature_set="ALL")
    client = emulator.client("organizations", emulator.management)
    client.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    return emulator


def change(iam: Any, how: str, feature: str) -> list[str]:
    answer = getattr(iam, f"{how}_organizations_{FEATURES[feature]}")()
    assert answer["OrganizationId"] == "o-exampleorg1"
    return list(answer["EnabledFeatures"])


def test_features_are_turned_on_and_off_one_by_one(trusting: Emulator) -> None:
    iam = trusting.client("iam", trusting.management)
    assert iam.list_organizations_features()["EnabledFeatures"] == []
    first, second = FEATURES
    assert change(iam, "enable", first) == [first]
    assert change(iam, "enable", second) == [first, second]
    assert iam.list_organizations_features()["EnabledFeatures"] == [first, second]
    assert change(iam, "disable", first) == [second]


@pytest.mark.parametrize(
    ("fields", "account_id", "code"),
    [
        ({"feature_set": "ALL"}, "111111111111", "ServiceAccessNotEnabledException"),
        ({}, "111111111111", "OrganizationNotInAllFeaturesModeException"),
        ({}, "888888888888", "OrganizationNotFoundException"),
    ],
)
def test_the_requirements_of_an_organization(start: Start, fields: Any, account_id: str, code: str) -> None:
    iam = start(**fields).client("iam", account_id)
    for call in ("list_organizations_features", "enable_organizations_root_sessions"):
        assert refusal(getattr(iam, call)).code == code


def test_members_read_and_change_nothing_and_a_delegate_reads(trusting: Emulator) -> None:
    iam = trusting.client("iam", MEMBER)
    code = refusal(iam.list_organizations_features).code
    assert code == "AccountNotManagementOrDelegatedAdministratorException"
    trusting.client("organizations", trusting.management).register_delegated_administrator(
        AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com"
    )
    assert iam.list_organizations_features()["EnabledFeatures"] == []
    assert refusal(iam.enable_organizations_root_sessions).code == "CallerIsNotManagementAccountException"


def test_root_of_a_member_is_assumed_once_sessions_are_on(trusting: Emulator) -> None:
    sts = trusting.client("sts", trusting.management)
    asked = {"TargetPrincipal": MEMBER, "TaskPolicyArn": AUDIT}
    assert refusal(sts.assume_root, **asked).code == "AccessDenied"
    change(trusting.client("iam", trusting.management), "enable", "RootSessions")
    assert sts.assume_root(**asked)["Credentials"]["AccessKeyId"] == f"EMULATOR{MEMBER}"
    for target in ("111111111111", "888888888888"):
        error = refusal(sts.assume_root, **{**asked, "TargetPrincipal": target})
        assert (error.code, error.status) == ("AccessDenied", 403)
        assert f"sts:AssumeRoot on resource: arn:aws:iam::{target}:root" in error.message
    other = trusting.client("sts", "222222222222")
    assert refusal(other.assume_root, **asked).code == "AccessDenied"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"TargetPrincipal": "arn:aws:iam::333333333333:user/a"}, "a valid target principal"),
        (
            {"TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
            "valid AWS managed task policy ARN",
        ),
    ],
)
def test_an_invalid_request_is_refused_before_permissions(trusting: Emulator, values: Any, says: str) -> None:
    asked = {"TargetPrincipal": MEMBER, "TaskPolicyArn": AUDIT, **values}
    error = refusal(trusting.client("sts", "222222222222").assume_root, **asked)
    assert (error.code, error.message) == ("ValidationError", f"Request must contain {says}")
