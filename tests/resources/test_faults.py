"""Errors of AWS on the way: nothing is lost, and nothing done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.resources.test_guards import assert_clean

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project


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


@pytest.mark.engine_too
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
