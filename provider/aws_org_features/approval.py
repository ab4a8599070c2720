"""What an account is asked of a migration, and which of it is to be accepted.

Pure, and the same for an account's owner and for whoever approves on its behalf. Consent can't be taken back,
so whatever isn't plainly the declared organization's request is left alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.model import MIGRATION_ACTIONS, Handshake

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLE_REQUEST: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
"""What an account is asked that has lost its service-linked role; only during a migration it is a consent."""


class ApprovalStatus(enum.StrEnum):
    """What became of an account's approval."""

    NOT_ASKED = "NOT_ASKED"
    APPROVED = "APPROVED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    DECLINED = "DECLINED"


_BY_STATE: Final = {
    "ACCEPTED": ApprovalStatus.APPROVED,
    "DECLINED": ApprovalStatus.DECLINED,
    "EXPIRED": ApprovalStatus.EXPIRED,
    "CANCELED": ApprovalStatus.CANCELED,
}


@dataclass(frozen=True, slots=True)
class Approval:
    """An account's approval, as it stands.

    Attributes:
        status: What became of it. One that is asked for and still to be given is `NOT_ASKED`; one that was so
            and is no longer listed ended unseen, and counts as `CANCELED`, with the state it last had.
        handshake: The request that this is about: the pending one, else the newest.
    """

    status: ApprovalStatus = ApprovalStatus.NOT_ASKED
    handshake: Handshake | None = None

    @property
    def pending(self) -> bool:
        """Whether it is asked for and still to be given."""
        asked = self.handshake is not None and self.handshake.pending
        return asked and self.status is ApprovalStatus.NOT_ASKED


NO_APPROVAL: Final = Approval()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be done, and how it stands before that is done.

    Attributes:
        accept: The requests to accept, oldest first.
        approval: How it stands.
    """

    accept: tuple[Handshake, ...]
    approval: Approval


def is_approval_of(
    handshake: Handshake, organization_id: str, account_id: str, parent_id: str | None = None
) -> bool:
    """Whether a handshake, in whatever state, asks an account to approve an organization's migration.

    Never an invitation or a transfer of responsibility, never what another organization or account is asked,
    and never the migration's parent, which nobody but the management account may accept.

    Args:
        handshake: As the account is shown it.
        organization_id: The only organization whose requests count.
        account_id: The account.
        parent_id: Only the requests of this migration count; None for those of any.
    """
    asks = handshake.organization_id == organization_id and handshake.account_id in {None, account_id}
    if not asks or _looks_like_the_parent(handshake, account_id):
        return False
    if parent_id is not None and handshake.parent_id != parent_id:
        return False
    # Of the migration's two actions, AWS's pages disagree about which is the account's: either will do.
    if handshake.action == ROLE_REQUEST:
        return handshake.parent_id is not None
    return handshake.action in MIGRATION_ACTIONS


def _looks_like_the_parent(handshake: Handshake, account_id: str) -> bool:
    """A parent has neither link; and the account in a handshake's ARN is the one that sent it."""
    if handshake.account_id is None and handshake.parent_id is None:
        return True
    return f"::{account_id}:handshake/" in handshake.arn


def decide(
    organization_id: str, account_id: str, recorded: Approval, received: Iterable[Handshake]
) -> Answer:
    """Decide what to accept, and tell how the approval stands.

    Args:
        organization_id: The only organization that is ever approved for.
        account_id: The account that approves.
        recorded: What the last run left: what is finished is listed for 30 days only.
        received: What the account was asked, by anybody.
    """
    ours = [h for h in received if is_approval_of(h, organization_id, account_id)]
    listed = {h.id: _not_going_back(h, recorded) for h in ours}
    accept = sorted((h for h in listed.values() if h.pending), key=_age)
    if accept:
        return Answer(tuple(accept), Approval(ApprovalStatus.NOT_ASKED, accept[-1]))
    known = list(listed.values())
    if recorded.handshake is not None and recorded.handshake.id not in listed:
        known.append(recorded.handshake)
    return Answer((), _as_it_ended(max(known, key=_age)) if known else NO_APPROVAL)


def _not_going_back(handshake: Handshake, recorded: Approval) -> Handshake:
    """What was seen to be finished stays so: AWS's lists lag behind its answers by about a second."""
    known = recorded.handshake
    if known is None or known.id != handshake.id or known.pending:
        return handshake
    return replace(handshake, state=known.state)


def _as_it_ended(handshake: Handshake) -> Approval:
    return Approval(_BY_STATE.get(handshake.state, ApprovalStatus.CANCELED), handshake)


def _age(handshake: Handshake) -> tuple[float, str]:
    requested = handshake.requested_at
    return (requested.timestamp() if requested else 0.0, handshake.id)
