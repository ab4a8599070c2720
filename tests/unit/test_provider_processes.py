"""What the processes of one run tell one another."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from aws_org_features.common.provider_processes import Siblings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ORG, OLD, NEW = "o-exampleorg1", "urn:old", "urn:new"
RUN = "127.0.0.1:4711"


def test_a_process_hears_what_another_of_its_run_keeps(tmp_path: Path) -> None:
    one, two = Siblings(RUN, tmp_path), Siblings(RUN, tmp_path)

    one.keeps(ORG, NEW)

    assert two.is_kept_by_another(ORG, OLD)
    assert one.is_kept_by_another(ORG, OLD)
    assert not two.is_kept_by_another(ORG, NEW)
    assert not two.is_kept_by_another("o-anotherorg1", OLD)


def test_runs_know_nothing_of_each_other(tmp_path: Path) -> None:
    one = Siblings(RUN, tmp_path)
    one.keeps(ORG, NEW)

    assert not Siblings("127.0.0.1:47", tmp_path).is_kept_by_another(ORG, OLD)
    assert not Siblings("", tmp_path).is_kept_by_another(ORG, OLD)


def test_what_was_told_ends_with_the_process(tmp_path: Path) -> None:
    one, two = Siblings(RUN, tmp_path), Siblings(RUN, tmp_path)
    one.keeps(ORG, NEW)
    one.close()

    assert not two.is_kept_by_another(ORG, OLD)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_doesnt_count_in_the_next_with_its_address(tmp_path: Path) -> None:
    code = f"import sys; from pathlib import Path; from {Siblings.__module__} import Siblings; "
    code += f"Siblings({RUN!r}, Path(sys.argv[1])).keeps({ORG!r}, {NEW!r})"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert len(list(tmp_path.iterdir())) == 1

    assert not Siblings(RUN, tmp_path).is_kept_by_another(ORG, OLD)


def test_a_folder_that_cant_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one = Siblings(RUN, tmp_path / "file" / "folder")

    one.keeps(ORG, NEW)

    assert not one.is_kept_by_another(ORG, OLD)


def test_where_there_are_no_users_nothing_is_told_and_no_process_is_signalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no `getuid`, and takes signal 0 for Ctrl-C."""
    Siblings(RUN, tmp_path).keeps(ORG, NEW)
    signalled: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _signal: signalled.append(pid))
    monkeypatch.delattr(os, "getuid")

    alone = Siblings(RUN, tmp_path)
    alone.keeps(ORG, OLD)

    assert not alone.is_kept_by_another(ORG, OLD)
    assert signalled == []
