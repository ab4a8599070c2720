"""Looking again and again: when, what of it is new, and when to stop.

Looking and showing are passed in, and so is time.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final, Protocol

from aws_org_features.common import errors
from aws_org_features.model.migration import IN_FLIGHT, Status
from aws_org_features.views.status import changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_org_features.cli.environment import Environment
    from aws_org_features.common.errors import OrgFeaturesError
    from aws_org_features.views.status import Change, Outlook

_LOOKS_SHARE: Final = 4
"""After each look, pause for at least this many times as long as the look took."""
_TICK: Final = 1.0
_MOST_FAILURES: Final = 5
"""In a row, of looks that failed for what doesn't pass by itself."""
_PASSING: Final = (
    errors.ConcurrentModificationError,
    errors.EndpointUnreachableError,
    errors.ServiceFailedError,
    errors.ThrottledError,
)


class Until(enum.StrEnum):
    """The time to go on for."""

    APPROVED = "approved"
    ENABLED = "enabled"
    INTERRUPTED = "interrupted"


class Show(Protocol):
    """Shows what is seen."""

    def looking(self) -> None:
        """A look begins."""

    def seen(self, outlook: Outlook, changed: Sequence[Change] | None) -> None:
        """A look has ended; `changed` is None for the first."""

    def failed(self, error: OrgFeaturesError) -> None:
        """A look has failed."""

    def resting(self, seconds: float) -> None:
        """The next look is so many seconds away."""


def goes_on(outlook: Outlook, until: Until) -> bool:
    """Return whether there is something to wait for.

    What was declined, expired or canceled, or never started, is somebody's to decide: no waiting helps.
    """
    if until is Until.INTERRUPTED:
        return True
    if until is Until.ENABLED or outlook.switching:
        return outlook.status in IN_FLIGHT
    return outlook.status is Status.AWAITING_APPROVALS


def watch(
    look: Callable[[], Outlook], show: Show, environment: Environment, *, interval: float, until: Until
) -> Outlook:
    """Look until there is nothing to wait for.

    Args:
        look: Looks.
        show: Shows.
        environment: Time.
        interval: Seconds between looks, at least.
        until: How long to go on.

    Returns:
        The last look.

    Raises:
        OrgFeaturesError: The first look failed, or several in a row for what doesn't pass by itself.
    """
    failures, before = 0, None
    while before is None or goes_on(before, until):
        began = environment.clock()
        show.looking()
        try:
            now = look()
        except errors.OrgFeaturesError as error:
            failures += not isinstance(error, _PASSING)
            if before is None or failures >= _MOST_FAILURES:
                raise
            show.failed(error)
        else:
            failures = 0
            show.seen(now, None if before is None else changes(before, now))
            before = now
        if goes_on(before, until):
            _rest(max(interval, _LOOKS_SHARE * (environment.clock() - began)), show, environment)
    return before


def _rest(seconds: float, show: Show, environment: Environment) -> None:
    end = environment.clock() + seconds
    while (left := end - environment.clock()) > 0:
        show.resting(left)
        environment.sleep(min(left, _TICK))
