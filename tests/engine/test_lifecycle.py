"""Destroy, rename, replace and move: ALL stays ALL, and no approval is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_features import AllFeaturesGate
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from aws_org_features import OrganizationFeatureSet
    from tests.stacks import Project


@pytest.mark.parametrize(
    ("how", "approved", "on_destroy"),
    [
        pytest.param(
            how,
            approved,
            on_destroy,
            # The costliest case: nobody has approved, and a destroy would cancel.
            marks=[] if (approved, on_destroy) == (False, "cancel") else [pytest.mark.exhaustive],
        )
        for how in ("rename", "move", "replace", "delete before replace")
        for approved in (True, False)
        for on_destroy in ("leave", "cancel")
    ],
)
def test_no_approval_is_lost_when_the_resource_gets_another_name_or_place(
    project: Project,
    org: Emulator,
    on_destroy: str,
    approved: bool,
    how: str,
) -> None:
    project.declare_feature_set(on_destroy=on_destroy)
    begun = project.up().outputs["handshake"]["id"]
    if approved:
        org.approve(org.invited[0])
    before = {child["Id"]: child["State"] for child in org.children}
    org.reset_calls()

    match how:
        case "rename":
            project.declare_feature_set("renamed", on_destroy=on_destroy)
            ran = project.up()
        case "move":
            project.declare(lambda: export(_in_a_component(org, on_destroy)))
            ran = project.up()
        case "replace":
            ran = project.up(replace=[_urn(project)])
        case _:
            keeping = pulumi.ResourceOptions(delete_before_replace=True)
            project.declare_feature_set(on_destroy=on_destroy, opts=keeping)
            ran = project.up(replace=[_urn(project)])

    assert not ran.failed, ran.text
    gives_up_nothing = how == "delete before replace" and on_destroy == "cancel" and not approved
    if gives_up_nothing:
        # The user asked for it in so many words; nobody had approved. The replacement goes on by itself.
        assert dict(org.writes) == {"CancelHandshake": 1, "EnableAllFeatures": 1}
        assert ran.outputs["status"] == "AWAITING_APPROVALS"
        return
    assert dict(org.writes) == {}
    assert {child["Id"]: child["State"] for child in org.children} == before
    assert ran.outputs["handshake"]["id"] == begun


def _urn(project: Project) -> str:
    return str(project.resources()["org"]["urn"])


def _in_a_component(org: Emulator, on_destroy: str) -> OrganizationFeatureSet:
    component = pulumi.ComponentResource("test:index:LandingZone", "landing-zone")
    opts = pulumi.ResourceOptions(parent=component)
    return feature_set(org, on_destroy=on_destroy, opts=opts)


@pytest.mark.exhaustive
def test_a_rename_that_takes_two_runs_costs_nothing_either(project: Project, org: Emulator) -> None:
    """A failing resource beside it has Pulumi keep the old name until the next run, which creates nothing."""
    project.declare_feature_set(on_destroy="cancel")
    project.up()

    def renamed() -> None:
        AllFeaturesGate("gate", feature_set=feature_set(org, "renamed", on_destroy="cancel"))

    project.declare(renamed)
    assert project.up().failed
    assert set(project.resources()) == {"org", "renamed"}
    org.reset_calls()
    assert project.up().failed
    project.declare_feature_set("renamed", on_destroy="cancel")
    project.up()
    assert set(project.resources()) == {"renamed"}
    assert org.writes == {}


def test_renaming_in_the_state_touches_nothing(project: Project, org: Emulator) -> None:
    project.declare_feature_set(on_destroy="cancel")
    project.up()
    org.reset_calls()
    workspace = project.stack.workspace
    workspace.pulumi_command.run(
        ["state", "rename", "--yes", "--stack", project.stack.name, _urn(project), "renamed"],
        workspace.work_dir,
        dict(workspace.env_vars),
    )
    project.declare_feature_set("renamed", on_destroy="cancel")
    assert project.up().changes == 0
    assert org.writes == {}


def test_an_alias_moves_it_without_a_call_that_writes(project: Project, org: Emulator) -> None:
    project.declare_feature_set(on_destroy="cancel")
    project.up()
    org.reset_calls()
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="org")])
    project.declare_feature_set("renamed", on_destroy="cancel", opts=opts)
    assert project.up().changes == 0
    assert project.kept("renamed")["started_by_this_resource"] is True
    assert org.writes == {}
