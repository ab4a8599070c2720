"""What refresh, preview and --expect-no-changes show: drift is a difference, waiting is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features import OrganizationFeatureSet
from tests.engine.conftest import export, feature_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.engine.conftest import Project


@pytest.fixture
def waiting(project: Project) -> Project:
    """A stack whose migration waits for approvals."""
    project.declare_feature_set()
    project.up()
    return project


def test_merely_waiting_is_no_change(waiting: Project, org: Emulator) -> None:
    org.reset_calls()
    assert not waiting.refresh(expect_no_changes=True).failed
    assert not waiting.preview(expect_no_changes=True).failed
    assert not waiting.preview(refresh=True, expect_no_changes=True).failed
    assert org.writes == {}


@pytest.mark.parametrize(
    ("what", "happens", "shown"),
    [
        ("an approval", lambda org: org.approve(org.invited[0]), "AWAITING_APPROVALS, 1 of 3 approved"),
        ("all approvals", lambda org: org.approve_all(), "AWAITING_FINALIZATION, everyone has responded"),
        ("a refusal", lambda org: org.decline(org.invited[1]), "DECLINED by 222222222223"),
        ("a cancel", lambda org: org.cancel(), "CANCELED h-"),
        ("its expiry", lambda org: org.clock.advance(days=91), "EXPIRED h-"),
    ],
)
def test_drift_is_a_property_difference_that_a_person_understands(
    waiting: Project, org: Emulator, what: str, happens: Callable[[Emulator], Any], shown: str
) -> None:
    happens(org)
    org.reset_calls()

    assert waiting.preview(expect_no_changes=True).failed, what
    assert waiting.preview(refresh=True, expect_no_changes=True).failed, what
    refreshed = waiting.refresh(diff=True)

    assert re.search(rf'~ goal +: "ENABLED" => "{re.escape(shown)}', refreshed.text), refreshed.text
    assert re.search(rf'~ goal +: "{re.escape(shown)}.*" => "ENABLED"', waiting.preview(diff=True).text)
    assert org.writes == {}


@pytest.mark.parametrize(
    ("happens", "something_to_do"),
    [
        (lambda org: org.approve(org.invited[0]), False),
        (lambda org: org.decline(org.invited[1]), False),
        (lambda org: org.cancel(), False),
        (lambda org: org.approve_all(), True),
        (lambda org: org.clock.advance(days=91), True),
    ],
)
def test_once_refreshed_only_what_the_next_up_would_do_is_left(
    waiting: Project, org: Emulator, happens: Callable[[Emulator], Any], something_to_do: bool
) -> None:
    happens(org)
    waiting.refresh()
    assert waiting.refresh(expect_no_changes=True).failed is something_to_do


def test_a_changed_record_settles_with_one_up(waiting: Project, org: Emulator) -> None:
    org.approve(org.invited[0])
    waiting.refresh()
    assert waiting.up().changes == 1
    assert not waiting.up(expect_no_changes=True).failed
    assert not waiting.refresh(expect_no_changes=True).failed


def test_a_blocked_migration_is_no_change_but_a_warning(waiting: Project, org: Emulator) -> None:
    org.cancel()
    waiting.up()
    preview = waiting.preview(expect_no_changes=True)
    assert not preview.failed
    assert "warning:" in preview.text
    assert "Nothing starts again until `attempt` is raised to 2." in preview.text


def test_approvals_do_not_run_backwards_when_handshakes_age_out(waiting: Project, org: Emulator) -> None:
    org.approve(org.invited[0])
    waiting.up()
    org.clock.advance(days=31)
    assert waiting.up().outputs["approvals"] == {
        "required": 3,
        "accepted": 1,
        "pending": 2,
        "declined": 0,
        "expired": 0,
        "canceled": 0,
        "unknown": 0,
    }
    assert not waiting.preview(expect_no_changes=True).failed


def test_an_organization_that_was_deleted_is_gone(waiting: Project, org: Emulator) -> None:
    management = org.client("organizations", org.management)
    for account_id in (*org.invited, *org.created):
        org.remove_account(account_id)
    management.delete_organization()
    refreshed = waiting.refresh()
    assert not refreshed.failed, refreshed.text
    assert waiting.resources() == {}


def test_unknown_inputs_in_a_preview(project: Project, org: Emulator) -> None:
    def program() -> None:
        # Unknown in a preview, as every output of what is yet to be made.
        made = feature_set(org, "first").message
        export(
            OrganizationFeatureSet(
                "org",
                organization_id=made.apply(lambda _: org.organization_id),
                finalize=made.apply(lambda _: True),
                attempt=made.apply(lambda _: 1),
                connection={
                    "endpoints": {"organizations": made.apply(lambda _: org.endpoint)},
                    "assume_roles": [{"role_arn": made.apply(lambda _: "arn:aws:iam::1:role/x")}],
                },
            )
        )

    project.declare(program)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert preview.ops["create"] == 3
    refused = project.up()
    assert refused.failed
    assert "'arn:aws:iam::1:role/x', not the ARN of a role" in refused.text
    assert org.migrations_started == 1, "the one that is valid went on"


def test_a_preview_shows_no_output_that_it_cannot_know(waiting: Project, org: Emulator) -> None:
    org.approve_all()
    seen: list[object] = []

    def program() -> None:
        feature_set(org).status.apply(seen.append)

    waiting.declare(program)
    waiting.preview()
    assert seen == [], "an apply ran on what a preview can't know"


def test_a_saved_plan_holds_where_only_refresh_looks(project: Project, org: Emulator, tmp_path: Path) -> None:
    plan = str(tmp_path / "plan.json")
    project.declare_feature_set(observe="refresh")
    project.preview(plan=plan)
    assert not project.up(plan=plan).failed

    org.reset_calls()
    org.approve_all()
    project.preview(plan=plan)
    assert not project.up(plan=plan).failed
    assert org.calls == {}, "only refresh looks"

    project.refresh()
    project.preview(plan=plan)
    ran = project.up(plan=plan)
    assert ran.outputs["status"] == "ENABLED", ran.text
