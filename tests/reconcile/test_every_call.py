"""Any call may fail, and a process may die at any moment: nothing lost, nothing twice, it goes on."""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any, Literal

import pytest
from botocore.model import OperationModel, StructureShape

from aws_org_features.common.errors import OrgFeaturesError
from tests.reconcile.edges import EDGES
from tests.reconcile.faults import COMMON, LOST, LOST_AFTER, Fault, declared, faults, operations
from tests.reconcile.histories.program import Failed
from tests.reconcile.paths import PATHS, WRITING
from tests.reconcile.wire import Killed, Wire
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_emulator import Emulator
    from tests.reconcile.paths import Walk
    from tests.shares import Share

    Counted = Callable[[str, str, int], None]

pytestmark = pytest.mark.usefixtures("without_pauses")
FOR_EVER = 999
SECTION = "one call"
FAULTS = "faults, after each of which the next run got there"
DONE = "of them, told by AWS after it had done what was asked: noticed by the same run, not told as errors"
LOOKED_AT_AGAIN = {
    "EnableAllFeatures",
    "AcceptHandshake",
    "CancelHandshake",
    "EnablePolicyType",
    "DisablePolicyType",
    "EnableAWSServiceAccess",
    "DisableAWSServiceAccess",
}
"""Before an error of one of these is reported, a look shows whether it has happened all the same."""
NOT_OFFERED = {"PolicyTypeNotAvailableForOrganizationException", "UnsupportedAPIEndpointException"}
"""Of a policy type these say that AWS hasn't got it at all: there's nothing to look for."""
KEPT = {
    "dynamic": "faults after a write through the dynamic resource: recorded, and healed by the next run",
    "native": "faults after a write through the native resource: recorded, and healed by the next run",
}
MOMENTS = "moments at which the process died, after each of which the next run got there"
EVERY = 24
"""Of so many faults, or moments, of a path one is for `make test`."""
EVERY_WRITING_PATH = [pytest.param(scenario, name, id=name) for name, (scenario, _) in WRITING.items()]
EVERY_PATH = [pytest.param(scenario, name, id=name) for name, (scenario, _) in PATHS.items()]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)


@contextlib.contextmanager
def begun_anew(walk: Walk, org: Emulator, record: Any) -> Iterator[None]:
    """The state when it had been come to."""
    org.restore()
    org.clear_faults()
    if walk.kept is not None:
        walk.kept.record = copy.deepcopy(record)
    yield
    org.clear_faults()


def calls_of(org: Emulator) -> list[tuple[str, str, bool]]:
    """Service, operation, and whether it has an effect, of each call since the last reset."""
    return [(entry.call.service, entry.call.operation, entry.call.writes) for entry in org.entries]


def check(walk: Walk, org: Emulator, approved: set[str], what: object) -> None:
    """Check that it goes on to where it was to get, and cost nothing on the way."""
    assert org.migrations_started <= walk.migrations, what
    walk.again()
    assert walk.arrived(), what
    assert org.migrations_started == walk.migrations, what
    if walk.migrations <= 1:
        assert approved <= given(org), what


def given(org: Emulator) -> set[str]:
    """The approvals that have been given, by their handshakes."""
    return {child["Id"] for child in org.children if child["State"] == "ACCEPTED"}


# Every call can fail


@pytest.mark.parametrize(("scenario", "path"), EVERY_PATH)
def test_every_fault_of_one_call_is_reported_or_healed(
    org: Emulator, wire: Wire, path: str, counted: Counted, every_position: bool, share: Share
) -> None:
    walk = PATHS[path][1](org)
    record, approved = copy.deepcopy(getattr(walk.kept, "record", None)), given(org)
    org.snapshot()
    org.reset_calls()
    walk.act()
    tried = done = 0
    for nth, fault, call in share.of(cases(org, every_position=every_position), every=EVERY):
        with begun_anew(walk, org, record):
            what = f"{call}, call {nth} of {path}: {fault}"
            _plan(org, wire, fault, nth)
            with wire:
                told = error_of(walk)
            if looked_at_again(call, fault):
                assert told is None, what
                done += 1
            org.clear_faults()
            check(walk, org, approved, what)
        tried += 1
    counted(SECTION, FAULTS, tried)
    counted(SECTION, DONE, done)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("scenario", "path"), sample(EVERY_WRITING_PATH, every=3))
