"""Exit codes, for pipelines to branch on. A number never changes its meaning."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Exit(enum.IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    MISUSED = 2
    PENDING = 3
    DECLINED = 4
    UNREACHED = 5
    INTERRUPTED = 130


MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done",
    Exit.FAILED: "something went wrong: the line on stderr has a reference and the next step",
    Exit.MISUSED: "the command was called wrongly; nothing was asked of AWS",
    Exit.PENDING: "approvals are outstanding, of those that the command was asked about",
    Exit.DECLINED: "an account declined: somebody must decide",
    Exit.UNREACHED: "some accounts can't be reached",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
}
