"""The stand-in's organization has the traits of Terraform's that this project exists for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.resources.test_guards import without_an_interrupted_program

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack
    from tests.stacks import CommandResult

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

PROGRAM = """
    import pulumi
    import pulumi_aws as aws

    aws.organizations.Organization("org", {inputs}opts=pulumi.ResourceOptions({options}))
"""


def program(inputs: str = "", options: str = "") -> str:
    return PROGRAM.format(inputs=f"{inputs}, " if inputs else "", options=options)


def changes_of(run: CommandResult) -> dict[str, int]:
    """The changes of a run, which succeeded."""
    assert not run.failed, run.text
    return {op: count for op, count in run.ops.items() if op != "same"}


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL", invited=1, created=0)


@pytest.mark.parametrize("scenario", [Scenario(invited=1)], ids=["consolidated-billing"])
def test_all_features_are_asked_for_again_and_again(stack: Stack, org: Emulator) -> None:
    stack.write(program('feature_set="CONSOLIDATED_BILLING"', f'import_="{org.organization_id}"'))
    assert changes_of(stack.up()) == {"create": 1, "import": 1}

    stack.write(program())  # ALL is the default
    begun = stack.up()
    # The declared part didn't come to be, and nothing says so.
    assert changes_of(begun) == {"update": 1}
    assert org.writes == {"EnableAllFeatures": 1}
    assert stack.kept()["featureSet"] == "CONSOLIDATED_BILLING"

    again = stack.up()
    assert again.failed
    assert "[diff: ~featureSet]" in again.text
    told = "error: enabling all features in Organizations Organization (o-exampleorg1): HandshakeConstraint"
    assert told in again.text
    assert "Traceback" not in without_an_interrupted_program(again.text)
    assert "server.py" not in again.text

    org.approve_all()
    org.finalize()
    assert changes_of(stack.refresh()) == {}
    assert stack.kept()["featureSet"] == "ALL"

    # Only another organization could undo that.
    stack.write(program('feature_set="CONSOLIDATED_BILLING"'))
    assert changes_of(stack.preview()) == {"replace": 1}


def test_policy_types_that_somebody_else_enabled_are_disabled(stack: Stack, org: Emulator) -> None:
    declared = 'enabled_policy_types=["SERVICE_CONTROL_POLICY"]'
    stack.write(program(declared, f'import_="{org.organization_id}"'))
    assert changes_of(stack.up()) == {"create": 1, "import": 1}
    client = org.client("organizations", org.management)
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")

    assert changes_of(stack.refresh()) == {"update": 1}
    stack.write(program(declared, 'ignore_changes=["enabledPolicyTypes"]'))
    assert changes_of(stack.up()) == {}

    stack.write(program('enabled_policy_types=["BACKUP_POLICY"]'))
    assert changes_of(stack.up()) == {"update": 1}
    assert org.writes == {"EnablePolicyType": 2, "DisablePolicyType": 2}
    assert stack.kept()["enabledPolicyTypes"] == ["BACKUP_POLICY"]

    stack.write(program())
    assert changes_of(stack.up()) == {"update": 1}
    assert client.list_roots()["Roots"][0]["PolicyTypes"] == []


@pytest.mark.parametrize("scenario", [Scenario(feature_set=None, invited=0, created=0)], ids=["none"])
def test_an_organization_is_made_protected_and_deleted(stack: Stack, org: Emulator) -> None:
    inputs = 'aws_service_access_principals=["ram.amazonaws.com"], enabled_policy_types=["TAG_POLICY"]'
    stack.write(program(inputs, "protect=True"))
    assert changes_of(stack.up()) == {"create": 2}
    client = org.client("organizations", org.management)
    organization = client.describe_organization()["Organization"]
    assert stack.resources()["org"]["id"] == organization["Id"]
    assert organization["FeatureSet"] == "ALL"
    assert "TAG_POLICY" in [each["Type"] for each in client.list_roots()["Roots"][0]["PolicyTypes"]]
    assert stack.kept()["awsServiceAccessPrincipals"] == ["ram.amazonaws.com"]

    assert stack.destroy().failed
    stack.write(program(inputs))
    assert not stack.up().failed
    assert changes_of(stack.destroy()) == {"delete": 2}
    with pytest.raises(client.exceptions.AWSOrganizationsNotInUseException):
        client.describe_organization()
