"""Destroy, rename, replace and move: ALL stays ALL, and no approval is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import AllFeaturesGate
from tests.engine.conftest import export, feature_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from aws_org_features import OrganizationFeatureSet
    from tests.engine.conftest import Project


def _own(_project: Project, _org: Emulator) -> None:
    """The resource starts the migration by itself."""


def _adopted(_project: Project, org: Emulator) -> None:
    org.enable_all_features()


def _nobody(_project: Project, _org: Emulator) -> None:
    """Nobody has approved when the destroy comes."""


def _approved(_project: Project, org: Emulator) -> None:
    org.approve(org.invited[0])


def _finished(project: Project, org: Emulator) -> None:
    org.approve_all()
    finalized = project.up()
    assert finalized.outputs.get("status") == "ENABLED", finalized.text


@pytest.mark.parametrize("on_destroy", ["leave", "cancel"])
@pytest.mark.parametrize("begun", [_own, _adopted])
@pytest.mark.parametrize("then", [_nobody, _approved, _finished])
def test_destroy_cancels_only_what_is_its_own_and_costs_no_approval(
    project: Project,
    org: Emulator,
    on_destroy: str,
    begun: Callable[[Project, Emulator], None],
    then: Callable[[Project, Emulator], None],
) -> None:
    begun(project, org)
    project.declare_feature_set(on_destroy=on_destroy)
    project.up()
    then(project, org)
    org.reset_calls()

    destroyed = project.destroy()

    assert not destroyed.failed, destroyed.text
    may_cancel = (on_destroy, begun, then) == ("cancel", _own, _nobody)
    assert dict(org.writes) == ({"CancelHandshake": 1} if may_cancel else {})
    assert org.feature_set == ("ALL" if then is _finished else "CONSOLIDATED_BILLING")
    if on_destroy == "leave":
        assert org.calls == {}
    elif not may_cancel:
        assert "nothing was canceled: " in destroyed.text


@pytest.mark.parametrize("on_destroy", ["leave", "cancel"])
@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("how", ["rename", "move", "replace", "delete before replace"])
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
        # What the user asked for in so many words; nobody had approved.
        assert dict(org.writes) == {"CancelHandshake": 1}
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


def test_a_rename_does_not_use_the_same_attempt_again(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.decline(org.invited[0])
    project.up()
    project.declare_feature_set(attempt=2)
    project.up()
    org.approve(org.invited[1])
    org.decline(org.invited[0])
    project.up()
    org.reset_calls()
    project.declare_feature_set("renamed", attempt=2)
    assert project.up().outputs["status"] == "DECLINED"
    assert org.writes == {}
    project.declare_feature_set("renamed", attempt=3)
    assert "gives up 1 approval already given" in project.preview().text
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"


@pytest.mark.parametrize("refresh", [True, False])
def test_a_destroy_with_a_refresh_cancels_as_well(project: Project, org: Emulator, refresh: bool) -> None:
    project.declare_feature_set(on_destroy="cancel")
    project.up()
    destroyed = project.destroy(refresh=refresh)
    assert "canceled the migration: nobody has approved it yet" in destroyed.text
    assert org.parent is not None
    assert org.parent["State"] == "CANCELED"


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


@pytest.mark.parametrize("scenario", [Scenario(invited=0)])
def test_destroy_cancels_a_migration_that_had_nobody_to_ask(project: Project, org: Emulator) -> None:
    project.declare_feature_set(on_destroy="cancel", finalize=False)
    assert project.up().outputs["status"] == "AWAITING_FINALIZATION"
    project.destroy()
    assert org.parent is not None
    assert org.parent["State"] == "CANCELED"
