"""A signal at the worst moment, in a process that is about to wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60
_WAITS_BY_THEN_SECONDS = 0.7


def printed_until_sigterm(line: int, load: str, announce: str, call: str) -> str:
    """Return what a process prints until SIGTERM ends it, as `raise_at_line` has it come.

    Only one comes: a second would kill it while Python ends.

    Args:
        line: Which line, counted from 0.
        load: Python that imports what is called.
        announce: The owner and the function that announces, as `raise_at_line` takes them.
        call: Python that waits.

    Raises:
        subprocess.CalledProcessError: It failed, or the signal killed it.
        subprocess.TimeoutExpired: It went on.
    """
    code = f"{load}\nfrom {__name__} import raise_at_line\nraise_at_line({announce}, {line})\n{call}"
    program = [sys.executable, "-c", code]
    ended = subprocess.run(
        program, cwd=_ROOT, stdout=subprocess.PIPE, text=True, timeout=_PATIENCE, check=True
    )
    return ended.stdout


def raise_at_line(owner: Any, announce: str, line: int) -> None:
    """Have SIGTERM come once, at a line that the main thread runs after it has announced itself.

    Args:
        owner: A module with the function that announces, or one in which that is the built-in `print`.
        announce: The function's name there.
        line: Which line, counted from 0, also of functions that are called. If it waits before that, the
            signal comes while it waits.
    """
    announcing = getattr(owner, announce, print)
    left = line
    to_come = [signal.SIGTERM]

    def come() -> None:
        with suppress(IndexError):  # it has come
            os.kill(os.getpid(), to_come.pop())

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == -1:
                come()
        return trace

    def announced(*arguments: Any, **named: Any) -> None:
        announcing(*arguments, **named)
        timer = threading.Timer(_WAITS_BY_THEN_SECONDS, come)
        timer.daemon = True
        timer.start()
        sys._getframe(1).f_trace = trace
        sys.settrace(trace)

    setattr(owner, announce, announced)
