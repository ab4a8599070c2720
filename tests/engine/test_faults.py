"""What goes wrong on the way: errors of AWS, kills, races. Nothing is lost, and nothing done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.test_guards import assert_clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.engine.conftest import Project


@pytest.mark.parametrize(
    ("error", "reason", "reference", "words"),
    [
        (
            "ConstraintViolationException",
            "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
            "organization-too-large",
            "can't be rolled back",
        ),
        ("AccessDeniedException", None, "access-denied", "organizations:EnableAllFeatures"),
        (
            "HandshakeConstraintViolationException",
            "LEGACY_PERMISSIONS_STILL_IN_USE",
            "migration-refused",
            "LEGACY_PERMISSIONS_STILL_IN_USE",
        ),
    ],
)
def test_a_start_that_aws_refuses_is_a_clean_error(
    project: Project, org: Emulator, error: str, reason: str | None, reference: str, words: str
) -> None:
    org.fail("EnableAllFeatures", error=error, reason=reason)
    project.declare_feature_set()
    assert_clean(project.up(), reference, words)
    assert org.migrations_started == 0
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "error",
    ["ConcurrentModificationException", "TooManyRequestsException", "ServiceException"],
)
def test_an_error_before_or_after_the_start_ends_in_one_migration(
    project: Project, org: Emulator, error: str, when: str
) -> None:
    org.fail("EnableAllFeatures", error=error, when=when)  # type: ignore[arg-type]  # parametrized
    project.declare_feature_set()
    project.up()
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_APPROVALS", ran.text
    assert org.migrations_started == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_error_on_the_last_step_is_looked_into(project: Project, org: Emulator, when: str) -> None:
    project.declare_feature_set()
    project.up()
    org.approve_all()
    org.fail("AcceptHandshake", error="InvalidHandshakeTransitionException", when=when)  # type: ignore[arg-type]
    ran = project.up()
    assert not ran.failed, ran.text
    if when == "after":
        assert ran.outputs["status"] == "ENABLED", "AWS had done it all the same"
    else:
        assert "AWS refuses to finalize" in ran.text
    assert project.up().outputs["status"] == "ENABLED"


def test_approvals_that_cannot_be_listed_do_not_lose_what_was_started(
    project: Project, org: Emulator
) -> None:
    org.fail("ListHandshakesForOrganization", error="AccessDeniedException", nth=3)
    project.declare_feature_set()
    first = project.up()
    assert not first.failed, first.text
    assert first.outputs["started_by_this_resource"] is True
    second = project.up()
    assert second.outputs["approvals"]["pending"] == 3
    assert org.migrations_started == 1


def _kill_provider() -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if b"pulumi.dynamic" in command and _descends_from_us(parent):
            os.kill(int(process.name), signal.SIGKILL)


def _kill_engine() -> None:
    engines = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-x", "pulumi"], capture_output=True, check=False
    )
    for pid in engines.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def _descends_from_us(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


@pytest.mark.parametrize("kill", [_kill_provider, _kill_engine])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_the_middle_of_create(
    project: Project, org: Emulator, kill: Callable[[], None], when: str
) -> None:
    def strike(*_: object) -> None:
        kill()
        time.sleep(0.2)

    getattr(org, when)("EnableAllFeatures", strike)
    project.declare_feature_set()
    assert project.up().failed
    if kill is _kill_engine:
        project.stack.cancel()
        time.sleep(2)  # the orphaned provider notices that nobody is listening

    ran = project.up()

    assert ran.outputs["status"] == "AWAITING_APPROVALS", ran.text
    assert ran.outputs["approvals"]["pending"] == 3
    assert org.migrations_started == 1
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
