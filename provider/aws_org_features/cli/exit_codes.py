"""Exit codes, for pipelines to branch on. A number never changes its meaning."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from aws_org_features.model.migration import Status

if TYPE_CHECKING:
    from collections.abc import Mapping


class Exit(enum.IntEnum):
    """The end of a command."""

    DONE = 0
    FAILED = 1
    MISUSED = 2
    PENDING = 3
    DECLINED = 4
    UNREACHED = 5
    TO_FINALIZE = 6
    NOT_IN_FLIGHT = 7
    OBSTRUCTED = 8
    INTERRUPTED = 130
    UNREAD = 141


MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done",
    Exit.FAILED: "something failed: the line on stderr has the error code and the next step",
    Exit.MISUSED: "wrong arguments; no AWS call was made",
    Exit.PENDING: "approvals are outstanding",
    Exit.DECLINED: "an account declined: somebody must decide",
    Exit.UNREACHED: "some accounts can't be reached",
    Exit.TO_FINALIZE: "nothing is outstanding, and nobody has finalized yet",
    Exit.NOT_IN_FLIGHT: "no migration is in progress: none was started, or it expired or was canceled",
    Exit.OBSTRUCTED: "something blocks the migration: the plan says what",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
    Exit.UNREAD: "the reader of its output closed the pipe early",
}

BY_STATUS: Final[Mapping[Status, Exit]] = {
    Status.ENABLED: Exit.DONE,
    Status.AWAITING_APPROVALS: Exit.PENDING,
    Status.DECLINED: Exit.DECLINED,
    Status.AWAITING_FINALIZATION: Exit.TO_FINALIZE,
    Status.NOT_STARTED: Exit.NOT_IN_FLIGHT,
    Status.EXPIRED: Exit.NOT_IN_FLIGHT,
    Status.CANCELED: Exit.NOT_IN_FLIGHT,
}
"""Exit codes of `status` and `watch`."""
