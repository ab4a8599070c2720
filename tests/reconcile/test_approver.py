"""Approving on behalf of member accounts: everyone outstanding, nothing else, even if some fail."""

from __future__ import annotations

import contextlib
import gc
import json
import time
import weakref
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.approver.approve import Approving, beating
from aws_org_features.approver.fan_out import WORKERS
from aws_org_features.aws import AssumeRole, Connection, Endpoints, Members, Organizations, Paces
from aws_org_features.migration.observe import observe
from aws_org_features.model.migration import NOTHING_RECORDED, Action, Approver, Desired, Observation
from aws_org_features.model.organizations import Handshake
from tests.reconcile.conftest import Heard, acting_as
from tests.unit.values import children, parent, seen

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

ROLE = "Approver"
APPROVER = Approver(f"arn:{{partition}}:iam::{{account_id}}:role/{ROLE}", external_id="right")
FIRST = 600000000000


def members(count: int, **changes: Any) -> tuple[Member, ...]:
    """Invited accounts with a role to assume, from 600000000001 on."""
    given = {"access_role": ROLE, "external_id": "right", **changes}
    return tuple(Member(str(FIRST + number), **given) for number in range(1, count + 1))


def allowed(*actions: str) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}})


def scenario(*accounts: Member, **switches: Any) -> Scenario:
    return Scenario(invited=0, created=1, members=accounts, switches=Switches(**switches))


EVERY_WAY = [
    pytest.param(
        scenario(
            *members(5), handshake_actions=handshake_actions, children_shown=shown, pending_child=pending
        ),
        id=name,
    )
    for handshake_actions in ("guide", "model")
    for shown, pending in ((True, "OPEN"), (True, "REQUESTED"), (False, "OPEN"))
    for name in [f"{handshake_actions}-{pending}{'' if shown else '-hidden'}"]
]


@pytest.mark.parametrize("scenario", EVERY_WAY)
def test_one_run_takes_a_fresh_organization_to_all_features(resource: Resource, org: Emulator) -> None:
    resource.declare(approver=APPROVER)
    resource.up()
    assert resource.status == "ENABLED"
    assert org.feature_set == "ALL"
    assert resource.outputs["approvals"] | {} == {
        **dict.fromkeys(("pending", "declined", "expired", "canceled", "unknown"), 0),
        "required": 5,
        "accepted": 5,
    }


