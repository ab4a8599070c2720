"""A member account's approval against an emulated organization, without an engine: each fault, each call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member as MemberAccount
from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Member
from aws_org_features.aws.connection import AssumeRole
from aws_org_features.common import errors
from aws_org_features.common.run_cache import RunCache
from aws_org_features.member_account.observe import Seen
from aws_org_features.member_account.reconcile import ApprovalReconciler, Outcome, drift
from aws_org_features.member_account.state import recorded_from
from aws_org_features.views.iam_policies import policy_for, policy_text
from tests.reconcile.conftest import Kept

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

pytestmark = pytest.mark.usefixtures("without_pauses")
MINE = "222222222222"
STRANGER = "999999999999"
LOOK = {"GetCallerIdentity": 1, "DescribeOrganization": 1, "ListHandshakesForAccount": 1}


class Account(Kept[Outcome]):
    """A member account's approval."""

    def __init__(self, org: Emulator, account_id: str = MINE) -> None:
        super().__init__(org, account_id)
        self.organization_id = org.organization_id

    def reconciler(self, run: RunCache[Seen] | None = None) -> ApprovalReconciler:
        return ApprovalReconciler(
            Member(self.connection, self.heard.progress),
            self.organization_id,
            recorded_from(self.outputs),
            self.heard,
            run or RunCache(),
            sleep=lambda _: None,
        )

    @property
    def message(self) -> str:
        return str(self.outputs["message"])


@pytest.fixture
def account(org: Emulator) -> Account:
    return Account(org)


def asked(org: Emulator, account_id: str = MINE) -> dict[str, Any]:
    """The newest migration's request to an account."""
    (child,) = (each for each in org.children if each["Parties"][1]["Id"] == account_id)
    return child


_WORLDS = {
    "as the worked examples show": Switches(),
    "the other way round": Switches(handshake_actions="model"),
    "pending children are REQUESTED": Switches(pending_child="REQUESTED", handshake_actions="model"),
    "ids with prefixes, empty pages": Switches(
        party_prefixes=True, parent_link_prefix=True, empty_pages=True
    ),
    "reads lag behind": Switches(read_lag=0.3),
}


@pytest.mark.parametrize(
    "scenario", [pytest.param(Scenario(switches=s), id=name) for name, s in _WORLDS.items()]
)
def test_it_waits_to_be_asked_and_approves_when_it_is(account: Account, org: Emulator) -> None:
    account.up()
    assert (account.status, account.outputs["handshake"]) == ("NOT_ASKED", None)
    org.enable_all_features()
    org.clock.advance(seconds=1)
    account.up()
    assert account.status == "APPROVED"
    assert account.outputs["handshake"]["id"] == asked(org)["Id"]
    assert asked(org)["State"] == "ACCEPTED"
    account.refresh()
    assert account.status == "APPROVED", "even if the list shows less a moment later"
    assert org.writes == {"AcceptHandshake": 1}


@pytest.mark.parametrize("pending", [True, False])
def test_every_page_is_read(account: Account, org: Emulator, pending: bool) -> None:
    for _ in range(25):  # a page has 20 at most, the oldest first
        org.enable_all_features()
        org.cancel()
    if pending:
        org.enable_all_features()
    account.up()
    assert account.status == ("APPROVED" if pending else "CANCELED")
    assert account.outputs["handshake"]["id"] == asked(org)["Id"]
    assert org.calls["ListHandshakesForAccount"] == 2


_ROLE_LOST = MemberAccount("777777777777", joined="CREATED", service_linked_role=False)


@pytest.mark.parametrize("scenario", [Scenario(members=(_ROLE_LOST,))])
def test_a_created_account_that_lost_its_service_linked_role_consents_to_it(org: Emulator) -> None:
    org.enable_all_features()
    account = Account(org, _ROLE_LOST.id)
    account.up()
    assert account.status == "APPROVED"
    assert account.outputs["handshake"]["action"] == "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
    assert asked(org, _ROLE_LOST.id)["State"] == "ACCEPTED"


