"""An approver in a program: consent that is declared, previewed, given, and reported where it fails."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features import AllFeaturesGate, ApproverArgs
from tests.policies import policy
from tests.stacks import export, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

ROLE = "Approver"
SECRET = "an-external-id-that-nobody-sees"  # noqa: S105 - one of the tests' own


def allowed(*actions: str) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}})


def members(count: int, first: int = 600000000001, **changes: Any) -> tuple[Member, ...]:
    given = {"access_role": ROLE, "external_id": SECRET, **changes}
    return tuple(Member(str(first + number), **given) for number in range(count))


def scenario(*accounts: Member, **switches: Any) -> Scenario:
    return Scenario(invited=0, created=1, members=accounts, switches=Switches(**switches))


def approver(**changes: Any) -> ApproverArgs:
    return ApproverArgs(**{"role_name": ROLE, "external_id": SECRET, **changes})


def declare(project: Project, limits: dict[str, Any] | None = None, **arguments: Any) -> None:
    """Make a feature set with an approver the stack's program; secrets are made within it."""
    project.declare(lambda: export(feature_set(project.org, approver=approver(**limits or {}), **arguments)))


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(
            scenario(*members(count), throttling=True, iam_enforcement=True),
            id=str(count),
            marks=[pytest.mark.exhaustive] if count == 100 else [],
        )
        for count in (10, 100)
    ],
)
def test_many_accounts_in_one_run_at_awss_pace(project: Project, org: Emulator) -> None:
    count = len(org.invited)
    declare(project, wait_until="enabled")
    ran = project.up()
    assert not ran.failed, ran.text
    assert ran.outputs["status"] == "ENABLED"
    assert org.feature_set == "ALL"
    assert f"approved on behalf of {count} accounts" in ran.text
    assert org.calls["AcceptHandshake"] == count + 1, "none was refused, so none was tried twice"
    assert org.calls["ListHandshakesForAccount"] == count
    assert project.up().changes == 0


REFUSING = (
    Member("700000000001"),
    Member("700000000002", access_role="Other", external_id=SECRET),
    Member("700000000003", access_role=ROLE, external_id="another"),
    Member(
        "700000000004", access_role=ROLE, external_id=SECRET, access_policy=allowed("organizations:List*")
    ),
    Member("700000000005", access_role=ROLE, external_id=SECRET, state="SUSPENDED"),
)


@pytest.mark.parametrize("scenario", [scenario(*members(95), *REFUSING, iam_enforcement=True)])
def test_five_that_refuse_are_named_and_the_others_approved(project: Project, org: Emulator) -> None:
    def program() -> None:
        declared = feature_set(
            org, approver=approver(max_calls_per_second=1000), wait_until="enabled", timeout="5s"
        )
        export(declared)
        AllFeaturesGate("gate", feature_set=declared)

    project.declare(program)
    ran = project.up()
    assert ran.failed
    error = next(line for line in ran.text.splitlines() if "error: feature-set-not-enabled" in line)
    names = [member.id for member in REFUSING]
    assert all(name in error for name in names), error
    assert "600000000" not in error
    kept = project.kept()
    assert [w["account_id"] for w in kept["waiting_for"]] == names
    assert all(w["reason"] and w["next_step"] for w in kept["waiting_for"])
    assert kept["approvals"]["accepted"] == 95
    assert sum(child["State"] == "ACCEPTED" for child in org.children) == 95
    assert "couldn't approve on behalf of 3 accounts" in ran.text


@pytest.mark.engine_too
@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_the_preview_names_the_accounts_and_approves_for_none(project: Project, org: Emulator) -> None:
    declare(project, {"exclude": ["600000000003"]})
    first = project.preview()
    whom = "on behalf of 2 accounts (600000000001 and 600000000002)"
    assert f"the approver will approve {whom}" in first.text
    project.declare_feature_set()
    project.up()
    declare(project, {"exclude": ["600000000003"]})
    assert f"to do: approving {whom}: the program declares an approver" in project.preview().text
    assert "AcceptHandshake" not in org.writes
    assert "AssumeRole" not in org.calls
    project.up()
    assert org.writes["AcceptHandshake"] == 2
    assert project.preview().changes == 0, "the third is the owner's to approve"


