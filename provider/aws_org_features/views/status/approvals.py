"""Number of approvals, as far as AWS shows: it lists an answer for 30 days, and a migration lasts 90."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from aws_org_features.model.migration import Approvals, Assessment, Observation
    from aws_org_features.model.organizations import Accounts, Handshake

LISTED: Final = timedelta(days=30)
"""For how long AWS lists what is finished."""


def forgets(now: Assessment, at: datetime) -> bool:
    """Return whether answers may have been given that AWS no longer lists."""
    begun = now.handshake.requested_at if now.handshake else None
    return begun is None or at - begun >= LISTED


def of_members(seen: Observation, accounts: Accounts | None) -> Observation:
    """Count the approvals of accounts that are still asked.

    An account that has left has its request canceled, or has declined it and is no account of these any more;
    nobody waits for it.
    """
    in_flight = seen.parent is None or seen.parent.pending

    def stays(child: Handshake) -> bool:
        if in_flight and child.state == "CANCELED":
            return False
        return accounts is None or not child.account_id or child.account_id in accounts.members

    staying = tuple(filter(stays, seen.children or ()))
    return replace(seen, children=staying) if staying else seen


def approvals(
    seen: Observation, now: Assessment, at: datetime, accounts: Accounts | None
) -> Approvals | None:
    """Count them.

    Returns:
        None where the approvals weren't looked at or aren't shown, or where answers may be missing and it
        isn't known whose. Else those of invited accounts that aren't listed any more count as `unknown`.
    """
    if not seen.children:
        return None
    if not forgets(now, at):
        return now.approvals
    if accounts is None:
        return None
    asked = accounts.invited - {seen.organization.management_account_id}
    gone = len(asked - {child.account_id for child in seen.children})
    counts = now.approvals
    return replace(counts, required=counts.required + gone, unknown=counts.unknown + gone)