@pytest.mark.parametrize("invited", [True, False])
def test_without_a_request_all_features_need_no_approval(org: Emulator, invited: bool) -> None:
    account = Account(org, org.invited[0] if invited else org.created[0])
    account.up()
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    org.clock.advance(days=31)
    account.up()
    assert (account.status, account.outputs["current_feature_set"]) == ("NOT_ASKED", "ALL")
    assert "has nothing to approve" in account.message


@pytest.mark.parametrize("end", ["expired", "canceled", "declined"])
@pytest.mark.parametrize("seen", [True, False])
def test_a_migration_that_begins_again_is_approved_again(
    account: Account, org: Emulator, end: str, seen: bool
) -> None:
    org.enable_all_features()
    if end == "declined":
        org.decline(MINE)
    if end == "expired":
        org.clock.advance(days=91)
    else:
        org.cancel()
    if seen:
        account.up()
        assert account.status == end.upper()
        assert org.writes == {}
    org.enable_all_features()
    account.up()
    assert account.status == "APPROVED"
    assert account.outputs["handshake"]["id"] == asked(org)["Id"]


def test_an_account_that_approved_is_asked_again_by_the_next_migration(
    account: Account, org: Emulator
) -> None:
    org.enable_all_features()
    account.up()
    org.decline(org.invited[1])
    org.cancel()
    account.up()
    assert account.status == "APPROVED"
    org.enable_all_features()
    account.up()
    assert account.outputs["handshake"]["id"] == asked(org)["Id"]
    assert asked(org)["State"] == "ACCEPTED"
    assert org.writes == {"AcceptHandshake": 2}


def test_a_decline_by_hand_stays(account: Account, org: Emulator) -> None:
    account.up()
    org.enable_all_features()
    org.decline(MINE)
    for days in (0, 1, 31):
        org.clock.advance(days=days)
        account.up()
        assert account.status == "DECLINED"
    assert "which can't be taken back" in account.message
    assert org.writes == {}


@pytest.mark.parametrize("how", ["approved", "expired", "canceled"])
def test_a_migrations_end_is_kept_when_aws_forgets(account: Account, org: Emulator, how: str) -> None:
    org.enable_all_features()
    if how == "approved":
        account.up()
    elif how == "expired":
        org.clock.advance(days=91)
    else:
        org.cancel()
    account.refresh()
    before = dict(account.outputs)
    assert account.status == how.upper()
    org.clock.advance(days=31)
    assert drift(account.outputs, account.refresh()) is None
    assert account.outputs == before


def test_a_request_that_vanished_unseen_is_reported_as_unknown(account: Account, org: Emulator) -> None:
    org.enable_all_features()
    account.refresh()
    assert (account.status, account.outputs["handshake"]["state"]) == ("NOT_ASKED", "OPEN")
    assert "The next `pulumi up` approves" in account.message
    org.cancel()
    org.clock.advance(days=31)
    for _ in range(2):
        account.up()
        assert account.status == "CANCELED"
        assert "how it ended isn't known" in account.message


def test_an_approval_by_hand_is_adopted_without_a_write(account: Account, org: Emulator) -> None:
    account.up()
    org.enable_all_features()
    org.approve(MINE)
    account.up()
    assert account.status == "APPROVED"
    again = Account(org)
    again.up()
    assert again.outputs == account.outputs, "as a renamed resource does"
    assert org.writes == {}


# Whose request it is


def _invited_by_a_stranger(org: Emulator) -> dict[str, Any]:
    stranger = org.client("organizations", STRANGER)
    stranger.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    sent = stranger.invite_account_to_organization(Target={"Id": MINE, "Type": "ACCOUNT"})
    org.reset_calls()
    return dict(sent["Handshake"])


def _state_of(org: Emulator, handshake_id: str) -> str:
    listed = org.client("organizations", MINE).list_handshakes_for_account()["Handshakes"]
    (found,) = (each["State"] for each in listed if each["Id"] == handshake_id)
    return str(found)


def _deny_describing(org: Emulator) -> None:
    org.fail("DescribeOrganization", error="AccessDeniedException", times=100)


@pytest.mark.parametrize("migrating", [True, False])
def test_an_invitation_stays_unanswered(account: Account, org: Emulator, migrating: bool) -> None:
    invitation = _invited_by_a_stranger(org)
    if migrating:
        org.enable_all_features()
    account.up()
    assert account.status == ("APPROVED" if migrating else "NOT_ASKED")
    assert org.writes == ({"AcceptHandshake": 1} if migrating else {})
    assert _state_of(org, invitation["Id"]) == "OPEN"


