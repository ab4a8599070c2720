"""The output of `watch` without a terminal: a line for each change, or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.cli.render import output
from aws_org_features.common.sanitize import message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aws_org_features.cli.environment import Environment
    from aws_org_features.common.errors import OrgFeaturesError
    from aws_org_features.views.status import Change, Outlook

_QUIET: Final = 900.0
"""Seconds after which a log says that it goes on."""


class _BesideTheResult:
    """Says beside the result what isn't of it, and nothing of what goes on meanwhile."""

    def looking(self) -> None:
        """Nothing is said of it."""

    def failed(self, error: OrgFeaturesError) -> None:
        """Say it."""
        output.note(f"can't read AWS: {error.reference}: {error}")

    def resting(self, seconds: float) -> None:
        """Nothing is said of it."""

    def note(self, text: str) -> None:
        """Say it."""
        output.note(text)

    def progress(self, text: str) -> None:
        """Nothing is said of it."""


class Lines(_BesideTheResult):
    """A line a change, with the time before it.

    Args:
        environment: The time.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._spoke = environment.clock()
        self._failing = ""

    def seen(self, outlook: Outlook, changed: Sequence[Change] | None) -> None:
        """Say what is new: everything, or what has changed."""
        if changed is None:
            self._say(outlook.looked_at, f"{outlook.status}: {outlook.headline}")
            for text in filter(None, (outlook.time_left, outlook.to_do)):
                self._say(outlook.looked_at, text)
        for change in changed or ():
            self._say(outlook.looked_at, change.text)
        if self._failing:
            self._failing = ""
            self._say(outlook.looked_at, f"reading AWS works again; {outlook.headline}")
        elif self._environment.clock() - self._spoke >= _QUIET:
            self._say(outlook.looked_at, f"no change: {outlook.status}, {outlook.headline}")

    def failed(self, error: OrgFeaturesError) -> None:
        """Say it, once as long as it stays the same."""
        if error.reference != self._failing:
            self._failing = error.reference
            super().failed(error)

    def ended(self, outlook: Outlook) -> None:
        """Say what to do now."""
        self._say(outlook.looked_at, f"{outlook.next_step} {outlook.to_do}")

    def _say(self, when: datetime, text: str) -> None:
        self._spoke = self._environment.clock()
        output.say(f"{output.timestamp(when)} {message(text)}")


class JsonLines(_BesideTheResult):
    """An object for the first look and for each that shows a change, a line each."""

    def seen(self, outlook: Outlook, changed: Sequence[Change] | None) -> None:
        """Print it where something is new."""
        from aws_org_features.cli.render.status_json import as_json

        if changed is None or changed:
            output.show_json_line(as_json(outlook, changed or ()))

    def ended(self, outlook: Outlook) -> None:
        """Nothing is said of it: the exit code tells."""
