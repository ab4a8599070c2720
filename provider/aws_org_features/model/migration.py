"""The values of a migration: what was seen, what it means, what is wanted, what was recorded, what is next.

Frozen, and without behavior beyond what a value knows of itself.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.model.organizations import PENDING_STATES, is_puzzling

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from aws_org_features.model.organizations import Accounts, Handshake, Organization, Unclear


class Status(enum.StrEnum):
    """Status of the organization's migration to all features."""

    NOT_STARTED = "NOT_STARTED"
    AWAITING_APPROVALS = "AWAITING_APPROVALS"
    DECLINED = "DECLINED"
    AWAITING_FINALIZATION = "AWAITING_FINALIZATION"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    ENABLED = "ENABLED"


IN_FLIGHT: Final = frozenset({Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION})

TO_ANSWER: Final = frozenset({Status.AWAITING_APPROVALS, Status.DECLINED})
"""While owners may still be asked to answer."""


class Look(enum.Enum):
    """Reads of AWS that are needed before a decision."""

    PARENT = enum.auto()
    CHILDREN = enum.auto()
    ACCOUNTS = enum.auto()


class Action(enum.Enum):
    """The one step, if any, that takes the migration further."""

    NONE = enum.auto()
    START = enum.auto()
    APPROVE = enum.auto()
    ACCEPT = enum.auto()
    CANCEL = enum.auto()


class WaitUntil(enum.StrEnum):
    """The time that a create or update stays with the migration after its own work is done."""

    REQUESTED = "requested"
    APPROVED = "approved"
    ENABLED = "enabled"