@pytest.mark.parametrize("observe", ["diff", "refresh"])
@pytest.mark.parametrize("scenario", [scenario(*members(3), iam_enforcement=True)])
def test_a_reader_plans_all_of_it(project: Project, org: Emulator, observe: str) -> None:
    """A pipeline's job that plans has no other policy, even where the one that applies assumes roles."""

    def program(finalize: bool) -> None:
        declared = feature_set(org, approver=approver(), finalize=finalize, observe=observe)
        AllFeaturesGate("gate", feature_set=declared)

    iam = org.client("iam", org.management)
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="reader", PolicyDocument=policy("read"))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    for finalize in (False, True):
        project.declare(partial(program, finalize))
        project.configure_with({"aws:accessKey": key["AccessKeyId"]})
        org.reset_calls()
        for ran in (project.refresh(), project.preview()):
            assert not ran.failed, ran.text
            assert "access-denied" not in ran.text
        assert org.writes == {}
        project.configure(org)
        project.up()
    assert org.feature_set == "ALL"


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ({}, "approver needs either role_name or role_arn_template"),
        (
            {"role_name": "a", "role_arn_template": "b"},
            "approver needs either role_name or role_arn_template",
        ),
        ({"role_name": "a b"}, "approver.role_name is 'a b', not the name of a role"),
        ({"role_arn_template": "arn:aws:iam::123456789012:role/X"}, "approver.role_arn_template is"),
        ({"role_arn_template": "arn:aws:iam::{account}:role/X"}, "approver.role_arn_template is"),
        ({"role_name": "a", "only": ["1"]}, "approver.only holds '1'"),
        ({"role_name": "a", "exclude": [123456789012]}, "approver.exclude holds"),
        (
            {"role_name": "a", "max_calls_per_second": 0},
            "approver.max_calls_per_second must be a number above 0",
        ),
        ({"role_name": "a", "external_id": "x" * 1225}, "approver.external_id must be 2 to 1,224"),
        ({"role_name": "a", "role": "b"}, "approver has no setting 'role'"),
    ],
)
def test_an_approver_that_makes_no_sense_is_refused(
    project: Project, org: Emulator, declared: dict[str, Any], why: str
) -> None:
    project.declare_feature_set(approver=declared)
    ran = project.preview()
    assert ran.failed
    assert why in ran.text
    assert "x" * 100 not in ran.text
    assert org.calls == {}


KINDS: dict[str, dict[str, Any]] = {
    "no role": {"access_role": None},
    "another role": {"access_role": "Other"},
    "another external id": {"external_id": "another"},
    "suspended": {"state": "SUSPENDED"},
    "may not make the service-linked role": {
        "service_linked_role": False,
        "access_policy": allowed("organizations:*"),
    },
}
REFERENCES = {"role-not-assumed": 36, "account-inactive": 12, "access-denied": 12}


def crowd(**switches: Any) -> Scenario:
    """60 accounts that can be approved for, one in ten without its service-linked role, and 60 that can't."""
    willing = [*members(54), *members(6, 610000000001, service_linked_role=False)]
    failing = [
        member
        for number, changes in enumerate(KINDS.values(), 1)
        for member in members(12, 700000000001 + number * 100, **changes)
    ]
    return scenario(*willing, *failing, iam_enforcement=True, **switches)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(crowd(handshake_actions="guide"), id="guide"),
        pytest.param(crowd(handshake_actions="model", pending_child="REQUESTED"), id="model"),
        pytest.param(crowd(children_shown=False), id="hidden"),
    ],
)
def test_of_a_hundred_and_twenty_half_fail_in_five_ways(project: Project, org: Emulator) -> None:
    other = org.client("organizations", "888888888888")
    other.create_organization(FeatureSet="ALL")
    target = {"Id": "600000000001", "Type": "ACCOUNT"}
    theirs = other.invite_account_to_organization(Target=target)["Handshake"]["Id"]

    declare(project, {"max_calls_per_second": 1000})
    ran = project.up()

    assert not ran.failed, ran.text
    kept = project.kept()
    assert (kept["approvals"]["accepted"], kept["approvals"]["required"]) == (60, 120)
    assert (len(kept["waiting_for"]), kept["waiting_for_more"]) == (50, 10)
    assert all(w["reason"] and w["account_id"].startswith("7") for w in kept["waiting_for"])
    told = {reference: f"on behalf of {count} accounts" for reference, count in REFERENCES.items()}
    for reference, words in told.items():
        assert any(words in line and reference in line for line in ran.text.splitlines()), reference
    assert other.describe_handshake(HandshakeId=theirs)["Handshake"]["State"] == "OPEN"
    assert org.calls["AcceptHandshake"] <= 60 + 12

    for account_id in (a for a in org.invited if a.startswith("7000000004")):
        org.set_account_state(account_id, "ACTIVE")
    org.approve_all()
    assert project.up().outputs["status"] == "ENABLED"
