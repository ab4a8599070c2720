"""Values of AWS that this version doesn't know: they are named, and nothing is written because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Organizations
from aws_org_features.common import errors
from aws_org_features.model.migration import Action
from aws_org_features.views.plan.look import first_up, next_up
from tests.reconcile.on_off import Type
from tests.reconcile.test_approver import APPROVER, members, scenario
from tests.reconcile.test_member_account import MINE, Account
from tests.rewriting import Rewriting, is_parent

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

pytestmark = pytest.mark.usefixtures("without_pauses")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Rewriting:
    return Rewriting(monkeypatch)


# A feature set

NEWER = "ALL_AND_MORE"


@pytest.mark.parametrize("word", [NEWER, "all", "Consolidated_Billing", "FULL"])
def test_nothing_is_started_under_an_unknown_feature_set(
    resource: Resource, org: Emulator, answers: Rewriting, word: str
) -> None:
    answers.feature_set(word)
    for command in (resource.up, resource.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=f"'{word}'"):
            command()
    with pytest.raises(errors.FeatureSetUnknownError):
        first_up(Organizations(resource.connection), resource.desired)
    assert not org.writes


@pytest.mark.parametrize("responded", [False, True])
def test_a_migration_is_left_as_it_is_under_a_feature_set_that_nobody_knows(
    resource: Resource, org: Emulator, answers: Rewriting, responded: bool
) -> None:
    resource.up()
    if responded:
        org.approve_all()
    kept = resource.outputs
    org.reset_calls()
    answers.feature_set(NEWER)
    for command in (resource.up, resource.refresh, resource.destroy):
        with pytest.raises(errors.FeatureSetUnknownError):
            command()
    with pytest.raises(errors.FeatureSetUnknownError):
        next_up(Organizations(resource.connection), resource.desired, 1, "", None)
    assert not org.writes
    assert resource.outputs == kept
    answers.stop()
    org.approve_all()
    resource.up()
    assert resource.status == "ENABLED"


def test_a_member_approves_nothing_under_a_feature_set_that_nobody_knows(
    org: Emulator, answers: Rewriting
) -> None:
    org.enable_all_features()
    org.reset_calls()
    account = Account(org)
    answers.feature_set(NEWER)
    for command in (account.up, account.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=NEWER):
            command()
    assert not org.writes


def test_no_policy_type_is_changed_under_a_feature_set_that_nobody_knows(
    org: Emulator, answers: Rewriting
) -> None:
    kept = Type(org)
    answers.feature_set(NEWER)
    for command in (kept.up, kept.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=NEWER):
            command()
    assert not org.writes


# A state

HANDSHAKE_ACTIONS = [
    pytest.param(Scenario(switches=Switches(handshake_actions=name)), id=name) for name in ("guide", "model")
]


@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
@pytest.mark.parametrize("responded", [False, True])
def test_a_migration_in_a_state_that_nobody_knows_is_named_and_left_alone(
    resource: Resource, org: Emulator, answers: Rewriting, responded: bool
) -> None:
    resource.up()
    if responded:
        org.approve_all()
    org.reset_calls()
    answers.states("PAUSED", is_parent)
    for attempt in (1, 2):
        resource.declare(attempt=attempt, approver=APPROVER)
        for command in (resource.up, resource.refresh):
            outcome = command()
            assert outcome.decision.action is Action.NONE
            assert outcome.decision.blocked
            said = resource.outputs["message"]
            assert f"{resource.outputs['handshake']['id']} in state PAUSED" in said
            assert "couldn't be listed" not in said
            assert not outcome.steps.finalize
    assert "PAUSED" in resource.destroy().reason
    assert not org.writes
    answers.stop()
    org.approve_all()
    resource.up()
    assert resource.status == "ENABLED"


def test_a_request_in_a_state_that_nobody_knows_stands_against_finalizing(
    resource: Resource, org: Emulator, answers: Rewriting
) -> None:
    resource.up()
    answers.states("PAUSED", lambda each: not is_parent(each))
    resource.up()
    (waiting, *_) = resource.outputs["waiting_for"]
    assert waiting["state"] == "PAUSED"
    assert f"of {org.invited[0]}" in resource.outputs["message"]
    assert "in state PAUSED" in resource.outputs["message"]
    assert resource.outputs["approvals"]["unknown"] == len(org.invited)


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
@pytest.mark.parametrize("lists", ["ListHandshakesForOrganization", "ListHandshakesForAccount"])
def test_nobody_is_approved_for_by_a_request_in_a_state_that_nobody_knows(
    resource: Resource, org: Emulator, answers: Rewriting, lists: str
) -> None:
    answers.states("PAUSED", lambda each: not is_parent(each))
    answers.changes = {lists: answers.changes[lists]}
    resource.declare(approver=APPROVER)
    resource.up()
    assert not org.calls["AcceptHandshake"]
    assert resource.status == "AWAITING_APPROVALS"
    if lists == "ListHandshakesForOrganization":
        assert {each["state"] for each in resource.outputs["waiting_for"]} == {"PAUSED"}
        assert not org.calls["AssumeRole"]
        return
    assert len(resource.outputs["waiting_for"]) == len(org.invited)
    for each in resource.outputs["waiting_for"]:
        assert each["reason"].startswith(
            f"handshake-state-unknown: the account's request {each['handshake_id']}"
        )
        assert "in state PAUSED" in each["reason"]


def test_a_member_reports_an_unknown_state_and_approves_once_it_is_known(
    org: Emulator, answers: Rewriting
) -> None:
    org.enable_all_features()
    account = Account(org, MINE)
    answers.states("PAUSED", lambda _: True)
    for command in (account.up, account.refresh, account.up):
        command()
        assert account.status == "NOT_ASKED"
        assert "in state PAUSED" in account.message
        assert "The next `pulumi up` approves" not in account.message
    assert not org.calls["AcceptHandshake"]
    answers.stop()
    account.up()
    assert account.status == "APPROVED"
