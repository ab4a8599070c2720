"""The log that the core writes to; the edges decide who reads it."""

from __future__ import annotations

from typing import Protocol


class Log(Protocol):
    """Receives what a run reports."""

    def info(self, text: str) -> None:
        """Something happened."""

    def warn(self, text: str) -> None:
        """Report something that a person should know, or must act on."""

    def progress(self, text: str) -> None:
        """Report progress; a terminal shows it only for the moment."""
