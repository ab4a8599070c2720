"""Replacement of a virtual environment."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tools import packages
from tools.progress import CommandError
from tools.venvs import LANDING_ZONE, SITE, Venv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "check out"
    root.mkdir()
    (root / "pyproject.toml").write_text("[project]")
    (root / "requirements.lock").write_text("pulumi-aws==7.51.1")
    return root


@dataclass
class Steps:
    """The steps that were taken instead; making a venv makes what is looked at afterwards."""

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


@pytest.fixture
def venv(checkout: Path) -> Venv:
    return replace(LANDING_ZONE, root=checkout, path=checkout / ".local" / "landing-zone" / "venv")


def test_a_file_is_made_once(venv: Venv, steps: Steps) -> None:
    assert not venv.is_current
    venv.ensure()
    venv.ensure()

    assert venv.is_current
    assert steps.installed == [("project", "install", "landing-zone")]


def test_of_the_site_only_the_generator_is_installed(venv: Venv, steps: Steps) -> None:
    replace(venv, names=SITE.names).ensure()

    assert steps.installed == [("site",)]


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("change", "python"),
    [
        (_with_other("pyproject.toml"), platform.python_version()),
        (_with_other("requirements.lock"), platform.python_version()),
        (_moved, platform.python_version()),
        (lambda root: root, "3.99.0"),
    ],
    ids=["project", "pins", "path", "python"],
)
def test_it_is_recreated_for_another_project_pins_path_and_python(
    venv: Venv, change: Callable[[Path], Path], python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.ensure()
    root = change(venv.root)
    monkeypatch.setattr("platform.python_version", lambda: python)

    assert not replace(venv, root=root, path=root / venv.path.relative_to(venv.root)).is_current


def test_a_failed_create_is_repeated(venv: Venv, steps: Steps) -> None:
    steps.failing = True
    with pytest.raises(CommandError):
        venv.ensure()

    assert not venv.is_current
