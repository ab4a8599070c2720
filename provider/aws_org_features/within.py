"""What is done within one member account, on its behalf: see what it is asked, and accept that.

Nothing is accepted but an approval of the one migration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features import errors
from aws_org_features.approval import is_approval_of
from aws_org_features.model import Failure, Handshake

if TYPE_CHECKING:
    from aws_org_features.aws import Member
    from aws_org_features.model import Observation

DECLINED: Final = "handshake-declined: the account's owner declined"
AFTER_DECLINED: Final = "Remove the account from the organization, or raise `attempt` to ask everyone again."
_NOT_FOUND: Final = (
    "Look at the account's handshakes (`aws organizations list-handshakes-for-account`) there."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of an account: its approvals as they are now, and whether this run gave one."""

    approvals: tuple[Handshake, ...] = ()
    given: bool = False


def reach(member: Member, _shown: Observation, _account_id: str) -> Found:
    """See that the account can be acted in; writes nothing."""
    member.handshakes()
    return Found()


def approve(member: Member, shown: Observation, account_id: str) -> Found | Failure:
    """Find what the account is asked, and accept it."""
    asked = _asked(member, shown, account_id)
    if any(approval.state == "DECLINED" for approval in asked):
        return Failure(account_id, DECLINED, AFTER_DECLINED)
    if not asked and shown.children:
        return Failure(account_id, "approval-not-found: the account isn't asked to approve", _NOT_FOUND)
    given = {a.id: _accepted(member, shown, account_id, a) for a in asked if a.pending}
    return Found(
        tuple(given.get(approval.id, approval) for approval in asked),
        any(approval.state == "ACCEPTED" for approval in given.values()),
    )


def _accepted(member: Member, shown: Observation, account_id: str, approval: Handshake) -> Handshake:
    try:
        return replace(member.accept(approval.id), account_id=account_id)
    except errors.OrgFeaturesError:
        # AWS has been seen to refuse and yet to have done it, and the owner may have been quicker.
        for later in _asked(member, shown, account_id):
            if later.id == approval.id and not later.pending:
                return later
        raise


def _asked(member: Member, shown: Observation, account_id: str) -> list[Handshake]:
    """What the account is asked of this very migration, by what both sides are shown."""
    organization_id, parent = shown.organization.id, shown.parent
    ours = {child.id for child in shown.children or ()}
    return [
        replace(received, account_id=account_id)
        for received in member.handshakes()
        if is_approval_of(received, organization_id, account_id)
        and (received.id in ours or (parent is not None and received.parent_id == parent.id))
    ]
