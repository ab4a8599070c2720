"""The facts that messages are made of, and the phrases that several statuses share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from aws_org_features.common.text import moment
from aws_org_features.model.migration import Status
from aws_org_features.views.status.times import both, span

if TYPE_CHECKING:
    from datetime import datetime

    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.migration import Approvals, Assessment, Observation
    from aws_org_features.views.status.values import Actor

ASK_AGAIN: Final = "raise `attempt` and run `pulumi up`, which asks every invited account again"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that messages are made of.

    Attributes:
        seen: What AWS shows.
        now: What that means.
        at: When AWS was looked at.
        approvals: How many have approved, if AWS shows that.
        deadline: By when it must be finalized, if that is known.
        holders: Accounts that block it.
    """

    seen: Observation
    now: Assessment
    at: datetime
    approvals: Approvals | None
    deadline: datetime | None
    holders: tuple[ApprovalRequest, ...]

    @property
    def status(self) -> Status:
        """The migration's status."""
        return self.now.status

    @property
    def management(self) -> str:
        """The account whose people run `pulumi up`."""
        return f"The management account {self.seen.organization.management_account_id}"

    @property
    def puzzling(self) -> tuple[ApprovalRequest, ...]:
        """Accounts whose requests are in a state that isn't known here."""
        return tuple(holder for holder in self.holders if holder.puzzling)

    @property
    def in_flight(self) -> bool:
        """Return whether it may still come to its end."""
        parent = self.now.handshake
        if self.status in {Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION, Status.DECLINED}:
            return parent is None or parent.pending
        return False


class Said(NamedTuple):
    """The sentences; see `Outlook`."""

    actor: Actor
    headline: str
    next_step: str
    to_do: str
    otherwise: str


def time_left(facts: Facts) -> str:
    """The time left, and for what; empty where that is no question."""
    if not facts.in_flight:
        return ""
    if facts.deadline is None:
        return "unknown: AWS doesn't say when the request expires"
    by = moment(facts.deadline)
    left = (facts.deadline - facts.at).total_seconds()
    if left <= 0:
        return f"none: it expired on {by}; AWS doesn't show that yet"
    ready = facts.status is Status.AWAITING_FINALIZATION
    still = "finalizing" if ready else "approvals and finalizing"
    return f"{span(left)} for {still}: until {by}"


def progress(facts: Facts) -> str:
    """Progress of the approvals."""
    counts = facts.approvals
    if counts is None:
        return f"{facts.now.approvals.pending:,} not yet answered; AWS doesn't show older answers"
    gone_by = counts.unknown - len(facts.puzzling)
    if gone_by > 0:
        gone = "1 answer" if gone_by == 1 else f"{gone_by:,} answers"
        return f"{counts.pending:,} of {counts.required:,} not yet answered; AWS no longer shows {gone}"
    return f"{counts.accepted:,} of {counts.required:,} approved"


def expires(facts: Facts) -> str:
    """The outcome if nobody does anything."""
    lost = f", and {_given(facts)} lost" if _given(facts) else ""
    if facts.deadline is None:
        return f"The request expires. Then everyone must be asked again{lost}."
    verb = "expires" if facts.deadline > facts.at else "expired"
    return f"The request {verb} on {both(facts.deadline, facts.at)}. Then everyone must be asked again{lost}."


def _given(facts: Facts) -> str:
    """The cost of asking everyone again, and its verb."""
    if facts.approvals is None or facts.approvals.unknown:
        return "any approval given so far is"
    count = facts.approvals.accepted
    return "1 approval is" if count == 1 else f"{count:,} approvals are" if count else ""


def cost(facts: Facts) -> str:
    """The approvals lost by asking everyone again, as the end of a sentence."""
    return f" and gives up {_given(facts).rpartition(' ')[0]}" if _given(facts) else ""
