"""A member account's approval, as its own stack declares it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake, Unclear


class ApprovalStatus(enum.StrEnum):
    """The outcome of an account's approval."""

    NOT_ASKED = "NOT_ASKED"
    APPROVED = "APPROVED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Approval:
    """An account's approval, as it stands.

    Attributes:
        status: What became of it. One that is asked for and still to be given is `NOT_ASKED`, as is one that
            AWS shows in a state that isn't known here; one that was asked for
            and is no longer listed ended unseen, and counts as `CANCELED`, with the state it last had.
        handshake: The request that this is about: the pending one, else the newest.
    """

    status: ApprovalStatus = ApprovalStatus.NOT_ASKED
    handshake: Handshake | None = None

    @property
    def pending(self) -> bool:
        """Return whether it is asked for and still to be given."""
        asked = self.handshake is not None and self.handshake.pending
        return asked and self.status is ApprovalStatus.NOT_ASKED


NO_APPROVAL: Final = Approval()


@dataclass(frozen=True, slots=True)
class Answer:
    """The step to take, and the status before it.

    Attributes:
        accept: The requests to accept, oldest first.
        approval: How it stands.
        unclear: Pending requests that aren't certainly the organization's: they are left alone.
    """

    accept: tuple[Handshake, ...]
    approval: Approval
    unclear: tuple[Unclear, ...] = ()

    @property
    def obstructed(self) -> bool:
        """Return whether what is unclear may be the very request: nothing else was asked, nor approved."""
        clear = self.accept or self.approval.status is ApprovalStatus.APPROVED
        return bool(self.unclear) and not clear
