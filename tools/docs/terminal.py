"""A terminal of our own: runs a command as a person would, answers its questions, and reads the screen.

Pulumi draws for a terminal and writes something else into a pipe; what stands in the documentation is what a
person sees. Only the few sequences that Pulumi and these tools use are understood.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.progress import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROWS, COLUMNS = 100, 140
_QUESTION = "[Use arrows to move, type to filter]"
_SEQUENCE = re.compile(
    r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|[\r\n\x08]|[^\x1b\r\n\x08]+"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[?0-9;]*|\][^\x07\x1b]*\x1b?)?$")
_QUIET_SECONDS = 0.3
"""Time that a question stays on the screen before it is answered: it is drawn in several steps."""


class Screen:
    """A screen of endless height; colors are left out."""

    def __init__(self) -> None:
        self._lines: list[str] = [""]
        self._row = self._column = 0
        self._saved = (0, 0)
        self._rest = ""

    @property
    def text(self) -> str:
        """The lines, without what is blank at their ends."""
        return "\n".join(line.rstrip() for line in self._lines).strip("\n")

    @property
    def position(self) -> tuple[int, int]:
        """The cursor's row and column, from 1, as a terminal reports them."""
        return self._row - self._top + 1, min(self._column, COLUMNS - 1) + 1

    @property
    def _top(self) -> int:
        """The first line that is on the screen."""
        return max(0, len(self._lines) - ROWS)

    def last_line_with(self, text: str) -> int:
        """The number of the last line that holds a text; -1 if none does."""
        return max((number for number, line in enumerate(self._lines) if text in line), default=-1)

    def feed(self, text: str) -> int:
        """Take what a program wrote; gives how often it asked where the cursor is."""
        text = self._rest + text
        # A sequence may be cut in two by the end of a read.
        cut = _UNFINISHED.search(text)
        self._rest = text[cut.start() :] if cut else ""
        asked = 0
        for match in _SEQUENCE.finditer(text[: cut.start()] if cut else text):
            asked += self._take(match)
        return asked

    def _take(self, match: re.Match[str]) -> bool:
        given, kind = match[1], match[2]
        if kind:
            self._move(kind, [int(part) for part in given.split(";") if part.isdigit()])
            return (given, kind) == ("6", "n")
        match match[0]:
            case "\r":
                self._column = 0
            case "\n":
                self._down(1)
            case "\x08":
                self._column = max(0, self._column - 1)
            case "\x1b7":
                self._saved = (self._row, self._column)
            case "\x1b8":
                self._row, self._column = self._saved
            case said if not said.startswith("\x1b"):
                self._write(said)
            case _:
                pass
        return False

    def _move(self, kind: str, given: list[int]) -> None:
        number = given[0] if given else 0
        match kind:
            case "H" | "f":
                row, column = given if len(given) == 2 else (1, 1)  # noqa: PLR2004
                last = len(self._lines) - 1 - self._top
                self._row, self._column = self._top + min(row - 1, last), min(column, COLUMNS) - 1
            case "A":
                self._row = max(0, self._row - max(1, number))
            case "B":
                self._down(max(1, number))
            case "C":
                self._column += max(1, number)
            case "D":
                self._column = max(0, self._column - max(1, number))
            case "G":
                self._column = max(0, number - 1)
            case "K":
                kept = self._lines[self._row]
                self._lines[self._row] = "" if number else kept[: self._column]
            case "J":
                self._lines[self._row] = self._lines[self._row][: self._column]
                del self._lines[self._row + 1 :]
            case _:
                pass  # colors, and whether the cursor is shown

    def _down(self, count: int) -> None:
        self._row += count
        self._lines += [""] * (self._row + 1 - len(self._lines))

    def _write(self, said: str) -> None:
        line = self._lines[self._row].ljust(self._column)
        end = self._column + len(said)
        self._lines[self._row] = line[: self._column] + said + line[end:]
        self._column = end


@dataclass(frozen=True)
class Session:
    """A shell in which commands run, one after another.

    Attributes:
        folder: The working directory.
        environment: The whole environment.
        timeout: Seconds after which a command is given up.
    """

    folder: Path
    environment: Mapping[str, str]
    timeout: float = 120

    def run(self, command: str, answers: Sequence[str] = (), ends: int = 0) -> str:
        """Run a command in a shell.

        Args:
            command: As a person types it.
            answers: What to choose at each of its questions, in turn.
            ends: The code with which it must end.

        Returns:
            What is then on the screen.

        Raises:
            CommandError: It ended with another code, or not in time.
        """
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve("/bin/sh", ["sh", "-c", command], {**self.environment, "TERM": "xterm"})  # noqa: S606
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        screen = Screen()
        try:
            self._attend(terminal, screen, list(answers))
        except TimeoutError:
            os.killpg(pid, signal.SIGKILL)
            raise CommandError(f"{command}: not done after {self.timeout:.0f} s", screen.text) from None
        finally:
            os.close(terminal)
            _, status = os.waitpid(pid, 0)
        if (code := os.waitstatus_to_exitcode(status)) != ends:
            raise CommandError(f"{command}: ended with {code}", screen.text)
        return screen.text

    def _attend(self, terminal: int, screen: Screen, answers: list[str]) -> None:
        """Read until the command ends, and answer what it asks."""
        decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        deadline = time.monotonic() + self.timeout
        answered = -1  # the line of the last question: while it is answered it is drawn again
        while time.monotonic() < deadline:
            ready, _, _ = select.select([terminal], [], [], _QUIET_SECONDS)
            if ready:
                try:
                    read = os.read(terminal, 65536)
                except OSError:  # how Linux tells that the other end is closed
                    return
                if not read:
                    return
                for _ in range(screen.feed(decode(read))):
                    row, column = screen.position
                    os.write(terminal, f"\x1b[{row};{column}R".encode())
            elif answers and (asked := screen.last_line_with(_QUESTION)) > answered:
                os.write(terminal, answers.pop(0).encode())
                time.sleep(_QUIET_SECONDS)
                os.write(terminal, b"\r")
                answered = asked
        raise TimeoutError