def test_an_invitation_of_the_declared_organization_is_no_request_of_its_migration(org: Emulator) -> None:
    outsider = Account(org, org.invite())
    with pytest.raises(errors.NoOrganizationError, match="accepts no invitation"):
        outsider.up()
    _deny_describing(org)
    outsider.up()
    assert outsider.status == "NOT_ASKED"
    assert org.writes == {}


def test_another_organizations_request_stays_unanswered(account: Account, org: Emulator) -> None:
    org.enable_all_features()
    account.organization_id = "o-somebodyelse"
    with pytest.raises(errors.OrganizationMismatchError, match="is in organization o-exampleorg1"):
        account.up()
    _deny_describing(org)
    account.up()
    assert account.status == "NOT_ASKED"
    assert "To see whether the account is a member, allow" in account.message
    assert org.writes == {}
    assert asked(org)["State"] == "OPEN"


# Who acts


def test_the_error_in_the_management_account_says_what_to_declare(org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    account = Account(org, org.management)
    with pytest.raises(errors.NotMemberAccountError, match="the management account of o-exampleorg1"):
        account.up()
    _deny_describing(org)
    account.up()
    assert account.status == "NOT_ASKED"
    assert org.writes == {}
    assert org.feature_set == "CONSOLIDATED_BILLING"


def test_another_accounts_credentials_approve_nothing(account: Account, org: Emulator) -> None:
    account.up()
    org.enable_all_features()
    outsider = org.invite()
    for account_id in (org.invited[1], outsider, org.management):
        account.connection = Account(org, account_id).connection
        for command in (account.up, account.refresh):
            with pytest.raises(errors.AccountMismatchError, match=f"approves for account {MINE}"):
                command()
    assert org.writes == {}


def test_a_look_that_another_resource_remembers_is_no_way_round_that(org: Emulator) -> None:
    mine, other, run = Account(org), Account(org, org.invited[1]), RunCache[Seen]()
    mine.up()
    other.reconciler(run).look()
    mine.connection = other.connection
    with pytest.raises(errors.AccountMismatchError):
        mine.reconciler(run).look()


def test_an_account_that_the_configuration_rules_out_is_asked_nothing(
    account: Account, org: Emulator
) -> None:
    account.connection = replace(account.connection, forbidden_accounts=frozenset({MINE}))
    with pytest.raises(errors.AccountNotAllowedError):
        account.up()
    assert org.calls == {"GetCallerIdentity": 1}


def test_without_the_permission_to_describe_it_approves_all_the_same(account: Account, org: Emulator) -> None:
    _deny_describing(org)
    account.up()
    assert "allow organizations:DescribeOrganization" in account.message
    org.enable_all_features()
    account.up()
    assert (account.status, account.outputs["current_feature_set"]) == ("APPROVED", None)


_POLICY = policy_for(
    "member", partition="aws", organization_id="o-exampleorg1", management_account_id="111111111111"
)
_ALLOWED = MemberAccount(
    "777777777777", access_role="Owner", service_linked_role=False, access_policy=policy_text(_POLICY)
)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            members=(_ALLOWED,), switches=Switches(handshake_actions=handshake_actions, iam_enforcement=True)
        )
        for handshake_actions in ("guide", "model")
    ],
    ids=["guide", "model"],
)
def test_the_policy_for_a_member_allows_what_it_takes(org: Emulator) -> None:
    org.enable_all_features()
    account = Account(org, org.management)
    role = AssumeRole(f"arn:aws:iam::{_ALLOWED.id}:role/Owner")
    account.connection = replace(account.connection, assume_roles=(role,))
    account.up()
    assert (account.status, account.outputs["account_id"]) == ("APPROVED", _ALLOWED.id)
    assert account.outputs["current_feature_set"] == "CONSOLIDATED_BILLING"


# How much is asked


