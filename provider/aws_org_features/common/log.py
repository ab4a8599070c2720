"""Where the core tells what happens; who listens is the edges' affair."""

from __future__ import annotations

from typing import Protocol


class Log(Protocol):
    """Where a run tells what it does."""

    def info(self, text: str) -> None:
        """Something happened."""

    def warn(self, text: str) -> None:
        """A person should know, or must act."""

    def progress(self, text: str) -> None:
        """It goes on; in a terminal shown for the moment only."""
