"""One fault at every call of every path, before and after its effect: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from aws_org_features.aws import Organizations
from aws_org_features.errors import OrgFeaturesError
from tests.reconcile.test_approver import APPROVER, members

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from aws_org_features.model import Handshake
    from tests.reconcile.conftest import Resource

ERRORS = (
    "ServiceException",
    "ConcurrentModificationException",
    "TooManyRequestsException",
    "AccessDeniedException",
    "InvalidHandshakeTransitionException",
)
_MOST_CALLS = 12


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # what retries wait by


def _start(resource: Resource, _org: Emulator) -> None:
    """A fresh organization."""
    del resource


def _finalize(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.approve_all()


def _restart(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.decline(org.invited[0])
    resource.up()
    resource.declare(attempt=2)


def _adopt(_resource: Resource, org: Emulator) -> None:
    org.enable_all_features()


_PATHS: dict[Callable[[Resource, Emulator], None], tuple[str, int]] = {
    _start: ("AWAITING_APPROVALS", 1),
    _finalize: ("ENABLED", 1),
    _restart: ("AWAITING_APPROVALS", 2),
    _adopt: ("AWAITING_APPROVALS", 1),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [*ERRORS, "reset"])
@pytest.mark.parametrize("path", _PATHS)
def test_one_fault_anywhere(
    resource: Resource, org: Emulator, path: Callable[[Resource, Emulator], None], error: str, when: str
) -> None:
    """Each fault in turn on a fresh approach is too slow; each in turn on a retry loses nothing either."""
    path(resource, org)
    wanted, migrations = _PATHS[path]
    before = dict(resource.outputs)
    for nth in range(1, _MOST_CALLS):
        org.clear_faults()
        kind = "reset" if error == "reset" else "error"
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        org.reset_calls()
        with contextlib.suppress(OrgFeaturesError):
            resource.up()
            before = dict(resource.outputs)
        assert resource.outputs == before, "a failed run keeps the record"
        if org.calls.total() < nth:
            break
    org.clear_faults()
    resource.up()
    assert resource.status == wanted
    assert org.migrations_started == migrations


@pytest.mark.parametrize("scenario", [Scenario(invited=0, created=0, members=members(2))])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [*ERRORS, "reset", "truncate"])
def test_one_fault_anywhere_while_approving(resource: Resource, org: Emulator, error: str, when: str) -> None:
    resource.declare(approver=APPROVER)
    org.snapshot()
    for nth in range(1, 40):
        org.restore()
        org.reset_calls()
        resource.outputs = {}
        kind = error if error in {"reset", "truncate"} else "error"
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        with contextlib.suppress(OrgFeaturesError):
            resource.up()
        calls = org.calls.total()
        org.clear_faults()
        resource.up()
        assert resource.status == "ENABLED", f"a fault at call {nth} of {calls}"
        assert org.migrations_started == 1
        if calls < nth:
            break
    else:
        pytest.fail("not every call was tried")


@pytest.mark.parametrize("nth", range(1, 7))
@pytest.mark.parametrize("when", ["before", "after"])
def test_one_fault_in_a_destroy_cancels_once_or_leaves(
    resource: Resource, org: Emulator, when: str, nth: int
) -> None:
    resource.up()
    org.fail("*", nth=nth, when=when)  # type: ignore[arg-type]
    try:
        resource.destroy()
    except OrgFeaturesError:
        org.clear_faults()
        resource.destroy()
    assert org.parent is not None
    assert org.parent["State"] == "CANCELED"


def test_approvals_that_aws_shows_a_moment_later_are_seen(
    resource: Resource, org: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, asked = Organizations.children, []

    def children(self: Organizations, parent_id: str) -> tuple[Handshake, ...]:
        asked.append(parent_id)
        return () if len(asked) == 1 else shown(self, parent_id)

    monkeypatch.setattr(Organizations, "children", children)
    resource.up()
    assert resource.outputs["approvals"]["pending"] == len(org.invited)
