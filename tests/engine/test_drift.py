"""Drift in refresh, preview and --expect-no-changes: it is a difference, waiting is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.stacks import feature_set

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.stacks import Project


@pytest.fixture
def waiting(project: Project) -> Project:
    """A stack whose migration waits for approvals."""
    project.declare_feature_set()
    project.up()
    return project


def test_a_preview_shows_no_output_that_it_cannot_know(waiting: Project, org: Emulator) -> None:
    org.approve_all()
    seen: list[object] = []

    def program() -> None:
        feature_set(org).status.apply(seen.append)

    waiting.declare(program)
    waiting.preview()
    assert seen == [], "an apply ran on what a preview can't know"


def test_a_saved_plan_holds_where_only_refresh_looks(project: Project, org: Emulator, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    project.declare_feature_set(observe="refresh")
    project.preview(plan=plan)
    assert not project.up(plan=plan).failed

    org.reset_calls()
    org.approve_all()
    project.preview(plan=plan)
    assert not project.up(plan=plan).failed
    assert org.calls == {}, "only refresh looks"

    project.refresh()
    project.preview(plan=plan)
    ran = project.up(plan=plan)
    assert ran.outputs["status"] == "ENABLED", ran.text
