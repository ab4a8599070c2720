"""The oldest engine that is accepted on PATH: a migration from its start to its end, and on to the newest.

All else is tried with the engine that `make up` gets. `make setup-all` gets the oldest one besides.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.harness.native_project import NativeProject
from tests.stacks import Project
from tools import versions
from tools.local import LOCAL

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

pytestmark = pytest.mark.exhaustive


@pytest.fixture
def old_project(oldest: None, tmp_path: Path, org: Emulator) -> Project:  # noqa: ARG001 - it is on PATH
    """A stack that the oldest engine runs."""
    return Project(tmp_path, org)


@pytest.fixture
def old_native(oldest: None, tmp_path: Path, org: Emulator) -> NativeProject:  # noqa: ARG001 - as above
    """A stack with the native provider that the oldest engine runs."""
    return NativeProject(tmp_path, org)


@pytest.fixture
def oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the oldest engine on PATH."""
    told = LOCAL / "engine-oldest"
    if not (told.exists() and (Path(told.read_text().strip()) / "pulumi").exists()):
        pytest.fail(
            "the oldest engine isn't there: `make setup-all` gets it, `make test-all` too", pytrace=False
        )
    monkeypatch.setenv("PATH", f"{told.read_text().strip()}{os.pathsep}{os.environ['PATH']}")


def _written_by(project: Project | NativeProject) -> str:
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


# The native provider


def test_natively_from_its_start_to_its_end(old_native: NativeProject, org: Emulator) -> None:
    old_native.declare_feature_set()

    previewed = old_native.preview()
    assert "starts a migration of" in previewed.text
    assert org.writes == {}
    begun = old_native.up()
    assert not begun.failed, begun.text
    assert old_native.kept()["status"] == "AWAITING_APPROVALS"
    assert _written_by(old_native) == f"v{versions.OLDEST_ENGINE}"
    assert not old_native.preview("--expect-no-changes").failed

    org.approve_all()
    ahead = old_native.preview("--diff")
    assert ahead.did("~ pending : 3 => 0"), ahead.text
    done = old_native.up()
    assert done.did("~ 1 updated"), done.text
    assert old_native.kept()["status"] == "ENABLED"
    org.reset_calls()
    assert not old_native.preview("--expect-no-changes").failed
    assert org.calls == {}
    assert not old_native.destroy().failed
    assert org.feature_set == "ALL"


def test_natively_what_fails_half_way_is_kept_and_healed(old_native: NativeProject, org: Emulator) -> None:
    old_native.declare_feature_set(on_destroy="cancel")
    old_native.up()
    org.decline(org.invited[0])
    old_native.declare_feature_set(on_destroy="cancel", attempt=2)
    org.fail("EnableAllFeatures", error="AccessDeniedException", times=9)

    failed = old_native.up()

    assert failed.failed
    assert "access-denied: EnableAllFeatures was denied" in failed.text
    assert old_native.kept()["status"] == "CANCELED"
    org.clear_faults()
    healed = old_native.up()
    assert not healed.failed, healed.text
    assert old_native.kept()["status"] == "AWAITING_APPROVALS"
    assert org.migrations_started == 2


def test_natively_another_provider_and_name_cost_nothing(old_native: NativeProject, org: Emulator) -> None:
    """Let its processes find one another as the newest engine's do."""
    old_native.declare("old", org, old_native.declare_provider("one", org), onDestroy="cancel")
    old_native.up()
    del old_native.resources["old"], old_native.outputs["oldStatus"]
    old_native.declare("new", org, old_native.declare_provider("two", org), onDestroy="cancel")

    renamed = old_native.up()

    assert "nothing was canceled: another resource of the program keeps the migration" in renamed.text
    assert org.writes == {"EnableAllFeatures": 1}


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
@pytest.mark.parametrize("explicit", [False, True])
def test_natively_a_components_children_have_its_provider(
    old_native: NativeProject, org: Emulator, *, explicit: bool
) -> None:
    options = old_native.declare_provider("own", org) if explicit else None
    old_native.declare_one("AllFeaturesOrganization", "org", org, options, policyTypes=["TAG_POLICY"])

    made = old_native.up()

    assert not made.failed, made.text
    kept = old_native.state()["org-TAG_POLICY"]
    assert kept["provider"].split("::")[-2] == ("own" if explicit else "default")
    assert not old_native.preview("--expect-no-changes").failed


def test_natively_it_imports(old_native: NativeProject, org: Emulator) -> None:
    org.enable_all_features()

    imported = old_native.command(
        *("import", "org-features:index:OrganizationFeatureSet", "org", org.organization_id),
        *("--yes", "--skip-preview", "--protect=false"),
    )

    assert not imported.failed, imported.text
    old_native.declare_feature_set()
    assert not old_native.preview("--expect-no-changes").failed


def test_natively_the_newest_goes_on_from_what_the_oldest_left(
    old_native: NativeProject, org: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_native.declare_feature_set()
    old_native.up()
    left = json.loads(old_native.stored())["checkpoint"]["latest"]
    monkeypatch.undo()
    folder = tmp_path / "newest"
    folder.mkdir()
    newest = NativeProject(folder, org)
    newest.restore(left)
    newest.declare_feature_set()

    assert not newest.preview("--expect-no-changes").failed
    org.approve_all()
    done = newest.up()
    assert newest.kept()["status"] == "ENABLED", done.text
    assert _written_by(newest) != f"v{versions.OLDEST_ENGINE}"