def test_a_look_is_three_calls_and_is_remembered_for_the_run(account: Account, org: Emulator) -> None:
    run = RunCache[Seen]()
    account.reconciler(run).look()
    account.reconciler(run).look()
    account.reconciler(run).apply()
    assert org.calls == LOOK


def test_approving_is_preceded_by_a_look_of_its_own(account: Account, org: Emulator) -> None:
    run = RunCache[Seen]()
    org.enable_all_features()
    assert len(account.reconciler(run).look().answer.accept) == 1
    org.cancel()
    assert account.reconciler(run).apply().answer.approval.status == "CANCELED"
    assert org.writes == {}


def test_an_answer_makes_every_look_at_the_account_stale(account: Account, org: Emulator) -> None:
    another_way, run = Account(org), RunCache[Seen]()
    another_way.connection = replace(account.connection, region="eu-west-1")
    org.enable_all_features()
    assert another_way.reconciler(run).look().answer.accept
    account.reconciler(run).apply()
    assert another_way.reconciler(run).look().answer.approval.status == "APPROVED"


@pytest.mark.parametrize("approves", [True, False])
def test_once_all_features_are_on_a_refresh_lists_nothing(org: Emulator, approves: bool) -> None:
    account = Account(org, org.invited[0] if approves else org.created[0])
    org.enable_all_features()
    account.up()
    org.approve_all()
    org.finalize()
    account.up()
    org.reset_calls()
    account.refresh()
    assert account.status == ("APPROVED" if approves else "NOT_ASKED")
    assert org.calls == {"GetCallerIdentity": 1, "DescribeOrganization": 1}


@pytest.mark.parametrize("known", ["CONSOLIDATED_BILLING", "ALL"])
def test_the_seen_feature_set_is_kept(account: Account, org: Emulator, known: str) -> None:
    account.up()
    account.outputs["current_feature_set"] = known
    account.refresh()
    assert account.outputs["current_feature_set"] == known, "the change is one-way"
    _deny_describing(org)
    account.refresh()
    assert account.outputs["current_feature_set"] == known


# What goes wrong

_ERRORS = (
    "ServiceException",
    "ConcurrentModificationException",
    "TooManyRequestsException",
    "AccessDeniedException",
    "InvalidHandshakeTransitionException",
    "HandshakeAlreadyInStateException",
    "HandshakeNotFoundException",
    "reset",
)


@pytest.mark.parametrize("error", [*_ERRORS, "AccessDeniedForDependencyException"])
def test_an_error_after_the_effect_is_no_error(account: Account, org: Emulator, error: str) -> None:
    org.enable_all_features()
    kind = "reset" if error == "reset" else "error"
    org.fail("AcceptHandshake", error=error, when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    account.up()
    assert account.status == "APPROVED"


@pytest.mark.parametrize("error", ["AccessDeniedException", "ServiceException", "reset"])
def test_an_error_instead_of_the_effect_is_one(account: Account, org: Emulator, error: str) -> None:
    org.enable_all_features()
    kind = "reset" if error == "reset" else "error"
    org.fail("AcceptHandshake", error=error, kind=kind)  # type: ignore[arg-type]  # parametrized
    with pytest.raises(errors.OrgFeaturesError, match=r"AcceptHandshake"):
        account.up()
    assert org.writes == {"AcceptHandshake": 1}


def test_a_request_that_is_canceled_just_then_is_reported(account: Account, org: Emulator) -> None:
    org.enable_all_features()
    org.before("AcceptHandshake", lambda *_: org.cancel())
    account.up()
    assert account.status == "CANCELED"


def test_the_action_to_allow_is_named(account: Account, org: Emulator) -> None:
    org.enable_all_features()
    org.fail(
        "AcceptHandshake",
        error="AccessDeniedForDependencyException",
        reason="ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
    )
    with pytest.raises(errors.AccessDeniedError, match="iam:CreateServiceLinkedRole"):
        account.up()


def test_throttling_is_waited_out_and_reported(account: Account, org: Emulator) -> None:
    org.enable_all_features()
    for call in ("ListHandshakesForAccount", "AcceptHandshake"):
        org.fail(call, error="TooManyRequestsException", times=3)
    account.up()
    assert account.status == "APPROVED"
    assert any("AWS is busy: trying AcceptHandshake again" in line for line in account.heard.lines)
