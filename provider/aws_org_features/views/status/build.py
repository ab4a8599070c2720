"""Making an outlook from what AWS shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.migration.approval_requests import deadline, requests
from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED
from aws_org_features.views.status.approvals import approvals, of_members
from aws_org_features.views.status.facts import Facts, time_left
from aws_org_features.views.status.messages import said
from aws_org_features.views.status.values import Outlook

if TYPE_CHECKING:
    from datetime import datetime

    from aws_org_features.model.migration import Observation
    from aws_org_features.model.organizations import Accounts


def outlook(seen: Observation, at: datetime, accounts: Accounts | None = None) -> Outlook:
    """Say where a migration stands and what happens next.

    Args:
        seen: What AWS shows, with the approvals where the parent leaves something open.
        at: When AWS was looked at, UTC.
        accounts: The organization's accounts, for their names and states; unless the look had them.
    """
    known = accounts or seen.accounts
    known = known if known is not None and known.known else None
    seen = of_members(seen, known)
    now = assess(NOTHING_RECORDED, seen)
    asked = requests(seen, now, known)
    holders = tuple(each for each in asked if each.holds_up)
    facts = Facts(seen, now, at, approvals(seen, now, at, known), deadline(seen, now), holders)
    by_id = {each.handshake_id: each for each in asked}
    words = said(facts)
    return Outlook(
        looked_at=at,
        organization=seen.organization,
        status=now.status,
        handshake=now.handshake,
        approvals=facts.approvals,
        deadline=facts.deadline,
        holders=facts.holders,
        actor=words.actor,
        headline=words.headline,
        time_left=time_left(facts),
        next_step=words.next_step,
        to_do=words.to_do,
        otherwise=words.otherwise,
        answers={child.id: by_id[child.id] for child in seen.children} if seen.children else None,
    )


def to_be_named(seen: Observation) -> frozenset[str]:
    """The accounts whose names are worth a list of all accounts."""
    found = requests(seen, assess(NOTHING_RECORDED, seen))
    return frozenset(each.account_id for each in found if each.holds_up and each.account_id)
