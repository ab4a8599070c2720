"""What builds the site is got once, and is what is pinned."""

from __future__ import annotations

import hashlib
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tools import site_tools, venvs, versions
from tools.console import CommandFailed, Trouble
from tools.site_tools import fetch_mermaid, is_mermaid, make_venv

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = b"globalThis.mermaid = {};"


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm that brings a small package."""

    def pack(argv: list[str], *, cwd: Path, **_: Any) -> None:
        assert argv[-1] == f"mermaid@{versions.MERMAID}"
        script = cwd / "script"
        script.write_bytes(SCRIPT)
        with tarfile.open(cwd / "mermaid.tgz", "w:gz") as archive:
            archive.add(script, "package/dist/mermaid.min.js")

    monkeypatch.setattr(site_tools, "run", pack)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("npm")
def test_mermaid_is_taken_out_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MERMAID_SHA256", hashlib.sha256(SCRIPT).hexdigest())
    target = tmp_path / "site" / "mermaid.min.js"
    assert not is_mermaid(target)
    fetch_mermaid(target)
    assert is_mermaid(target)


@pytest.mark.usefixtures("npm")
def test_what_isnt_the_pinned_mermaid_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="isn't the one whose sum"):
        fetch_mermaid(tmp_path / "mermaid.min.js")
    assert list(tmp_path.iterdir()) == []


def test_without_npm_a_person_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(Trouble, match="there is no npm"):
        fetch_mermaid(tmp_path / "mermaid.min.js")


def test_only_what_the_extra_asks_for_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project.optional-dependencies]\nsite = ['generator>=1']\n")
    (tmp_path / "requirements.lock").write_text("generator==1.2")
    ran: list[list[str]] = []

    def run(argv: list[Any], **_: Any) -> None:
        ran.append([str(word) for word in argv])
        if "venv" in argv:
            argv[-1].mkdir()

    monkeypatch.setattr(venvs, "run", run)
    make_venv(tmp_path, tmp_path / "venv")
    assert ran[-1][-3:] == ["-c", "requirements.lock", "generator>=1"]


def test_what_failed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project.optional-dependencies]\nsite = []\n")
    (tmp_path / "requirements.lock").touch()

    def run(*_: Any, **__: Any) -> None:
        raise CommandFailed("pip: failed", "")

    monkeypatch.setattr(venvs, "run", run)
    with pytest.raises(CommandFailed):
        make_venv(tmp_path, tmp_path / "venv")
    assert not (tmp_path / "venv" / "installed-from").exists()
