"""Messages among the processes of one run, and what follows from them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from aws_org_features.common.provider_processes import Siblings
from aws_org_features.common.run_cache import RunCache
from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.migration.run_cache import MigrationCache

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ORG, OLD, NEW = "o-exampleorg1", "urn:old", "urn:new"
RUN = "127.0.0.1:4711"
KEPT = "another resource of the program keeps it"


def process(folder: Path, run: str = RUN) -> RunCache[None]:
    """The memory of one process of a run, with the messages that it hears."""
    return RunCache(siblings=Siblings(run, folder))


def test_a_process_hears_what_another_of_its_run_keeps(tmp_path: Path) -> None:
    one, two = process(tmp_path), process(tmp_path)

    one.keeps(ORG, NEW)

    assert [each.why_kept(ORG, OLD) for each in (one, two)] == [KEPT, KEPT]
    assert two.why_kept(ORG, NEW) is None
    assert two.why_kept("o-anotherorg1", OLD) is None


def test_another_processs_create_is_kept_from_the_predecessors_delete(tmp_path: Path) -> None:
    """A replacement with another provider: both have one URN."""
    one, two = process(tmp_path), process(tmp_path)
    two.keeps(ORG, OLD)

    one.takes_on(ORG, OLD)

    assert two.why_kept(ORG, OLD) == KEPT
    assert two.why_kept("o-anotherorg1", OLD) is None


def test_policy_types_are_kept_as_migrations_are(tmp_path: Path) -> None:
    one, two = (RunCaches(Siblings(RUN, tmp_path)).policy_types for _ in range(2))

    one.keeps(f"{ORG}/TAG_POLICY", NEW)

    assert two.why_kept(f"{ORG}/TAG_POLICY", OLD) == KEPT
    assert two.why_kept(f"{ORG}/BACKUP_POLICY", OLD) is None


def test_another_processs_cancel_is_known(tmp_path: Path) -> None:
    one, two = (MigrationCache(siblings=Siblings(RUN, tmp_path)) for _ in range(2))

    one.cancels(ORG, "h-examplehandshakeid111")

    assert two.canceled(ORG) == {"h-examplehandshakeid111"}
    assert two.canceled("o-anotherorg1") == set()


def test_runs_know_nothing_of_each_other(tmp_path: Path) -> None:
    one = process(tmp_path)
    one.keeps(ORG, NEW)

    assert process(tmp_path, "127.0.0.1:47").why_kept(ORG, OLD) is None
    assert process(tmp_path, "").why_kept(ORG, OLD) is None


def test_messages_end_with_the_process(tmp_path: Path) -> None:
    siblings = Siblings(RUN, tmp_path)
    RunCache[None](siblings=siblings).keeps(ORG, NEW)
    siblings.close()

    assert process(tmp_path).siblings.told() == set()  # type: ignore[union-attr]
    assert list(tmp_path.iterdir()) == []


def test_a_killed_runs_messages_dont_count_in_the_next_with_its_address(tmp_path: Path) -> None:
    code = f"import sys; from pathlib import Path; from {Siblings.__module__} import Fact, KEEPS, Siblings; "
    code += f"Siblings({RUN!r}, Path(sys.argv[1])).tell(Fact(KEEPS, {ORG!r}, {NEW!r}))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert len(list(tmp_path.iterdir())) == 1

    assert process(tmp_path).why_kept(ORG, OLD) is None


def test_without_messages_a_delete_leaves_what_another_may_keep(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one = process(tmp_path / "file" / "folder")

    one.keeps(ORG, OLD)

    why = one.why_kept(ORG, OLD, "the migration")
    assert why is not None
    assert why.startswith("it is unknown whether another resource of the program keeps the migration: [Errno")


def test_in_somebody_elses_folder_no_message_is_written_or_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = process(tmp_path)
    theirs.keeps(ORG, NEW)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    one = process(tmp_path)
    one.keeps(ORG, OLD)

    assert one.siblings is not None
    assert one.siblings.told() == set()
    assert len(list(tmp_path.iterdir())) == 1
    assert f"keeps it: {tmp_path} is somebody else's" in str(one.why_kept(ORG, OLD))


def test_without_users_no_message_is_written_and_no_process_signaled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows has no `getuid`, and takes signal 0 for Ctrl-C."""
    process(tmp_path).keeps(ORG, NEW)
    signaled: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _signal: signaled.append(pid))
    monkeypatch.delattr(os, "getuid")

    alone = process(tmp_path)
    alone.keeps(ORG, OLD)

    assert alone.why_kept(ORG, OLD) is None
    assert signaled == []
