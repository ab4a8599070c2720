"""The Pythons that are tried: those that the package claims to support, and that really run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools import compatibility
from tools.local import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_those_that_the_package_claims_to_support() -> None:
    claimed = compatibility.supported((ROOT / "pyproject.toml").read_text())
    assert claimed[0] == "3.11"
    assert len(claimed) > 1


def test_one_that_only_stands_there_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "bin" / "python3.13", "exit 127")
    script(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python", "echo 3.13")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert compatibility.interpreter("3.13") == tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python"


def test_one_that_is_not_here_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert compatibility.interpreter("3.12") is None


def test_the_tried_switches_exist() -> None:
    for test in (*compatibility.ON_PACKAGES, *compatibility.ON_PYTHONS):
        assert (ROOT / test.partition("::")[0]).exists()


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bound", compatibility.RESOLUTIONS)
def test_it_works_with_the_packages_that_are_allowed(bound: str) -> None:
    assert compatibility.passes_with(bound)
