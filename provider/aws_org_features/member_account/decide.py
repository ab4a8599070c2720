"""Requests of a migration to an account, and which of them to accept.

Pure, and the same for an account's owner and for an approver. Consent can't be taken back, so requests that
aren't plainly the declared organization's are left alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_org_features.common.ownership import Part, Sought, Whose, judge
from aws_org_features.model.approval import NO_APPROVAL, Answer, Approval, ApprovalStatus
from aws_org_features.model.organizations import Handshake, Unclear

if TYPE_CHECKING:
    from collections.abc import Iterable


_BY_STATE: Final = {
    "ACCEPTED": ApprovalStatus.APPROVED,
    "DECLINED": ApprovalStatus.DECLINED,
    "EXPIRED": ApprovalStatus.EXPIRED,
    "CANCELED": ApprovalStatus.CANCELED,
}


def is_approval_of(
    handshake: Handshake, organization_id: str, account_id: str, parent_id: str | None = None
) -> bool:
    """Return whether a handshake, in any state, asks an account to approve an organization's migration.

    Never an invitation or a transfer of responsibility, never what another organization or account is asked,
    never what contradicts itself, and never the migration's parent, which nobody but the management account
    may accept.

    Args:
        handshake: As the account is shown it.
        organization_id: The only organization whose requests count.
        account_id: The account.
        parent_id: Only the requests of this migration count; None for those of any.
    """
    if parent_id is not None and handshake.parent_id != parent_id:
        return False
    sought = Sought(Part.APPROVAL, organization_id, account_id=account_id, parent_id=parent_id)
    return judge(handshake, sought).whose is Whose.OURS


def decide(
    organization_id: str,
    account_id: str,
    recorded: Approval,
    received: Iterable[Handshake],
    management_account_id: str | None = None,
) -> Answer:
    """Decide what to accept, and tell how the approval stands.

    Args:
        organization_id: The only organization that is ever approved for.
        account_id: The account that approves.
        recorded: What the last run left: what is finished is listed for 30 days only.
        received: What the account was asked, by anybody.
        management_account_id: Whose requests these must be; None where the account isn't shown it.
    """
    sought = Sought(Part.APPROVAL, organization_id, management_account_id, account_id)
    judged = [(handshake, judge(handshake, sought)) for handshake in received]
    unclear = tuple(
        Unclear(h, verdict.why) for h, verdict in judged if verdict.whose is Whose.UNCLEAR and h.pending
    )
    ours = [handshake for handshake, verdict in judged if verdict.whose is Whose.OURS]
    listed = {h.id: _not_going_back(h, recorded) for h in ours}
    accept = sorted((h for h in listed.values() if h.pending), key=_age)
    if accept:
        return Answer(tuple(accept), Approval(ApprovalStatus.NOT_ASKED, accept[-1]), unclear)
    known = list(listed.values())
    if known and (newest := max(known, key=_age)).puzzling:
        return Answer((), Approval(ApprovalStatus.NOT_ASKED, newest), unclear)
    if recorded.handshake is not None and recorded.handshake.id not in listed:
        known.append(recorded.handshake)
    return Answer((), _as_it_ended(max(known, key=_age)) if known else NO_APPROVAL, unclear)


def _not_going_back(handshake: Handshake, recorded: Approval) -> Handshake:
    """Keep what was seen to be finished: AWS's lists lag behind its answers by about a second."""
    known = recorded.handshake
    if known is None or known.id != handshake.id or not known.finished:
        return handshake
    return replace(handshake, state=known.state)


def _as_it_ended(handshake: Handshake) -> Approval:
    return Approval(_BY_STATE.get(handshake.state, ApprovalStatus.CANCELED), handshake)


def _age(handshake: Handshake) -> tuple[float, str]:
    requested = handshake.requested_at
    return (requested.timestamp() if requested else 0.0, handshake.id)
