"""Running a program with a clock."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from tools.console import CommandFailed, run

if TYPE_CHECKING:
    from pathlib import Path


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_is_heard_only_if_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    run(python("print('chatter')"), doing="Talking")
    assert "chatter" not in "".join(capfd.readouterr())

    with pytest.raises(CommandFailed) as failed:
        run(python("print('the reason'); raise SystemExit(1)"), doing="Talking")
    assert failed.value.output == "the reason"


def test_a_program_that_gets_nowhere_is_given_up(tmp_path: Path) -> None:
    began = time.monotonic()

    with pytest.raises(CommandFailed, match="nothing came"):
        run(python("import time; time.sleep(60)"), doing="Stalling", growing=tmp_path, stall=0.5)
    assert time.monotonic() - began < 10


def test_a_program_that_gets_on_is_not_given_up(tmp_path: Path) -> None:
    code = f"""
import time
for n in range(6):
    open({str(tmp_path / "file")!r}, "a").write("x")
    time.sleep(0.4)
"""
    run(python(code), doing="Growing", growing=tmp_path, stall=1.5)
