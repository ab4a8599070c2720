"""Who is still to approve, out of what AWS showed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.model.migration import Status
from aws_org_features.model.organizations import PENDING_STATES
from aws_org_features.views.approval_kit.values import Asked, Request, action_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import AccountDetails

_ASKS = frozenset({Status.AWAITING_APPROVALS, Status.DECLINED})


def outstanding(seen: Observation, now: Assessment, accounts: AbstractSet[str] | None = None) -> Request:
    """Tell who is asked and hasn't answered.

    Args:
        seen: What AWS showed.
        now: What that means.
        accounts: Only these count; None for all.

    Returns:
        The request; without accounts where nobody is to answer. An approval that AWS attributes to no
        account is left out, and so is one that contradicts itself: nobody is asked to accept that.
    """
    # By account: one that is asked twice is asked for the rest by the next kit.
    found: dict[str, Asked] = {}
    for account_id, handshake_id, action in _requests(seen, now):
        found.setdefault(account_id, Asked(account_id, handshake_id=handshake_id, action=action))
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
    return replace(
        request,
        accounts=tuple(
            replace(asked, name=details[asked.account_id].name, email=details[asked.account_id].email)
            if asked.account_id in details
            else asked
            for asked in request.accounts
        ),
    )


def _requests(seen: Observation, now: Assessment) -> Iterator[tuple[str, str | None, str | None]]:
    if now.status not in _ASKS:
        return
    if seen.shows_approvals:
        for waiting in now.waiting_for:
            clear = waiting.handshake_id not in now.unclear
            if clear and waiting.state in PENDING_STATES and waiting.account_id:
                yield waiting.account_id, waiting.handshake_id, action_of(waiting.action)
    elif seen.accounts is not None:
        # AWS shows no approvals: whoever was invited is asked, and may have answered.
        for account_id in seen.accounts.invited:
            yield account_id, None, None
