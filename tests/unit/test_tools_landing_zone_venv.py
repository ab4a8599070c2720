"""When the landing zone's virtual environment is made anew."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tools import packages
from tools.landing_zone_venv import make
from tools.progress import CommandError
from tools.venvs import fingerprint, is_ready

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PYTHON = "3.11.7"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "check out"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]")
    (root / "requirements.lock").write_text("pulumi-aws==7.51.1")
    return root


@dataclass
class Steps:
    """What was done instead; making a venv makes what is looked at afterwards."""

    installed: list[tuple[str, ...]] = field(default_factory=list)
    failing: bool = False

    def make_venv(self, venv: Path, python: Any) -> None:
        assert python
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").touch()

    def install(self, root: Path, venv: Path, names: tuple[str, ...], *, doing: str) -> None:
        assert root in venv.parents
        assert "pulumi-aws" in doing
        self.installed.append(names)
        if self.failing:
            raise CommandError("installing: failed", "")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps = Steps()
    monkeypatch.setattr(packages, "make_venv", steps.make_venv)
    monkeypatch.setattr(packages, "install", steps.install)
    return steps


def _moved(root: Path) -> Path:
    return root.rename(root.parent / "elsewhere")


def _with_other(name: str) -> Callable[[Path], Path]:
    def change(root: Path) -> Path:
        (root / name).write_text("other")
        return root

    return change


@pytest.mark.parametrize(
    ("change", "python"),
    [
        (_with_other("pyproject.toml"), PYTHON),
        (_with_other("requirements.lock"), PYTHON),
        (_moved, PYTHON),
        (lambda root: root, "3.12.0"),
    ],
    ids=["project", "pins", "path", "python"],
)
def test_it_is_made_from_the_project_the_pins_the_path_and_the_python(
    checkout: Path, change: Callable[[Path], Path], python: str
) -> None:
    before = fingerprint(checkout, PYTHON)

    assert fingerprint(checkout, PYTHON) == before
    assert fingerprint(change(checkout), python) != before


def test_what_was_made_is_made_once(checkout: Path, steps: Steps) -> None:
    venv = checkout / ".local" / "landing-zone" / "venv"
    make(checkout, venv)

    assert is_ready(venv, fingerprint(checkout, platform.python_version()))
    assert not is_ready(venv, "another")
    assert steps.installed == [("project", "install", "landing-zone")]


def test_what_failed_is_made_again(checkout: Path, steps: Steps) -> None:
    venv = checkout / ".local" / "landing-zone" / "venv"
    steps.failing = True
    with pytest.raises(CommandError):
        make(checkout, venv)

    assert not is_ready(venv, fingerprint(checkout, platform.python_version()))
