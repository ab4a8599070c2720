"""An outlook and its parts: values only."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.migration import Approvals, Status
    from aws_org_features.model.organizations import Handshake, Organization


class Actor(enum.StrEnum):
    """The actor whose turn it is."""

    OWNERS = "OWNERS"
    MANAGEMENT = "MANAGEMENT"
    AWS = "AWS"
    NOBODY = "NOBODY"


@dataclass(frozen=True, slots=True)
class Outlook:
    """Status at a point in time, and the outlook.

    Attributes:
        looked_at: When AWS was looked at, UTC.
        organization: Whose migration it is.
        status: Where it stands.
        handshake: The parent; None where AWS lists none.
        approvals: Counts; None where AWS doesn't show the approvals, or they no longer matter.
        deadline: By when it must be finalized; None where it isn't in progress, or AWS doesn't say.
        holders: Accounts that block it: those that declined first, then those where nobody can answer.
        actor: Whose turn it is.
        headline: How far it is.
        time_left: Until when; empty where that is no question.
        next_step: What happens next.
        to_do: Who must do what.
        otherwise: What happens if nobody does anything.
        answers: The requests that AWS shows, by their handshakes' ids; None if they weren't looked at.
    """

    looked_at: datetime
    organization: Organization
    status: Status
    handshake: Handshake | None
    approvals: Approvals | None
    deadline: datetime | None
    holders: tuple[ApprovalRequest, ...]
    actor: Actor
    headline: str
    time_left: str
    next_step: str
    to_do: str
    otherwise: str
    answers: Mapping[str, ApprovalRequest] | None = field(default=None, repr=False)

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the deadline; never below 0."""
        if self.deadline is None:
            return None
        return max(0, int((self.deadline - self.looked_at).total_seconds()))

    @property
    def switching(self) -> bool:
        """Return whether it has been finalized, and AWS has yet to switch over."""
        return self.handshake is not None and self.handshake.state == "ACCEPTED"
