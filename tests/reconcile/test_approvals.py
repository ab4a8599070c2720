"""No approval is lost: what a destroy or a raised attempt cancels was looked at last of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Organizations
from aws_org_features.migration.run_cache import MigrationCache
from aws_org_features.model.migration import Action
from tests.reconcile.conftest import Resource

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from aws_org_features.model.organizations import Handshake


def _state(org: Emulator) -> str:
    assert org.parent is not None
    return str(org.parent["State"])


def test_a_destroy_cancels_what_nobody_has_approved(resource: Resource, org: Emulator) -> None:
    resource.up()
    assert resource.destroy().action is Action.CANCEL
    assert _state(org) == "CANCELED"


def test_an_approval_since_the_last_run_is_seen_by_a_destroy(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.approve(org.invited[0])
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"


def test_an_approval_while_the_accounts_are_listed_is_not_lost(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.after("ListAccounts", lambda *_: org.approve(org.invited[0]))
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"


def test_a_cancel_that_meets_somebody_elses_change_looks_again(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.fail("CancelHandshake", error="ConcurrentModificationException")
    org.before("CancelHandshake", lambda *_: org.approve(org.invited[0]))
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"
    assert org.calls["CancelHandshake"] == 1


def test_a_raised_attempt_that_meets_an_approval_still_gives_it_up(resource: Resource, org: Emulator) -> None:
    """Give it up, as the attempt was raised for that; but look at the migration again before the next try."""
    resource.up()
    org.decline(org.invited[0])
    resource.up()
    resource.declare(attempt=2)
    org.fail("CancelHandshake", error="TooManyRequestsException")
    org.before("CancelHandshake", lambda *_: org.approve(org.invited[1]))
    resource.up()
    assert resource.status == "AWAITING_APPROVALS"
    assert org.migrations_started == 2


def test_a_create_cancels_nothing_for_approvals_may_be_too_old_to_be_shown(
    resource: Resource, org: Emulator
) -> None:
    """Begin as after a rename: it still declares the attempt that its earlier name has used up."""
    org.enable_all_features()
    org.approve(org.invited[0])
    org.clock.advance(days=31)
    org.decline(org.invited[1])
    resource.declare(attempt=2)
    resource.up()
    assert (resource.status, resource.outputs["attempt_recorded"]) == ("DECLINED", 2)
    assert org.writes == {}
    resource.declare(attempt=3)
    resource.up()
    assert resource.status == "AWAITING_APPROVALS"
    assert org.migrations_started == 2


@pytest.mark.parametrize("scenario", [Scenario(switches=Switches(children_shown=False))])
def test_approvals_that_cannot_be_seen_count_as_given(resource: Resource, org: Emulator) -> None:
    resource.up()
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"


def test_a_consent_by_joining_late_counts_as_given(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.join(org.invite())
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"


def test_an_approval_that_aged_out_unseen_counts_as_given(resource: Resource, org: Emulator) -> None:
    org.fail("ListHandshakesForOrganization", error="AccessDeniedException", nth=3, times=9)
    resource.up()
    org.clear_faults()
    org.approve(org.invited[0])
    org.clock.advance(days=31)
    assert resource.destroy().action is Action.NONE
    assert _state(org) == "REQUESTED"


def test_a_destroy_of_what_is_enabled_asks_nothing(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.approve_all()
    resource.up()
    org.reset_calls()
    assert resource.destroy().action is Action.NONE
    assert org.calls == {}


@pytest.mark.parametrize(
    "scenario", [Scenario(switches=Switches(children_shown=False, open_when_all_responded=True))]
)
def test_a_refusal_that_nobody_explains_is_tried_once(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.decline(org.invited[0])
    for account_id in org.invited[1:]:
        org.approve(account_id)
    resource.up()
    assert resource.status == "DECLINED"
    org.reset_calls()
    resource.up()
    resource.up()
    assert org.writes == {}

    org.remove_account(org.invited[0])
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.parametrize("scenario", [Scenario(switches=Switches(open_when_all_responded=True))])
def test_where_nothing_is_finalized_the_record_claims_no_approval(resource: Resource, org: Emulator) -> None:
    resource.declare(finalize=False)
    resource.up()
    org.decline(org.invited[0])
    for account_id in org.invited[1:]:
        org.approve(account_id)
    resource.up()
    assert resource.status == "DECLINED"
    assert resource.outputs["approvals"]["accepted"] == 2
    assert resource.outputs["approvals"]["required"] == 3


@pytest.mark.parametrize("scenario", [Scenario(invited=0)])
def test_a_start_is_recorded_though_the_next_step_fails(resource: Resource, org: Emulator) -> None:
    org.fail("AcceptHandshake", error="AccessDeniedException", times=3)
    resource.up()
    assert resource.outputs["started_by_this_resource"] is True
    assert resource.status == "AWAITING_FINALIZATION"
    org.clear_faults()
    resource.up()
    assert resource.status == "ENABLED"


def test_a_migration_that_begins_while_it_is_looked_for_is_found(resource: Resource, org: Emulator) -> None:
    org.after("ListHandshakesForOrganization", lambda *_: org.enable_all_features())
    resource.up()
    assert resource.outputs["handshake"]["id"] == org.parent["Id"]  # type: ignore[index]
    assert org.writes == {}


def test_without_the_list_of_accounts_there_is_less_to_tell_but_nothing_fails(
    resource: Resource, org: Emulator
) -> None:
    resource.up()
    org.decline(org.invited[0])
    org.fail("ListAccounts", error="AccessDeniedException", times=99)
    resource.up()
    assert resource.status == "DECLINED"
    assert resource.destroy().action is Action.NONE


def test_one_run_looks_once_and_a_write_looks_afresh(resource: Resource, org: Emulator) -> None:
    resource.up()
    run = MigrationCache()
    org.reset_calls()
    resource.reconciler(run).look()
    calls = org.calls.total()
    resource.reconciler(run).look()
    resource.reconciler(run).apply()
    assert org.calls.total() == calls, "nothing new to ask, and nothing to write"

    org.approve_all()
    run = MigrationCache()
    resource.reconciler(run).look()
    org.cancel()
    outcome = resource.reconciler(run).apply()
    assert outcome.outputs["status"] == "CANCELED", "what was seen is stale before a write"
    assert org.writes == {}


def test_a_write_makes_every_look_of_the_run_stale(resource: Resource, org: Emulator) -> None:
    resource.up()
    another = Resource(org)
    another.connection = replace(another.connection, region="eu-west-1")
    another.up()
    run = MigrationCache()
    another.reconciler(run).look()
    org.approve_all()
    resource.reconciler(run).apply()
    assert another.reconciler(run).look().outputs["status"] == "ENABLED"


def test_a_destroy_makes_every_look_of_the_run_stale(resource: Resource) -> None:
    resource.up()
    run = MigrationCache()
    resource.reconciler(run).look()
    assert resource.destroy(run).action is Action.CANCEL
    assert resource.reconciler(run).look().outputs["status"] == "CANCELED"


def test_approvals_that_aws_shows_a_moment_later_are_seen(
    resource: Resource, org: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, asked = Organizations.children, []

    def children(self: Organizations, parent_id: str) -> tuple[Handshake, ...]:
        asked.append(parent_id)
        return () if len(asked) == 1 else shown(self, parent_id)

    monkeypatch.setattr(Organizations, "children", children)
    resource.up()
    assert resource.outputs["approvals"]["pending"] == len(org.invited)
