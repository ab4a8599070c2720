"""Outstanding approvals, from what AWS showed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.migration import approval_requests
from aws_org_features.views.approval_kit.values import Asked, Request, action_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import AccountDetails


def outstanding(seen: Observation, now: Assessment, accounts: AbstractSet[str] | None = None) -> Request:
    """Tell who is asked and hasn't answered.

    Args:
        seen: What AWS showed.
        now: What that means.
        accounts: Only these count; None for all.

    Returns:
        The request; without accounts where nobody must answer. An approval that AWS attributes to no
        account is left out, and so is one that contradicts itself: nobody is asked to accept that.
    """
    # By account: one that is asked twice is asked for the rest by the next kit.
    found: dict[str, Asked] = {}
    for each in approval_requests.outstanding(seen, now):
        if each.account_id:
            asked = Asked(
                each.account_id, handshake_id=each.handshake_id or None, action=action_of(each.action)
            )
            found.setdefault(each.account_id, asked)
    chosen = found.keys() if accounts is None else found.keys() & accounts
    organization, parent = seen.organization, now.handshake
    return Request(
        organization_id=organization.id,
        management_account_id=organization.management_account_id,
        partition=organization.arn.split(":")[1],
        accounts=tuple(found[account_id] for account_id in sorted(chosen)),
        parent_id=parent.id if parent else None,
        expires_at=parent.expires_at if parent else seen.first_expiry,
    )


def named(request: Request, details: Mapping[str, AccountDetails]) -> Request:
    """A request with the accounts' names and addresses, as far as they are known."""

    def known(asked: Asked) -> Asked:
        found = details.get(asked.account_id)
        return replace(asked, name=found.name, email=found.email) if found else asked

    return replace(request, accounts=tuple(map(known, request.accounts)))
