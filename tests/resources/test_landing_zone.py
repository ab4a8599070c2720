"""`AllFeaturesOrganization` as a component of a real stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import (
    AllFeaturesGate,
    AllFeaturesOrganization,
    OrganizationFeatureSet,
    RootPolicyType,
)
from tests.resources.test_guards import assert_clean
from tests.stacks import ORGANIZATION, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

TAG, BACKUP, SCP = "TAG_POLICY", "BACKUP_POLICY", "SERVICE_CONTROL_POLICY"
NAMES = {"organization", "organization-gate", f"organization-{SCP}", f"organization-{TAG}"}
COMPONENT = "aws-org-features:organizations:AllFeaturesOrganization"


class Dependent(pulumi.dynamic.Resource, module="test", name="Dependent"):
    """Something that needs policies."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(_Made(), name, {}, pulumi.ResourceOptions(**options))


class _Made(pulumi.dynamic.ResourceProvider):
    def create(self, props: dict[str, Any]) -> pulumi.dynamic.CreateResult:
        return pulumi.dynamic.CreateResult("made", props)


def organization(name: str = "organization", **arguments: Any) -> AllFeaturesOrganization:
    given = {"organization_id": ORGANIZATION, "policy_types": [SCP, TAG], **arguments}
    return AllFeaturesOrganization(name, **given)


def apart(**options: Any) -> None:
    """The same resources without the component, and something that needs them."""
    opts = pulumi.ResourceOptions(**options)
    features = OrganizationFeatureSet("organization", organization_id=ORGANIZATION, opts=opts)
    gate = AllFeaturesGate("organization-gate", feature_set=features, opts=opts)
    behind = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[gate]))
    for each in (SCP, TAG):
        RootPolicyType(f"organization-{each}", organization_id=ORGANIZATION, policy_type=each, opts=behind)


def enabled(org: Emulator) -> set[str]:
    org.clock.advance(seconds=10)
    (root,) = org.client("organizations", org.management).list_roots()["Roots"]
    return {each["Type"] for each in root["PolicyTypes"]}


def urns(project: Project) -> dict[str, str]:
    return {name: str(kept["urn"]) for name, kept in project.resources().items()}


def outputs(project: Project) -> dict[str, dict[str, Any]]:
    """The state's outputs of each resource; the pickled providers are encrypted again by every command."""
    return {name: {**project.kept(name), "__provider": ...} for name in project.resources()}


@pytest.mark.parametrize(
    "parent",
    [
        pytest.param(None, id="from the top of the stack"),
        pytest.param("a component", id="from beside it, within a component", marks=pytest.mark.engine_too),
    ],
)
def test_a_stack_moves_into_it_without_a_change(project: Project, org: Emulator, parent: str | None) -> None:
    def within(make: Callable[..., object]) -> Callable[[], None]:
        def program() -> None:
            opts = {"parent": pulumi.ComponentResource("test:index:Zone", "zone")} if parent else {}
            make(**opts)

        return program

    org.enable_all_features()
    org.approve_all()
    project.declare(within(apart))
    assert not project.up().failed
    assert set(project.resources()) == NAMES
    kept = outputs(project)
    org.reset_calls()

    project.declare(within(lambda **options: organization(opts=pulumi.ResourceOptions(**options))))
    preview = project.preview()
    assert preview.ops == {"same": 5 + bool(parent), "create": 1}, preview.text
    ran = project.up()
    assert ran.ops == {"same": 5 + bool(parent), "create": 1}, ran.text
    assert org.calls == {}
    assert outputs(project) == kept
    assert all(f"{COMPONENT}$" in urn for urn in urns(project).values())
    assert not project.up(expect_no_changes=True).failed


def test_inputs_may_be_unknown_in_a_preview(project: Project, org: Emulator) -> None:
    class Found(pulumi.dynamic.Resource):
        organization_id: pulumi.Output[str]
        on_destroy: pulumi.Output[str]

        def __init__(self) -> None:
            super().__init__(_Finder(), "found", {"organization_id": None, "on_destroy": None})

    def program() -> None:
        found = Found()
        organization(organization_id=found.organization_id, policy_types_on_destroy=found.on_destroy)

    project.declare(program)
    preview = project.preview()
    assert preview.ops == {"create": 7}, preview.text
    assert org.calls == {}
    assert_clean(project.up(), "feature-set-not-enabled")
    org.approve_all()
    assert not project.up().failed
    assert project.kept(f"organization-{TAG}")["on_destroy"] == "leave"


class _Finder(pulumi.dynamic.ResourceProvider):
    def create(self, props: dict[str, Any]) -> pulumi.dynamic.CreateResult:
        return pulumi.dynamic.CreateResult(
            "found", {**props, "organization_id": ORGANIZATION, "on_destroy": "leave"}
        )


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_the_list_of_types_grows_and_shrinks_by_name(project: Project, org: Emulator) -> None:
    types = [BACKUP, TAG]
    project.declare(lambda: organization(policy_types=types))
    assert not project.up().failed
    types[:] = ["CHATBOT_POLICY", TAG]
    preview = project.preview()
    assert preview.ops == {"same": 5, "create": 1, "delete": 1}, preview.text
    assert not project.up().failed
    assert enabled(org) == {SCP, "CHATBOT_POLICY", TAG}


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_a_type_in_use_stays_unless_that_is_declared(project: Project, org: Emulator) -> None:
    project.declare(lambda: organization(policy_types=[TAG]))
    assert not project.up().failed
    client = org.client("organizations", org.management)
    policy = client.create_policy(Name="costs", Description="", Type=TAG, Content=json.dumps({"tags": {}}))
    client.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=org.invited[0])
    assert_clean(project.destroy(), "policy-type-in-use", "costs")
    project.declare(lambda: organization(policy_types=[TAG], policy_types_on_destroy="leave"))
    assert not project.up().failed
    assert not project.destroy().failed
    assert TAG in enabled(org)


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_a_type_and_the_service_that_it_needs_in_one_up_and_down_again(
    project: Project, org: Emulator
) -> None:
    types, services = ["INSPECTOR_POLICY", TAG], ["ram.amazonaws.com", "inspector2.amazonaws.com"]
    project.declare(lambda: organization(policy_types=types, trusted_services=services))
    ran = project.up()
    assert not ran.failed, ran.text
    assert enabled(org) == {SCP, "INSPECTOR_POLICY", TAG}
    assert not project.up(expect_no_changes=True).failed
    destroyed = project.destroy()
    assert not destroyed.failed, destroyed.text
    assert org.writes["DisableAWSServiceAccess"] == len(services)
