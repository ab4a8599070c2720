"""The runs of CI: all the tests, each once, with one seed; and its exit code is that of what failed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("check", "test", "test-rest")


def run_ci(folder: Path, failing: str = "") -> tuple[int, list[list[str]]]:
    """Run it with a make that only notes what it is asked for; gives the exit code, targets and seeds."""
    (folder / ".ci").mkdir()
    (folder / ".ci" / "run").write_text((ROOT / ".ci" / "run").read_text())
    make = folder / "bin" / "make"
    make.parent.mkdir()
    make.write_text(f'#!/bin/sh\necho "$2 $SEED" >>"{folder}/asked"\n[ "$2" != "{failing}" ] || exit 7\n')
    make.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "SEED"}
    environment["PATH"] = f"{make.parent}:{environment['PATH']}"
    ran = subprocess.run(["bash", folder / ".ci" / "run"], env=environment, capture_output=True, check=False)
    return ran.returncode, [line.split() for line in (folder / "asked").read_text().splitlines()]


def test_all_parts_run_with_one_seed(tmp_path: Path) -> None:
    code, asked = run_ci(tmp_path)
    assert code == 0
    assert [target for target, _ in asked] == ["setup", *PARTS]
    assert len({seed for _, seed in asked}) == 1


@pytest.mark.parametrize("failing", PARTS)
def test_a_part_that_fails_fails_all_and_the_others_run_all_the_same(failing: str, tmp_path: Path) -> None:
    code, asked = run_ci(tmp_path, failing)
    assert code == 7
    assert [target for target, _ in asked] == ["setup", *PARTS]


def test_test_rest_runs_exactly_what_make_test_leaves_out() -> None:
    told = {
        target: subprocess.run(
            ["make", "-n", target, "SEED=5"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for target in ("test", "test-rest", "test-all")
    }
    assert 'pytest -n auto --dist worksteal --seed 5 -m "not exhaustive"' in told["test"]
    assert "pytest -n auto --dist worksteal --seed 5 -m exhaustive" in told["test-rest"]
    assert "exhaustive" not in told["test-all"]
    assert not any(word in told["test"] for word in ("tools.browser", "site_tools", "landing-zone"))
