"""`wait_until`: a run that stays, goes on at once when something moves, and loses nothing however it ends."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from aws_org_features import AllFeaturesGate
from tests.engine.processes import end_orphans, engines, kill, providers, until
from tests.resources.test_waiting import at_look
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project

pytestmark = pytest.mark.own_python  # its processes are looked for, and ended


def test_giving_up_is_no_error_and_the_gate_fails_the_run(project: Project, org: Emulator) -> None:
    def program() -> None:
        declared = feature_set(org, wait_until="enabled", timeout="3s")
        export(declared)
        AllFeaturesGate("gate", feature_set=declared)

    project.declare(program)
    ran = project.up()
    assert ran.failed
    assert (
        "not enabled within 3s: AWAITING_APPROVALS, 0 of 3 approved; the next `pulumi up` waits again"
        in ran.text
    )
    assert "error: feature-set-not-enabled: " in ran.text
    assert project.kept()["status"] == "AWAITING_APPROVALS"
    assert "to do: waiting until enabled, for up to 3s" in project.preview().text
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"


def _press_ctrl_c() -> None:
    for pid in engines():
        os.kill(pid, signal.SIGINT)


def test_one_ctrl_c_ends_the_wait_and_keeps_what_was_reached(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="enabled", timeout="10m")
    at_look(org, 3, _press_ctrl_c)
    ran = project.up()
    assert ran.failed
    assert "the run is ending, so this stops waiting: AWAITING_APPROVALS" in ran.text
    assert project.kept()["status"] == "AWAITING_APPROVALS"
    assert project.kept()["started_by_this_resource"] is True
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.migrations_started == 1


def _twice(project: Project) -> None:
    _press_ctrl_c()
    until(lambda: any("^C received; cancelling" in line for line in project.said), "the first is heard")
    _press_ctrl_c()
    # An earlier answer may be kept.
    until(lambda: any("^C received; terminating" in line for line in project.said), "the second is heard")


def _killed(_project: Project) -> None:
    kill(engines())


@pytest.mark.parametrize("ended", [pytest.param(_twice, marks=pytest.mark.exhaustive), _killed])
def test_a_run_that_is_cut_off_is_gone_on_with_by_the_next(
    project: Project, org: Emulator, ended: Callable[[Project], None]
) -> None:
    orphans: list[int] = []

    def cut_off() -> None:
        orphans.extend(providers())
        ended(project)

    project.declare_feature_set(wait_until="enabled", timeout="10m")
    at_look(org, 3, cut_off)
    assert project.up().failed
    assert orphans
    if ended is _killed:
        project.cancel()
    end_orphans(orphans, org)
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.migrations_started == 1
