"""`wait_until`: a run that stays, goes on at once when something moves, and loses nothing however it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from tests.resources.test_approver import declare, members, scenario
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project

LOOK = "DescribeOrganization"
HANDSHAKE_ACTIONS = [
    pytest.param(Scenario(invited=2, switches=Switches(handshake_actions=each)), id=each)
    for each in ("guide", "model")
]


def at_look(org: Emulator, nth: int, act: Callable[[], object]) -> None:
    """Let something happen at the Nth look of a create, after the one that tells what lies ahead."""
    org.before(LOOK, lambda *_: act(), nth + 1)


@pytest.mark.parametrize(
    ("wait_until", "status", "scenario"),
    sample(
        [
            pytest.param(until, status, handshake_actions.values[0], id=f"{until}, {handshake_actions.id}")
            for until, status in (("approved", "AWAITING_FINALIZATION"), ("enabled", "ENABLED"))
            for handshake_actions in HANDSHAKE_ACTIONS
        ],
        every=3,
    ),
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


@pytest.mark.engine_too
def test_waiting_for_approvals_finalizes_as_soon_as_it_may(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="approved")
    at_look(org, 2, org.approve_all)
    assert project.up().outputs["status"] == "ENABLED"


def test_a_refusal_ends_the_wait_for_somebody_must_decide(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="enabled")
    at_look(org, 3, lambda: org.decline(org.invited[0]))
    ran = project.up()
    assert ran.outputs["status"] == "DECLINED"
    assert not ran.failed


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_a_request_that_is_made_again_meanwhile_is_left_to_the_next_run(
    project: Project, org: Emulator
) -> None:
    declare(project, wait_until="enabled", timeout="5m")

    def cancel_and_start_anew(*_: object) -> None:
        org.cancel()
        org.enable_all_features()

    org.before("AcceptHandshake", cancel_and_start_anew)
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_APPROVALS", ran.text
    assert {child["State"] for child in org.children} == {"OPEN"}
    assert (
        "not done, because it wasn't announced before this run: approving on behalf of 2 accounts" in ran.text
    )
    assert project.up().outputs["status"] == "ENABLED"
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
def test_invalid_values_are_refused(
    project: Project, org: Emulator, inputs: dict[str, Any], why: str
) -> None:
    project.declare_feature_set(**inputs)
    ran = project.preview()
    assert ran.failed
    assert why in ran.text
    assert org.calls == {}
