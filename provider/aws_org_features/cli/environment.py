"""The commands' environment besides AWS: the time, and the terminal. Passed in, so that tests can."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def _now() -> datetime:
    return datetime.now(UTC)


def _terminal() -> os.terminal_size | None:
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return None
    return shutil.get_terminal_size()


@dataclass(frozen=True, slots=True)
class Environment:
    """The time and the terminal as they are, unless told otherwise.

    Attributes:
        now: The time, UTC.
        clock: A monotonic clock, in seconds.
        sleep: Waits for some seconds.
        terminal: Columns and rows of what the result is shown in; None if it isn't drawn for a person.
    """

    now: Callable[[], datetime] = _now
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    terminal: Callable[[], os.terminal_size | None] = _terminal


def environment() -> Environment:
    """The environment of the command that runs: click's context object, if there is one."""
    return click.get_current_context().find_object(Environment) or Environment()
