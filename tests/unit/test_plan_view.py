"""Sentences of a plan and of its short form, about what was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aws_org_features.model.migration import Approver, Desired
from aws_org_features.model.organizations import Accounts, Invitation
from aws_org_features.views.plan import Ahead, Permission, Plan, Verdict, plan, short
from aws_org_features.views.plan.details import details, grave
from tests.unit.values import ALL, INVITED, MANAGEMENT, NOW, accounts, children, parent, seen

DESIRED = Desired("o-exampleorg1")
APPROVER = Approver("arn:{partition}:iam::{account_id}:role/approver", exclude=frozenset({INVITED[0]}))
NOBODY = accounts(MANAGEMENT, "555555555555", invited=())
STARTS = "starts a migration of o-exampleorg1 (management account 111111111111): AWS asks"
TAKEN_ON = "h-parent0001 is in progress and is adopted, nobody is asked again:"
INVITATION = Invitation("h-invitation1", "new@example.com", "OPEN")


def said(ahead: Ahead, **declared: Any) -> list[str]:
    return [line.text for line in short(ahead, replace(DESIRED, **declared))]


def beside(made: Plan, label: str, permissions: tuple[Permission, ...] = (), untold: str = "") -> str:
    return dict((*grave(made), *details(made, permissions, untold)))[label]


# The short form


@pytest.mark.parametrize(
    ("known", "declared", "lines"),
    [
        pytest.param(
            accounts(),
            {},
            [
                f"{STARTS} the owners of 3 accounts to approve (222222222222, 333333333333 and 444444444444)",
                "once all have approved, the next `pulumi up` finalizes, which can't be undone",
            ],
            id="three",
        ),
        pytest.param(
            accounts(invited=INVITED[:1]),
            {"finalize": False},
            [
                f"{STARTS} the owner of 1 account to approve (222222222222)",
                "it stops before finalizing, as finalize is False; finalizing can't be undone",
            ],
            id="one, not to be finalized",
        ),
        pytest.param(
            NOBODY,
            {},
            [
                f"{STARTS} no account, as none joined by invitation",
                "no account must be asked, so it is finalized at once, which can't be undone",
            ],
            id="nobody",
        ),
        pytest.param(
            None,
            {},
            [
                f"{STARTS} every account that joined by invitation; ListAccounts is denied, so they "
                "can't be listed",
                "once all have approved, the next `pulumi up` finalizes, which can't be undone",
            ],
            id="unknown",
        ),
    ],
)
def test_a_start_names_the_accounts_and_says_when_it_cant_be_undone(
    known: Accounts | None, declared: dict[str, Any], lines: list[str]
) -> None:
    assert said(Ahead(seen(), known, ()), **declared) == lines


def test_a_start_says_what_is_canceled_and_in_whose_name_it_approves() -> None:
    lines = said(
        Ahead(seen(), accounts(), (INVITATION, replace(INVITATION, invited="\x1b[31mx"))), approver=APPROVER
    )
    assert lines[2:] == [
        "AWS cancels 2 pending invitations as it starts: new@example.com and \N{REPLACEMENT CHARACTER}[31mx",
        "the approver will approve on behalf of 2 accounts (333333333333 and 444444444444), which "
        "can't be taken back",
    ]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (replace(accounts(), inactive={INVITED[1]: "SUSPENDED"}), "nobody can approve for 333333333333"),
        (accounts(*(f"{n:012}" for n in range(5001))), "AWS will refuse: the organization has 5001"),
    ],
)
def test_a_possible_blocker_is_urgent(known: Accounts, words: str) -> None:
    (urgent,) = [line.text for line in short(Ahead(seen(), known, ()), DESIRED) if line.urgent]
    assert urgent.startswith(words)


@pytest.mark.parametrize(
    ("ahead", "declared", "lines"),
    [
        pytest.param(
            Ahead(seen(organization=ALL)),
            {},
            ["all features are already enabled: nothing to write"],
            id="enabled",
        ),
        pytest.param(
            Ahead(seen(parent(), children=children("OPEN", "ACCEPTED", "OPEN"))),
            {},
            [f"{TAKEN_ON} AWAITING_APPROVALS, 1 of 3 approved"],
            id="in progress",
        ),
        pytest.param(
            Ahead(seen(parent(), children=children("OPEN", "ACCEPTED", "OPEN"))),
            {"approver": APPROVER},
            [
                f"{TAKEN_ON} AWAITING_APPROVALS, 1 of 3 approved",
                "the approver will approve on behalf of 1 account (444444444444), which can't be taken back",
            ],
            id="in progress, with an approver",
        ),
        pytest.param(
            Ahead(seen(parent("OPEN"))),
            {},
            [
                f"{TAKEN_ON} AWAITING_FINALIZATION, everyone has responded",
                "then finalizing h-parent0001, which can't be undone: everyone has responded",
            ],
            id="to finalize",
        ),
    ],
)
def test_existing_handshakes_are_adopted(ahead: Ahead, declared: dict[str, Any], lines: list[str]) -> None:
    assert said(ahead, **declared) == lines


@pytest.mark.parametrize("state", ["CANCELED", "DECLINED"])
def test_a_migration_that_waits_for_a_decision_says_so(state: str) -> None:
    (line,) = short(Ahead(seen(parent(state), children=children("DECLINED"), accounts=accounts())), DESIRED)
    assert line.urgent
    assert "`attempt`" in line.text


# The long form


def test_unknown_facts_are_called_unknown() -> None:
    made = plan(Ahead(seen()), NOW)
    assert (made.asked, made.not_asked, made.accounts, made.invitations, made.effort) == (None,) * 5
    assert beside(made, "Not asked").startswith("Unknown: the caller may not list the accounts")
    assert beside(made, "Invitations").startswith("Unknown")


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        (
            [Verdict.ALLOWED, Verdict.ALLOWED],
            "OK to read, start, finalize and cancel",
        ),
        ([Verdict.DENIED, Verdict.ALLOWED], "The caller lacks a:0."),
        ([Verdict.ALLOWED, Verdict.UNKNOWN], "Unknown whether the caller has a:1: it said no."),
        (
            [Verdict.DENIED, Verdict.UNKNOWN],
            "The caller lacks a:0. Unknown whether the caller has a:1",
        ),
    ],
)
def test_permissions_are_had_lacking_or_unknown(verdicts: list[Verdict], text: str) -> None:
    permissions = tuple(Permission(f"a:{n}", "start it", verdict) for n, verdict in enumerate(verdicts))
    made = plan(Ahead(seen(), accounts(), ()), NOW, permissions)
    assert beside(made, "Permissions", permissions, "it said\nno.").startswith(text)
    assert bool(made.obstacles) is (Verdict.DENIED in verdicts)


@pytest.mark.parametrize(
    ("invited", "calls"),
    [
        (3, "To start: 15 API calls (1 write)."),
        (1000, "To start: 164 API calls (1 write), about 24 s at AWS's rates."),
        (4990, "To start: 762 API calls (1 write), about 114 s at AWS's rates."),
    ],
)
def test_the_effort_is_given_in_calls_and_if_it_is_long_in_time(invited: int, calls: str) -> None:
    ids = frozenset(f"{n:012}" for n in range(1, invited + 1))
    made = plan(Ahead(seen(), Accounts(ids | {MANAGEMENT}, ids), ()), NOW)
    assert beside(made, "Calls").startswith(calls)
