"""A migration from its start to ALL, with all that happens on the way, through the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches
from tests.stacks import feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

_WORLDS = {
    "as the worked examples show": Switches(),
    "the other way round": Switches(handshake_actions="model"),
    "pending children are REQUESTED": Switches(pending_child="REQUESTED"),
    "children hidden": Switches(children_shown=False),
    "children hidden, the other way round": Switches(children_shown=False, handshake_actions="model"),
    "ids with prefixes, empty pages": Switches(
        party_prefixes=True, parent_link_prefix=True, empty_pages=True
    ),
}


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(
            Scenario(switches=s),
            id=name,
            marks=[pytest.mark.engine_too] if s.handshake_actions == "model" and s.children_shown else [],
        )
        for name, s in _WORLDS.items()
    ],
)
def test_from_a_fresh_start_to_all_features(project: Project, org: Emulator) -> None:
    project.declare_feature_set()

    first = project.up()
    assert first.outputs["status"] == "AWAITING_APPROVALS"
    assert first.outputs["approvals"]["required"] == len(org.invited)
    assert org.writes == {"EnableAllFeatures": 1}

    org.approve_all()
    second = project.up()
    assert second.outputs["status"] == "ENABLED", second.text
    assert second.outputs["approvals"]["accepted"] == len(org.invited)
    assert org.feature_set == "ALL"

    org.reset_calls()
    assert project.up().changes == 0
    assert project.preview(expect_no_changes=True).changes == 0
    assert org.calls == {}
    assert project.refresh(expect_no_changes=True).changes == 0
    assert org.calls.total() <= 2


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_adopts_what_is_all_already_without_a_write(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    ran = project.up()
    assert ran.outputs["status"] == "ENABLED"
    assert ran.outputs["started_by_this_resource"] is False
    assert org.writes == {}


@pytest.mark.parametrize("scenario", [Scenario(invited=0, created=2)])
def test_with_nobody_to_ask_one_up_is_enough(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 1}


@pytest.mark.parametrize("scenario", [Scenario(invited=0, switches=Switches(accepted_at_once=True))])
def test_takes_on_a_migration_that_aws_accepts_at_once(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    assert project.up().outputs["status"] == "ENABLED"
    assert org.writes == {"EnableAllFeatures": 1}


def test_adopts_a_migration_in_progress_that_anybody_started(project: Project, org: Emulator) -> None:
    begun = org.enable_all_features()
    org.approve(org.invited[0])
    project.declare_feature_set()

    ran = project.up()

    assert ran.outputs["handshake"]["id"] == begun["Id"]
    assert ran.outputs["started_by_this_resource"] is False
    assert ran.outputs["approvals"]["accepted"] == 1
    assert org.writes == {}


def test_adopts_what_somebody_begins_between_the_look_and_the_call(project: Project, org: Emulator) -> None:
    org.before("EnableAllFeatures", lambda *_: org.enable_all_features())
    project.declare_feature_set()

    ran = project.up()

    assert org.migrations_started == 1
    assert ran.outputs["status"] == "AWAITING_APPROVALS"
    assert ran.outputs["started_by_this_resource"] is False


def test_finalizes_on_the_next_up_without_a_refresh(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.approve_all()
    preview = project.preview()
    assert preview.ops["update"] == 1
    assert f"IRREVERSIBLE: `pulumi up` enables all features by finalizing {org.parent['Id']}" in preview.text  # type: ignore[index]
    assert org.feature_set == "CONSOLIDATED_BILLING"
    assert project.up().outputs["status"] == "ENABLED"


def test_finalize_false_stops_before_the_one_way_step(project: Project, org: Emulator) -> None:
    project.declare_feature_set(finalize=False)
    project.up()
    org.approve_all()
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_FINALIZATION"
    assert "Set it to True by" in ran.outputs["message"]
    assert org.writes == {"EnableAllFeatures": 1}
    assert project.up().changes == 0

    project.declare_feature_set(finalize=True)
    assert project.up().outputs["status"] == "ENABLED"


def test_a_declined_migration_goes_on_once_the_account_is_removed(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.decline(org.invited[0])
    for account_id in org.invited[1:]:
        org.approve(account_id)
    declined = project.up()
    assert declined.outputs["status"] == "DECLINED"
    assert "222222222222 declined" in declined.outputs["message"]
    assert project.up().changes == 0
    assert org.writes == {"EnableAllFeatures": 1}

    org.remove_account(org.invited[0])
    assert project.up().outputs["status"] == "ENABLED"


@pytest.mark.engine_too
def test_raising_attempt_after_a_refusal_cancels_and_asks_again(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.approve(org.invited[1])
    org.decline(org.invited[0])
    project.up()

    project.declare_feature_set(attempt=2)
    preview = project.preview()
    assert "losing 1 approval already given" in preview.text
    again = project.up()

    assert org.writes == {"EnableAllFeatures": 2, "CancelHandshake": 1}
    assert again.outputs["status"] == "AWAITING_APPROVALS"
    assert again.outputs["approvals"]["accepted"] == 0
    assert project.kept()["attempt_recorded"] == 2
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"


@pytest.mark.parametrize("scenario", [Scenario(switches=Switches(open_when_all_responded=True))])
def test_an_open_parent_that_aws_will_not_accept_tells_who_declined(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.decline(org.invited[0])
    for account_id in org.invited[1:]:
        org.approve(account_id)

    refused = project.up()
    assert not refused.failed
    assert refused.outputs["status"] == "DECLINED"
    assert "222222222222 declined" in refused.text
    org.reset_calls()
    assert project.up().changes == 0
    assert org.writes == {}

    org.remove_account(org.invited[0])
    assert project.up().outputs["status"] == "ENABLED"


def test_an_expired_migration_starts_again_by_itself(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    first = project.up().outputs["handshake"]["id"]
    org.clock.advance(days=91)
    assert "to do: starting a migration" in project.refresh().text
    assert org.migrations_started == 1
    again = project.up()
    assert again.outputs["status"] == "AWAITING_APPROVALS"
    assert again.outputs["handshake"]["id"] != first
    assert org.migrations_started == 2
    assert project.up().changes == 0


def test_an_expired_migration_that_somebody_declined_waits_for_a_person(
    project: Project, org: Emulator
) -> None:
    project.declare_feature_set()
    project.up()
    org.decline(org.invited[0])
    project.up()
    org.clock.advance(days=91)

    for _ in range(2):
        assert project.up().outputs["status"] == "DECLINED"
    assert org.migrations_started == 1

    project.declare_feature_set(attempt=2)
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"
    assert org.migrations_started == 2


def test_a_nightly_up_after_somebodys_cancel_writes_nothing_ever(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.cancel()
    org.reset_calls()

    for days in (1, 31, 400):  # the canceled handshake ages out after 30 days
        ran = project.up()
        assert ran.outputs["status"] == "CANCELED"
        assert "`attempt` is raised to 2" in ran.text
        org.clock.advance(days=days)
    assert project.up().changes == 0
    assert org.writes == {}

    project.declare_feature_set(attempt=2)
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_create_that_finds_a_canceled_migration_waits_for_attempt_two(
    project: Project, org: Emulator, attempt: int
) -> None:
    org.enable_all_features()
    org.cancel()
    project.declare_feature_set(attempt=attempt)
    ran = project.up()
    assert ran.outputs["status"] == ("CANCELED" if attempt == 1 else "AWAITING_APPROVALS")
    assert org.migrations_started == attempt


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_create_that_finds_a_declined_migration_waits_for_a_raise(
    project: Project, org: Emulator, attempt: int
) -> None:
    org.enable_all_features()
    org.decline(org.invited[2])
    project.declare_feature_set(attempt=attempt)
    assert project.up().outputs["status"] == "DECLINED"
    assert org.migrations_started == 1
    project.declare_feature_set(attempt=attempt + 1)
    assert project.up().outputs["status"] == "AWAITING_APPROVALS"
    assert org.migrations_started == 2


def test_a_migration_that_is_finished_in_the_console_is_recorded(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    org.approve_all()
    org.finalize()

    assert project.refresh(expect_no_changes=True).failed is False
    kept = project.kept()
    assert (kept["status"], kept["handshake"]["state"]) == ("ENABLED", "ACCEPTED")
    org.reset_calls()
    assert project.up().changes == 0
    assert org.calls == {}


def test_an_account_that_joins_late_is_waited_for_or_counts_as_approved(
    project: Project, org: Emulator
) -> None:
    project.declare_feature_set()
    project.up()
    late = org.invite()
    org.join(late)
    for account_id in org.invited:
        if account_id != late:
            org.approve(account_id)
    ran = project.up()
    assert ran.outputs["status"] == "ENABLED"


@pytest.mark.engine_too
def test_two_stacks_on_one_organization_make_one_migration(
    project: Project, another_project: Project, org: Emulator
) -> None:
    for stack in (project, another_project):
        stack.declare_feature_set()
        assert stack.up().outputs["status"] == "AWAITING_APPROVALS"
    assert org.migrations_started == 1
    org.approve_all()
    for stack in (another_project, project):
        assert stack.up().outputs["status"] == "ENABLED"
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 1}


@pytest.mark.calls_race
def test_two_resources_of_one_organization_make_one_migration(project: Project, org: Emulator) -> None:
    def both() -> None:
        feature_set(org, "one")
        feature_set(org, "other")

    project.declare(both)
    project.up()
    assert org.migrations_started == 1
    assert {kept["outputs"]["status"] for kept in project.resources().values()} == {"AWAITING_APPROVALS"}


def test_a_person_who_cancels_just_before_it_is_finalized_has_the_last_word(
    project: Project, org: Emulator
) -> None:
    project.declare_feature_set()
    project.up()
    org.approve_all()
    org.before("AcceptHandshake", lambda *_: org.cancel())
    ran = project.up()
    assert not ran.failed, ran.text
    assert ran.outputs["status"] == "CANCELED"
    assert project.up().outputs["status"] == "CANCELED"
    assert org.migrations_started == 1
