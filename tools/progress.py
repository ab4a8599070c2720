"""Progress of the tools, for a person: a line for each step, with a clock that runs.

Everything goes to stderr: stdout belongs to results (`make env` is evaluated by a shell).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_TICK = 0.25
_TAIL = 15


class ToolError(Exception):
    """Something a person has to deal with: what happened, and in `hint` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CommandError(ToolError):
    """A program that a step ran ended badly; `output` is the end of what it said."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


def say(text: str) -> None:
    """Tell one line."""
    print(text, file=sys.stderr, flush=True)


def report(error: ToolError) -> int:
    """Tell what went wrong and what to do next; gives the exit code."""
    if isinstance(error, CommandError) and error.output:
        say("\n".join(f"  | {line}" for line in error.output.splitlines()))
    say(f"error: {error}")
    if error.hint:
        say(f"  {error.hint}")
    return 1


def ended(work: Callable[[], object], hint: str = "") -> int:
    """Do a program's work; gives its exit code, after saying what went wrong.

    Args:
        work: The work.
        hint: What to do next, where the error doesn't say so itself.
    """
    try:
        work()
    except ToolError as error:
        error.hint = error.hint or hint
        return report(error)
    except KeyboardInterrupt:
        return 130
    return 0


class ProgressLine:
    """The line of a running step: rewritten in place on a terminal, plain elsewhere."""

    def __init__(self, doing: str, usually: str = "") -> None:
        self._text = f"{doing} ({usually})" if usually else doing
        self._doing = doing
        self._began = time.monotonic()
        self._shown = -1
        self._live = sys.stderr.isatty()
        if not self._live:
            say(f"{self._text} ...")

    @property
    def seconds(self) -> int:
        """Whole seconds since the step began."""
        return int(time.monotonic() - self._began)

    def tick(self) -> None:
        """Move the clock on, where there is one to see."""
        if self._live and self.seconds != self._shown:
            self._shown = self.seconds
            print(f"\r\033[K{self._text} ... {self._shown} s", end="", file=sys.stderr, flush=True)

    def end(self, outcome: str) -> None:
        """Write the line for the last time."""
        start = "\r\033[K" if self._live else ""
        say(f"{start}{self._doing}: {outcome} ({self.seconds} s)")


def run(  # noqa: PLR0913 - a step is described in one place
    argv: Sequence[str | Path],
    *,
    doing: str,
    usually: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    growing: Path | None = None,
    stall: float = 0,
) -> None:
    """Run a program quietly, with a clock; its output is shown only if it fails.

    Args:
        argv: The program and its arguments.
        doing: What the line says.
        usually: How long it takes, in words.
        cwd: Where to run it.
        env: Its environment, instead of ours.
        growing: A folder that fills while the program gets on.
        stall: Seconds without a byte more in `growing` after which it is given up.

    Raises:
        CommandError: It ended with another code than 0, or stalled.
    """
    clock = ProgressLine(doing, usually)
    with tempfile.TemporaryFile() as output:
        # A session of its own, so that what the program starts can be ended with it.
        process = subprocess.Popen(
            [str(word) for word in argv],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            for progress in _progress(process, growing):
                clock.tick()
                if stall and progress > stall:
                    clock.end("given up")
                    raise CommandError(f"nothing came for {stall:.0f} s", _tail(output))
        finally:
            _end(process)
        if process.returncode:
            clock.end("failed")
            raise CommandError(f"{doing}: failed", _tail(output))
    clock.end("done")


def _progress(process: subprocess.Popen[bytes], growing: Path | None) -> Iterator[float]:
    """Yield, until the process ends, the seconds since `growing` last grew."""
    size, grew = -1, time.monotonic()
    while process.poll() is None:
        if growing is not None and (now := _size(growing)) != size:
            size, grew = now, time.monotonic()
        yield time.monotonic() - grew
        time.sleep(_TICK)


def _size(folder: Path) -> int:
    """The bytes below a folder, of which files come and go."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118
            except FileNotFoundError:
                continue
    return total


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, and its children."""
    if process.poll() is not None:
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(process.pid, sign)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
        return


def _tail(output: BinaryIO) -> str:
    output.seek(0)
    text = output.read().decode(errors="replace")
    return "\n".join(text.strip().splitlines()[-_TAIL:])
