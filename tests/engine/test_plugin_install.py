"""The native provider once it is installed: how the engine finds it, and its messages about versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.cli_project import path_without
from tests.harness.yaml_project import YamlProject

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

VENV = Path(sys.executable).parent


class Project(YamlProject):
    """A stack that says nothing of where its provider is; no virtual environment is on PATH."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.set_environment(PATH=path_without(VENV), PULUMI_HOME=str(folder / "home"))

    def described(self) -> dict[str, Any]:
        return {key: value for key, value in super().described().items() if key != "plugins"}

    def install(self, *options: str) -> str:
        ran = subprocess.run(
            [VENV / "org-features", "plugin", "install", *options],
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout


@pytest.fixture
def stack(tmp_path: Path, org: Emulator) -> Project:
    made = Project(tmp_path)
    made.act_as(org)
    made.declare("features", org)
    return made


@pytest.mark.exhaustive
def test_the_installed_plugin_is_found_without_a_warning_until_it_is_removed(
    stack: Project, org: Emulator
) -> None:
    assert "no resource plugin 'pulumi-resource-org-features' found" in stack.preview().text

    stack.install()
    begun = stack.up()

    assert begun.code == 0, begun.text
    assert "warning: using" not in begun.text
    assert "from $PATH" not in begun.text
    assert org.writes == {"EnableAllFeatures": 1}
    assert stack.state()["features"]["outputs"]["status"] == "AWAITING_APPROVALS"

    stack.install("--uninstall")
    assert "no resource plugin 'pulumi-resource-org-features' found" in stack.preview().text


@pytest.mark.exhaustive
def test_one_on_path_goes_before_it_unless_it_is_ignored(stack: Project) -> None:
    stack.install()
    stack.set_environment(PATH=os.environ["PATH"])
    assert f"using pulumi-resource-org-features from $PATH at {VENV}" in stack.preview().text
    stack.set_environment(PULUMI_IGNORE_AMBIENT_PLUGINS="true")
    assert "from $PATH" not in stack.preview().text


@pytest.mark.exhaustive
def test_the_engine_or_the_plugin_reports_a_missing_version(stack: Project) -> None:
    stack.install()
    stack.resources["features"]["options"] = {"version": "99.0.0"}
    missing = "no resource plugin 'pulumi-resource-org-features' found in the workspace at version v99.0.0"
    assert missing in stack.preview().text

    stack.set_environment(PATH=os.environ["PATH"])
    shown = stack.preview()
    assert shown.code == 0, shown.text
    assert "plugin org-features is expected to have version >=99.0.0, but has" in shown.text
    assert "warning: the program's SDK is of version 99.0.0, and this plugin of" in shown.text
