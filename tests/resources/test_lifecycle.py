"""Destroy, rename, replace and move: ALL stays ALL, and no approval is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project


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
    assert "losing 1 approval already given" in project.preview().text
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"


@pytest.mark.parametrize("refresh", [True, False])
def test_a_destroy_with_a_refresh_cancels_as_well(project: Project, org: Emulator, refresh: bool) -> None:
    project.declare_feature_set(on_destroy="cancel")
    project.up()
    destroyed = project.destroy(refresh=refresh)
    assert "canceled the migration: nobody has approved it yet" in destroyed.text
    assert org.parent is not None
    assert org.parent["State"] == "CANCELED"


@pytest.mark.parametrize("scenario", [Scenario(invited=0)])
def test_destroy_cancels_a_migration_that_had_nobody_to_ask(project: Project, org: Emulator) -> None:
    project.declare_feature_set(on_destroy="cancel", finalize=False)
    assert project.up().outputs["status"] == "AWAITING_FINALIZATION"
    project.destroy()
    assert org.parent is not None
    assert org.parent["State"] == "CANCELED"


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda _org: None, "the migration h-"),
        (lambda org: org.cancel(), "nothing changes in AWS"),
        (lambda org: (org.approve_all(), org.finalize()), "the organization and its features are unchanged"),
    ],
)
def test_a_destroy_says_that_only_the_stack_forgets(
    project: Project, org: Emulator, happens: Callable[[Emulator], object], said: str
) -> None:
    project.declare_feature_set()
    project.up()
    happens(org)
    project.up()
    org.reset_calls()
    told = project.destroy().text
    assert f"removed from the stack only ({org.organization_id}): {said}" in told
    assert org.writes == {}
