"""`AllFeaturesOrganization` as a component of a real stack, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import (
    ConnectionArgs,
    EndpointsArgs,
    OrganizationFeatureSet,
    RootPolicyType,
)
from tests.resources.test_guards import assert_clean
from tests.resources.test_landing_zone import (
    COMPONENT,
    NAMES,
    SCP,
    TAG,
    Dependent,
    enabled,
    organization,
    urns,
)
from tests.stacks import ORGANIZATION, Project, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator


def test_from_consolidated_billing_to_policy_types_and_back(project: Project, org: Emulator) -> None:
    def program() -> None:
        made = organization(wait_until="requested")
        Dependent("on-a-type", depends_on=[made.policy_type_resources[TAG]])
        Dependent("on-all-of-it", depends_on=[made])
        Dependent("on-nothing")
        pulumi.export("order", list(made.policy_type_resources))
        pulumi.export("status", made.feature_set.status)

    project.declare(program)
    preview = project.preview()
    assert preview.ops == {"create": 9}, preview.text
    assert org.writes == {}

    first = project.up(continue_on_error=True)
    assert_clean(first, "feature-set-not-enabled", "0 of 3 approved")
    assert set(project.resources()) == {"organization", "on-nothing"}
    kept = project.resources()["organization"]
    assert (
        kept["urn"].split("::")[2]
        == f"{COMPONENT}$pulumi-python:dynamic/organizations:OrganizationFeatureSet"
    )
    assert kept["parent"].endswith(f"::{COMPONENT}::organization")

    org.approve_all()
    second = project.up()
    assert not second.failed, second.text
    assert set(project.resources()) == {*NAMES, "on-a-type", "on-all-of-it", "on-nothing"}
    assert second.outputs == {"order": [SCP, TAG], "status": "ENABLED"}
    assert enabled(org) == {SCP, TAG}
    org.reset_calls()
    assert not project.up(expect_no_changes=True).failed
    assert not project.preview(expect_no_changes=True).failed
    assert org.calls == {}
    assert not project.refresh(expect_no_changes=True).failed

    assert not project.destroy().failed
    assert enabled(org) == set()
    assert org.feature_set == "ALL"


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_other_names_move_in_after_a_rename_in_the_state(project: Project, org: Emulator) -> None:
    def before() -> None:
        OrganizationFeatureSet("org", organization_id=ORGANIZATION)
        RootPolicyType("tags", organization_id=ORGANIZATION, policy_type=TAG)

    project.declare(before)
    assert not project.up().failed
    assert project.kept("tags")["enabled_by_this_resource"] is True
    for old, new in (("org", "organization"), ("tags", f"organization-{TAG}")):
        project.command("state", "rename", urns(project)[old], new, "--yes")
    org.reset_calls()
    project.declare(lambda: organization(policy_types=[TAG]))
    ran = project.up()
    assert ran.ops == {"same": 3, "create": 2}, ran.text  # the component and its gate
    assert org.calls == {}
    assert project.kept(f"organization-{TAG}")["enabled_by_this_resource"] is True


def test_a_renamed_component_takes_its_children_along(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    project.declare(organization)
    assert not project.up().failed
    org.reset_calls()
    renamed = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="organization")])
    project.declare(lambda: organization("acme", opts=renamed))
    ran = project.up()
    assert ran.ops == {"same": 6}, ran.text
    assert org.calls == {}
    assert set(project.resources()) == {name.replace("organization", "acme", 1) for name in NAMES}


def test_its_options_reach_its_children(project: Project, org: Emulator) -> None:
    def program(**options: Any) -> Callable[[], None]:
        def run() -> None:
            first = Dependent("first")
            organization(opts=pulumi.ResourceOptions(depends_on=[first], **options))

        return run

    def reached(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_.endswith("RootPolicyType"):
            return pulumi.ResourceTransformResult({**args.props, "on_destroy": "leave"}, args.opts)
        return None

    org.enable_all_features()
    org.approve_all()
    project.declare(program(protect=True, retain_on_delete=True, transforms=[reached]))
    assert not project.up().failed
    kept = project.resources()
    first = kept["first"]["urn"]
    assert first in kept["organization"]["dependencies"]
    for name in NAMES:
        assert kept[name]["protect"] is True, name
        assert kept[name]["retainOnDelete"] is True, name
    assert kept[f"organization-{TAG}"]["outputs"]["on_destroy"] == "leave"
    assert "cannot be deleted" in project.destroy().text

    project.declare(program(retain_on_delete=True))
    assert not project.up().failed
    org.reset_calls()
    assert not project.destroy().failed
    assert org.calls == {}


@pytest.mark.exhaustive
def test_one_connection_serves_all_of_it(project: Project, org: Emulator, tmp_path: Path) -> None:
    keys = org.credentials(org.management)
    profile = tmp_path / "aws-config"
    profile.write_text(
        f"[profile management]\naws_access_key_id={keys.access_key_id}\n"
        f"aws_secret_access_key={keys.secret_access_key}\n"
    )
    project.stack.workspace.env_vars = {**environment(), "AWS_CONFIG_FILE": str(profile)}
    project.configure_with(dict.fromkeys(("aws:accessKey", "aws:secretKey", "aws:endpoints", "aws:region")))
    org.enable_all_features()
    org.approve_all()
    connection = ConnectionArgs(
        profile="management", region="us-east-1", endpoints=EndpointsArgs(organizations=org.endpoint)
    )
    project.declare(lambda: organization(connection=connection))
    ran = project.up()
    assert not ran.failed, ran.text
    assert enabled(org) == {SCP, TAG}