@dataclass(frozen=True, slots=True)
class Observation:
    """AWS's answers, with what an approver of this run met with.

    Attributes:
        organization: The organization that the credentials lead to.
        parent: The migration in progress, else the newest one listed, else None.
        parent_sought: Whether the parent was asked for at all.
        children: Its approvals; None if they weren't asked for. Empty may mean "none" or "not shown".
        accounts: None if they weren't asked for.
        refused: The parent is OPEN, but AWS refused its acceptance.
        own: Approvals as their accounts showed them, which is newer than what management is shown.
        failures: Accounts that couldn't be approved for.
        unclear: Approvals that contradict themselves; they aren't among the children.
        beside: Other handshakes that contradict themselves, where the parent was looked for.
    """

    organization: Organization
    parent: Handshake | None = None
    parent_sought: bool = False
    children: tuple[Handshake, ...] | None = None
    accounts: Accounts | None = None
    refused: bool = False
    own: tuple[Handshake, ...] = ()
    failures: tuple[Failure, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    beside: tuple[Unclear, ...] = ()

    @property
    def shows_approvals(self) -> bool:
        """Return whether AWS shows whose approvals there are, clear or not."""
        return bool(self.children or self.unclear)

    @property
    def asked(self) -> frozenset[str] | None:
        """The accounts that a new migration would ask; None where they aren't known."""
        return self.accounts.invited if self.accounts is not None and self.accounts.known else None

    @property
    def first_expiry(self) -> datetime | None:
        """The time at which the first unanswered approval expires; the deadline without a parent."""
        known = [child.expires_at for child in self.children or () if child.pending and child.expires_at]
        return min(known, default=None)


@dataclass(frozen=True, slots=True)
class Approvals:
    """Number of accounts that must approve, and of each kind of answer.

    `required` is the sum of the others. `unknown` counts approvals that are known to be required, but
    not how they stand: AWS doesn't show them, or no longer does.
    """

    required: int = 0
    accepted: int = 0
    pending: int = 0
    declined: int = 0
    expired: int = 0
    canceled: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason why an account couldn't be approved for.

    Attributes:
        account_id: The account.
        reason: A stable reference and what happened: `role-not-assumed: …`.
        next_step: What to do about it; the same text for every account with the same problem.
    """

    account_id: str
    reason: str
    next_step: str

    @property
    def reference(self) -> str:
        """The stable part of the reason."""
        return self.reason.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account that blocks the migration; reason and next step are an approver's, else empty."""

    account_id: str
    handshake_id: str
    action: str
    state: str
    reason: str = ""
    next_step: str = ""

    @property
    def pending(self) -> bool:
        """Return whether AWS shows its request as still to be answered."""
        return self.state in PENDING_STATES

    @property
    def declined(self) -> bool:
        """Return whether AWS shows that it said no."""
        return self.state == "DECLINED"

    @property
    def puzzling(self) -> bool:
        """Return whether AWS shows its request in a state that isn't known here."""
        return is_puzzling(self.state)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The meaning of an observation, given what was recorded before it.

    Attributes:
        status: Where the migration stands.
        handshake: The parent that this is about; the recorded one where AWS no longer lists it.
        approvals: Counts that never run backwards while the parent stays the same.
        waiting_for: Accounts that block it: those that an approver failed for and those that declined first.
        unshown: Accounts that must approve, where AWS shows none of the approvals.
        listed: Whether AWS still lists `handshake`.
        unclear: Handshakes among `waiting_for` that contradict themselves: nothing may be written to them.
    """

    status: Status
    handshake: Handshake | None = None
    approvals: Approvals = Approvals()
    waiting_for: tuple[Waiting, ...] = ()
    unshown: frozenset[str] = frozenset()
    listed: bool = True
    unclear: frozenset[str] = frozenset()

    @property
    def puzzle(self) -> Handshake | None:
        """The parent, if AWS shows it in a state that isn't known here: nothing is written then."""
        parent = self.handshake
        if parent is None or self.status is Status.ENABLED or not self.listed:
            return None
        return parent if parent.puzzling else None


class Ruling(enum.Enum):
    """The list of the configuration that rules an account out."""

    FORBIDDEN = "forbidden"
    NOT_ALLOWED = "not allowed"


def ruling(account_id: str, allowed: Collection[str], forbidden: Collection[str]) -> Ruling | None:
    """Find the list, `aws:allowedAccountIds` or `aws:forbiddenAccountIds`, that rules an account out.

    Args:
        account_id: The account.
        allowed: If not empty, the only accounts to act in.
        forbidden: Accounts never to act in.
    """
    if account_id in forbidden:
        return Ruling.FORBIDDEN
    return Ruling.NOT_ALLOWED if allowed and account_id not in allowed else None


@dataclass(frozen=True, slots=True)
class Approver:
    """An approver: the role to assume in each member account.

    Attributes:
        role_arn_template: The role's ARN, with `{account_id}` and maybe `{partition}` in it.
        external_id: What the roles' trust policies ask for.
        session_name: Shown in the accounts' CloudTrail.
        only: If not empty, the only accounts to approve for.
        exclude: Accounts never to approve for.
        max_calls_per_second: To AWS Organizations, over all accounts; None keeps a margin to AWS's rates.
        allowed: If not empty, the only accounts that the configuration lets anybody act in.
        forbidden: Accounts that the configuration lets nobody act in.
    """

    role_arn_template: str
    external_id: str | None = field(default=None, repr=False)
    session_name: str | None = None
    only: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    max_calls_per_second: float | None = None
    allowed: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()

    def covers(self, account_id: str) -> bool:
        """Return whether it may approve for an account."""
        return self._chooses(account_id) and not self._ruling(account_id)

    def ruling(self, account_id: str) -> Ruling | None:
        """The list that keeps it from an account which it would approve for; None if there is none."""
        return self._ruling(account_id) if self._chooses(account_id) else None

    def _chooses(self, account_id: str) -> bool:
        return account_id not in self.exclude and (not self.only or account_id in self.only)

    def _ruling(self, account_id: str) -> Ruling | None:
        return ruling(account_id, self.allowed, self.forbidden)

    def limited_to(self, allowed: frozenset[str], forbidden: frozenset[str]) -> Approver:
        """The same, but for accounts that a configuration rules out."""
        return replace(self, allowed=allowed, forbidden=forbidden)

    def role_arn(self, partition: str, account_id: str) -> str:
        """The role to assume in an account."""
        return self.role_arn_template.format(partition=partition, account_id=account_id)

    def without(self, account_ids: frozenset[str]) -> Approver:
        """The same, but for some accounts."""
        return replace(self, exclude=self.exclude | account_ids)


@dataclass(frozen=True, slots=True)
class Desired:
    """The program's declaration.

    Attributes:
        organization_id: The only organization that is ever written to.
        finalize: Accept the parent once everyone has approved; or the id of the only migration to accept.
        attempt: Held against the recorded one.
        approver: Who approves on behalf of member accounts, if anybody.
        wait_until: How long to stay with the migration,
        timeout: and for how many seconds at most.
    """

    organization_id: str
    finalize: bool | str = True
    attempt: int = 1
    approver: Approver | None = None
    wait_until: WaitUntil = WaitUntil.REQUESTED
    timeout: float = 1800.0

    def finalizes(self, handshake_id: str) -> bool:
        """Return whether the program wants a migration finalized once everyone has approved."""
        return self.finalize is True or self.finalize == handshake_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of an earlier run, in the state.

    Attributes:
        assessment: As it was then.
        attempt: The attempt under which that migration was begun or adopted.
        started: Whether this resource began it.
        management_account_id: Whose organization it was.
    """

    assessment: Assessment = field(default_factory=lambda: Assessment(Status.NOT_STARTED))
    attempt: int = 1
    started: bool = False
    management_account_id: str | None = None


NOTHING_RECORDED: Final = Recorded()


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step, and why.

    Attributes:
        action: The write to make.
        reason: Why, for a person, in one clause.
        blocked: Nothing will happen until a person raises `attempt` or removes an account; or, where AWS
            shows a state that isn't known here, until it shows another.
        accounts: To approve for, where the action is that.
    """

    action: Action
    reason: str
    blocked: bool = False
    accounts: tuple[str, ...] = ()
