"""Trusted access and delegated administrators: what each needs, and that what is refused changes nothing."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from aws_org_emulator.organization.service_principals import DELEGABLE, TRUSTED
from tests.emulator.conftest import Start
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked

CONSTRAINT, INPUT = "ConstraintViolationException", "InvalidInputException"
SSM = {"ServicePrincipal": "ssm.amazonaws.com"}
MEMBER, MANAGEMENT = "333333333333", "111111111111"
CALLS: dict[str, dict[str, str]] = {
    "enable_aws_service_access": SSM,
    "disable_aws_service_access": SSM,
    "list_aws_service_access_for_organization": {},
    "register_delegated_administrator": {"AccountId": MEMBER, **SSM},
    "deregister_delegated_administrator": {"AccountId": MEMBER, **SSM},
    "list_delegated_administrators": {},
    "list_delegated_services_for_account": {"AccountId": MEMBER},
    "describe_resource_policy": {},
    "delete_resource_policy": {},
    "describe_effective_policy": {"PolicyType": "TAG_POLICY"},
    "list_accounts_with_invalid_effective_policy": {"PolicyType": "TAG_POLICY"},
}


def management(emulator: Emulator) -> Any:
    return checked(emulator.client("organizations", emulator.management))


def delegates(client: Any) -> list[str]:
    return [each["Id"] for each in client.list_delegated_administrators()["DelegatedAdministrators"]]


@pytest.mark.parametrize("call", CALLS)
def test_all_of_it_needs_all_features_reading_too(emulator: Emulator, call: str) -> None:
    error = refusal(getattr(management(emulator), call), **CALLS[call])
    assert error[:2] == (CONSTRAINT, "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
    assert error.message == (
        "The request failed because the organization does not have all features enabled. Please enable all "
        "features in your organization and then retry."
    )


REFUSED: list[tuple[str, dict[str, str], tuple[str, str | None]]] = [
    ("ssm", {"AccountId": MEMBER}, (CONSTRAINT, "SERVICE_ACCESS_NOT_ENABLED")),
    ("nobody", {"AccountId": MEMBER}, (INPUT, "UNRECOGNIZED_SERVICE_PRINCIPAL")),
    ("ram", {"AccountId": MEMBER}, (INPUT, "UNRECOGNIZED_SERVICE_PRINCIPAL")),
    ("sso", {"AccountId": MANAGEMENT}, (CONSTRAINT, "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")),
    ("sso", {"AccountId": "999999999999"}, ("AccountNotFoundException", None)),
    (
        "sso",
        {"AccountId": "777777777777"},
        (CONSTRAINT, "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"),
    ),
]


@pytest.mark.parametrize(("service", "account", "error"), REFUSED)
def test_a_registration_that_is_refused_registers_nobody(
    start: Start, service: str, account: dict[str, str], error: tuple[str, str | None]
) -> None:
    emulator = start(feature_set="ALL", members=(Member("777777777777", state="SUSPENDED"),))
    client = management(emulator)
    client.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    principal = {"ServicePrincipal": f"{service}.amazonaws.com"}
    assert refusal(client.register_delegated_administrator, **account, **principal)[:2] == error
    assert delegates(client) == []
    member = checked(emulator.client("organizations", MEMBER))
    assert refusal(member.list_accounts).code == "AccessDeniedException"
    member.leave_organization()


def test_an_account_administers_for_each_service_once_and_until_the_last_is_gone(start: Start) -> None:
    emulator = start(feature_set="ALL")
    client = management(emulator)
    config = {"ServicePrincipal": "config.amazonaws.com"}
    for service in (SSM, config):
        client.enable_aws_service_access(**service)
        client.register_delegated_administrator(AccountId=MEMBER, **service)
        again = refusal(client.register_delegated_administrator, AccountId=MEMBER, **service)
        assert again.code == "AccountAlreadyRegisteredException"
    services = client.list_delegated_services_for_account(AccountId=MEMBER)["DelegatedServices"]
    assert [each["ServicePrincipal"] for each in services] == [*SSM.values(), *config.values()]
    client.deregister_delegated_administrator(AccountId=MEMBER, **SSM)
    gone = refusal(client.deregister_delegated_administrator, AccountId=MEMBER, **SSM)
    assert gone.code == "AccountNotRegisteredException"
    assert client.list_delegated_administrators(**SSM)["DelegatedAdministrators"] == []
    assert delegates(client) == [MEMBER]
    error = refusal(client.remove_account_from_organization, AccountId=MEMBER)
    assert error.reason == "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    client.deregister_delegated_administrator(AccountId=MEMBER, **config)
    client.remove_account_from_organization(AccountId=MEMBER)


def test_every_service_that_is_known_can_be_trusted_and_each_that_can_be_delegated(start: Start) -> None:
    emulator = start(feature_set="ALL")
    client = management(emulator)
    for principal in sorted(TRUSTED):
        client.enable_aws_service_access(ServicePrincipal=principal)
    for principal in sorted(DELEGABLE):
        client.register_delegated_administrator(AccountId=MEMBER, ServicePrincipal=principal)
    pages = client.get_paginator("list_aws_service_access_for_organization").paginate()
    found = [each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]]
    assert found == sorted(TRUSTED)
    for name in (
        "iam",
        "securityhub",
        "config",
        "inspector2",
        "sso",
        "account",
        "cloudtrail",
        "fms",
        "backup",
    ):
        assert f"{name}.amazonaws.com" in DELEGABLE


@pytest.mark.parametrize("shown", [True, False])
def test_of_an_administrator_as_much_is_shown_as_of_any_account(start: Start, shown: bool) -> None:
    client = management(start(Switches(account_status_shown=shown), feature_set="ALL"))
    client.enable_aws_service_access(**SSM)
    client.register_delegated_administrator(AccountId=MEMBER, **SSM)
    (delegate,) = client.list_delegated_administrators()["DelegatedAdministrators"]
    account = client.describe_account(AccountId=MEMBER)["Account"]
    assert set(delegate) - {"DelegationEnabledDate"} == set(account) - {"Paths"}
    assert ("Status" in delegate) is shown


def test_a_service_is_trusted_once_and_until_it_is_not(start: Start) -> None:
    client = management(start(feature_set="ALL"))
    for _ in range(2):
        client.enable_aws_service_access(**SSM)
        assert len(client.list_aws_service_access_for_organization()["EnabledServicePrincipals"]) == 1
    for _ in range(2):
        client.disable_aws_service_access(**SSM)
        assert client.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []
    for call in ("enable_aws_service_access", "disable_aws_service_access"):
        error = refusal(getattr(client, call), ServicePrincipal="nobody.amazonaws.com")
        assert error[:2] == (INPUT, "UNRECOGNIZED_SERVICE_PRINCIPAL")
