"""Killed or interrupted in the midst of a command: at most one migration, no approval lost, it goes on."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from aws_org_emulator import Scenario, Switches
from tests.engine.processes import end_orphans, engines, is_gone, kill, plugins, providers, until
from tests.harness.native_project import NativeProject
from tests.resources.test_approver import ROLE, SECRET, members
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.harness.cli_project import Told
    from tests.stacks import CommandResult, Project

    Stack: TypeAlias = Project | NativeProject
    Ran: TypeAlias = CommandResult | Told

pytestmark = pytest.mark.own_python  # its processes are looked for, and ended


def kill_provider() -> None:
    """End the provider's process, as the machine would that has no memory left."""
    kill([*providers(), *plugins()])


def kill_engine() -> None:
    """End the engine's process, as a pipeline that is taken away."""
    kill(engines())


def interrupt() -> None:
    """Press Ctrl-C once."""
    for pid in engines():
        os.kill(pid, signal.SIGINT)


@dataclass(frozen=True)
class Moment:
    """The work that is being done when it ends.

    Attributes:
        when: `before` or `after` the call takes effect.
        operation: The call.
        nth: Which one of them, counted from when the command begins.
        scenario: The organization.
        declared: What the program declares.
        prepare: What has been done before.
        command: Which command is killed, and repeated.
        status: What the resource says in the end; None where nothing is kept of it.
        migrations: How many were started in the end.
    """

    when: str
    operation: str
    nth: int = 1
    scenario: Scenario = field(default_factory=Scenario)
    declared: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Stack, Emulator], object] = lambda _stack, _org: None
    command: Callable[[Stack], Ran] = lambda stack: stack.up()
    status: str | None = "AWAITING_APPROVALS"
    migrations: int = 1


def _all_approved(stack: Stack, org: Emulator) -> None:
    stack.up()
    org.approve_all()


def _declined(stack: Stack, org: Emulator) -> None:
    stack.up()
    org.decline(org.invited[0])
    stack.up()
    stack.declare_feature_set(attempt=2)


def _begun(stack: Stack, _org: Emulator) -> None:
    stack.up()


def _destroy(stack: Stack) -> Ran:
    return stack.destroy()


def _approved(org: Emulator) -> set[str]:
    return {child["Id"] for child in org.children if child["State"] == "ACCEPTED"}


MOMENTS: Final = {
    "before the start": Moment("before", "EnableAllFeatures"),
    "after the start": Moment("after", "EnableAllFeatures"),
    "after the fifth approval": Moment(
        "after",
        "AcceptHandshake",
        nth=5,
        scenario=Scenario(invited=0, members=members(12), switches=Switches(throttling=True)),
        declared={"approver": {"role_name": ROLE, "external_id": SECRET}},
        status="ENABLED",
    ),
    "before the parent is accepted": Moment(
        "before", "AcceptHandshake", prepare=_all_approved, status="ENABLED"
    ),
    "after the parent is accepted": Moment(
        "after", "AcceptHandshake", prepare=_all_approved, status="ENABLED"
    ),
    "after a raised attempt canceled": Moment("after", "CancelHandshake", prepare=_declined, migrations=2),
    "after a raised attempt began again": Moment(
        "after", "EnableAllFeatures", prepare=_declined, migrations=2
    ),
    "after a destroy canceled": Moment(
        "after",
        "CancelHandshake",
        declared={"on_destroy": "cancel"},
        prepare=_begun,
        command=_destroy,
        status=None,
    ),
}


@pytest.fixture
def stack(request: pytest.FixtureRequest, edge: str, tmp_path: Path, org: Emulator) -> Stack:
    """A stack on the organization, with the resource that goes through an edge."""
    if edge == "native":
        return NativeProject(tmp_path, org)
    project: Project = request.getfixturevalue("project")
    return project


@pytest.mark.parametrize(
    ("scenario", "moment", "strike", "edge"),
    [
        *sample(
            [
                pytest.param(each.scenario, each, strike, "dynamic", id=f"{name}, {strike.__name__}")
                for strike in (kill_provider, kill_engine)
                for name, each in MOMENTS.items()
            ],
            every=5,
        ),
        *(
            pytest.param(
                *(each.scenario, each, strike, "native"),
                marks=pytest.mark.exhaustive,
                id=f"{name}, {strike.__name__}, native",
            )
            for strike in (kill_provider, kill_engine)
            for name, each in MOMENTS.items()
        ),
    ],
)
def test_killed_and_the_next_run_goes_on(
    stack: Stack,
    org: Emulator,
    moment: Moment,
    strike: Callable[[], None],
    edge: str,
    counted: Callable[[str, str, int], None],
) -> None:
    orphans: list[int] = []

    def struck(*_: object) -> None:
        orphans.extend([*providers(), *plugins()])
        strike()

    stack.declare_feature_set(**moment.declared)
    moment.prepare(stack, org)
    given = _approved(org)
    getattr(org, moment.when)(moment.operation, struck, nth=moment.nth)
    assert moment.command(stack).failed
    assert orphans
    if strike is kill_engine:
        stack.cancel()
        if edge == "native":
            until(lambda: all(map(is_gone, orphans)), "the plugins have ended")
        else:
            end_orphans(orphans, org)

    _goes_on(stack, org, moment, given)
    of = "" if edge == "dynamic" else ", native"
    counted("the real engine", f"moments at which the {strike.__name__[5:]} was killed{of}", 1)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("scenario", "moment"), [pytest.param(each.scenario, each, id=name) for name, each in MOMENTS.items()]
)
@pytest.mark.parametrize("edge", ["native"])
def test_interrupted_it_records_what_it_does_and_the_next_run_goes_on(
    stack: Stack, org: Emulator, moment: Moment
) -> None:
    stack.declare_feature_set(**moment.declared)
    moment.prepare(stack, org)
    given = _approved(org)
    getattr(org, moment.when)(moment.operation, lambda *_: interrupt(), nth=moment.nth)

    interrupted = moment.command(stack)

    assert "Traceback" not in interrupted.text
    assert "pending_operations" not in stack.stored()
    assert org.migrations_started == moment.migrations
    if moment.status is not None:
        assert stack.kept()["handshake"]["id"] == org.parent["Id"]  # type: ignore[index]
    _goes_on(stack, org, moment, given)


def _goes_on(stack: Stack, org: Emulator, moment: Moment, given: set[str]) -> None:
    """See that the same command gets to its end, with nothing lost and nothing twice."""
    ran = moment.command(stack)

    assert not ran.failed, ran.text
    assert org.migrations_started == moment.migrations
    if moment.status is None:
        assert '::org"' not in stack.stored()
        assert org.parent is not None
        assert org.parent["State"] == "CANCELED"
    else:
        assert stack.kept()["status"] == moment.status, ran.text
        assert (org.feature_set == "ALL") is (moment.status == "ENABLED")
    if moment.migrations == 1:
        assert given <= _approved(org)
