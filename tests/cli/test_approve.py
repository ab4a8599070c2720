"""`org-features approve`: whose approvals it gives, what it says of the others, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.aws import Organizations
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.render.approve_json import FIELDS
from aws_org_features.common import progress_log
from tests.cli.conftest import environment_of, error_of
from tests.cli.worlds import world
from tests.shares import sample

if TYPE_CHECKING:
    import io

    from aws_org_emulator import Emulator
    from aws_org_features.model.organizations import Handshake
    from tests.cli.conftest import Invoke, InvokeIn

Approve = Callable[..., Result]

ROLE = "Approver"
SECRET = "an-external-id-that-nobody-sees"  # noqa: S105 - one of the tests' own
FIRST, SECOND, THIRD = "600000000001", "600000000002", "600000000003"
NAMED = ("--role-name", ROLE, "--member-external-id-env", "EXTERNAL_ID")


def allowed(*actions: str) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}})


def members(count: int, **changes: Any) -> tuple[Member, ...]:
    """Invited accounts with a role to assume, from 600000000001 on."""
    given = {"access_role": ROLE, "external_id": SECRET, **changes}
    return tuple(Member(str(600000000000 + number), **given) for number in range(1, count + 1))


def scenario(*accounts: Member, **switches: Any) -> Scenario:
    return Scenario(invited=0, created=1, members=accounts, switches=Switches(**switches))


def every_way(*accounts: Member, **switches: Any) -> list[Any]:
    """Both ways round, with and without approvals that management is shown; two opposites by default."""
    ways = [("guide", True), ("guide", False), ("model", False), ("model", True)]
    return sample(
        [
            pytest.param(
                scenario(*accounts, handshake_actions=handshake_actions, children_shown=shown, **switches),
                id=f"{handshake_actions}{'' if shown else '-hidden'}",
            )
            for handshake_actions, shown in ways
        ],
        every=2,
    )


@pytest.fixture
def approve(invoke_in: InvokeIn) -> Approve:
    """Runs `org-features approve` with the role of these accounts, quickly: nothing is waited for."""

    def call(*arguments: str, **environment: str) -> Result:
        given = {"EXTERNAL_ID": SECRET, **environment}
        return invoke_in(world(), "approve", *NAMED, "--max-calls-per-second", "1000", *arguments, **given)

    return call


def as_json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["account_id"] for entry in entries]


def accepted(org: Emulator) -> list[str]:
    return [child["Parties"][1]["Id"] for child in org.children if child["State"] == "ACCEPTED"]


# For whom it would


@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_without_yes_it_lists_the_accounts_and_writes_nothing(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    result = approve("--exclude", THIRD)
    assert result.exit_code == Exit.PENDING, result.output
    assert not org.writes
    assert "AssumeRole" not in org.calls
    lines = result.stdout.splitlines()
    assert lines[0] == "Would approve on behalf of 2 accounts:"
    assert lines[1].split() == ["account", "name", "handshake", "state"]
    assert [line.split()[0] for line in lines[2:4]] == [FIRST, SECOND]
    assert "Outstanding, but out of scope: 1 account:" in lines
    assert lines[-1] == "Nothing was written: add --yes to approve."
    assert result.stderr == ""


@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_a_plan_as_json(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    shown = org.scenario.switches.children_shown
    result = approve("--exclude", THIRD, "--json")
    told, parent, child = as_json(result), org.parent, org.children[0]
    assert parent is not None
    assert result.exit_code == Exit.PENDING
    assert tuple(told) == FIELDS["plan"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told.pop("expires_at"))
    assert told.pop("message").endswith("Once everyone has, the next `pulumi up` finalizes.")
    assert told.pop("outstanding")[0] == {
        "account_id": FIRST,
        "name": f"invited-{FIRST}",
        "handshake_id": child["Id"] if shown else None,
        "action": child["Action"] if shown else None,
        "state": "OPEN" if shown else None,
    }
    assert ids(told.pop("outstanding_elsewhere")) == [THIRD]
    assert told == {
        "mode": "plan",
        "organization_id": "o-exampleorg1",
        "management_account_id": "111111111111",
        "role_arn_template": f"arn:{{partition}}:iam::{{account_id}}:role/{ROLE}",
        "status": "AWAITING_APPROVALS",
        "handshake_id": parent["Id"],
        "declined": [],
        "not_asked": [],
        "without_account": 0,
    }


@pytest.mark.parametrize("scenario", [scenario(*members(25))])
def test_a_plan_names_every_account(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    told = approve().stdout
    assert all(account_id in told for account_id in org.invited)


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_accounts_that_were_named_and_arent_asked_are_reported(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    created, stranger = org.created[0], "999999999999"
    result = approve("--only", FIRST, "--only", created, "--only", stranger, "--exclude", "888888888888")
    assert result.exit_code == Exit.PENDING
    assert f"Not asked to approve: {created} and {stranger}." in result.stdout
    assert result.stderr.splitlines() == [
        f"--only names {stranger}, which is no account of the organization.",
        "--exclude names 888888888888, which is no account of the organization.",
    ]


# Approving


FAILING: dict[str, tuple[Member, str]] = {
    "no role": (Member("700000000001"), "role-not-assumed"),
    "another role": (Member("700000000002", access_role="Other", external_id=SECRET), "role-not-assumed"),
    "another external id": (
        Member("700000000003", access_role=ROLE, external_id="wrong"),
        "role-not-assumed",
    ),
    "suspended": (
        Member("700000000004", access_role=ROLE, external_id=SECRET, state="SUSPENDED"),
        "account-inactive",
    ),
    "may not make the service-linked role": (
        Member(
            "700000000005",
            access_role=ROLE,
            external_id=SECRET,
            service_linked_role=False,
            access_policy=allowed("organizations:*"),
        ),
        "access-denied",
    ),
}
REFUSING = tuple(member for member, _ in FAILING.values())


@pytest.mark.parametrize("scenario", every_way(*members(115), *REFUSING, iam_enforcement=True))
def test_of_120_accounts_five_fail_and_each_is_reported_with_its_reason(
    org: Emulator, approve: Approve
) -> None:
    org.enable_all_features()
    result = approve("--yes")
    assert result.exit_code == Exit.PENDING, result.output
    assert accepted(org) == [str(600000000000 + number) for number in range(1, 116)]
    lines = result.stdout.splitlines()
    assert lines[0] == "Couldn't approve on behalf of 5 accounts:"
    kinds = [line for line in lines if re.match(r"\d\. ", line)]
    assert [re.split(r"[:,] ", kind)[:2] for kind in kinds] == [
        ["1. role-not-assumed", "3 accounts"],
        ["2. access-denied", "1 account"],
        ["3. account-inactive", "1 account"],
    ]
    assert all(" Next: " in kind for kind in kinds)
    assert "iam:CreateServiceLinkedRole" in kinds[1]
    rows = dict(re.findall(r"^(7\d{11}) .* \d\. (\S+)$", result.stdout, re.MULTILINE))
    assert rows == {member.id: reference for member, reference in FAILING.values()}
    assert "Approved on behalf of 115 accounts." in lines
    assert lines[-1].startswith("115 of 120 approved")
    assert org.feature_set == "CONSOLIDATED_BILLING"
    assert SECRET not in result.output


@pytest.mark.parametrize("scenario", every_way(*members(4), *REFUSING, iam_enforcement=True))
def test_the_outcome_as_json(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    result = approve("--yes", "--json", "--exclude", "600000000004")
    told = as_json(result)
    assert result.exit_code == Exit.PENDING
    assert tuple(told) == FIELDS["approve"]
    assert (told["mode"], told["status"]) == ("approve", "AWAITING_APPROVALS")
    assert (told["approved"], told["interrupted"]) == ([FIRST, SECOND, THIRD], False)
    assert {each["account_id"]: each["reference"] for each in told["failed"]} == {
        member.id: reference for member, reference in FAILING.values()
    }
    assert all(set(each) == {*FAILURE, "name"} and all(each.values()) for each in told["failed"])
    assert ids(told["outstanding"]) == ids(told["failed"])
    assert ids(told["outstanding_elsewhere"]) == ["600000000004"]


FAILURE = {"account_id", "reference", "reason", "next_step"}


@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_once_everyone_has_approved_pulumi_finalizes_and_it_does_not(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.approve(FIRST)
    result = approve("--yes")
    assert result.exit_code == Exit.DONE, result.output
    assert result.stdout.splitlines()[0] == "Approved on behalf of 2 accounts."
    assert re.search(r"Everyone has (approved|responded)\. The next `pulumi up` finalizes", result.stdout)
    assert org.feature_set == "CONSOLIDATED_BILLING"
    assert dict(org.writes) == {"AcceptHandshake": 2}
    for again in (approve("--yes"), approve()):
        assert again.exit_code == Exit.DONE
        assert "The next `pulumi up` finalizes" in again.stdout
    assert dict(org.writes) == {"AcceptHandshake": 2}


@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_approvals_that_are_left_to_others_are_reported_and_no_failure(
    org: Emulator, approve: Approve
) -> None:
    org.enable_all_features()
    result = approve("--yes", "--only", FIRST)
    assert result.exit_code == Exit.DONE, result.output
    assert accepted(org) == [FIRST]
    assert f"Outstanding, but out of scope: {SECOND} and {THIRD}." in result.stdout
    again = approve("--only", FIRST)
    assert again.exit_code == (Exit.DONE if org.scenario.switches.children_shown else Exit.PENDING)


@pytest.mark.parametrize("arguments", [(), ("--yes",)])
@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_an_account_that_declined_is_somebodys_to_decide(
    org: Emulator, approve: Approve, arguments: tuple[str, ...]
) -> None:
    org.enable_all_features()
    org.decline(SECOND)
    shown = org.scenario.switches.children_shown
    result = approve("--exclude", SECOND, *arguments)
    if shown:
        assert result.exit_code == Exit.DECLINED
        assert "Declined by 1 account:" in result.stdout
        assert f"{SECOND} declined, so the migration can't be finalized." in result.stdout
        assert "or raise `attempt` to cancel this" in result.stdout
    told = approve(*arguments, "--json")
    assert told.exit_code == (Exit.DECLINED if shown or arguments else Exit.PENDING)
    assert ids(as_json(told)["declined"]) == ([SECOND] if shown or arguments else [])
    assert accepted(org) == ([FIRST, THIRD] if arguments else [])


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_accounts_that_are_asked_meanwhile_are_included_and_none_twice(
    org: Emulator, approve: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    org.enable_all_features()
    real = Organizations.children
    looks: list[int] = []

    def late(self: Organizations, parent_id: str) -> tuple[Handshake, ...]:
        found = real(self, parent_id)
        looks.append(len(found))
        return found[: len(looks)]

    monkeypatch.setattr(Organizations, "children", late)
    assert approve("--yes").exit_code == Exit.DONE
    assert accepted(org) == [FIRST, SECOND, THIRD]
    assert dict(org.writes) == {"AcceptHandshake": 3}
    assert org.calls["AssumeRole"] == 3


@pytest.mark.parametrize("scenario", every_way(*members(2)))
def test_an_invitation_of_somebody_else_stays_untouched(org: Emulator, approve: Approve) -> None:
    theirs = org.client("organizations", "888888888888")
    theirs.create_organization(FeatureSet="ALL")
    for account_id in org.invited:
        theirs.invite_account_to_organization(Target={"Id": account_id, "Type": "ACCOUNT"})
    org.enable_all_features()
    assert approve("--yes").exit_code == Exit.DONE
    for account_id in org.invited:
        received = org.client("organizations", account_id).list_handshakes_for_account()["Handshakes"]
        states = {"INVITE" if h["Action"] == "INVITE" else "ours": h["State"] for h in received}
        assert states == {"INVITE": "OPEN", "ours": "ACCEPTED"}


@pytest.mark.parametrize(
    "scenario",
    every_way(
        *members(1),
        Member("710000000001", "CREATED", access_role=ROLE, external_id=SECRET, service_linked_role=False),
    ),
)
def test_a_created_account_without_its_role_is_asked_too(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    result = approve("--yes")
    if not org.scenario.switches.children_shown:
        # Nothing shows that it is asked, but somebody who knows can name it.
        assert accepted(org) == [FIRST]
        assert "AWS hasn't confirmed yet that nothing is outstanding" in result.stdout
        assert approve("--yes", "--only", "710000000001").exit_code == Exit.DONE
    assert accepted(org) == [FIRST, "710000000001"]
    assert approve().exit_code == Exit.DONE


@pytest.mark.parametrize("scenario", [scenario(*members(2), Member("700000000001"))])
def test_an_owner_who_was_quicker_is_no_failure(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.after("AcceptHandshake", lambda *_: org.approve("700000000001"))
    result = approve("--yes")
    assert result.exit_code == Exit.DONE
    assert "Couldn't" not in result.stdout


def canceled(org: Emulator) -> None:
    org.cancel()


def begun_anew(org: Emulator) -> None:
    org.cancel()
    org.enable_all_features()


@pytest.mark.parametrize(
    ("happens", "why"),
    [(canceled, "The migration has ended in the meantime."), (begun_anew, "isn't the organization's latest")],
)
@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_a_migration_that_ends_meanwhile_ends_the_run(
    org: Emulator, approve: Approve, happens: Callable[[Emulator], None], why: str
) -> None:
    org.enable_all_features()
    org.after("AcceptHandshake", lambda *_: happens(org), nth=2)
    result = approve("--yes", "--exclude", THIRD)
    reference, text = error_of(result)
    assert (reference, why in text) == ("no-approval-pending", True)
    assert "Approved on behalf of 2 accounts." in result.stdout
    assert org.writes["AcceptHandshake"] == 2


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_a_migration_that_is_finalized_meanwhile_is_no_error(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.before("DescribeOrganization", lambda *_: org.finalize(), nth=2)
    result = approve("--yes")
    assert result.exit_code == Exit.DONE, result.output
    assert "Approved on behalf of 3 accounts." in result.stdout
    assert result.stdout.splitlines()[-1] == "All features are enabled."


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_a_look_that_fails_afterwards_costs_no_report(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.fail("DescribeOrganization", nth=2, error="AccessDeniedException", times=9)
    result = approve("--yes")
    assert result.exit_code == Exit.DONE, result.output
    assert result.stderr.startswith("couldn't read AWS again: DescribeOrganization was denied")
    assert "Approved on behalf of 3 accounts." in result.stdout
    assert "3 of 3 approved" in result.stdout


@pytest.mark.parametrize("scenario", [scenario(*members(20), throttling=True)])
def test_it_keeps_to_awss_rates(org: Emulator, invoke: Invoke) -> None:
    org.enable_all_features()
    result = invoke("approve", *NAMED, "--yes", EXTERNAL_ID=SECRET)
    assert result.exit_code == Exit.DONE
    assert org.calls["AcceptHandshake"] == 20, "none was refused, so none was tried twice"


# Whether it would work


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("scenario", every_way(*members(3), *REFUSING, iam_enforcement=True))
def test_a_probe_tells_who_can_be_reached_and_writes_nothing(
    org: Emulator, approve: Approve, begun: bool
) -> None:
    if begun:
        org.enable_all_features()
    result = approve("--probe", "--json")
    told = as_json(result)
    assert result.exit_code == Exit.UNREACHED
    assert not org.writes
    assert tuple(told) == FIELDS["probe"]
    assert told["status"] == ("AWAITING_APPROVALS" if begun else "NOT_STARTED")
    assert ids(told["reached"]) == [FIRST, SECOND, THIRD, "700000000005"]
    assert {each["account_id"]: each["reference"] for each in told["unreached"]} == {
        member.id: reference for member, reference in FAILING.values() if reference != "access-denied"
    }
    assert all(set(each) == {*FAILURE, "name"} and all(each.values()) for each in told["unreached"])
    text = approve("--probe").stdout
    assert "Can act in 4 accounts:" in text
    assert "Can't act in 4 accounts:" in text
    assert ("created accounts that have lost their service-linked role" in text) is not begun
    assert not org.writes
    assert SECRET not in result.output + text


@pytest.mark.parametrize("scenario", every_way(*members(3)))
def test_a_probe_that_reaches_everybody_in_its_scope_is_done(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.approve(FIRST)
    org.reset_calls()
    assert approve("--probe", "--exclude", THIRD).exit_code == Exit.DONE
    shown = org.scenario.switches.children_shown
    assert org.calls["AssumeRole"] == (1 if shown else 2), "where it is shown who has approved"
    org.approve_all()
    result = approve("--probe")
    assert result.exit_code == Exit.DONE
    assert "there was no account to probe" in result.stdout


@pytest.mark.parametrize(
    "scenario",
    [scenario(*members(1), Member("710000000001", "CREATED", access_role=ROLE, external_id=SECRET))],
)
def test_before_a_migration_begins_created_accounts_are_probed_if_they_are_named(approve: Approve) -> None:
    assert ids(as_json(approve("--probe", "--json"))["reached"]) == [FIRST]
    named = approve("--probe", "--json", "--only", "710000000001")
    assert ids(as_json(named)["reached"]) == ["710000000001"]
    reference, text = error_of(approve("--probe", "--only", "999999999999"))
    assert (reference, f"Accounts that must approve: {FIRST}." in text) == ("no-approval-pending", True)


# Nobody to approve for


def finalized(org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    org.finalize()


def canceled_before(org: Emulator) -> None:
    org.enable_all_features()
    org.cancel()


def expired(org: Emulator) -> None:
    org.enable_all_features()
    org.clock.advance(days=91)


def declined_and_over(org: Emulator) -> None:
    org.enable_all_features()
    org.clock.advance(days=80)
    org.decline(FIRST)
    org.clock.advance(days=11)


@pytest.mark.parametrize("arguments", [(), ("--yes",)])
@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (lambda _: None, "No migration has been started"),
        (finalized, "All features are enabled."),
        (canceled_before, "Nothing starts again until `attempt` is raised."),
        (expired, "expired on"),
        (declined_and_over, "Raise `attempt` to ask every invited account again."),
    ],
)
@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_without_a_migration_in_progress_it_says_why(
    org: Emulator,
    approve: Approve,
    happened: Callable[[Emulator], None],
    why: str,
    arguments: tuple[str, ...],
) -> None:
    happened(org)
    reference, text = error_of(approve(*arguments))
    assert reference == "no-approval-pending"
    assert text.startswith("No migration is in progress in organization o-exampleorg1. ")
    assert why in text
    assert "AssumeRole" not in org.calls
    result = approve(*arguments, "--json")
    assert as_json(result)["error"]["reference"] == "no-approval-pending"


@pytest.mark.parametrize("arguments", [(), ("--yes",), ("--probe",)])
@pytest.mark.parametrize("scenario", every_way(*members(2)))
def test_a_scope_with_nobody_in_it_is_an_error(
    org: Emulator, approve: Approve, arguments: tuple[str, ...]
) -> None:
    org.enable_all_features()
    reference, text = error_of(approve("--only", "999999999999", *arguments))
    assert reference == "no-approval-pending"
    assert text.endswith(f"Accounts that must approve: {FIRST} and {SECOND}.")


@pytest.mark.parametrize("arguments", [(), ("--yes",), ("--probe",)])
@pytest.mark.parametrize("scenario", [scenario(*members(2), children_shown=False)])
def test_without_approvals_and_accounts_there_is_nothing_to_go_by(
    org: Emulator, approve: Approve, arguments: tuple[str, ...]
) -> None:
    org.enable_all_features()
    org.fail("ListAccounts", error="AccessDeniedException", times=99)
    assert error_of(approve(*arguments))[0] == "access-denied"


@pytest.mark.parametrize("scenario", [scenario(*members(2), Member("700000000001"))])
def test_the_list_of_accounts_is_no_condition_where_approvals_are_shown(
    org: Emulator, approve: Approve
) -> None:
    org.enable_all_features()
    org.decline("700000000001")
    org.fail("ListAccounts", error="AccessDeniedException", message="no", times=99)
    result = approve("--yes")
    assert result.exit_code == Exit.DECLINED
    assert accepted(org) == [FIRST, SECOND]
    assert result.stderr.startswith("without the accounts' names: ListAccounts was denied")


# How it is called


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--role-name or --role-arn-template"),
        (("--role-name", "a", "--role-arn-template", "arn:aws:iam::{account_id}:role/a"), "either"),
        (("--role-name", "a b"), "--role-name"),
        (("--role-arn-template", "arn:aws:iam::222222222222:role/a"), "--role-arn-template"),
        (("--role-name", "a", "--yes", "--probe"), "exclude one another"),
        (("--role-name", "a", "--only", "1"), "--only"),
        (("--role-name", "a", "--exclude", "x"), "--exclude"),
        (("--role-name", "a", "--session-name", "a b"), "--session-name"),
        (("--role-name", "a", "--max-calls-per-second", "0"), "--max-calls-per-second"),
        (("--role-name", "a", "--max-calls-per-second", "nan"), "--max-calls-per-second"),
        (("--role-name", "a", "--member-external-id-env", "NO_SUCH_NAME"), "NO_SUCH_NAME"),
        (("--role-name", "a", "--member-external-id-env", "ODD"), "--member-external-id-env: what ODD holds"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_by_name(
    org: Emulator, invoke: Invoke, arguments: tuple[str, ...], named: str
) -> None:
    result = invoke("approve", *arguments, ODD="no external id, but a secret")
    assert result.exit_code == Exit.MISUSED
    assert named in result.stderr
    assert "secret" not in result.output
    assert not org.calls


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_a_template_and_a_session_name_lead_there_as_well(org: Emulator, invoke: Invoke) -> None:
    org.enable_all_features()
    template = ("--role-arn-template", f"arn:{{partition}}:iam::{{account_id}}:role/{ROLE}")
    given = (*template, "--member-external-id-env", "ID", "--session-name", "for-the-migration")
    assert invoke("approve", *given, "--yes", ID=SECRET).exit_code == Exit.DONE


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_another_organization_is_none(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    assert error_of(approve("--yes", "--organization-id", "o-otherorg99"))[0] == "organization-mismatch"
    assert not org.writes


@pytest.mark.parametrize("mode", [(), ("--yes",), ("--probe",)])
@pytest.mark.parametrize(
    "scenario", [scenario(Member(FIRST, name="\x1b[31m[bold]a[/bold]\n600000000009 \u202eb :smile:"))]
)
def test_names_do_nothing(org: Emulator, approve: Approve, mode: tuple[str, ...]) -> None:
    org.enable_all_features()
    result = approve(*mode)
    assert not set("\x1b\u202e") & set(result.output)
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("6000")]
    assert "\ufffd[31m[bold]a[/bold] 600000000009 \ufffdb :smile:" in row


# In a pipe, in a terminal, and interrupted


@pytest.mark.parametrize("scenario", [scenario(*members(60))])
def test_in_a_pipe_it_says_now_and_then_how_far_it_is(
    org: Emulator, approve: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_log, "_SOONEST", 0.3)
    org.enable_all_features()
    result = approve("--yes", "--max-calls-per-second", "60")
    lines = result.stderr.splitlines()
    assert 1 <= len(lines) <= 12
    told = r"approving: \d+ of 60 accounts done, \d+\.\d/s(, \d+s left)?"
    assert all(re.fullmatch(told, line) for line in lines)
    assert "\x1b" not in result.output


def interrupt(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("scenario", [scenario(*members(40))])
def test_ctrl_c_ends_it_soon_and_loses_nothing(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.after("AcceptHandshake", interrupt, nth=3)
    result = approve("--yes", "--json")
    told = as_json(result)
    assert result.exit_code == Exit.INTERRUPTED
    assert told["interrupted"]
    assert told["approved"] == accepted(org)
    assert 3 <= len(told["approved"]) < 40
    assert sorted([*told["approved"], *ids(told["outstanding"])]) == list(org.invited)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    again = approve("--yes")
    assert (again.exit_code, len(accepted(org))) == (Exit.DONE, 40)


@pytest.mark.parametrize("scenario", [scenario(*members(5), Member("700000000001"))])
def test_ctrl_c_while_it_looks_again_costs_no_report(org: Emulator, approve: Approve) -> None:
    org.enable_all_features()
    org.before("DescribeOrganization", interrupt, nth=2)
    result = approve("--yes")
    assert result.exit_code == Exit.INTERRUPTED
    assert "Approved on behalf of 5 accounts." in result.stdout
    assert "Interrupted. Nothing is lost. Run it again." in result.stdout
    assert "Couldn't approve on behalf of 1 account:" in result.stdout


@pytest.mark.parametrize("scenario", [scenario(*members(40))])
def test_a_probe_can_be_interrupted_too(org: Emulator, approve: Approve) -> None:
    org.after("ListHandshakesForAccount", interrupt, nth=3)
    result = approve("--probe", "--json")
    told = as_json(result)
    assert (result.exit_code, told["interrupted"]) == (Exit.INTERRUPTED, True)
    assert sorted([*ids(told["reached"]), *told["left"]]) == list(org.invited)
    assert len(told["left"]) > 20


def command(org: Emulator, *arguments: str, **environment: str) -> dict[str, Any]:
    """Start the command as a process, with the role of these accounts."""
    known = {name: value for name, value in environment_of(org, org.management).items() if value is not None}
    return {
        "args": [str(Path(sys.executable).with_name("org-features")), "approve", *NAMED, *arguments],
        "env": {"PATH": os.environ["PATH"], "EXTERNAL_ID": SECRET, "TERM": "xterm", **known, **environment},
    }


# The command, which also says when it hears Ctrl-C the first and second time, and when it begins to report.
TELLING = """
import os, time
from aws_org_features.cli import main, progress_bar
from aws_org_features.cli.render.approve import TextReport
def telling(what, call, then=lambda: None):
    def told(*given, **named):
        os.write(1, what + b"\\n")
        then()
        return call(*given, **named)
    return told