@pytest.mark.parametrize("scenario", EVERY_WAY)
def test_each_account_takes_three_calls(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.reset_calls()
    resource.declare(approver=APPROVER)
    resource.up()
    assert org.calls["AssumeRole"] == 5
    assert org.calls["ListHandshakesForAccount"] == 5
    assert org.calls["AcceptHandshake"] == 5 + 1  # and the parent
    assert not {"DescribeHandshake", "DescribeAccount"} & set(org.calls)
    assert org.calls.total() <= 5 * 3 + 12


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_nothing_is_approved_without_an_approver(resource: Resource, org: Emulator) -> None:
    resource.up()
    resource.up()
    assert {child["State"] for child in org.children} == {"OPEN"}
    assert not org.calls["AssumeRole"]


@pytest.mark.parametrize("scenario", [scenario(*members(4))])
@pytest.mark.parametrize(
    ("limits", "approved"),
    [
        ({"only": frozenset({"600000000001", "600000000002"})}, {"600000000001", "600000000002"}),
        ({"exclude": frozenset({"600000000001"})}, {"600000000002", "600000000003", "600000000004"}),
        (
            {"only": frozenset({"600000000001", "600000000002"}), "exclude": frozenset({"600000000001"})},
            {"600000000002"},
        ),
    ],
)
def test_it_approves_only_for_accounts_in_scope(
    resource: Resource, org: Emulator, limits: dict[str, Any], approved: set[str]
) -> None:
    resource.declare(approver=replace(APPROVER, **limits))
    resource.up()
    assert {c["Parties"][1]["Id"] for c in org.children if c["State"] == "ACCEPTED"} == approved
    assert resource.refresh().decision.action is Action.NONE, "waiting alone is no change"


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
@pytest.mark.parametrize("attempt", [1, 2])
def test_a_refusal_that_comes_while_a_create_approves_costs_no_approval(
    resource: Resource, org: Emulator, attempt: int
) -> None:
    """A renamed resource declares an attempt that is used up already: it adopts what it finds in progress."""
    org.enable_all_features()
    resource.declare(attempt=attempt, approver=replace(APPROVER, only=frozenset({"600000000001"})))
    org.after("AcceptHandshake", lambda *_: org.decline("600000000002"))
    resource.up()
    assert (resource.status, resource.outputs["attempt_recorded"]) == ("DECLINED", attempt)
    assert org.migrations_started == 1
    assert not org.calls["CancelHandshake"]


FAILING: dict[str, tuple[Member, str]] = {
    "no role": (Member("700000000001"), "role-not-assumed"),
    "another role": (Member("700000000002", access_role="Other"), "role-not-assumed"),
    "another external id": (
        Member("700000000003", access_role=ROLE, external_id="wrong"),
        "role-not-assumed",
    ),
    "suspended": (
        Member("700000000004", access_role=ROLE, external_id="right", state="SUSPENDED"),
        "account-inactive",
    ),
    "may not list": (
        Member("700000000005", access_role=ROLE, external_id="right", access_policy=allowed("iam:*")),
        "access-denied",
    ),
    "may not accept": (
        Member(
            "700000000006",
            access_role=ROLE,
            external_id="right",
            access_policy=allowed("organizations:List*"),
        ),
        "access-denied",
    ),
    "may not make the service-linked role": (
        Member(
            "700000000007",
            access_role=ROLE,
            external_id="right",
            service_linked_role=False,
            access_policy=allowed("organizations:*"),
        ),
        "access-denied",
    ),
}
WITH_FAILURES = scenario(*members(3), *(member for member, _ in FAILING.values()), iam_enforcement=True)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("scenario", [WITH_FAILURES])
def test_a_failure_stops_nobody_else_and_is_reported(scenario: Scenario, hidden: bool) -> None:
    from aws_org_emulator import Emulator  # noqa: PLC0415
    from tests.reconcile.conftest import Resource  # noqa: PLC0415

    with Emulator(scenario.varied(children_shown=not hidden)) as org:
        resource = Resource(org)
        resource.declare(approver=APPROVER)
        resource.up()
        assert resource.status == "AWAITING_APPROVALS"
        assert resource.outputs["approvals"]["accepted"] == 3
        assert resource.outputs["approvals"]["required"] == 10
        found = {w["account_id"]: w for w in resource.outputs["waiting_for"]}
        assert {member.id for member, _ in FAILING.values()} == set(found)
        for name, (member, reference) in FAILING.items():
            assert found[member.id]["reason"].startswith(f"{reference}: "), name
            assert found[member.id]["next_step"], name
        kept = resource.outputs
        resource.refresh()
        assert resource.outputs == kept, "a refresh forgets no reason"
        assert resource.refresh().decision.action is Action.APPROVE, "the next up tries them again"


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_an_invitation_of_somebody_else_stays_untouched(resource: Resource, org: Emulator) -> None:
    other = "888888888888"
    theirs = org.client("organizations", other)
    theirs.create_organization(FeatureSet="ALL")
    for account_id in org.invited:
        theirs.invite_account_to_organization(Target={"Id": account_id, "Type": "ACCOUNT"})
    resource.declare(approver=APPROVER)
    resource.up()
    assert resource.status == "ENABLED"
    for account_id in org.invited:
        received = org.client("organizations", account_id).list_handshakes_for_account()["Handshakes"]
        assert {(h["Action"], h["State"]) for h in received} == {
            ("INVITE", "OPEN"),
            ("APPROVE_ALL_FEATURES", "ACCEPTED"),
        }


@pytest.mark.parametrize(
    ("when", "kind", "error"),
    [
        ("before", "error", "ServiceException"),
        ("after", "error", "ServiceException"),
        ("after", "error", "InvalidHandshakeTransitionException"),
        ("before", "error", "ConcurrentModificationException"),
        ("before", "error", "TooManyRequestsException"),
        ("after", "error", "TooManyRequestsException"),
        ("before", "reset", ""),
        ("after", "reset", ""),
        ("after", "truncate", ""),
    ],
)
@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_an_answer_that_goes_wrong_costs_no_more_than_another_run(
    resource: Resource, org: Emulator, when: Any, kind: Any, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # what retries wait by
    resource.up()
    org.fail("AcceptHandshake", nth=2, when=when, kind=kind, error=error or "ServiceException")
    resource.declare(approver=APPROVER)
    resource.up()
    approved = sum(child["State"] == "ACCEPTED" for child in org.children)
    lost_before = when == "before" and error not in {
        "ConcurrentModificationException",
        "TooManyRequestsException",
    }
    assert approved == (2 if lost_before else 3)
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [scenario(*members(40), throttling=True)])
def test_rates_that_are_exceeded_slow_it_down_and_nobody_is_lost(resource: Resource, org: Emulator) -> None:
    resource.declare(approver=replace(APPROVER, max_calls_per_second=100))
    resource.up()
    assert resource.status == "ENABLED"
    assert org.calls["AcceptHandshake"] < 40 * 3, "it adapts"


@pytest.mark.parametrize("scenario", [scenario(*members(3), Member("700000000001"))])
def test_an_owner_who_declined_is_named_and_the_others_are_approved(
    resource: Resource, org: Emulator
) -> None:
    resource.up()
    org.decline("700000000001")
    resource.declare(approver=APPROVER)
    resource.up()
    assert resource.status == "DECLINED"
    assert resource.outputs["approvals"]["accepted"] == 3
    (declined,) = resource.outputs["waiting_for"]
    assert declined["reason"].startswith("handshake-declined: ")
    org.remove_account("700000000001")
    resource.up()
    assert resource.status == "ENABLED"


@pytest.mark.parametrize("scenario", [scenario(*members(2), Member("700000000001"))])
def test_why_it_failed_is_forgotten_with_the_approver(resource: Resource) -> None:
    resource.declare(approver=APPROVER)
    resource.up()
    assert resource.outputs["waiting_for"][0]["reason"]
    resource.declare(approver=None)
    resource.up()
    assert "reason" not in resource.outputs["waiting_for"][0]


@pytest.mark.parametrize("scenario", [scenario(*members(60, access_role="Other"))])
def test_more_than_fifty_failures_are_counted_in_one_line(resource: Resource) -> None:
    resource.declare(approver=replace(APPROVER, max_calls_per_second=1000))
    resource.up()
    assert len(resource.outputs["waiting_for"]) == 50
    assert resource.outputs["waiting_for_more"] == 10
    told = [line for line in resource.heard.lines if "couldn't approve" in line]
    assert len(told) == 1
    assert "60 accounts (600000000001, " in told[0]
    assert "and 50 more" in told[0]


@pytest.mark.parametrize("scenario", [scenario(*members(30))])
def test_a_common_failure_is_not_tried_with_every_account(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.fail("AssumeRole", error="ExpiredToken", status=403, times=100)
    resource.declare(approver=APPROVER)
    resource.up()
    assert org.calls["AssumeRole"] <= 3 + WORKERS
    references = [w["reason"].partition(":")[0] for w in resource.outputs["waiting_for"]]
    assert set(references) == {"credentials-expired", "not-tried"}


class ApproveRun:
    """An approver's run by itself: AWS is read, and the accounts to approve for are given."""

    def __init__(self, org: Emulator, **changes: Any) -> None:
        self.over = False
        self.api = Organizations(acting_as(org, org.management))
        self.desired = Desired(org.organization_id, approver=replace(APPROVER, **changes))
        self.approving = Approving(self.api, self.desired.approver, beating(Heard()), over=lambda: self.over)

    def end(self, *_: object) -> None:
        self.over = True

    def look(self) -> Observation:
        return observe(self.api, self.desired, NOTHING_RECORDED)

    def left(self) -> set[str]:
        approver = self.approving.unsettled(self.desired).approver
        assert approver is not None
        return {str(FIRST + number) for number in range(1, 41)} - approver.exclude


def approved(org: Emulator) -> set[str]:
    return {child["Parties"][1]["Id"] for child in org.children if child["State"] == "ACCEPTED"}


@pytest.mark.parametrize("scenario", [scenario(*members(40))])
def test_a_run_that_is_over_finishes_what_it_has_started(org: Emulator) -> None:
    org.enable_all_features()
    run = ApproveRun(org, max_calls_per_second=1000)
    org.after("AcceptHandshake", run.end, nth=3)
    result = run.approving.approve(run.look(), org.invited)
    assert result.given == approved(org)
    assert 3 <= len(result.given) < len(org.invited), "those that weren't begun are left"
    assert run.left() == set(org.invited) - result.given
    assert result.failures == ()
    wanted = run.approving.remaining(run.desired).approver
    assert wanted is not None
    assert wanted.exclude == set(org.invited), "this run tries nobody any more"


@pytest.mark.parametrize("scenario", [scenario(*members(40))])
def test_calls_that_wait_for_awss_rates_end_when_the_run_is_over(org: Emulator) -> None:
    org.enable_all_features()
    run = ApproveRun(org, max_calls_per_second=0.01)
    org.after("ListHandshakesForAccount", run.end)
    assert run.approving.approve(run.look(), org.invited).given == set()
    assert run.left() == set(org.invited)
    assert org.calls["ListHandshakesForAccount"] == 1
    assert not org.calls["AcceptHandshake"]


@pytest.mark.parametrize("scenario", [scenario(*members(40))])
def test_throttled_calls_end_when_the_run_is_over(org: Emulator) -> None:
    org.enable_all_features()
    run = ApproveRun(org, max_calls_per_second=1000)
    org.before("ListHandshakesForAccount", run.end)
    org.fail("ListHandshakesForAccount", error="TooManyRequestsException", times=1000)
    assert run.approving.approve(run.look(), org.invited).failures == ()
    assert org.calls["ListHandshakesForAccount"] <= WORKERS


@pytest.mark.parametrize("shown", [True, False])
def test_only_accounts_that_it_approved_for_count_as_approved(shown: bool) -> None:
    from aws_org_emulator import Emulator  # noqa: PLC0415

    with Emulator(scenario(*members(5), children_shown=shown)) as org:
        org.enable_all_features()
        run = ApproveRun(org)
        seen = run.look()
        for account_id in org.invited[:3]:
            org.approve(account_id)
        result = run.approving.approve(seen, org.invited)
        assert result.given == set(org.invited[3:])
        assert result.failures == ()
        assert not run.left() & set(org.invited)


@pytest.mark.parametrize("handshake_actions", ["guide", "model"])
def test_a_probe_meets_what_an_approval_would_and_writes_nothing(handshake_actions: Any) -> None:
    from aws_org_emulator import Emulator  # noqa: PLC0415

    with Emulator(WITH_FAILURES.varied(handshake_actions=handshake_actions)) as org:
        run = ApproveRun(org)
        result = run.approving.probe(run.look(), org.invited)
        found = {failure.account_id: failure.reference for failure in result.failures}
        assert found == {
            member.id: reference
            for name, (member, reference) in FAILING.items()
            if name not in {"may not accept", "may not make the service-linked role"}
        }
        assert result.given == set()
        assert not org.writes


def test_a_session_is_that_of_one_account_and_is_not_kept(org: Emulator) -> None:
    connection = ApproveRun(org).api.connection
    created = org.created[0]
    role = AssumeRole(f"arn:aws:iam::{created}:role/OrganizationAccountAccessRole")
    with Members(connection, Paces()).enter(created, role) as member:
        assert member.organization().id == org.organization_id
        clients = weakref.ref(member._clients)
        del member
    gc.collect()
    assert clients() is None


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_a_chain_of_roles_leads_into_the_members(resource: Resource, org: Emulator) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{org.management}:root"}}
    document = {"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]}
    iam = org.client("iam", org.management)
    iam.create_role(RoleName="Migrator", AssumeRolePolicyDocument=json.dumps(document))
    role = AssumeRole(f"arn:aws:iam::{org.management}:role/Migrator")
    resource.connection = replace(resource.connection, assume_roles=(role,))
    resource.declare(approver=APPROVER)
    resource.up()
    assert resource.status == "ENABLED"


OURS, OTHERS = "o-exampleorg1", "o-anotherorg1"


def asked(**changes: Any) -> Handshake:
    given = {
        "id": "h-own00001",
        "arn": "",
        "action": "APPROVE_ALL_FEATURES",
        "state": "OPEN",
        "account_id": "222222222222",
        "parent_id": "h-parent0001",
        "organization_id": OURS,
    }
    return Handshake(**{**given, **changes})


@pytest.mark.parametrize(
    ("received", "accepted"),
    [
        (asked(), True),
        (asked(state="REQUESTED"), True),
        (asked(action="ENABLE_ALL_FEATURES"), True),
        (asked(action="ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"), True),
        (asked(account_id=None), True),
        (asked(parent_id=None, id="h-child0000"), True),
        (asked(parent_id=None), False),
        (asked(parent_id="h-parent0002"), False),
        (asked(organization_id=OTHERS), False),
        (asked(organization_id=None), False),
        (asked(account_id="333333333333"), False),
        (asked(action="INVITE"), False),
        (asked(action="TRANSFER_RESPONSIBILITY"), False),
        (asked(state="EXPIRED"), False),
        (asked(state="CANCELED"), False),
        (asked(account_id=None, parent_id=None), False),
    ],
)
def test_nothing_is_accepted_but_an_approval_of_this_very_migration(
    org: Emulator, monkeypatch: pytest.MonkeyPatch, received: Handshake, accepted: bool
) -> None:
    taken: list[str] = []

    def accept(handshake_id: str) -> Handshake:
        taken.append(handshake_id)
        return replace(received, state="ACCEPTED")

    owner = SimpleNamespace(handshakes=lambda: (received,), accept=accept)
    monkeypatch.setattr(Members, "enter", lambda *_: contextlib.nullcontext(owner))
    api = Organizations(Connection(endpoints=Endpoints(org.endpoint, org.endpoint)))
    shown = seen(parent(), children=children("OPEN"))
    approving = Approving(api, APPROVER, beating(Heard()))
    approving.approve(approving.seen(shown), ["222222222222"])
    assert taken == ([received.id] if accepted else [])


@pytest.mark.parametrize("scenario", [scenario(*members(5), children_shown=False)])
def test_where_nobody_is_shown_others_are_approved_once_it_may(resource: Resource, org: Emulator) -> None:
    first, others = org.invited[:3], org.invited[3:]
    resource.declare(approver=replace(APPROVER, only=frozenset(first)))
    resource.up()
    assert resource.outputs["approvals"]["accepted"] == 3
    resource.declare(approver=replace(APPROVER, only=frozenset(others)))
    resource.up()
    assert resource.status == "ENABLED"
