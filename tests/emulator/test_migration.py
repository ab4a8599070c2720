"""The way of a migration from consolidated billing to ALL, and the ways it stops."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from aws_org_emulator.handshakes.parties import asked_account
from tests.emulator.conftest import Ask, Start
from tests.emulator.helpers import handshakes, refusal
from tests.emulator.model_check import checked

HANDSHAKE_ACTIONS = {
    "guide": ("ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"),
    "model": ("APPROVE_ALL_FEATURES", "ENABLE_ALL_FEATURES"),
}


def parent_state(emulator: Emulator) -> str:
    assert emulator.parent is not None
    return str(emulator.parent["State"])


def child_states(emulator: Emulator) -> list[str]:
    return [child["State"] for child in emulator.children]


@pytest.mark.parametrize("handshake_actions", HANDSHAKE_ACTIONS)
@pytest.mark.parametrize("pending", ["OPEN", "REQUESTED"])
@pytest.mark.parametrize("children_shown", [True, False])
@pytest.mark.parametrize("empty_pages", [True, False])
def test_everyone_approves_and_management_finalizes(
    start: Start,
    handshake_actions: Any,
    pending: Any,
    children_shown: bool,
    empty_pages: bool,
) -> None:
    switches = Switches(
        handshake_actions=handshake_actions,
        pending_child=pending,
        children_shown=children_shown,
        empty_pages=empty_pages,
    )
    emulator = start(switches)
    management = checked(emulator.client("organizations", emulator.management))
    of_parent, of_child = HANDSHAKE_ACTIONS[handshake_actions]
    parent = management.enable_all_features()["Handshake"]
    assert (parent["Action"], parent["State"]) == (of_parent, "REQUESTED")
    assert f"/{of_parent.lower()}/" in parent["Arn"]
    by_parent = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    for account_id in emulator.invited:
        assert parent_state(emulator) == "REQUESTED"
        owner = checked(emulator.client("organizations", account_id))
        (child,) = handshakes(owner.list_handshakes_for_account)
        assert (child["Action"], child["State"]) == (of_child, pending)
        assert f"/{of_child.lower()}/" in child["Arn"]
        answer = owner.accept_handshake(HandshakeId=child["Id"])["Handshake"]
        assert answer["State"] == "ACCEPTED"
    shown = handshakes(management.list_handshakes_for_organization, **by_parent)
    assert [child["State"] for child in shown] == (["ACCEPTED"] * 3 if children_shown else [])
    assert handshakes(emulator_client(emulator, emulator.created[0])) == []
    assert parent_state(emulator) == "OPEN"
    final = management.accept_handshake(HandshakeId=parent["Id"])["Handshake"]
    assert final["State"] == "ACCEPTED"
    assert management.describe_organization()["Organization"]["FeatureSet"] == "ALL"


def emulator_client(emulator: Emulator, account_id: str) -> Any:
    return checked(emulator.client("organizations", account_id)).list_handshakes_for_account


def test_finalizing_too_early_is_refused(emulator: Emulator, management: Any) -> None:
    parent = management.enable_all_features()["Handshake"]
    emulator.approve(emulator.invited[0])
    error = refusal(management.accept_handshake, HandshakeId=parent["Id"])
    assert error.code == "InvalidHandshakeTransitionException"
    assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_a_second_start_is_refused_while_one_is_in_progress(emulator: Emulator, management: Any) -> None:
    emulator.enable_all_features()
    for _ in range(2):  # REQUESTED, then OPEN
        error = refusal(management.enable_all_features)
        assert error.reason == "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
        emulator.approve_all()
    assert emulator.migrations_started == 1


def test_a_start_when_all_is_reached_is_refused(start: Start) -> None:
    emulator = start(feature_set="ALL")
    error = refusal(checked(emulator.client("organizations", emulator.management)).enable_all_features)
    assert error == (
        "HandshakeConstraintViolationException",
        "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
        "All features are already enabled on this organization.",
        400,
    )


def test_accepted_at_once_changes_nothing_where_somebody_is_asked(start: Start) -> None:
    emulator = start(Switches(accepted_at_once=True))
    assert emulator.enable_all_features()["State"] == "REQUESTED"


def test_a_decline_keeps_the_parent_requested_until_the_account_is_removed(emulator: Emulator) -> None:
    emulator.enable_all_features()
    decliner, *others = emulator.invited
    emulator.decline(decliner)
    for account_id in others:
        emulator.approve(account_id)
    assert parent_state(emulator) == "REQUESTED"
    emulator.remove_account(decliner)
    assert parent_state(emulator) == "OPEN"
    assert child_states(emulator) == ["DECLINED", "ACCEPTED", "ACCEPTED"]
    emulator.finalize()
    assert emulator.feature_set == "ALL"


@pytest.mark.parametrize("despite", [False, True])
def test_open_when_all_have_responded(start: Start, despite: bool) -> None:
    emulator = start(Switches(open_when_all_responded=True, accept_despite_decline=despite))
    management = checked(emulator.client("organizations", emulator.management))
    parent = emulator.enable_all_features()
    decliner, *others = emulator.invited
    for account_id in others:
        emulator.approve(account_id)
    assert parent_state(emulator) == "REQUESTED"
    emulator.decline(decliner)
    assert parent_state(emulator) == "OPEN"
    if not despite:
        error = refusal(management.accept_handshake, HandshakeId=parent["Id"])
        assert error.code == "InvalidHandshakeTransitionException"
        assert (parent_state(emulator), emulator.feature_set) == ("OPEN", "CONSOLIDATED_BILLING")
        emulator.remove_account(decliner)
    management.accept_handshake(HandshakeId=parent["Id"])
    assert emulator.feature_set == "ALL"


def test_removing_the_last_outstanding_account_opens_the_parent(emulator: Emulator) -> None:
    emulator.enable_all_features()
    last, *others = emulator.invited
    for account_id in others:
        emulator.approve(account_id)
    emulator.remove_account(last)
    assert parent_state(emulator) == "OPEN"
    assert child_states(emulator) == ["CANCELED", "ACCEPTED", "ACCEPTED"]


def test_an_account_that_leaves_by_itself_counts_no_longer(emulator: Emulator, ask: Ask) -> None:
    emulator.enable_all_features()
    leaver, *others = emulator.invited
    ask(leaver).leave_organization()
    for account_id in others:
        emulator.approve(account_id)
    assert parent_state(emulator) == "OPEN"
    assert refusal(ask(leaver).describe_organization).code == "AWSOrganizationsNotInUseException"


def test_canceling_the_parent_cancels_what_is_pending_and_no_more(emulator: Emulator) -> None:
    emulator.enable_all_features()
    emulator.approve(emulator.invited[0])
    emulator.decline(emulator.invited[1])
    emulator.cancel()
    assert parent_state(emulator) == "CANCELED"
    assert child_states(emulator) == ["ACCEPTED", "DECLINED", "CANCELED"]
    assert emulator.enable_all_features()["State"] == "REQUESTED"
    assert child_states(emulator) == ["OPEN"] * 3
    assert emulator.migrations_started == 2


def test_a_child_canceled_by_itself_blocks_as_a_decline_does(emulator: Emulator, management: Any) -> None:
    emulator.enable_all_features()
    first, *others = emulator.children
    management.cancel_handshake(HandshakeId=first["Id"])
    for child in others:
        emulator.approve(child["Parties"][1]["Id"])
    assert parent_state(emulator) == "REQUESTED"
    emulator.remove_account(first["Parties"][1]["Id"])
    assert parent_state(emulator) == "OPEN"


def test_ninety_days_end_a_migration(emulator: Emulator) -> None:
    parent = emulator.enable_all_features()
    assert (parent["ExpirationTimestamp"] - parent["RequestedTimestamp"]).days == 90
    emulator.approve(emulator.invited[0])
    emulator.clock.advance(days=89, hours=23)
    assert parent_state(emulator) == "REQUESTED"
    emulator.clock.advance(hours=1)
    assert parent_state(emulator) == "EXPIRED"
    assert child_states(emulator) == ["ACCEPTED", "EXPIRED", "EXPIRED"]
    assert emulator.enable_all_features()["State"] == "REQUESTED"


def test_an_open_parent_expires_as_well(emulator: Emulator, management: Any) -> None:
    parent = emulator.enable_all_features()
    emulator.approve_all()
    emulator.clock.advance(days=90)
    error = refusal(management.accept_handshake, HandshakeId=parent["Id"])
    assert error.code == "InvalidHandshakeTransitionException"
    assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_approvals_are_listed_for_thirty_days_and_count_for_ever(
    emulator: Emulator, management: Any, ask: Ask
) -> None:
    parent = emulator.enable_all_features()
    early, *late = emulator.invited
    child = emulator.approve(early)
    emulator.clock.advance(days=29, hours=23)
    by_parent = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    assert len(handshakes(management.list_handshakes_for_organization, **by_parent)) == 3
    emulator.clock.advance(hours=2)
    assert len(handshakes(management.list_handshakes_for_organization, **by_parent)) == 2
    assert handshakes(ask(early).list_handshakes_for_account) == []
    gone = refusal(ask(early).describe_handshake, HandshakeId=child["Id"])
    assert gone.code == "HandshakeNotFoundException"
    for account_id in late:
        emulator.approve(account_id)
    assert parent_state(emulator) == "OPEN"


def test_an_expired_parent_goes_thirty_days_after_it_expired_even_if_nobody_looked(
    emulator: Emulator, management: Any
) -> None:
    emulator.enable_all_features()
    emulator.clock.advance(days=119, hours=23)
    assert len(handshakes(management.list_handshakes_for_organization)) == 4
    emulator.clock.advance(hours=1)
    assert handshakes(management.list_handshakes_for_organization) == []


def test_a_created_account_without_its_role_is_asked_for_it(start: Start) -> None:
    bare = Member("777777777777", joined="CREATED", service_linked_role=False)
    emulator = start(invited=1, created=1, members=(bare,))
    emulator.enable_all_features()
    actions = {child["Parties"][1]["Id"]: child["Action"] for child in emulator.children}
    assert actions == {
        emulator.invited[0]: "APPROVE_ALL_FEATURES",
        bare.id: "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE",
    }
    emulator.approve(emulator.invited[0])
    assert parent_state(emulator) == "REQUESTED"
    emulator.approve(bare.id)
    assert parent_state(emulator) == "OPEN"
    roles = emulator.client("iam", bare.id).list_roles()["Roles"]
    assert "AWSServiceRoleForOrganizations" in {role["RoleName"] for role in roles}


def test_nothing_opens_before_everyone_has_been_asked(start: Start) -> None:
    emulator = start(Switches(children_after=10.0), invited=2)
    emulator.enable_all_features()
    assert (parent_state(emulator), emulator.children) == ("REQUESTED", [])
    leaver, stays = emulator.invited
    emulator.remove_account(leaver)
    assert parent_state(emulator) == "REQUESTED"
    emulator.clock.advance(seconds=10)
    assert [asked_account(child) for child in emulator.children] == [stays]
    emulator.approve(stays)
    assert parent_state(emulator) == "OPEN"


def test_nobody_is_asked_once_a_migration_is_over(start: Start) -> None:
    emulator = start(Switches(children_after=10.0))
    emulator.enable_all_features()
    emulator.cancel()
    emulator.clock.advance(seconds=10)
    assert emulator.children == []
    emulator.enable_all_features()
    emulator.snapshot()
    emulator.clock.advance(seconds=10)
    emulator.restore()
    assert emulator.children == []
    emulator.clock.advance(seconds=10)
    assert len(emulator.children) == 3


def test_a_migration_whose_only_asked_account_leaves_before_it_is_opens(start: Start) -> None:
    emulator = start(Switches(children_after=10.0), invited=1)
    emulator.enable_all_features()
    emulator.remove_account(emulator.invited[0])
    assert parent_state(emulator) == "OPEN"


@pytest.mark.parametrize("call", ["delete_role", "delete_service_linked_role"])
def test_a_created_account_that_deletes_its_role_through_iam_is_asked(start: Start, call: str) -> None:
    emulator = start(invited=0)
    iam = emulator.client("iam", emulator.created[0])
    getattr(iam, call)(RoleName="AWSServiceRoleForOrganizations")
    emulator.enable_all_features()
    assert [child["Action"] for child in emulator.children] == ["ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"]


def test_a_later_migration_of_another_organization_is_not_the_emulators_own(
    emulator: Emulator, ask: Ask
) -> None:
    parent = emulator.enable_all_features()
    stranger = ask("999999999999")
    stranger.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    stranger.enable_all_features()
    emulator.approve_all()
    assert emulator.parent is not None
    assert (emulator.parent["Id"], parent_state(emulator)) == (parent["Id"], "OPEN")
    assert set(child_states(emulator)) == {"ACCEPTED"}


@pytest.mark.parametrize(("invited", "refused"), [(4999, False), (5000, True)])
def test_five_thousand_accounts_are_the_most(start: Start, invited: int, refused: bool) -> None:
    emulator = start(invited=invited, created=0)
    management = checked(emulator.client("organizations", emulator.management))
    if refused:
        error = refusal(management.enable_all_features)
        assert error.code == "ConstraintViolationException"
        assert error.reason == "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"
        return
    parent = management.enable_all_features()["Handshake"]
    by_parent = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    found = handshakes(management.list_handshakes_for_organization, **by_parent)
    assert len({child["Id"] for child in found}) == invited
