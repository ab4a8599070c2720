"""The site's tools: fetched once, and as pinned."""

from __future__ import annotations

import hashlib
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tools import versions
from tools.docs import site_tools
from tools.docs.site_tools import fetch_mermaid, is_mermaid
from tools.progress import ToolError

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
def test_another_mermaid_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="isn't the one whose sum"):
        fetch_mermaid(tmp_path / "mermaid.min.js")
    assert list(tmp_path.iterdir()) == []


def test_without_npm_an_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ToolError, match="there is no npm"):
        fetch_mermaid(tmp_path / "mermaid.min.js")
