"""Nobody else's: what contradicts itself is never written to, and no account is entered that is ruled out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.approver.approve import beating
from aws_org_features.aws import AssumeRole, Organizations
from aws_org_features.common import errors
from aws_org_features.migration.approve_standalone import OnBehalf
from aws_org_features.migration.observe import observe
from aws_org_features.model.migration import Action
from aws_org_features.views.plan.look import first_up
from tests.reconcile import otherwise
from tests.reconcile.conftest import Heard
from tests.reconcile.otherwise import Otherwise
from tests.reconcile.test_approver import APPROVER, members, scenario
from tests.reconcile.test_member_account import MINE, Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

    Change = Callable[[dict[str, Any]], object]

WRITES = ("AcceptHandshake", "CancelHandshake", "DeclineHandshake", "EnableAllFeatures")
HANDSHAKE_ACTIONS = [
    pytest.param(Scenario(switches=Switches(handshake_actions="guide")), id="guide"),
    pytest.param(Scenario(switches=Switches(handshake_actions="model", party_prefixes=True)), id="model"),
]
BOTH = [
    pytest.param(scenario(*members(3), handshake_actions="guide"), id="guide"),
    pytest.param(scenario(*members(3), handshake_actions="model", parent_link_prefix=True), id="model"),
]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Otherwise:
    return Otherwise(monkeypatch)


def written(org: Emulator) -> dict[str, int]:
    return {call: org.calls[call] for call in WRITES if org.calls[call]}


def names(changes: tuple[Change, ...]) -> list[Any]:
    return [pytest.param(change, id=change.__name__) for change in changes]


# The management account


@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
@pytest.mark.parametrize("change", names((*otherwise.CONTRADICTIONS, otherwise.foreign_throughout)))
def test_management_finalizes_nothing_that_contradicts_itself(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    resource.up()
    org.approve_all()
    kept = resource.outputs
    org.reset_calls()
    shown.change = change
    for command in (resource.up, resource.refresh, resource.up):
        with pytest.raises(errors.HandshakeUnclearError) as raised:
            command()
        assert kept["handshake"]["id"] in raised.value.what
    assert written(org) == {}
    assert resource.outputs == kept
    shown.change = None
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
@pytest.mark.parametrize("change", names(otherwise.CONTRADICTIONS))
def test_a_destroy_cancels_nothing_that_contradicts_itself(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    resource.up()
    org.reset_calls()
    shown.change = change
    with pytest.raises(errors.HandshakeUnclearError):
        resource.destroy()
    assert written(org) == {}
    shown.change = None
    assert resource.destroy().action is Action.CANCEL


@pytest.mark.parametrize("change", names(otherwise.CONTRADICTIONS))
def test_approvals_that_contradict_themselves_count_as_given_in_a_destroy(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    resource.up()
    shown.change = lambda each: change(each) if len(each["Parties"]) > 1 else None
    assert resource.destroy().action is Action.NONE
    assert not org.calls["CancelHandshake"]


@pytest.mark.parametrize("change", names(otherwise.CONTRADICTIONS))
def test_a_raised_attempt_cancels_nothing_that_contradicts_itself(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    resource.up()
    org.decline(org.invited[0])
    resource.up()
    org.reset_calls()
    resource.declare(attempt=2)
    shown.change = change
    with pytest.raises(errors.HandshakeUnclearError):
        resource.up()
    assert written(org) == {}


@pytest.mark.parametrize("change", names(otherwise.HARMLESS))
@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
def test_missing_or_reordered_fields_are_no_contradiction(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    shown.change = change
    resource.up()
    assert resource.status == "AWAITING_APPROVALS"
    Account(org).up()
    org.approve_all()
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.parametrize("action", ["INVITE", "TRANSFER_RESPONSIBILITY"])
@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
def test_where_filters_are_ignored_other_kinds_are_left_alone(
    resource: Resource, org: Emulator, shown: Otherwise, action: str
) -> None:
    resource.up()
    path = f"{org.organization_id}/{action.lower()}"
    shown.beside = [
        {
            "Id": f"h-{action.lower()[:6]}{number:04}",
            "Arn": f"arn:aws:organizations::{org.management}:handshake/{path}/h-{number:08}",
            "State": "OPEN",
            "Action": action,
            "Parties": [{"Id": org.organization_id[2:], "Type": "ORGANIZATION"}],
            "Resources": [{"Value": org.organization_id, "Type": "ORGANIZATION"}],
            "RequestedTimestamp": 4_000_000_000,
        }
        for number in range(25)
    ]
    resource.up()
    assert resource.status == "AWAITING_APPROVALS"
    Account(org).up()
    with shown.as_it_is():
        org.approve_all()
    resource.up()
    assert resource.status == "ENABLED"
    assert org.calls["EnableAllFeatures"] == 1
    assert org.calls["AcceptHandshake"] == 2, "the member's and the parent"


@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
def test_a_foreign_migration_beside_ours_is_left_alone_and_reported(
    resource: Resource, org: Emulator, shown: Otherwise
) -> None:
    resource.up()
    assert org.parent is not None
    theirs = {
        **org.client("organizations", org.management).list_handshakes_for_organization()["Handshakes"][0]
    }
    theirs = _plain(theirs, "h-foreign00001")
    otherwise.foreign_arn_and_resource(theirs)
    org.approve_all()
    shown.beside = [theirs]
    resource.up()
    assert resource.status == "ENABLED"
    assert any("handshake-unclear" in line and "h-foreign00001" in line for line in resource.heard.lines)


def _plain(handshake: Any, id_: str) -> dict[str, Any]:
    times = {"RequestedTimestamp": 4_000_000_000, "ExpirationTimestamp": 4_000_000_001, "State": "OPEN"}
    arn = f"{handshake['Arn'].rpartition('/')[0]}/{id_}"
    return {**handshake, **times, "Id": id_, "Arn": arn}


@pytest.mark.parametrize("change", names(otherwise.CONTRADICTIONS))
@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
def test_an_answer_to_the_start_that_contradicts_itself_is_not_accepted(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    """Start with nobody to ask, where it would be accepted in the same run."""
    for account_id in org.invited:
        org.remove_account(account_id)
    shown.lists, shown.change = ("EnableAllFeatures",), change
    resource.up()
    assert not org.calls["AcceptHandshake"]
    assert any("handshake-unclear" in line for line in resource.heard.lines)


# A member


@pytest.mark.parametrize("scenario", HANDSHAKE_ACTIONS)
@pytest.mark.parametrize("change", names((*otherwise.CONTRADICTIONS, otherwise.foreign_account)))
def test_a_member_accepts_nothing_that_contradicts_itself(
    org: Emulator, shown: Otherwise, change: Change
) -> None:
    org.enable_all_features()
    account = Account(org)
    shown.change = change
    for command in (account.up, account.refresh):
        with pytest.raises(errors.HandshakeUnclearError, match=r"^Handshake h-"):
            command()
    assert not org.calls["AcceptHandshake"]
    shown.change = None
    account.up()
    assert account.status == "APPROVED"


def test_a_member_leaves_alone_what_is_another_organizations_throughout(
    org: Emulator, shown: Otherwise
) -> None:
    org.enable_all_features()
    account = Account(org)
    shown.change = otherwise.foreign_throughout
    account.up()
    assert account.status == "NOT_ASKED"
    assert not org.calls["AcceptHandshake"]


def test_a_clear_request_is_accepted_and_an_unclear_one_beside_it_is_reported(
    org: Emulator, shown: Otherwise
) -> None:
    org.enable_all_features()
    account = Account(org)
    (mine,) = org.client("organizations", MINE).list_handshakes_for_account()["Handshakes"]
    odd = _plain(mine, "h-foreign00001")
    otherwise.foreign_arn_and_resource(odd)
    shown.beside = [odd]
    account.up()
    assert account.status == "APPROVED"
    assert org.calls["AcceptHandshake"] == 1
    (told,) = [line for line in account.heard.lines if line.startswith("warning: handshake-unclear: ")]
    assert "h-foreign00001" in told


# The approver and the command


def _on_behalf(resource: Resource, heard: Heard | None = None) -> OnBehalf:
    api, heard = Organizations(resource.connection), heard or Heard()
    return OnBehalf(api, api.organization(), APPROVER, beating(heard), heard, sleep=lambda _: None)


@pytest.mark.parametrize("scenario", BOTH)
@pytest.mark.parametrize("change", names((*otherwise.CONTRADICTIONS, otherwise.foreign_account)))
def test_an_approver_accepts_nothing_that_contradicts_itself_in_the_account(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    resource.declare(approver=APPROVER)
    shown.lists, shown.change = ("ListHandshakesForAccount",), change
    resource.up()
    assert not org.calls["AcceptHandshake"]
    assert {w["reason"].partition(":")[0] for w in resource.outputs["waiting_for"]} == {"handshake-unclear"}
    run = _on_behalf(resource)
    run.approve()
    assert {failure.reference for failure in run.result.failures} == {"handshake-unclear"}
    assert not org.calls["AcceptHandshake"]
    shown.change = None
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.parametrize("scenario", BOTH)
@pytest.mark.parametrize("change", names((*otherwise.CONTRADICTIONS, otherwise.foreign_account)))
def test_no_role_is_assumed_for_a_request_that_contradicts_itself(
    resource: Resource, org: Emulator, shown: Otherwise, change: Change
) -> None:
    shown.change = lambda each: change(each) if len(each["Parties"]) > 1 else None
    shown.lists = ("ListHandshakesForOrganization",)
    resource.up()
    (first, *_) = resource.outputs["waiting_for"]
    assert first["reason"].startswith(f"handshake-unclear: Handshake {first['handshake_id']} ")
    assert "handshake" in first["next_step"]
    resource.declare(approver=APPROVER)
    resource.up()
    run = _on_behalf(resource)
    assert run.standing.scope.to_give == ()
    assert all(waiting.reason for waiting in run.standing.scope.elsewhere)
    assert run.standing.scope.elsewhere
    with pytest.raises(errors.NoApprovalPendingError):
        run.refuse_idle()
    run.approve()
    assert not org.calls["AssumeRole"]
    assert not org.calls["AcceptHandshake"]


@pytest.mark.parametrize("scenario", BOTH)
def test_no_role_is_assumed_in_an_account_that_is_no_member(
    resource: Resource, org: Emulator, shown: Otherwise
) -> None:
    first = org.invited[0]

    def change(handshake: dict[str, Any]) -> None:
        if {"Id": first, "Type": "ACCOUNT"} in handshake["Parties"]:
            otherwise.stranger(handshake)

    shown.lists, shown.change = ("ListHandshakesForOrganization",), change
    resource.declare(approver=APPROVER)
    resource.up()
    assert org.calls["AssumeRole"] == 2
    (left,) = resource.outputs["waiting_for"]
    assert left["account_id"] == otherwise.FOREIGN["account"]
    assert left["reason"].startswith("handshake-unclear: ")
    assert "isn't a member" in left["reason"]
    run = _on_behalf(resource)
    run.approve()
    assert org.calls["AssumeRole"] == 2


@pytest.mark.parametrize("scenario", BOTH)
@pytest.mark.parametrize("linked", [True, False])
def test_without_the_list_of_accounts_the_requests_must_name_account_and_migration(
    resource: Resource, org: Emulator, shown: Otherwise, linked: bool
) -> None:
    def change(handshake: dict[str, Any]) -> None:
        if not linked:
            handshake["Resources"] = [r for r in handshake["Resources"] if r["Type"] != "PARENT_HANDSHAKE"]

    org.fail("ListAccounts", error="AccessDeniedException", times=1000)
    shown.lists, shown.change = ("ListHandshakesForOrganization",), change
    resource.declare(approver=APPROVER)
    resource.up()
    assert org.calls["AssumeRole"] == (3 if linked else 0)
    assert resource.status == ("ENABLED" if linked else "AWAITING_APPROVALS")


# Accounts that are ruled out

FIRST, SECOND, THIRD = (str(600_000_000_001 + n) for n in range(3))
LISTS: dict[str, tuple[Callable[[Emulator], dict[str, Any]], set[str], str]] = {
    "forbidden": (
        lambda _: {"forbidden_accounts": frozenset({FIRST, SECOND})},
        {THIRD},
        "aws:forbiddenAccountIds",
    ),
    "allowed": (
        lambda org: {"allowed_accounts": frozenset({org.management, THIRD})},
        {THIRD},
        "aws:allowedAccountIds",
    ),
    "only the management account allowed": (
        lambda org: {"allowed_accounts": frozenset({org.management})},
        set(),
        "aws:allowedAccountIds",
    ),
    "allowed and forbidden": (
        lambda org: {
            "allowed_accounts": frozenset({org.management, SECOND, THIRD}),
            "forbidden_accounts": frozenset({SECOND}),
        },
        {THIRD},
        "aws:forbiddenAccountIds",
    ),
}
EITHER = [
    pytest.param(scenario(*members(3), children_shown=children_shown), id=f"shown-{children_shown}")
    for children_shown in (True, False)
]


def entered(org: Emulator) -> set[str]:
    """The accounts whose approvals were given."""
    return {c["Parties"][1]["Id"] for c in org.children if c["State"] == "ACCEPTED"}


@pytest.mark.parametrize("scenario", EITHER)
@pytest.mark.parametrize("name", LISTS)
def test_an_account_that_is_ruled_out_is_never_entered(resource: Resource, org: Emulator, name: str) -> None:
    lists, given, named = LISTS[name]
    resource.connection = replace(resource.connection, **lists(org))
    resource.declare(approver=APPROVER)
    preview, _steps = first_up(Organizations(resource.connection), resource.desired)
    urgent = [line.text for line in preview if line.urgent]
    assert any(named in line and "can't act in" in line for line in urgent)
    for command in (resource.up, resource.up, resource.refresh):
        command()
        # Where approvals aren't shown, each run asks those again that it may.
        assert len(given) <= org.calls["AssumeRole"] <= 2 * len(given)
        assert entered(org) == given
        waiting = {w["account_id"]: w for w in resource.outputs["waiting_for"]}
        assert {FIRST, SECOND, THIRD} - given == {each for each in waiting if waiting[each].get("reason")}
        assert waiting[SECOND]["reason"].startswith("account-not-allowed: ")
        assert named in waiting[SECOND]["reason"]
        assert "aws:allowedAccountIds" in waiting[SECOND]["next_step"]
    outcome = resource.refresh()
    assert outcome.decision.action is Action.NONE, "it isn't tried again and again"
    assert set(outcome.kept_from) == {FIRST, SECOND, THIRD} - given
    for account_id in set(org.invited) - given:
        org.approve(account_id)
    resource.up()
    assert resource.status == "ENABLED", "their owners may approve"


@pytest.mark.parametrize("scenario", EITHER)
@pytest.mark.parametrize("name", LISTS)
def test_the_command_never_enters_an_account_that_is_ruled_out(
    resource: Resource, org: Emulator, name: str
) -> None:
    lists, given, _ = LISTS[name]
    resource.connection = replace(resource.connection, **lists(org))
    run = _on_behalf(resource)
    if given:
        assert run.to_probe() == given
        run.probe(run.to_probe())
        assert org.calls["AssumeRole"] == len(given)
    else:
        with pytest.raises(errors.NoApprovalPendingError, match="aws:allowedAccountIds"):
            run.to_probe()
    org.enable_all_features()
    org.reset_calls()
    run = _on_behalf(resource)
    assert set(run.standing.kept_from) == {FIRST, SECOND, THIRD} - given
    run.approve()
    assert org.calls["AssumeRole"] == len(given)
    assert entered(org) == given


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_a_ruled_out_account_is_never_entered(resource: Resource, org: Emulator) -> None:
    from aws_org_features.approver.approve import Approving  # noqa: PLC0415
    from aws_org_features.model.migration import NOTHING_RECORDED  # noqa: PLC0415

    org.enable_all_features()
    resource.connection = replace(resource.connection, forbidden_accounts=frozenset({FIRST}))
    api = Organizations(resource.connection)
    seen = observe(api, resource.desired, NOTHING_RECORDED)
    result = Approving(api, APPROVER, beating(Heard())).approve(seen, [FIRST, SECOND])
    assert [failure.reference for failure in result.failures] == ["account-not-allowed"]
    assert result.given == {SECOND}
    assert org.calls["AssumeRole"] == 1


@pytest.mark.parametrize("scenario", [scenario(*members(1), Member("700000000001", access_role="Other"))])
def test_a_list_that_is_lifted_lets_the_next_up_go_on(resource: Resource, org: Emulator) -> None:
    declared = resource.connection
    resource.connection = replace(declared, forbidden_accounts=frozenset({FIRST}))
    resource.declare(approver=replace(APPROVER, exclude=frozenset({"700000000001"})))
    resource.up()
    assert [w.get("reason", "")[:19] for w in resource.outputs["waiting_for"]] == ["account-not-allowed", ""]
    resource.connection = declared
    assert resource.refresh().decision.action is Action.APPROVE
    assert not any(w.get("reason") for w in resource.outputs["waiting_for"])
    resource.up()
    assert entered(org) == {FIRST}


@pytest.mark.parametrize(
    ("lists", "refused"),
    [
        ({"forbidden_accounts": frozenset({"333333333333"})}, True),
        ({"forbidden_accounts": frozenset({"444444444444"})}, True),
        ({"allowed_accounts": frozenset({"444444444444"})}, False),
        ({"allowed_accounts": frozenset({"333333333333"})}, True),
    ],
)
def test_no_role_of_an_account_that_is_ruled_out_is_assumed_on_the_way(
    resource: Resource, org: Emulator, lists: dict[str, Any], refused: bool
) -> None:
    """The last role is who acts, which must be allowed; those before it must only not be forbidden."""
    chain = tuple(
        AssumeRole(f"arn:aws:iam::{account}:role/x") for account in ("333333333333", "444444444444")
    )
    resource.connection = replace(resource.connection, assume_roles=chain, **lists)
    expected = errors.AccountNotAllowedError if refused else errors.RoleNotAssumedError
    with pytest.raises(expected):
        resource.up()
    assert bool(org.calls["AssumeRole"]) is not refused
