"""The native component under the real engine, from YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario
from aws_org_features import AllFeaturesOrganization
from tests.harness.yaml_project import YamlProject
from tests.stacks import Project
from tools.docs import native_programs

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

IN_THE_COMPONENT = "urn:pulumi:test::test::org-features:index:AllFeaturesOrganization$org-features:index:"
CHILDREN = {
    f"{IN_THE_COMPONENT}OrganizationFeatureSet::organization",
    f"{IN_THE_COMPONENT}AllFeaturesGate::organization-gate",
    f"{IN_THE_COMPONENT}RootPolicyType::organization-TAG_POLICY",
}
INSPECTOR = "inspector2.amazonaws.com"


@pytest.fixture
def stack(tmp_path: Path, org: Emulator) -> YamlProject:
    """The guide's program, as the organization's management account."""
    folder = tmp_path / "native"
    folder.mkdir()
    made = YamlProject(folder)
    made.act_as(org)
    made.take(native_programs.yaml_program("component"))
    return made


def children(stack: YamlProject) -> dict[str, dict[str, Any]]:
    """Our resources in the state, by URN, but for components and providers."""
    kept = json.loads(stack.stored())["checkpoint"]["latest"]["resources"]
    ours = "org-features:index:"
    return {each["urn"]: each for each in kept if each["custom"] and each["type"].startswith(ours)}


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
def test_it_makes_its_children(stack: YamlProject, org: Emulator) -> None:
    made = stack.up()

    assert made.code == 0, made.text
    assert 'status: "ENABLED"' in made.text
    assert set(children(stack)) == CHILDREN
    org.reset_calls()
    assert stack.preview("--expect-no-changes").code == 0
    assert org.calls == {}


@pytest.mark.exhaustive
def test_a_migration_goes_from_its_start_to_its_end(stack: YamlProject, org: Emulator) -> None:
    stack.declare_one("TrustedService", "behind", org, {"dependsOn": ["${organization}"]})
    stack.resources["behind"]["properties"]["servicePrincipal"] = INSPECTOR
    ahead = stack.preview()
    assert ahead.did("+ 6 to create"), ahead.text

    for _ in range(2):
        held = stack.up()
        assert held.code != 0
        assert held.text.count("error: feature-set-not-enabled: o-exampleorg1 doesn't have all") > 0
        assert "has a problem" not in held.text
        assert set(children(stack)) == {f"{IN_THE_COMPONENT}OrganizationFeatureSet::organization"}
    org.approve_all()
    done = stack.up()
    assert done.code == 0, done.text
    assert set(children(stack)) > CHILDREN
    assert stack.preview("--expect-no-changes").code == 0
    gone = stack.command("destroy", "--yes", "--skip-preview")
    assert gone.code == 0, gone.text
    assert org.feature_set == "ALL"


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
def test_its_children_have_its_provider_and_its_options(stack: YamlProject, org: Emulator) -> None:
    organization = stack.resources["organization"]
    organization["options"] = {**stack.declare_provider("explicit", org), "protect": True}
    role = "arn:aws:iam::111111111111:role/Deploy"
    organization["properties"].update(
        policyTypes=["INSPECTOR_POLICY"],
        trustedServices=[INSPECTOR],
        approver={"roleArnTemplate": role.replace("111111111111", "{account_id}"), "externalId": "canary"},
    )
    (stack.folder / "Pulumi.test.yaml").write_text(
        "\n".join(
            line
            for line in (stack.folder / "Pulumi.test.yaml").read_text().splitlines()
            if line.startswith("encryptionsalt")
        )
    )

    made = stack.up()

    assert made.code == 0, made.text
    found = children(stack)
    assert {each["provider"].split("::")[-2] for each in found.values()} == {"explicit"}
    assert all(each["protect"] for each in found.values())
    needs = found[f"{IN_THE_COMPONENT}RootPolicyType::organization-INSPECTOR_POLICY"]["dependencies"]
    assert f"{IN_THE_COMPONENT}TrustedService::organization-{INSPECTOR}" in needs
    assert "canary" not in stack.stored()
    assert "canary" not in made.text


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"policyTypes": ["tag-policy"]}, "policy-types-invalid: organization: policyType is 'tag-policy'"),
        (
            {"policyTypes": ["${features.status}"]},
            "policy-types-invalid: organization: policyTypes holds <not known yet>, but it names resources",
        ),
    ],
)
def test_a_name_of_no_resource_is_refused_in_one_line(
    stack: YamlProject, org: Emulator, given: dict[str, Any], told: str
) -> None:
    stack.declare("features", org)
    stack.resources["organization"]["properties"].update(given)

    refused = stack.preview()

    assert refused.code != 0
    assert told in refused.text, refused.text
    assert "Traceback" not in refused.text


@pytest.mark.exhaustive
@pytest.mark.parametrize("approved", [False, True])
def test_pythons_component_is_taken_over_with_its_children(
    stack: YamlProject, org: Emulator, tmp_path: Path, *, approved: bool
) -> None:
    (tmp_path / "dynamic").mkdir()
    dynamic = Project(tmp_path / "dynamic", org)
    dynamic.declare(
        lambda: AllFeaturesOrganization(
            "organization", organization_id=org.organization_id, policy_types=["TAG_POLICY"]
        )
    )
    dynamic.up()
    if approved:
        org.approve_all()
        assert not dynamic.up().failed
    stack.restore(json.loads(dynamic.stored())["checkpoint"]["latest"])
    org.reset_calls()

    taken = stack.up()

    assert (taken.code == 0) is approved, taken.text
    assert org.writes == {}
    assert "deleted" not in taken.text
    assert "replaced" not in taken.text
    found = children(stack)
    assert set(found) == (
        CHILDREN if approved else {f"{IN_THE_COMPONENT}OrganizationFeatureSet::organization"}
    )
    kept = found[f"{IN_THE_COMPONENT}OrganizationFeatureSet::organization"]
    assert kept["outputs"]["startedByThisResource"] is True
    org.approve_all()
    assert stack.up().code == 0
    assert set(children(stack)) == CHILDREN
    assert stack.preview("--expect-no-changes").code == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
def test_a_stack_moves_into_it_without_a_change(stack: YamlProject, org: Emulator) -> None:
    component = stack.resources.pop("organization")
    outputs, stack.outputs = stack.outputs, {}
    stack.declare("organization", org)
    stack.declare_one("RootPolicyType", "organization-TAG_POLICY", org, policyType="TAG_POLICY")
    assert stack.up().code == 0
    org.reset_calls()
    stack.resources, stack.outputs = {"organization": component}, outputs

    moved = stack.up()

    assert moved.code == 0, moved.text
    assert moved.did("+ 2 created"), moved.text  # the component and the gate
    assert "deleted" not in moved.text
    assert org.calls == {}
    assert set(children(stack)) == CHILDREN
