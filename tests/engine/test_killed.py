"""SIGKILL in the middle of a command: at most one migration is started, no approval lost, and it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_emulator import Scenario, Switches
from tests.engine.processes import end_orphans, engines, kill, providers
from tests.resources.test_approver import approver, members
from tests.shares import sample
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import CommandResult, Project

pytestmark = pytest.mark.own_python  # its processes are looked for, and ended


def kill_provider() -> None:
    """End the provider's process, as the machine would that has no memory left."""
    kill(providers())


def kill_engine() -> None:
    """End the engine's process, as a pipeline that is taken away."""
    kill(engines())


@dataclass(frozen=True)
class Moment:
    """What is being done when it ends.

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
    declared: Callable[[], dict[str, Any]] = dict
    prepare: Callable[[Project, Emulator], object] = lambda _project, _org: None
    command: Callable[[Project], CommandResult] = lambda project: project.up()
    status: str | None = "AWAITING_APPROVALS"
    migrations: int = 1


def _all_approved(project: Project, org: Emulator) -> None:
    project.up()
    org.approve_all()


def _declined(project: Project, org: Emulator) -> None:
    project.up()
    org.decline(org.invited[0])
    project.up()
    project.declare_feature_set(attempt=2)


def _begun(project: Project, _org: Emulator) -> None:
    project.up()


def _destroy(project: Project) -> CommandResult:
    return project.destroy()


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
        declared=lambda: {"approver": approver()},
        status="ENABLED",
    ),
    "before the parent is accepted": Moment(
        "before", "AcceptHandshake", prepare=_all_approved, status="ENABLED"
    ),
    "after the parent is accepted": Moment(
        "after", "AcceptHandshake", prepare=_all_approved, status="ENABLED"
    ),
    "after a raised attempt canceled": Moment("after", "CancelHandshake", prepare=_declined, migrations=2),
    "after a raised attempt began anew": Moment(
        "after", "EnableAllFeatures", prepare=_declined, migrations=2
    ),
    "after a destroy canceled": Moment(
        "after",
        "CancelHandshake",
        declared=lambda: {"on_destroy": "cancel"},
        prepare=_begun,
        command=_destroy,
        status=None,
    ),
}


@pytest.mark.parametrize(
    ("scenario", "moment", "strike"),
    sample(
        [
            pytest.param(each.scenario, each, strike, id=f"{name}, {strike.__name__}")
            for strike in (kill_provider, kill_engine)
            for name, each in MOMENTS.items()
        ],
        every=5,
    ),
)
def test_killed_and_the_next_run_goes_on(
    project: Project,
    org: Emulator,
    moment: Moment,
    strike: Callable[[], None],
    counted: Callable[[str, str, int], None],
) -> None:
    orphans: list[int] = []

    def struck(*_: object) -> None:
        orphans.extend(providers())
        strike()

    project.declare(lambda: export(feature_set(org, **moment.declared())))
    moment.prepare(project, org)
    given = _approved(org)
    getattr(org, moment.when)(moment.operation, struck, nth=moment.nth)
    assert moment.command(project).failed
    assert orphans
    if strike is kill_engine:
        project.stack.cancel()
        end_orphans(orphans, org)

    ran = moment.command(project)

    assert not ran.failed, ran.text
    assert org.migrations_started == moment.migrations
    if moment.status is None:
        assert project.resources() == {}
        assert org.parent is not None
        assert org.parent["State"] == "CANCELED"
    else:
        assert project.kept()["status"] == moment.status, ran.text
        assert (org.feature_set == "ALL") is (moment.status == "ENABLED")
    if moment.migrations == 1:
        assert given <= _approved(org)
    counted("the real engine", f"moments at which the {strike.__name__[5:]} was killed", 1)