progress_bar.Interrupt._take = telling(b"heard", progress_bar.Interrupt._take)
TextReport.approved = telling(b"reports", TextReport.approved, lambda: time.sleep({report_takes}))
main()
"""


def interrupted(org: Emulator, *, while_it_reports: bool) -> tuple[int, bytes, bytes]:
    """Press Ctrl-C twice where no answer comes, or thrice; the code and what was printed before any came."""
    org.enable_all_features()
    org.fail("ListHandshakesForAccount", kind="hang", seconds=50, times=9)
    begun = threading.Event()
    org.before("ListHandshakesForAccount", lambda *_: begun.set())
    how = command(org, "--yes")
    telling = TELLING.format(report_takes=99 if while_it_reports else 0)
    how["args"] = [sys.executable, "-c", telling, *how["args"][1:]]
    with subprocess.Popen(**how, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        try:
            assert process.stdout is not None
            begun.wait()
            for _ in range(2):
                process.send_signal(signal.SIGINT)
                assert process.stdout.readline() == b"heard\n"
            assert process.stdout.readline() == b"reports\n"
            if while_it_reports:
                process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=45)
            return process.returncode, out, error
        finally:
            process.kill()


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_ctrl_c_again_waits_for_no_answer(org: Emulator) -> None:
    code, out, _ = interrupted(org, while_it_reports=False)
    assert code == Exit.INTERRUPTED
    assert b"Approved on behalf of 0 accounts." in out


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_ctrl_c_while_it_reports_ends_it_at_once(org: Emulator) -> None:
    code, out, error = interrupted(org, while_it_reports=True)
    assert code == Exit.INTERRUPTED
    assert not out
    assert b"The report isn't whole" in error
    assert b"Traceback" not in error


@pytest.mark.parametrize("no_color", [{}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("scenario", [scenario(*members(8), Member("700000000001"))])
def test_in_a_terminal_a_bar_shows_how_far_it_is_and_goes(
    org: Emulator, tmp_path: Path, no_color: dict[str, str]
) -> None:
    org.enable_all_features()
    parent, child = pty.openpty()
    with (tmp_path / "out").open("w+") as out, os.fdopen(parent, "rb", buffering=0) as terminal:
        with subprocess.Popen(**command(org, "--yes", **no_color), stdout=out, stderr=child) as process:
            os.close(child)
            drawn = read(terminal).decode()
        out.seek(0)
        assert "Approved on behalf of 8 accounts." in out.read()
    assert process.returncode == Exit.PENDING
    assert re.search(r"approving.*9/9.* 1 failed, ", drawn)
    assert ("\x1b[38;" in drawn or "\x1b[3" in drawn) is not bool(no_color)


def read(terminal: io.FileIO) -> bytes:
    """All that is written to a terminal before its last writer has gone."""
    found = b""
    with contextlib.suppress(OSError):  # as Linux says it
        while some := terminal.read(65536):
            found += some
    return found
