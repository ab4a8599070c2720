"""A saved plan binds: what AWS shows between the plan and the `up` changes nothing that can't be undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario
from tests.resources.test_approver import declare, members, scenario
from tests.stacks import feature_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.stacks import CommandResult, Project

APPROVERS = scenario(*members(3))


def begin(project: Project, **declared: Any) -> None:
    """Start the migration, or take it on."""
    project.declare_feature_set(**declared)
    assert not project.up().failed


def plan(project: Project, folder: Path) -> tuple[CommandResult, dict[str, Any]]:
    """Save a plan; gives what a reviewer reads, and the steps that it holds."""
    path = folder / "plan.json"
    told = project.preview(plan=str(path), diff=True)
    assert not told.failed, told.text
    resources = json.loads(path.read_text())["resourcePlans"]
    (goal,) = [each["goal"] for urn, each in resources.items() if urn.endswith("::org")]
    changed = {**(goal["inputDiff"].get("adds") or {}), **(goal["inputDiff"].get("updates") or {})}
    return told, changed.get("steps") or {}


def apply(project: Project, folder: Path) -> CommandResult:
    """Do what the plan says."""
    return project.up(plan=str(folder / "plan.json"))


@pytest.mark.parametrize(
    ("observe", "happens"),
    [
        pytest.param("diff", lambda org: org.approve_all(), id="diff: all approve"),
        pytest.param("refresh", lambda org: org.approve_all(), id="refresh: all approve"),
        pytest.param(
            "diff",
            lambda org: org.clock.advance(days=91),
            id="diff: it expires",
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(
            "refresh",
            lambda org: org.clock.advance(days=91),
            id="refresh: it expires",
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_a_plan_of_another_change_neither_finalizes_nor_starts(
    project: Project, org: Emulator, tmp_path: Path, observe: str, happens: Callable[[Emulator], None]
) -> None:
    begin(project, observe=observe)
    project.declare_feature_set(observe=observe, timeout="45m")
    _, steps = plan(project, tmp_path)
    assert set(steps) <= {"none"}
    happens(org)
    org.reset_calls()

    applied = apply(project, tmp_path)

    assert org.writes == {}, applied.text
    if observe == "diff":
        assert applied.failed
        assert "violates plan" in applied.text
    else:
        assert "not done, because it wasn't announced before this run" in applied.text
        assert project.kept()["timeout"] == "45m"
    # Nothing is lost: what is left is shown, and done, by the next runs.
    if observe == "refresh":
        project.refresh()
    told, steps = plan(project, tmp_path)
    expected = {"finalize"} if org.parent["State"] == "OPEN" else {"start"}  # type: ignore[index]
    assert set(steps) - {"again"} == expected, told.text
    assert not apply(project, tmp_path).failed
    assert org.writes.keys() <= {"AcceptHandshake", "EnableAllFeatures"}
    assert org.writes.total() == 1


@pytest.mark.parametrize("scenario", [APPROVERS])
@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_a_plan_names_all_whose_consent_it_gives_and_what_it_finalizes(
    project: Project, org: Emulator, tmp_path: Path, observe: str
) -> None:
    begin(project, observe=observe)
    if observe == "refresh":
        project.refresh()
    migration = org.parent["Id"]  # type: ignore[index]
    declare(project, observe=observe)

    told, steps = plan(project, tmp_path)

    assert steps == {"approve": list(org.invited), "migration": migration, "finalize": migration}
    consent = f"on behalf of 3 accounts ({', '.join(org.invited[:2])} and {org.invited[2]})"
    warned = [text for severity, text in told.messages if severity == "warning"]
    assert any(consent in text for text in warned), told.messages
    assert any(f"finalizes {migration}, which can't be undone" in text for text in warned), told.messages
    assert org.invited[1] in told.text

    assert not apply(project, tmp_path).failed
    assert org.feature_set == "ALL"


@pytest.mark.parametrize("scenario", [APPROVERS])
def test_without_a_look_a_plan_consents_for_nobody(project: Project, org: Emulator, tmp_path: Path) -> None:
    begin(project, observe="refresh")
    declare(project, observe="refresh")
    _, steps = plan(project, tmp_path)
    assert set(steps) == {"none"}
    org.reset_calls()
    assert not apply(project, tmp_path).failed
    assert org.writes == {}
    project.refresh()
    assert set(plan(project, tmp_path)[1]) == {"approve", "migration", "finalize"}
    assert not apply(project, tmp_path).failed
    assert org.feature_set == "ALL"


@pytest.mark.parametrize("scenario", [scenario(*members(5))])
def test_a_plan_consents_for_nobody_who_was_asked_after_it(
    project: Project, org: Emulator, tmp_path: Path
) -> None:
    declare(project)
    told, steps = plan(project, tmp_path)
    assert steps["approve"] == list(org.invited)
    assert any(
        "finalizes the migration that this run starts, which can't be undone" in text
        for severity, text in told.messages
        if severity == "warning"
    )
    org.join(org.invite())
    applied = apply(project, tmp_path)
    assert applied.failed
    assert "violates plan" in applied.text
    assert org.writes == {}


@pytest.mark.parametrize("planned", [True, False])
def test_a_raised_attempt_cancels_no_other_migration(
    project: Project, org: Emulator, tmp_path: Path, planned: bool
) -> None:
    begin(project)
    org.cancel()
    assert project.up().outputs["status"] == "CANCELED"
    project.declare_feature_set(attempt=2)
    assert set(plan(project, tmp_path)[1]) == {"start"}
    org.enable_all_features()
    for account_id in org.invited[:-1]:
        org.approve(account_id)
    org.decline(org.invited[-1])
    another = org.parent["Id"]  # type: ignore[index]
    org.reset_calls()

    ran = apply(project, tmp_path) if planned else project.up()

    assert org.writes == {}, ran.text
    assert ran.failed is planned
    if planned:
        return
    assert ran.outputs["status"] == "DECLINED"
    assert ran.outputs["handshake"]["id"] == another
    assert "raise `attempt` to 3" in ran.outputs["message"]
    assert project.up().changes == 0
    # Raised for this one, it is canceled: a person has said so.
    project.declare_feature_set(attempt=3)
    assert f"canceling {another}" in project.preview().text
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"
    assert org.writes == {"CancelHandshake": 1, "EnableAllFeatures": 1}


@pytest.mark.parametrize("scenario", [Scenario(invited=2)])
def test_finalize_binds_to_one_migration(project: Project, org: Emulator) -> None:
    begin(project, finalize=False)
    first = org.parent["Id"]  # type: ignore[index]
    project.declare_feature_set(finalize=first)
    project.up()
    org.clock.advance(days=91)
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"
    org.approve_all()
    another = org.parent["Id"]  # type: ignore[index]
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_FINALIZATION"
    assert f"finalize names another migration, {first}. Set it to {another} by" in ran.outputs["message"]
    project.declare_feature_set(finalize=another)
    assert project.up().outputs["status"] == "ENABLED"


def test_a_plan_made_before_an_input_is_known_lets_nothing_be_done(
    project: Project, org: Emulator, tmp_path: Path
) -> None:
    def program() -> None:
        late = Late("late").made
        feature_set(org, timeout=late)

    project.declare(program)
    told, steps = plan(project, tmp_path)
    assert steps == {"none": "inputs aren't known yet"}
    assert any("not all its inputs are known yet" in text for _, text in told.messages)
    applied = apply(project, tmp_path)
    assert applied.failed
    assert "violates plan" in applied.text
    assert org.writes == {}
    assert not project.up().failed
    assert org.writes == {"EnableAllFeatures": 1}


class LateProvider(pulumi.dynamic.ResourceProvider):
    """Makes what isn't known before."""

    def create(self, props: dict[str, Any]) -> pulumi.dynamic.CreateResult:
        return pulumi.dynamic.CreateResult("late", {**props, "made": "45m"})


class Late(pulumi.dynamic.Resource):
    """A resource whose output is known once it is made."""

    made: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        super().__init__(LateProvider(), name, {"made": None})
