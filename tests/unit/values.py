"""Builders for the core's values, so that a test shows only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_org_features.model.migration import Approvals, Assessment, Observation, Recorded, Status
from aws_org_features.model.organizations import Accounts, Handshake, Organization

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MANAGEMENT = "111111111111"
INVITED = ("222222222222", "333333333333", "444444444444")
ORGANIZATION = Organization(
    id="o-exampleorg1",
    arn=f"arn:aws:organizations::{MANAGEMENT}:organization/o-exampleorg1",
    management_account_id=MANAGEMENT,
    feature_set="CONSOLIDATED_BILLING",
)
ALL = replace(ORGANIZATION, feature_set="ALL")


def parent(state: str = "REQUESTED", id_: str = "h-parent0001", *, age_days: int = 1) -> Handshake:
    return Handshake(
        id=id_,
        arn=f"arn:aws:organizations::{MANAGEMENT}:handshake/o-exampleorg1/enable_all_features/{id_}",
        action="ENABLE_ALL_FEATURES",
        state=state,
        requested_at=NOW - timedelta(days=age_days),
        expires_at=NOW - timedelta(days=age_days) + timedelta(days=90),
    )


def children(*states: str, parent_id: str = "h-parent0001") -> tuple[Handshake, ...]:
    return tuple(
        Handshake(
            id=f"h-child{index:04}",
            arn="",
            action="APPROVE_ALL_FEATURES",
            state=state,
            account_id=INVITED[index],
            parent_id=parent_id,
        )
        for index, state in enumerate(states)
    )


def accounts(*members: str, invited: Iterable[str] = INVITED) -> Accounts:
    return Accounts(frozenset(members or (MANAGEMENT, *INVITED)), frozenset(invited))


def seen(parent: Handshake | None = None, **more: Any) -> Observation:
    return Observation(**{"organization": ORGANIZATION, **more}, parent=parent, parent_sought=True)


def record(status: Status, handshake: Handshake | None = None, **more: Any) -> Recorded:
    counts = more.pop("approvals", Approvals())
    waiting = more.pop("waiting_for", ())
    assessment = Assessment(status, handshake, counts, waiting)
    return Recorded(**{"assessment": assessment, "management_account_id": MANAGEMENT, **more})
