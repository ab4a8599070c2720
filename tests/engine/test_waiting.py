"""`wait_until`: a run that stays, goes on at once when something moves, and loses nothing however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features import AllFeaturesGate
from tests.engine.conftest import export, feature_set
from tests.engine.test_approver import declare, members, scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.engine.conftest import Project

LOOK = "DescribeOrganization"
TOPOLOGIES = [
    pytest.param(Scenario(invited=2, switches=Switches(topology=each)), id=each) for each in ("A", "B")
]


def at_look(org: Emulator, nth: int, act: Callable[[], object]) -> None:
    """Let something happen at the Nth look of a create, after the one that tells what lies ahead."""
    org.before(LOOK, lambda *_: act(), nth + 1)


@pytest.mark.parametrize("scenario", TOPOLOGIES)
@pytest.mark.parametrize(
    ("wait_until", "status"), [("approved", "AWAITING_FINALIZATION"), ("enabled", "ENABLED")]
)
def test_approvals_that_arrive_meanwhile_end_the_wait(
    project: Project, org: Emulator, wait_until: str, status: str
) -> None:
    project.declare_feature_set(wait_until=wait_until, finalize=wait_until == "enabled")
    at_look(org, 3, lambda: org.approve(org.invited[0]))
    at_look(org, 4, lambda: org.approve(org.invited[1]))
    ran = project.up()
    assert ran.outputs["status"] == status, ran.text
    assert f"waiting until {wait_until}, for up to 30m: AWAITING_APPROVALS, 0 of 2 approved" in ran.text
    assert project.preview().changes == 0


def test_waiting_for_approvals_finalizes_as_soon_as_it_may(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="approved")
    at_look(org, 2, org.approve_all)
    assert project.up().outputs["status"] == "ENABLED"


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


def test_a_refusal_ends_the_wait_for_somebody_must_decide(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="enabled")
    at_look(org, 3, lambda: org.decline(org.invited[0]))
    ran = project.up()
    assert ran.outputs["status"] == "DECLINED"
    assert not ran.failed


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_what_is_asked_anew_meanwhile_is_approved_too(project: Project, org: Emulator) -> None:
    declare(project, wait_until="enabled", timeout="30s")

    def cancel_and_start_anew(*_: object) -> None:
        org.cancel()
        org.enable_all_features()

    org.before("AcceptHandshake", cancel_and_start_anew)
    ran = project.up()
    assert ran.outputs["status"] == "ENABLED", ran.text
    assert org.migrations_started == 2


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"wait_until": "done"}, "wait_until is 'done', but must be one of requested, approved, enabled"),
        ({"timeout": "soon"}, "timeout is 'soon', but must be a time from 1s to 168h (like 45m or 1h30m)"),
        ({"timeout": "0s"}, "timeout is '0s', but must be a time from 1s"),
        ({"timeout": "200h"}, "timeout is '200h', but must be a time from 1s"),
        ({"wait_until": "enabled", "finalize": False}, "wait_until is 'enabled', but finalize is False"),
    ],
)
def test_what_makes_no_sense_is_refused(
    project: Project, org: Emulator, inputs: dict[str, Any], why: str
) -> None:
    project.declare_feature_set(**inputs)
    ran = project.preview()
    assert ran.failed
    assert why in ran.text
    assert org.calls == {}


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
