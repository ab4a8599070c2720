"""Folders that a kit is written to: never over something that nobody gave up."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import error_of

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke


def test_a_folder_that_isnt_empty_is_left_alone(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    reference, text = error_of(invoke("approval-kit", "--to", str(tmp_path)))
    assert (reference, text.startswith(f"The folder {tmp_path} isn't empty.")) == ("folder-unusable", True)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert (tmp_path / "README.md").read_text() == "mine"
    assert not org.calls


def test_by_force_the_kits_files_are_replaced_and_the_others_stay(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    assert invoke("approval-kit", "--to", str(tmp_path)).exit_code == 0
    (tmp_path / "notes.txt").write_text("mine")
    org.approve(org.invited[1])
    result = invoke("approval-kit", "--to", str(tmp_path), "--force")
    assert result.exit_code == 0
    left = tmp_path / "accounts" / f"{org.invited[1]}.md"
    assert result.stderr == f"left from before: {left}\n"
    assert left.exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert org.invited[1] not in (tmp_path / "README.md").read_text()


def test_a_folder_that_cannot_be_written_is_reported_in_one_line(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    (tmp_path / "file").write_text("")
    reference, text = error_of(invoke("approval-kit", "--to", str(tmp_path / "file" / "kit")))
    assert (reference, "Not a directory" in text) == ("folder-unusable", True)
    assert invoke("approval-kit", "--to", str(tmp_path / "file")).exit_code == 2


@pytest.mark.parametrize("name", ["accounts.csv", "README.md", "accounts/222222222222.md"])
def test_a_link_among_the_files_is_replaced_and_what_it_leads_to_stays(
    org: Emulator, invoke: Invoke, tmp_path: Path, name: str
) -> None:
    org.enable_all_features()
    mine, kit = tmp_path / "mine", tmp_path / "kit"
    mine.write_text("mine")
    (kit / name).parent.mkdir(parents=True)
    (kit / name).symlink_to(mine)
    (kit / "approver-role.yaml").symlink_to(tmp_path / "nowhere")
    assert invoke("approval-kit", "--to", str(kit), "--force").exit_code == 0
    assert mine.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert not [path for path in kit.rglob("*") if path.is_symlink() and path.name != "approver-role.yaml"]
    assert (kit / name).read_text() not in {"", "mine"}


def test_a_hard_link_among_the_files_is_replaced(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    mine, kit = tmp_path / "mine", tmp_path / "kit"
    mine.write_text("mine")
    kit.mkdir()
    (kit / "README.md").hardlink_to(mine)
    assert invoke("approval-kit", "--to", str(kit), "--force").exit_code == 0
    assert mine.read_text() == "mine"


def test_nothing_is_written_through_a_folder_that_is_a_link(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    elsewhere, kit = tmp_path / "elsewhere", tmp_path / "kit"
    elsewhere.mkdir()
    (elsewhere / f"{org.invited[0]}.md").write_text("mine")
    kit.mkdir()
    (kit / "accounts").symlink_to(elsewhere)
    reference, text = error_of(invoke("approval-kit", "--to", str(kit), "--force"))
    assert (reference, "it is a link" in text) == ("folder-unusable", True)
    assert [path.read_text() for path in elsewhere.iterdir()] == ["mine"]


WRITE = """
import sys
from pathlib import Path
from aws_org_features.views.approval_kit import KitFile
from aws_org_features.cli.kit_folder import write
for number in range(100):
    files = [KitFile(f"accounts/{each}.md", sys.argv[1] * 200_000) for each in range(3)]
    assert write(Path("kit"), files) == [], number
"""


def test_commands_that_write_one_kit_at_once_leave_whole_files(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, each], cwd=tmp_path) for each in "ab"]
    read = set()
    while any(writer.poll() is None for writer in writers):
        for path in tmp_path.glob("kit/accounts/[0-9].md"):
            text = path.read_text()
            read.add((len(text), frozenset(text)))
    assert [writer.returncode for writer in writers] == [0, 0]
    assert read <= {(200_000, frozenset("a")), (200_000, frozenset("b"))}
    assert sorted(path.name for path in tmp_path.glob("kit/accounts/*")) == ["0.md", "1.md", "2.md"]
