"""Times at which `watch` looks again, and when it stops; without a second passing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.cli.poll import Until, goes_on, watch
from aws_org_features.common import errors
from aws_org_features.views.status import Outlook, outlook
from tests.cli.worlds import Time, world
from tests.unit.values import ALL, NOW, children, parent, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.common.errors import OrgFeaturesError
    from aws_org_features.model.migration import Observation
    from aws_org_features.views.status import Change


def of(observation: Observation) -> Outlook:
    return outlook(observation, NOW)


WAITING = of(seen(parent(), children=children("OPEN")))
DECLINED = of(seen(parent(), children=children("DECLINED")))
RESPONDED = of(seen(parent("OPEN"), children=children("ACCEPTED")))
SWITCHING = of(seen(parent("ACCEPTED")))
ENABLED = of(seen(None, organization=ALL))
EXPIRED = of(seen(parent("EXPIRED"), children=()))
CANCELED = of(seen(parent("CANCELED")))
NOT_STARTED = of(seen(None))
THROTTLED = errors.ThrottledError("Too many.", "Wait.")
DENIED = errors.AccessDeniedError("No.", "Ask.")


class Shown:
    """Keeps what it is shown."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.looks: list[float] = []
        self.changed: list[list[str] | None] = []
        self.errors: list[str] = []
        self.rests: list[float] = []

    def looking(self) -> None:
        self.looks.append(self.time.passed)

    def seen(self, outlook: Outlook, changed: Sequence[Change] | None) -> None:
        del outlook
        self.changed.append(None if changed is None else [change.what for change in changed])

    def failed(self, error: OrgFeaturesError) -> None:
        self.errors.append(error.reference)

    def resting(self, seconds: float) -> None:
        self.rests.append(seconds)


def watched(
    *looks: Outlook | OrgFeaturesError, until: Until = Until.APPROVED, takes: float = 0.0
) -> tuple[Shown, Outlook | None]:
    """Watch until there is nothing to wait for, or nothing more to be seen."""
    time, left = Time(), list(looks)
    shown = Shown(time)

    def look() -> Outlook:
        if not left:
            raise KeyboardInterrupt
        time.passed += takes
        found = left.pop(0)
        if isinstance(found, errors.OrgFeaturesError):
            raise found
        return found

    try:
        return shown, watch(look, shown, world(time), interval=30.0, until=until)
    except KeyboardInterrupt:
        return shown, None


@pytest.mark.parametrize(
    ("outlook", "waits"),
    [
        (WAITING, (True, True)),
        (RESPONDED, (False, True)),
        (SWITCHING, (True, True)),
        (DECLINED, (False, False)),
        (EXPIRED, (False, False)),
        (CANCELED, (False, False)),
        (NOT_STARTED, (False, False)),
        (ENABLED, (False, False)),
    ],
    ids=lambda each: f"{each.status}{each.switching}" if isinstance(each, Outlook) else "",
)
def test_the_dependencies_that_it_waits_for(outlook: Outlook, waits: tuple[bool, bool]) -> None:
    assert (goes_on(outlook, Until.APPROVED), goes_on(outlook, Until.ENABLED)) == waits
    assert goes_on(outlook, Until.INTERRUPTED)


def test_it_looks_at_the_interval_and_ends_without_another_rest() -> None:
    shown, last = watched(WAITING, WAITING, RESPONDED)
    assert shown.looks == [0, 30, 60]
    assert shown.changed == [None, [], ["ACCEPTED", "STATUS"]]
    assert shown.rests[:3] == [30, 29, 28]
    assert last is RESPONDED


def test_a_look_that_takes_long_is_followed_by_a_longer_rest() -> None:
    shown, _ = watched(WAITING, RESPONDED, takes=60)
    assert shown.looks == [0, 300]


@pytest.mark.parametrize("error", [THROTTLED, errors.EndpointUnreachableError("Nothing.", "Look.")])
def test_a_passing_failure_never_ends_it(error: OrgFeaturesError) -> None:
    shown, last = watched(WAITING, *[error] * 50, RESPONDED)
    assert shown.errors == [error.reference] * 50
    assert last is RESPONDED
    assert shown.changed[-1] == ["ACCEPTED", "STATUS"], "compared with what was seen last"


def test_a_lasting_failure_ends_it_when_it_stays() -> None:
    shown, last = watched(WAITING, *[DENIED] * 4, WAITING, *[DENIED] * 4, RESPONDED)
    assert last is RESPONDED
    with pytest.raises(errors.AccessDeniedError):
        watched(WAITING, *[DENIED] * 5)
    assert len(shown.errors) == 8


@pytest.mark.parametrize("error", [THROTTLED, DENIED])
def test_a_first_look_that_fails_is_an_error(error: Any) -> None:
    with pytest.raises(type(error)):
        watched(error)
