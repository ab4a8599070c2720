"""The terminal that transcripts are taken in: what stands on its screen, and what its commands are asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tools.docs.terminal import Screen, Session
from tools.docs.transcript import steady
from tools.progress import CommandError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("doing ...\r\x1b[Kdone\n", "done"),
        ("\x1b[1mbold\x1b[0m and \x1b[38;5;3mcolored\x1b[0m", "bold and colored"),
        ("a\r\nb\r\n\x1b[2Ac\x1b[K", "c\nb"),
        ("abc\r\n\x1b[1A\x1b[2K\x1b[0Gx", "x"),
        ("\x1b]11;?\x1b\\text", "text"),
        ("ab\x1b7cd\x1b8X", "abXd"),
        ("wide\x1b[2D!", "wi!e"),
        ("a\r\nb\r\nc\x1b[1A\r\x1b[J", "a"),
    ],
)
def test_the_generated_parts_are_current(written: str, shown: str) -> None:
    whole, apart = Screen(), Screen()
    whole.feed(written)
    for character in written:
        apart.feed(character)
    assert whole.text == shown
    assert apart.text == shown, "however it is cut by reads"


def test_commands_are_answered(tmp_path: Path) -> None:
    script = 'echo "Sure? [Use arrows to move, type to filter]"; read answer; echo "it was $answer"'
    assert "it was yes" in Session(tmp_path, os.environ).run(script, ["yes"])


def test_a_command_that_fails_or_hangs_is_reported_with_its_output(tmp_path: Path) -> None:
    for command in ("echo said; exit 3", "echo said; sleep 60"):
        with pytest.raises(CommandError) as failed:
            Session(tmp_path, os.environ, timeout=1).run(command)
        assert failed.value.output == "said"


def test_differences_between_runs_are_made_the_same() -> None:
    def text(letter: str, took: str) -> str:
        status = f"created ({took})"
        head = f"     Type  Name    {'Status':{len(status)}}  Info"
        table = f"{head}\n +   Type  a name  {status}  text"
        handshakes = " ".join(f"h-{each * 26}" for each in (letter, "f", letter))
        return f"{table}\n\n{handshakes} by 2026-0{int(letter)}-01 10:00 UTC\nDuration: {letter}s"

    one, other = steady([text("1", "0.5s")]), steady([text("2", "12.25s")])
    assert one == other
    assert "created (1s)  text" in one[0]
