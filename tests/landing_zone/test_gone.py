"""Resources that are gone: reading says so, and deleting is no error; each type alone, without the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.fake_pulumi_aws.configuration import parse
from tests.fake_pulumi_aws.connection import Aws, connect
from tests.fake_pulumi_aws.errors import Refused
from tests.fake_pulumi_aws.resource_types import resource_type

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit"
POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
ADMINISTRATOR = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
ORGANIZATION = "aws:organizations/organization:Organization"


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL", invited=0, created=0)


@pytest.fixture
def aws(org: Emulator) -> Aws:
    keys = org.credentials(org.management)
    return connect(
        parse(
            {
                "region": "us-east-1",
                "accessKey": keys.access_key_id,
                "secretKey": keys.secret_access_key,
                "endpoints": [dict.fromkeys(("organizations", "sts"), org.endpoint)],
            }
        )
    )


@pytest.mark.parametrize(
    ("token", "resource_id"),
    [
        (UNIT, "ou-abcd-12345678"),
        (POLICY, "p-12345678"),
        (ATTACHMENT, "ou-abcd-12345678:p-12345678"),
    ],
)
def test_what_is_gone(aws: Aws, token: str, resource_id: str) -> None:
    kind = resource_type(token)

    assert kind.read(aws, resource_id, {"known": "before"}) is None
    kind.delete(aws, resource_id, {})


def test_an_attachment_that_was_detached(org: Emulator, aws: Aws) -> None:
    """Terraform's provider forgives the absence of policy and target, and not this."""
    client = org.client("organizations", org.management)
    root = client.list_roots()["Roots"][0]["Id"]
    policy = client.create_policy(
        Name="Guard",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content='{"Version": "2012-10-17", "Statement": []}',
    )["Policy"]["PolicySummary"]["Id"]
    kind, resource_id = resource_type(ATTACHMENT), f"{root}:{policy}"

    assert kind.read(aws, resource_id, {"known": "before"}) is None
    with pytest.raises(Refused, match="PolicyNotAttachedException"):
        kind.delete(aws, resource_id, {})


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL", invited=0, created=1)])
def test_an_administrator_that_was_deregistered(org: Emulator, aws: Aws) -> None:
    """Terraform's provider doesn't forgive that either."""
    kind = resource_type(ADMINISTRATOR)
    inputs = {"accountId": org.created[0], "servicePrincipal": "inspector2.amazonaws.com"}
    with pytest.raises(Refused, match=r"creating .*: ConstraintViolationException"):
        kind.create(aws, inputs)
    aws.organizations.enable_aws_service_access(ServicePrincipal=inputs["servicePrincipal"])
    resource_id = kind.create(aws, inputs)
    seen = kind.read(aws, resource_id, {})
    assert seen is not None
    assert {name: seen[name] for name in inputs} == inputs
    assert set(seen) == {*kind.schema.inputs, *kind.schema.outputs}

    kind.delete(aws, resource_id, {})
    assert kind.read(aws, resource_id, {"known": "before"}) is None
    with pytest.raises(Refused, match="AccountNotRegisteredException"):
        kind.delete(aws, resource_id, {})
    with pytest.raises(Refused, match="expected ACCOUNTID/SERVICEPRINCIPAL"):
        kind.read(aws, "somebody", {})


def test_an_organization_that_is_gone(org: Emulator, aws: Aws) -> None:
    kind = resource_type(ORGANIZATION)
    kind.delete(aws, org.organization_id, {})

    assert kind.read(aws, org.organization_id, {"known": "before"}) is None
    kind.delete(aws, org.organization_id, {})


def test_a_policy_of_aws_is_not_imported(aws: Aws) -> None:
    with pytest.raises(Refused, match=r"AWS-managed .* \(p-FullAWSAccess\) cannot be imported"):
        resource_type(POLICY).read(aws, "p-FullAWSAccess", {})


@pytest.mark.parametrize("token", [POLICY, ATTACHMENT])
def test_what_is_to_stay_is_left(org: Emulator, aws: Aws, token: str) -> None:
    resource_type(token).delete(aws, "nowhere", {"skipDestroy": True})

    assert org.writes == {}