def test_every_fault_after_a_write_is_recorded_and_healed_through_each_edge(
    org: Emulator, wire: Wire, edge: str, path: str, counted: Counted, every_position: bool, share: Share
) -> None:
    walk = WRITING[path][1](org, EDGES[edge])
    record, approved = copy.deepcopy(walk.kept.record), given(org)
    org.snapshot()
    org.reset_calls()
    walk.act()
    first, begins = first_write(org)
    after = [
        (nth, fault, call)
        for nth, fault, call in cases(org, every_position=every_position)
        if nth > first or (nth == first and fault.when == "after")
    ]
    for nth, fault, call in share.of(after, every=EVERY):
        with begun_anew(walk, org, record):
            what = f"{call}, call {nth} of {path}, {edge}: {fault}"
            _plan(org, wire, fault, nth)
            walk.kept.hear_anew()
            with wire:
                told = error_of(walk)
            # An update that has canceled, and no more, may fail: what the state had goes on from there.
            as_before = edge == "dynamic" and walk.kept.record == record
            assert told is None or walk.kept.unfinished or as_before, f"{what}: {told}"
            if edge == "native":
                assert bool(walk.kept.unfinished) is walk.kept.said("but the next step failed: "), what
            if walk.act == walk.kept.up:
                assert walk.kept.outputs, what
            if begins and nth > first:
                assert walk.kept.outputs["started_by_this_resource"], what
            org.clear_faults()
            check(walk, org, approved, what)
            assert walk.kept.unfinished == [], what
        counted(SECTION, KEPT[edge], 1)


def first_write(org: Emulator) -> tuple[int, bool]:
    """The number of the first call that wrote since the last reset, and whether it begins a migration."""
    return next(
        (nth, operation == "EnableAllFeatures")
        for nth, (_, operation, writes) in enumerate(calls_of(org), 1)
        if writes
    )


def looked_at_again(call: str, fault: Fault) -> bool:
    """Return whether a look must show that it has happened, even if an error was reported."""
    unoffered = call == "EnablePolicyType" and fault.what in NOT_OFFERED
    return call in LOOKED_AT_AGAIN and fault.when == "after" and not unoffered


def error_of(walk: Walk) -> Exception | None:
    """The error, where it isn't done."""
    try:
        walk.act()
    except (OrgFeaturesError, Failed) as error:
        return error
    return None


def cases(org: Emulator, *, every_position: bool) -> list[tuple[int, Fault, str]]:
    """The number of a call, what goes wrong with it, and its operation.

    Where an operation is called several times, each fault happens at one of these, by turns, unless every
    position is asked for.
    """
    called: dict[tuple[str, str, bool], list[int]] = {}
    for nth, call in enumerate(calls_of(org), 1):
        called.setdefault(call, []).append(nth)
    found = []
    for (service, operation, writes), positions in called.items():
        for number, fault in enumerate(faults(operations(service)[operation], writes=writes)):
            chosen = positions if every_position else [positions[number % len(positions)]]
            found += [(nth, fault, operation) for nth in chosen]
    return found


def _plan(org: Emulator, wire: Wire, fault: Fault, nth: int) -> None:
    times = FOR_EVER if fault.lasts else 1
    if fault.on_the_wire:
        wire.plan(fault.what, nth, times)
        return
    when: Any = fault.when
    kind: Literal["reset", "truncate", "error"] = "error"
    if fault.what in {"reset", "truncate"}:
        kind = fault.what  # type: ignore[assignment]  # one of these two
    org.fail("*", error=fault.what, kind=kind, when=when, nth=nth, times=times, status=fault.status)


def test_an_error_that_botocore_learns_is_tried_without_a_new_test() -> None:
    model = operations("organizations")["EnableAllFeatures"]
    new = StructureShape("NewlyInventedException", {"type": "structure", "members": {}, "exception": True})

    class Newer(OperationModel):
        @property
        def error_shapes(self) -> list[Any]:
            return [*model.error_shapes, new]

    shape: Any = {"name": model.name, "http": model.http}
    newer = Newer(shape, model.service_model, model.name)
    assert {*declared(newer)} - {*declared(model)} == {"NewlyInventedException"}
    whens = [fault.when for fault in faults(newer, writes=True) if fault.what == "NewlyInventedException"]
    assert whens == ["before", "after"]
    named = {fault.what for fault in faults(model, writes=True)}
    assert named == {*COMMON, *declared(model), *LOST, *LOST_AFTER, "reset", "truncate"}


# Every moment can be the last


@pytest.mark.parametrize(("scenario", "path"), EVERY_PATH)
def test_whenever_the_process_dies_the_next_run_goes_on(
    org: Emulator, wire: Wire, path: str, counted: Counted, share: Share
) -> None:
    walk = PATHS[path][1](org)
    record, approved = copy.deepcopy(getattr(walk.kept, "record", None)), given(org)
    org.snapshot()
    with wire:
        walk.act()
    moments = [(nth, moment) for nth in range(1, wire.sent + 1) for moment in ("killed_before", "killed")]
    for nth, moment in share.of(moments, every=min(EVERY, len(moments))):
        with begun_anew(walk, org, record):
            wire.plan(moment, nth)
            with pytest.raises(Killed), wire:
                walk.act()
            check(walk, org, approved, f"{moment}, call {nth} of {path}")
        counted(SECTION, MOMENTS, 1)
