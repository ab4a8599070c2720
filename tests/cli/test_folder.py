"""Where a kit is written to: never over what somebody didn't say may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def test_a_folder_that_cannot_be_written_is_told_in_one_line(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    (tmp_path / "file").write_text("")
    reference, text = error_of(invoke("approval-kit", "--to", str(tmp_path / "file" / "kit")))
    assert (reference, "Not a directory" in text) == ("folder-unusable", True)
    assert invoke("approval-kit", "--to", str(tmp_path / "file")).exit_code == 2
