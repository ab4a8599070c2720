"""Names and dates of the files of a release. tests/engine/test_release.py makes them."""

from __future__ import annotations

import io
import platform
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from tools import release
from tools.progress import ToolError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("system", "machine", "named"),
    [
        ("Linux", "x86_64", "linux-amd64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Darwin", "x86_64", "darwin-amd64"),
    ],
)
def test_the_archive_is_called_as_pulumi_looks_for_it(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, named: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    expected = f"pulumi-resource-org-features-v{release.version()}-{named}.tar.gz"
    assert release.archive_name() == expected


def test_a_machine_that_pulumi_has_no_name_for_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "s390x")
    with pytest.raises(ToolError, match="Pulumi knows no machine s390x"):
        release.archive_name()


def test_dates_are_the_last_commits_unless_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    command = ["git", "log", "-1", "--format=%ct"]
    told = subprocess.run(command, cwd=release.ROOT, capture_output=True, text=True, check=True)
    assert release.epoch() == told.stdout.strip()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "315532800")
    assert release.epoch() == "315532800"


def test_without_a_commit_the_date_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr(release, "ROOT", tmp_path)
    with pytest.raises(ToolError) as told:
        release.epoch()
    assert told.value.hint == "Set SOURCE_DATE_EPOCH."


def test_the_archive_has_one_program_and_nothing_of_this_machine(tmp_path: Path) -> None:
    program = tmp_path / "pulumi-resource-org-features"
    program.write_bytes(b"#!/bin/sh\n")
    packed = release._packed(program, 315532800)
    program.touch()
    assert release._packed(program, 315532800) == packed
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        (entry,) = archive.getmembers()
        told = (entry.name, entry.mode, entry.mtime, entry.uid, entry.uname)
        assert told == (program.name, 0o755, 315532800, 0, "")


def test_the_sums_are_of_all_files_but_their_own(tmp_path: Path) -> None:
    for name in ("b", "a", release.SUMS):
        (tmp_path / name).write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert release.sums(tmp_path) == f"{empty}  a\n{empty}  b\n"
