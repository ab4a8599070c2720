"""A signal at the worst moment, in a process that is about to wait."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType


def raise_at_line(owner: Any, announce: str, line: int) -> None:
    """Have SIGTERM come at a line, counted from 0, that the main thread runs once it has announced itself.

    Args:
        owner: A module with the function that announces, or one in which that is the built-in `print`.
        announce: The function's name there.
        line: Which line, also of functions that are called.
    """
    announcing = getattr(owner, announce, print)
    left = line

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == -1:
                signal.raise_signal(signal.SIGTERM)
        return trace

    def announced(*arguments: Any, **named: Any) -> None:
        announcing(*arguments, **named)
        sys._getframe(1).f_trace = trace
        sys.settrace(trace)

    setattr(owner, announce, announced)
