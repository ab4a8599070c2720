"""Which Pythons are tried: those that the package claims to support, and that really run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import pythons
from tools.local import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_those_that_the_package_claims_to_support() -> None:
    claimed = pythons.supported((ROOT / "pyproject.toml").read_text())
    assert claimed[0] == "3.11"
    assert len(claimed) > 1


def test_one_that_only_stands_there_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "bin" / "python3.13", "exit 127")
    script(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python", "echo 3.13")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert pythons.interpreter("3.13") == tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python"


def test_one_that_is_not_here_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert pythons.interpreter("3.12") is None
