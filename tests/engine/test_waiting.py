"""`wait_until`: a run that stays, goes on at once when something moves, and loses nothing however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from aws_org_features import AllFeaturesGate
from tests.engine.conftest import export, feature_set
from tests.resources.test_waiting import at_look

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.engine.conftest import Project


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


def _signal_the_engine(number: signal.Signals) -> None:
    engines = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-x", "pulumi"], capture_output=True, check=False
    )
    for pid in engines.stdout.split():
        os.kill(int(pid), number)


def test_one_ctrl_c_ends_the_wait_and_keeps_what_was_reached(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="enabled", timeout="10m")
    at_look(org, 3, lambda: _signal_the_engine(signal.SIGINT))
    ran = project.up()
    assert ran.failed
    assert "the run is over, so this stops waiting: AWAITING_APPROVALS" in ran.text
    assert project.kept()["status"] == "AWAITING_APPROVALS"
    assert project.kept()["started_by_this_resource"] is True
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.migrations_started == 1


def _twice() -> None:
    _signal_the_engine(signal.SIGINT)
    time.sleep(0.2)
    _signal_the_engine(signal.SIGINT)


def _killed() -> None:
    _signal_the_engine(signal.SIGKILL)


@pytest.mark.parametrize("ended", [_twice, _killed])
def test_a_run_that_is_cut_off_is_gone_on_with_by_the_next(
    project: Project, org: Emulator, ended: Callable[[], None]
) -> None:
    project.declare_feature_set(wait_until="enabled", timeout="10m")
    at_look(org, 3, ended)
    assert project.up().failed
    if ended is _killed:
        project.stack.cancel()
    _until_nobody_asks(org)
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.migrations_started == 1


def _until_nobody_asks(org: Emulator) -> None:
    """An orphaned provider must notice that nobody is listening."""
    quiet = 0
    while quiet < 4:
        before = org.calls.total()
        time.sleep(1)
        quiet = quiet + 1 if org.calls.total() == before else 0
