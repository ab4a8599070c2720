"""The stand-in's units, policies and attachments do as pulumi-aws does, through the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

CONTENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
PROGRAM = """
    import json
    import pulumi
    import pulumi_aws as aws

    root = aws.organizations.get_organization().roots[0].id
    units = aws.organizations.OrganizationalUnit("units", name="{units}", parent_id=root, tags={tags})
    unit = aws.organizations.OrganizationalUnit("unit", name="Sandbox", parent_id={parent})
    policy = aws.organizations.Policy(
        "policy", content={content!r}, description=pulumi.Output.secret("{secret}"), tags={{"kind": "guard"}}
    )
    attachment = aws.organizations.PolicyAttachment("attachment", policy_id=policy.id, target_id=unit.id)
    pulumi.export("root", root)
    pulumi.export("arn", units.arn)
"""
SECRET = "nobody-is-to-read-this"  # noqa: S105 - it is looked for in the state


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL", invited=0)


def program(**changes: Any) -> str:
    declared: dict[str, Any] = {
        "units": "Workloads",
        "tags": {"team": "platform"},
        "parent": "units.id",
        "content": json.dumps(CONTENT),
        "secret": SECRET,
    }
    return PROGRAM.format(**{**declared, **changes})


def test_units_policies_and_attachments_from_their_beginning_to_their_end(
    stack: Stack, org: Emulator
) -> None:
    stack.write(program())
    foreseen = stack.preview()
    assert foreseen.ops == {"create": 5}
    assert org.writes == {}

    made = stack.up()
    assert made.ops == {"create": 5}
    assert made.outputs["arn"].startswith("arn:aws:organizations::")
    _assert_what_was_made(stack, org)

    _somebody_changes_everything(stack, org)
    drift = stack.refresh()
    assert drift.ops == {"update": 2, "same": 2, "delete": 1}
    assert stack.resources().keys() == {"units", "unit", "policy"}

    # What was changed is set back, what is gone is made again; what is declared otherwise is changed.
    stack.write(
        program(
            units="Production",
            tags={"team": "security", "tier": "1"},
            parent="root",
            content=json.dumps(CONTENT, indent=4),
        )
    )
    changed = stack.up()
    assert changed.ops == {"update": 2, "replace": 1, "create": 1, "same": 1}
    _assert_what_was_changed(stack, org)

    assert SECRET not in stack.stored()
    assert stack.destroy().ops == {"delete": 5}
    client = org.client("organizations", org.management)
    assert (
        client.list_organizational_units_for_parent(ParentId=made.outputs["root"])["OrganizationalUnits"]
        == []
    )
    assert [each["Name"] for each in _policies(client)] == ["FullAWSAccess"]


def _assert_what_was_made(stack: Stack, org: Emulator) -> None:
    client = org.client("organizations", org.management)
    kept = stack.resources()
    units, unit, policy = (kept[name]["id"] for name in ("units", "unit", "policy"))
    assert client.list_parents(ChildId=unit)["Parents"] == [{"Id": units, "Type": "ORGANIZATIONAL_UNIT"}]
    assert client.list_tags_for_resource(ResourceId=units)["Tags"] == [{"Key": "team", "Value": "platform"}]
    shown = client.describe_policy(PolicyId=policy)["Policy"]
    assert json.loads(shown["Content"]) == CONTENT
    summary = shown["PolicySummary"]
    assert (summary["Type"], summary["Description"]) == ("SERVICE_CONTROL_POLICY", SECRET)
    assert summary["Name"].startswith("policy-")
    assert kept["attachment"]["id"] == f"{unit}:{policy}"
    assert unit in [each["TargetId"] for each in client.list_targets_for_policy(PolicyId=policy)["Targets"]]
    assert SECRET not in stack.stored()


def _somebody_changes_everything(stack: Stack, org: Emulator) -> None:
    client = org.client("organizations", org.management)
    kept = stack.resources()
    units, unit, policy = (kept[name]["id"] for name in ("units", "unit", "policy"))
    client.update_organizational_unit(OrganizationalUnitId=units, Name="Elsewhere")
    client.update_policy(PolicyId=policy, Content=json.dumps({**CONTENT, "Statement": []}))
    client.detach_policy(PolicyId=policy, TargetId=unit)


def _assert_what_was_changed(stack: Stack, org: Emulator) -> None:
    client = org.client("organizations", org.management)
    kept = stack.resources()
    units, unit, policy = (kept[name]["id"] for name in ("units", "unit", "policy"))
    root = stack.outputs()["root"]
    below = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    assert {each["Id"]: each["Name"] for each in below} == {units: "Production", unit: "Sandbox"}
    tags = client.list_tags_for_resource(ResourceId=units)["Tags"]
    assert {each["Key"]: each["Value"] for each in tags} == {"team": "security", "tier": "1"}
    assert json.loads(client.describe_policy(PolicyId=policy)["Policy"]["Content"]) == CONTENT
    assert unit in [each["TargetId"] for each in client.list_targets_for_policy(PolicyId=policy)["Targets"]]


def _policies(client: Any) -> list[dict[str, Any]]:
    return list(client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"])


IMPORTS = """
    import pulumi
    import pulumi_aws as aws

    def opts(id):
        return pulumi.ResourceOptions(import_=id, retain_on_delete=True)

    aws.organizations.Organization(
        "org", feature_set="ALL", enabled_policy_types=["SERVICE_CONTROL_POLICY"], opts=opts("{organization}")
    )
    aws.organizations.OrganizationalUnit("unit", name="Sandbox", parent_id="{root}", opts=opts("{unit}"))
    aws.organizations.Policy(
        "policy", name="Guard", content='{{"Version": "2012-10-17", "Statement": []}}', opts=opts("{policy}")
    )
    aws.organizations.PolicyAttachment(
        "attachment", policy_id="{policy}", target_id="{unit}", opts=opts("{unit}:{policy}")
    )
"""


def test_what_exists_is_imported_and_can_be_left_behind(stack: Stack, org: Emulator) -> None:
    client = org.client("organizations", org.management)
    root = client.list_roots()["Roots"][0]["Id"]
    unit = client.create_organizational_unit(ParentId=root, Name="Sandbox")["OrganizationalUnit"]["Id"]
    policy = client.create_policy(
        Name="Guard",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content='{"Version":"2012-10-17","Statement":[]}',
    )["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=policy, TargetId=unit)
    before = dict(org.writes)
    ids = {"organization": org.organization_id, "root": root, "unit": unit, "policy": policy}

    stack.write(IMPORTS.format(**{**ids, "organization": "o-elsewhere12"}))
    refused = stack.up()
    assert refused.failed
    assert f"ID ({org.organization_id}) does not match (o-elsewhere12)" in refused.text

    stack.write(IMPORTS.format(**ids))
    # The resources that the refused run imported are imported.
    assert stack.up().failed is False
    assert {name: each["id"] for name, each in stack.resources().items()} == {
        "org": org.organization_id,
        "unit": unit,
        "policy": policy,
        "attachment": f"{unit}:{policy}",
    }
    assert stack.resources()["org"]["outputs"]["roots"][0]["id"] == root

    assert not stack.destroy().failed
    assert stack.resources() == {}
    assert dict(org.writes) == before
