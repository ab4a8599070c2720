"""The stacks of other tests: what they run is what was written last."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.stacks import write_program

if TYPE_CHECKING:
    from pathlib import Path


def test_of_two_programs_in_one_second_and_of_one_length_the_second_runs(tmp_path: Path) -> None:
    shown = []
    for word in ("first", "other"):
        write_program(tmp_path, f"print('{word}')\n")
        os.utime(tmp_path / "__main__.py", (1_800_000_000, 1_800_000_000))
        shown.append(_as_pulumi_runs_it(tmp_path))
        assert list((tmp_path / "__pycache__").iterdir()), "Python keeps what it compiles"
    assert shown == ["first\n", "other\n"]


def _as_pulumi_runs_it(folder: Path) -> str:
    run = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", run, folder], capture_output=True, text=True, check=True)
    return told.stdout
