"""Builders for reports: what AWS shows of three invited accounts and a created one, in a few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED, Observation
from aws_org_features.model.organizations import AccountDetails, Accounts, Handshake
from aws_org_features.views.report import (
    Event,
    Evidence,
    History,
    Looked,
    Move,
    Report,
    report_of,
    run_of,
)
from tests.unit import values

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST, SECOND, THIRD = values.INVITED
CREATED = "999999999999"
MIGRATION = "h-parent0001"


def details(*more: AccountDetails) -> dict[str, AccountDetails]:
    found = [
        AccountDetails(values.MANAGEMENT, "Management", "master@example.com", "INVITED", "ACTIVE"),
        *(
            AccountDetails(id_, f"name {id_}", f"{id_}@example.com", "INVITED", "ACTIVE")
            for id_ in values.INVITED
        ),
        AccountDetails(CREATED, "Sandbox", "sandbox@example.com", "CREATED", "ACTIVE"),
    ]
    return {each.id: each for each in (*found, *more)}


def looked(
    *states: str,
    parent: Handshake | None = None,
    known: dict[str, AccountDetails] | None = None,
    at: datetime = values.NOW,
    **more: Any,
) -> Looked:
    """AWS's view where the invited accounts' requests are in some states; hidden without any."""
    accounts = details() if known is None else known
    listed = Accounts.of(list(accounts.values()))
    asked = replace(listed, invited=listed.invited - {values.MANAGEMENT})
    seen = Observation(
        **{"organization": values.ORGANIZATION, "children": values.children(*states), **more},
        parent=parent,
        parent_sought=True,
        accounts=asked if accounts else Accounts(known=False),
    )
    return Looked(seen, assess(NOTHING_RECORDED, seen), accounts or None, at)


def report(*states: str, **more: Any) -> Report:
    """A report on what AWS shows, of a migration in progress unless another parent is given."""
    history, evidence = more.pop("history", None), more.pop("evidence", None)
    more.setdefault("parent", values.parent())
    return report_of(looked(*states, **more), history, evidence)


def remembered(*reports: Iterable[str], **more: Any) -> History:
    """The history of reports a day apart, the last of them a day ago, each with the states that it saw."""
    history = History(name="history.jsonl")
    for age, states in zip(range(len(reports), 0, -1), reports, strict=True):
        made = report(*states, at=values.NOW - timedelta(days=age), history=history, **more)
        history = history.with_run(run_of(made, history))
    return history


def event(name: str = "AcceptHandshake", **more: Any) -> Event:
    given = {
        "id": f"event-of-{more.get('account_id', FIRST)}",
        "at": values.NOW - timedelta(hours=3),
        "account_id": FIRST,
        "principal": f"arn:aws:sts::{FIRST}:assumed-role/Admin/jane",
        "role": f"arn:aws:iam::{FIRST}:role/Admin",
        "error": "",
        "handshake_id": "h-child0000",
        "parent_id": MIGRATION,
        "source": "events.json",
        **more,
    }
    return Event(name=name, **given)


def move(account_id: str = FIRST, method: str = "REMOVED", **more: Any) -> Move:
    """An account that went, three hours ago; or came."""
    given = {
        "id": f"move-of-{account_id}",
        "joined": method in {"INVITED", "CREATED"},
        "at": values.NOW - timedelta(hours=3),
        "management_account_id": values.MANAGEMENT,
        "source": "events.json",
        **more,
    }
    return Move(account_id=account_id, method=method, **given)


def evidence(*events: Event, moves: tuple[Move, ...] = ()) -> Evidence:
    return Evidence(("events.json",), events, moves)
