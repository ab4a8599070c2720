"""Drift in refresh, preview and --expect-no-changes: it is a difference, waiting is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features import OrganizationFeatureSet
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project


def begin(project: Project) -> None:
    """Have a migration wait for approvals."""
    project.declare_feature_set()
    project.up()


@pytest.mark.engine_too
def test_merely_waiting_is_no_change(project: Project, org: Emulator) -> None:
    begin(project)
    org.reset_calls()
    assert not project.refresh(expect_no_changes=True).failed
    assert not project.preview(expect_no_changes=True).failed
    assert not project.preview(refresh=True, expect_no_changes=True).failed
    assert org.writes == {}


@pytest.mark.parametrize(
    ("what", "happens", "shown"),
    [
        ("an approval", lambda org: org.approve(org.invited[0]), "AWAITING_APPROVALS, 1 of 3 approved"),
        pytest.param(
            "all approvals",
            lambda org: org.approve_all(),
            "AWAITING_FINALIZATION, everyone has approved",
            marks=pytest.mark.engine_too,
        ),
        ("a refusal", lambda org: org.decline(org.invited[1]), "DECLINED by 222222222223"),
        ("a cancel", lambda org: org.cancel(), "CANCELED h-"),
        ("its expiry", lambda org: org.clock.advance(days=91), "EXPIRED h-"),
    ],
)
def test_drift_is_a_property_difference_that_a_person_understands(
    project: Project, org: Emulator, what: str, happens: Callable[[Emulator], Any], shown: str
) -> None:
    begin(project)
    happens(org)
    org.reset_calls()

    assert project.preview(expect_no_changes=True).failed, what
    assert project.preview(refresh=True, expect_no_changes=True).failed, what
    refreshed = project.refresh(diff=True)

    assert re.search(rf'~ goal +: "ENABLED" => "{re.escape(shown)}', refreshed.text), refreshed.text
    assert re.search(rf'~ goal +: "{re.escape(shown)}.*" => "ENABLED"', project.preview(diff=True).text)
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
    project: Project, org: Emulator, happens: Callable[[Emulator], Any], something_to_do: bool
) -> None:
    begin(project)
    happens(org)
    project.refresh()
    assert project.refresh(expect_no_changes=True).failed is something_to_do


def test_a_changed_record_settles_with_one_up(project: Project, org: Emulator) -> None:
    begin(project)
    org.approve(org.invited[0])
    project.refresh()
    assert project.up().changes == 1
    assert not project.up(expect_no_changes=True).failed
    assert not project.refresh(expect_no_changes=True).failed


def test_a_blocked_migration_is_no_change_but_a_warning(project: Project, org: Emulator) -> None:
    begin(project)
    org.cancel()
    project.up()
    preview = project.preview(expect_no_changes=True)
    assert not preview.failed
    assert "warning:" in preview.text
    assert "Nothing starts again until `attempt` is raised to 2." in preview.text


def test_approvals_do_not_run_backwards_when_handshakes_age_out(project: Project, org: Emulator) -> None:
    begin(project)
    org.approve(org.invited[0])
    project.up()
    org.clock.advance(days=31)
    assert project.up().outputs["approvals"] == {
        "required": 3,
        "accepted": 1,
        "pending": 2,
        "declined": 0,
        "expired": 0,
        "canceled": 0,
        "unknown": 0,
    }
    assert not project.preview(expect_no_changes=True).failed


@pytest.mark.engine_too
def test_an_organization_that_was_deleted_is_gone(project: Project, org: Emulator) -> None:
    begin(project)
    management = org.client("organizations", org.management)
    for account_id in (*org.invited, *org.created):
        org.remove_account(account_id)
    management.delete_organization()
    refreshed = project.refresh()
    assert not refreshed.failed, refreshed.text
    assert project.resources() == {}


def test_unknown_inputs_in_a_preview(project: Project, org: Emulator) -> None:
    def program() -> None:
        # Unknown in a preview, like every output of a resource that doesn't exist yet.
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


def test_once_the_goal_is_reached_a_refresh_leaves_nothing_to_do(project: Project, org: Emulator) -> None:
    begin(project)
    org.approve_all()
    project.refresh()
    org.finalize()
    project.refresh()
    assert project.kept()["goal"] == "ENABLED"
    preview = project.preview(diff=True, expect_no_changes=True)
    assert not preview.failed, preview.text
    assert "AWAITING_FINALIZATION" not in preview.text


@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_a_refresh_counts_who_has_approved_as_status_does(
    project: Project, org: Emulator, observe: str
) -> None:
    project.declare_feature_set(observe=observe)
    project.up()
    org.approve_all()
    project.refresh()
    kept = project.kept()
    assert (kept["approvals"]["accepted"], kept["approvals"]["unknown"]) == (3, 0)
    assert kept["message"].startswith("Everyone has approved.")
