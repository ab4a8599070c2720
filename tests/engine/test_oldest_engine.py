"""The oldest engine that is accepted on PATH: a migration from its start to its end, and on to the newest.

All else is tried with the engine that `make up` gets. `make setup-all` gets the oldest one besides.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.stacks import Project
from tools import versions
from tools.local import LOCAL

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

pytestmark = pytest.mark.exhaustive


@pytest.fixture
def old_project(tmp_path: Path, org: Emulator, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A stack that the oldest engine runs."""
    told = LOCAL / "engine-oldest"
    if not (told.exists() and (Path(told.read_text().strip()) / "pulumi").exists()):
        pytest.fail(
            "the oldest engine isn't there: `make setup-all` gets it, `make test-all` too", pytrace=False
        )
    monkeypatch.setenv("PATH", f"{told.read_text().strip()}{os.pathsep}{os.environ['PATH']}")
    return Project(tmp_path, org)


def _written_by(project: Project) -> str:
    return str(json.loads(project.stored())["checkpoint"]["latest"]["manifest"]["version"])


def test_a_migration_from_its_start_to_its_end(old_project: Project, org: Emulator) -> None:
    old_project.declare_feature_set()

    previewed = old_project.preview()
    assert "starts a migration of" in previewed.text
    assert org.writes == {}
    assert old_project.up().outputs["status"] == "AWAITING_APPROVALS"
    assert _written_by(old_project) == f"v{versions.OLDEST_ENGINE}"

    org.approve_all()
    assert old_project.refresh().changes == 1
    assert old_project.up().outputs["status"] == "ENABLED"
    assert org.feature_set == "ALL"
    assert old_project.preview(expect_no_changes=True).changes == 0
    assert not old_project.destroy().failed


def test_a_saved_plan(old_project: Project, org: Emulator, tmp_path: Path) -> None:
    old_project.declare_feature_set()
    plan = str(tmp_path / "plan.json")

    assert not old_project.preview(plan=plan).failed
    assert org.writes == {}
    assert old_project.up(plan=plan).outputs["status"] == "AWAITING_APPROVALS"
    assert org.writes == {"EnableAllFeatures": 1}


def test_the_newest_goes_on_from_what_the_oldest_left(
    old_project: Project, org: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_project.declare_feature_set()
    assert old_project.up().outputs["status"] == "AWAITING_APPROVALS"
    monkeypatch.undo()
    project = Project(tmp_path, org)
    project.declare_feature_set()

    assert project.preview(expect_no_changes=True).changes == 0
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert _written_by(project) != f"v{versions.OLDEST_ENGINE}"
