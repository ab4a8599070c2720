"""Getting a browser: what is there is taken, Debian's is installed only where it may be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tools import browser
from tools.progress import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, with an apt-get that is never run."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in (browser.VARIABLE, "CI", "APT"):
        monkeypatch.delenv(name, raising=False)
    program(tmp_path / "apt-get")
    return tmp_path


@pytest.fixture
def ran(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands of apt-get; installing works the second time, after the lists were fetched."""
    told: list[str] = []

    def run(command: Sequence[str], **_: object) -> None:
        told.append(command[1])
        if "update" not in told:
            raise CommandError("no such package", "E: Unable to locate package")
        if command[1] == "install":
            program(path / browser.PACKAGE)

    monkeypatch.setattr(browser, "run", run)
    return told


def program(path: Path) -> None:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def as_user(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_an_existing_program_is_used(path: Path, ran: list[str]) -> None:
    program(path / "google-chrome")
    assert browser.find() == str(path / "google-chrome")
    assert (browser.main(), ran) == (0, [])


def test_the_environment_goes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path / "chromium")
    program(path / "another")
    monkeypatch.setenv(browser.VARIABLE, str(path / "another"))
    assert browser.find() == str(path / "another")


@pytest.mark.parametrize("asked", ["CI=true", "APT=1"])
def test_root_gets_debians_where_that_was_asked_for(
    asked: str, path: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 0)
    monkeypatch.setenv(*asked.split("="))
    assert browser.main() == 0
    assert ran == ["install", "update", "install"]
    assert browser.find() == str(path / "chromium")


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(("number", "asked"), [(0, "CI=no"), (0, "APT="), (1000, "CI=true"), (1000, "APT=1")])
def test_others_get_the_command_to_type(
    number: int,
    asked: str,
    ran: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    as_user(monkeypatch, number)
    monkeypatch.setenv(*asked.split("="))
    assert (browser.main(), ran) == (1, [])
    told = capsys.readouterr().err
    assert "sudo apt-get install chromium" in told
    assert "APT=1" in told


def test_a_failed_download_is_reported(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object, **__: object) -> None:
        raise CommandError("Installing: failed", "E: no network")

    monkeypatch.setattr(browser, "run", run)
    as_user(monkeypatch, 0)
    monkeypatch.setenv("CI", "true")
    assert browser.main() == 1
    told = capsys.readouterr().err
    assert "E: no network" in told
    assert "sudo apt-get install chromium" in told
    assert browser.find() is None
    assert path.exists()
