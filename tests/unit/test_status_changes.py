"""Changes between two looks: each once, and many accounts that did the same in a line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_org_features.model.organizations import AccountDetails, Handshake
from aws_org_features.views.status import Outlook, changes, outlook
from tests.unit.values import ALL, INVITED, NOW, accounts, children, parent, seen

if TYPE_CHECKING:
    from aws_org_features.model.migration import Observation

NAMED = replace(accounts(), details={INVITED[0]: AccountDetails(INVITED[0], "Payments", "")})


def of(observation: Observation) -> Outlook:
    return outlook(observation, NOW, NAMED)


def asked(*states: str) -> Outlook:
    return of(seen(parent(), children=children(*states)))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (asked("OPEN", "OPEN"), asked("OPEN", "OPEN"), []),
        (asked("OPEN", "OPEN"), asked("REQUESTED", "OPEN"), []),
        (
            asked("OPEN", "OPEN"),
            asked("ACCEPTED", "OPEN"),
            [("ACCEPTED", "222222222222 (Payments) approved")],
        ),
        (
            asked("OPEN", "OPEN"),
            asked("OPEN", "DECLINED"),
            [
                ("DECLINED", "333333333333 declined"),
                ("STATUS", "AWAITING_APPROVALS is now DECLINED: declined by 1 account; 0 of 2 approved"),
            ],
        ),
        (asked("OPEN"), asked("OPEN", "OPEN"), [("ASKED", "333333333333 must approve too")]),
        (asked("OPEN", "OPEN"), asked("OPEN"), [("GONE", "333333333333 no longer asked to approve")]),
        (asked("OPEN", "ACCEPTED"), asked("OPEN"), []),
        (
            asked("OPEN"),
            asked("RECONSIDERED"),
            [("RECONSIDERED", "222222222222 (Payments) is now RECONSIDERED")],
        ),
        (
            asked("OPEN"),
            of(seen(None, organization=ALL)),
            [("STATUS", "AWAITING_APPROVALS is now ENABLED: all features are enabled")],
        ),
        (
            of(seen(parent("CANCELED"))),
            of(seen(parent(id_="h-parent0002"), children=children("OPEN", parent_id="h-parent0002"))),
            [
                ("BEGUN", "a migration has begun: h-parent0002"),
                ("STATUS", "CANCELED is now AWAITING_APPROVALS: 0 of 1 approved"),
            ],
        ),
        (of(seen(parent(), children=(), accounts=accounts())), asked("OPEN"), []),
    ],
)
def test_each_change_has_its_text(before: Outlook, after: Outlook, told: list[tuple[str, str]]) -> None:
    assert [(change.what, change.text) for change in changes(before, after)] == told


def test_many_accounts_that_did_the_same_are_one_line() -> None:
    def many(state: str) -> Outlook:
        handshakes = tuple(
            Handshake(f"h-child{n:04}", "", "APPROVE_ALL_FEATURES", state, account_id=f"{n:012}")
            for n in range(300)
        )
        return of(seen(parent(), children=handshakes))

    (change,) = changes(many("OPEN"), many("ACCEPTED"))
    assert change.text == "300 accounts approved: 000000000000, 000000000001, 000000000002 and 297 more"
    assert len(change.account_ids) == 300
