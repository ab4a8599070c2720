"""Running a program with a clock."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from tools.progress import CommandError, run

if TYPE_CHECKING:
    from pathlib import Path


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_program_is_heard_only_if_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    run(python("print('chatter')"), doing="Talking")
    assert "chatter" not in "".join(capfd.readouterr())

    with pytest.raises(CommandError) as failed:
        run(python("print('the reason'); raise SystemExit(1)"), doing="Talking")
    assert failed.value.output == "the reason"


def test_a_program_that_gets_nowhere_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing came"):
        run(python("import time; time.sleep(3600)"), doing="Stalling", growing=tmp_path, stall=0.5)


class Growing:
    """A clock by which a file grows every 100 s, until after 600 s the program may end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, _seconds: float) -> None:
        self._now += 100
        with (self._folder / "file").open("a") as file:
            file.write("x")
        if self._now > 600:
            (self._folder / "end").touch()
        time.sleep(0.05)


def test_a_program_that_gets_on_is_not_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.progress.time", Growing(tmp_path))
    code = f"""
import os, time
while not os.path.exists({str(tmp_path / "end")!r}):
    time.sleep(0.05)
"""
    run(python(code), doing="Growing", growing=tmp_path, stall=150)
    assert (tmp_path / "end").exists()
