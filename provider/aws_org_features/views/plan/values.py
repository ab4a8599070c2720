"""A plan and its parts: values only."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.model.migration import Decision, Observation
    from aws_org_features.model.organizations import AccountDetails, Accounts, Invitation
    from aws_org_features.views.status import Outlook


class Verdict(enum.StrEnum):
    """Answer to whether the caller has a permission."""

    ALLOWED = "ALLOWED"
    DENIED = "DENIED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that the caller must be allowed.

    Attributes:
        action: As IAM has it: `organizations:EnableAllFeatures`.
        purpose: What it is for: the end of "to …".
        verdict: Whether the caller has it.
    """

    action: str
    purpose: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ahead:
    """The facts that a plan is made from.

    Attributes:
        seen: The migration, with the approvals where the parent leaves something open.
        accounts: The organization's accounts; None if they weren't needed, or may not be listed.
        invitations: Those that are pending; None if they weren't needed, or may not be listed.
    """

    seen: Observation
    accounts: Accounts | None = None
    invitations: tuple[Invitation, ...] | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands against the migration.

    Attributes:
        reference: The stable one of the error that it would end in.
        what: What it is.
        next_step: What to do about it.
    """

    reference: str
    what: str
    next_step: str


class Topic(enum.StrEnum):
    """Topics of considerations."""

    NEW_ORGANIZATION = "NEW_ORGANIZATION"
    MOVE_OUT = "MOVE_OUT"
    ASSISTED_MIGRATION = "ASSISTED_MIGRATION"
    BILLING_TRANSFER = "BILLING_TRANSFER"
    CONTROL_TOWER = "CONTROL_TOWER"
    LANDING_ZONE_ACCELERATOR = "LANDING_ZONE_ACCELERATOR"


@dataclass(frozen=True, slots=True)
class Consideration:
    """Something to weigh before a change that can't be undone.

    Attributes:
        topic: What it is about.
        text: Sentences for a person.
        account_ids: The accounts that it singles out.
        source: The page that it rests on: its address.
    """

    topic: Topic
    text: str
    account_ids: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Effort:
    """AWS calls of one `pulumi up`, with the preview before it.

    Attributes:
        writes: Calls that change something.
        calls: All calls, at most.
        seconds: How long AWS's rates make them take, at least.
    """

    writes: int
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: what will happen, to whom, and what it takes.

    Attributes:
        outlook: Where it stands, who must act, what happens if nobody does.
        decision: What a `pulumi up` does that has no record of an earlier one.
        then: What happens next.
        otherwise: What happens if nobody does anything, now or once it has started.
        asked: Who must approve: who is asked, or would be (again, after a refusal); None if unknown. Those
            where nobody can answer come first.
        not_asked: How many accounts joined by being created in the organization; None if unknown.
        roles_lost: Created accounts that are asked since they have lost their service-linked role; None
            before a migration has begun, when nothing shows them.
        accounts: How many there are in all; None if unknown.
        invitations: Those that AWS cancels as it starts; None if unknown; empty if no migration will
            start.
        obstacles: What stands against it, as far as is known.
        considerations: What to weigh before it, as far as it applies; None if unknown.
        effort: What the next `pulumi up` takes, and a later one while approvals are outstanding.
        waiting: The same, of a later one while approvals are outstanding.
    """

    outlook: Outlook
    decision: Decision
    then: str
    otherwise: str
    asked: tuple[AccountDetails, ...] | None
    not_asked: int | None
    roles_lost: tuple[str, ...] | None
    accounts: int | None
    invitations: tuple[Invitation, ...] | None
    obstacles: tuple[Obstacle, ...]
    considerations: tuple[Consideration, ...] | None
    effort: Effort | None
    waiting: Effort | None

    @property
    def inactive(self) -> tuple[AccountDetails, ...]:
        """Those of the asked where nobody can answer."""
        return tuple(account for account in self.asked or () if not account.active)
