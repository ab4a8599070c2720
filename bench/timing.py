"""Running programs and taking their time; and telling medians of rounds."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tools.progress import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run.

    Attributes:
        argv: The program and its arguments.
        env: Its environment, whole.
        cwd: Where it runs.
        codes: The exit codes that are as they should be.
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    codes: Collection[int] = (0,)


@dataclass(frozen=True, slots=True)
class Ran:
    """Time and memory of one run of a program.

    Attributes:
        seconds: From its start to its end,
        first_line: and to its first line.
        text: What it printed.
    """

    seconds: float
    first_line: float
    text: str


def ran(command: Command) -> Ran:
    """Run a program.

    Raises:
        CommandError: It ends otherwise than it should.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command.argv,
        env=dict(command.env),
        cwd=command.cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None  # noqa: S101 - a pipe
        first = process.stdout.readline()
        first_line = time.perf_counter() - began
        text = first + process.stdout.read()
        process.wait()
        seconds = time.perf_counter() - began
    if process.returncode not in command.codes:
        raise CommandError(f"{' '.join(command.argv)}: ended with {process.returncode}", text)
    return Ran(seconds, first_line, text)


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of two things that took turns."""

    ours: float
    theirs: float
    ratio: float


def in_turns(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Pair:
    """Measure two things in turns, so that other load on the machine affects both.

    Each begins every other round. A first run of each isn't counted: it fills caches.
    """
    ours()
    theirs()
    pairs = []
    for number in range(rounds):
        if number % 2:
            second, first = theirs(), ours()
        else:
            first, second = ours(), theirs()
        pairs.append((first, second))
    return Pair(
        median(first for first, _ in pairs),
        median(second for _, second in pairs),
        median(first / second for first, second in pairs),
    )
