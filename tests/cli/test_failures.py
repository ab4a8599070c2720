"""Failures of many accounts, told so that equal ones read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.cli.render import failures
from aws_org_features.model.migration import Failure

if TYPE_CHECKING:
    import pytest


def unassumed(account_id: str) -> Failure:
    arn = f"arn:aws:iam::{account_id}:role/Approver"
    return Failure(account_id, f"role-not-assumed: {arn} can't be assumed. {account_id} denied", "Check it.")


def unaccepted(account_id: str, handshake_id: str, next_step: str = "Allow it.") -> Failure:
    return Failure(
        account_id, f"access-denied: AcceptHandshake of {handshake_id} was denied: no.\x1b[2J", next_step
    )


FAILURES = [
    unaccepted("700000000001", "h-0123456789abcdef"),
    *(unassumed(str(600000000000 + number)) for number in range(300)),
    unaccepted("700000000002", "h-fedcba9876543210"),
    unaccepted("700000000003", "h-0123456789abcdef", "Ask for it."),
]


def test_an_accounts_own_values_make_no_kind() -> None:
    kinds = failures.by_kind(FAILURES)
    assert [(kind.reference, kind.next_step, len(ids)) for kind, ids in kinds.items()] == [
        ("role-not-assumed", "Check it.", 300),
        ("access-denied", "Allow it.", 2),
        ("access-denied", "Ask for it.", 1),
    ]


def test_three_hundred_equal_ones_are_a_sentence_and_a_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    failures.show(FAILURES, lambda account_id: f"name of {account_id}")
    out = capsys.readouterr().out
    lines = out.splitlines()
    denied = "AcceptHandshake of HANDSHAKE was denied: no.\ufffd[2J."
    assert lines[:4] == [
        "1. role-not-assumed, 300 accounts: arn:aws:iam::ACCOUNT:role/Approver can't be assumed. ACCOUNT "
        "denied. Next: Check it.",
        f"2. access-denied, 2 accounts: {denied} Next: Allow it.",
        f"3. access-denied, 1 account: {denied} Next: Ask for it.",
        "account       name                  why",
    ]
    assert len(lines) == 4 + len(FAILURES)
    assert lines[4] == "600000000000  name of 600000000000  1. role-not-assumed"
    assert lines[-1] == "700000000003  name of 700000000003  3. access-denied"
    assert "\x1b" not in out
