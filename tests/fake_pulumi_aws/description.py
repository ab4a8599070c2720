"""An organization as pulumi-aws shows it, by the resource and by the function alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws.errors import unless_gone

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

_NOT_IN_USE: Final = "AWSOrganizationsNotInUseException"
_ACCOUNT: Final = ("Arn", "Email", "Id", "JoinedMethod", "Name", "State", "Status")


def describe(aws: Aws) -> Values | None:
    """All that the resource and the function show, the id too; None without an organization."""
    client = aws.organizations
    organization = unless_gone(lambda: client.describe_organization()["Organization"], _NOT_IN_USE)
    if organization is None:
        return None
    listed = client.get_paginator("list_accounts").paginate()
    accounts = [_account(each) for page in listed for each in page["Accounts"]]
    roots = roots_of(aws)
    master_id = organization["MasterAccountId"]
    return {
        **described(organization),
        "accounts": accounts,
        "awsServiceAccessPrincipals": _trusted(aws) if organization["FeatureSet"] == "ALL" else [],
        "enabledPolicyTypes": [
            each["type"] for each in roots[0]["policyTypes"] if each["status"] == "ENABLED"
        ],
        "masterAccountName": next((each["name"] for each in accounts if each["id"] == master_id), None),
        "nonMasterAccounts": [each for each in accounts if each["id"] != master_id],
        "roots": roots,
    }


def described(organization: Any) -> Values:
    """The facts that DescribeOrganization alone shows."""
    return {
        "id": organization["Id"],
        "arn": organization["Arn"],
        "featureSet": organization["FeatureSet"],
        "masterAccountArn": organization["MasterAccountArn"],
        "masterAccountEmail": organization["MasterAccountEmail"],
        "masterAccountId": organization["MasterAccountId"],
    }


def roots_of(aws: Aws) -> list[Values]:
    """The roots, of which there is one."""
    pages = aws.organizations.get_paginator("list_roots").paginate()
    return [_root(each) for page in pages for each in page["Roots"]]


def _trusted(aws: Aws) -> list[str]:
    pages = aws.organizations.get_paginator("list_aws_service_access_for_organization").paginate()
    return [each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]]


def _account(shown: Any) -> Values:
    """An account; what AWS doesn't tell is empty."""
    fields = {key[0].lower() + key[1:]: shown.get(key, "") for key in _ACCOUNT}
    joined = shown.get("JoinedTimestamp")
    return {**fields, "joinedTimestamp": joined.isoformat() if joined else ""}


def _root(shown: Any) -> Values:
    """A root with its policy types."""
    types = [{"status": each["Status"], "type": each["Type"]} for each in shown["PolicyTypes"]]
    return {"arn": shown["Arn"], "id": shown["Id"], "name": shown["Name"], "policyTypes": types}
