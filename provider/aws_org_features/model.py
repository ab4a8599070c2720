"""The values that the core passes around: what AWS shows, what is wanted, what was recorded.

Frozen, and without behaviour beyond what a value knows of itself. Nothing here knows boto3, pulumi, a
clock or a console; reading AWS's shapes is `aws`'s work, reading Pulumi's is that of `resources`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

FEATURE_SET_ALL: Final = "ALL"
FEATURE_SETS: Final = (FEATURE_SET_ALL, "CONSOLIDATED_BILLING")
"""Nothing is done in an organization that shows another one: a newer AWS may mean anything by it."""

# Whichever of the two actions AWS gives to the parent handshake, the other one is its children's:
# its own pages disagree, so nothing is decided by the action alone.
MIGRATION_ACTIONS: Final = ("ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES")

MOST_ACCOUNTS: Final = 5_000
"""How many accounts AWS migrates by self-service: User Guide, "Quotas"; ConstraintViolationException's
`ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED`."""

PENDING_STATES: Final = frozenset({"REQUESTED", "OPEN"})
"""A child in either state has not been answered; a parent in either state is in flight."""

FINISHED_STATES: Final = frozenset({"ACCEPTED", "CANCELED", "DECLINED", "EXPIRED"})
"""A handshake in one of these has come to its end. Of any other state, nobody knows what it means."""


class Status(enum.StrEnum):
    """Where the organization's migration to all features stands."""

    NOT_STARTED = "NOT_STARTED"
    AWAITING_APPROVALS = "AWAITING_APPROVALS"
    DECLINED = "DECLINED"
    AWAITING_FINALIZATION = "AWAITING_FINALIZATION"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    ENABLED = "ENABLED"


IN_FLIGHT: Final = frozenset({Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION})


class Look(enum.Enum):
    """What else must be asked of AWS before anything can be said."""

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
    """How long a create or update stays with the migration after its own work is done."""

    REQUESTED = "requested"
    APPROVED = "approved"
    ENABLED = "enabled"


@dataclass(frozen=True, slots=True)
class Organization:
    """What `DescribeOrganization` says.

    Attributes:
        id: `o-` and 10 to 32 lower-case letters or digits.
        arn: The organization's ARN.
        management_account_id: Twelve digits.
        feature_set: `ALL` or `CONSOLIDATED_BILLING`.
    """

    id: str
    arn: str
    management_account_id: str
    feature_set: str

    @property
    def has_all_features(self) -> bool:
        """Whether the one-way change has been made."""
        return self.feature_set == FEATURE_SET_ALL


class Subject(enum.Enum):
    """What a handshake's party, resource or ARN names."""

    ORGANIZATION = "organization"
    MANAGEMENT = "management account"
    ACCOUNT = "account"
    PARENT = "parent handshake"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a handshake says of itself.

    Attributes:
        subject: What it is about.
        value: What it says, ids with their prefix.
        place: Where it says so, like `its ORGANIZATION party`.
        vouches: Whether it is said where AWS says so; what stands within another resource can only
            contradict.
    """

    subject: Subject
    value: str
    place: str
    vouches: bool = True


@dataclass(frozen=True, slots=True)
class Handshake:
    """A handshake of a migration, with ids normalised (`h-…`, `o-…`).

    Attributes:
        id: The handshake's own id.
        arn: Its ARN.
        action: AWS's `ActionType`; says little, see `MIGRATION_ACTIONS`.
        state: AWS's `HandshakeState`, as answered.
        requested_at: When it was made, UTC.
        expires_at: When it expires, UTC: 90 days later by the User Guide, 15 in botocore's example.
        account_id: The account that is asked; None for a parent.
        parent_id: The parent handshake; None for a parent.
        organization_id: The organization that it is about; None where AWS doesn't say.
        claims: All that its parties and resources name, which may contradict itself (`ours`); empty if it
            wasn't read from AWS.
    """

    id: str
    arn: str
    action: str
    state: str
    requested_at: datetime | None = None
    expires_at: datetime | None = None
    account_id: str | None = None
    parent_id: str | None = None
    organization_id: str | None = None
    claims: tuple[Claim, ...] = field(default=(), repr=False, compare=False)

    @property
    def pending(self) -> bool:
        """Not finished yet: in flight for a parent, unanswered for a child."""
        return self.state in PENDING_STATES

    @property
    def finished(self) -> bool:
        """Come to its end; one whose state isn't known is neither that nor pending."""
        return self.state in FINISHED_STATES

    @property
    def puzzling(self) -> bool:
        """In a state that isn't known here."""
        return is_puzzling(self.state)


def is_puzzling(state: str | None) -> bool:
    """Whether AWS shows a state that isn't known here; where it shows none, that's no puzzle."""
    return bool(state) and state not in PENDING_STATES | FINISHED_STATES


@dataclass(frozen=True, slots=True)
class Unclear:
    """A handshake that can't be told to be the migration's: nothing is ever written to it.

    Attributes:
        handshake: As AWS shows it.
        why: The contradiction, or what is missing; a clause.
    """

    handshake: Handshake
    why: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The organization's accounts, as far as a migration cares.

    Attributes:
        members: Every account's id, the management account's included.
        invited: Those that joined by invitation: they must approve.
        inactive: The states of those that are suspended or closed.
        known: False where the caller isn't allowed to list them.
        details: How people know them.
    """

    members: frozenset[str] = frozenset()
    invited: frozenset[str] = frozenset()
    inactive: Mapping[str, str] = field(default_factory=dict)
    known: bool = True
    details: Mapping[str, AccountDetails] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, found: Collection[AccountDetails]) -> Accounts:
        """What matters of a list of accounts."""
        return cls(
            members=frozenset(account.id for account in found),
            invited=frozenset(account.id for account in found if account.joined == "INVITED"),
            inactive={account.id: account.state for account in found if not account.active},
            details={account.id: account for account in found},
        )


_INACTIVE: Final = frozenset({"SUSPENDED", "PENDING_CLOSURE", "CLOSED"})


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """How people know an account: as somebody typed it, so not to be shown as it is (`inert`).

    Attributes:
        id: Twelve digits.
        name: The account's name.
        email: The address of its root user.
        joined: AWS's `AccountJoinedMethod`: `INVITED` or `CREATED`; empty where AWS doesn't say.
        state: AWS's `AccountState`, or the `Status` which that is replacing; empty where AWS doesn't say.
    """

    id: str
    name: str
    email: str
    joined: str = ""
    state: str = ""

    @property
    def active(self) -> bool:
        """Whether it can be acted in: it is neither suspended nor closed."""
        return self.state not in _INACTIVE


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation into the organization.

    Attributes:
        handshake_id: Its handshake.
        invited: The account's id, or the address that it was sent to; empty where AWS names neither.
        state: AWS's `HandshakeState`.
    """

    handshake_id: str
    invited: str
    state: str

    @property
    def pending(self) -> bool:
        """Whether it hasn't been answered yet."""
        return self.state in PENDING_STATES


@dataclass(frozen=True, slots=True)
class Observation:
    """What AWS showed, and what an approver of this run met with.

    Attributes:
        organization: The organization that the credentials lead to.
        parent: The migration in flight, else the newest one listed, else None.
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
        """Whether AWS shows whose approvals there are, clear or not."""
        return bool(self.children or self.unclear)

    @property
    def asked(self) -> frozenset[str] | None:
        """Whom a new migration would ask; None where that isn't known."""
        return self.accounts.invited if self.accounts is not None and self.accounts.known else None

    @property
    def first_expiry(self) -> datetime | None:
        """When the first of the unanswered approvals expires; the deadline of a parent that isn't listed."""
        known = [child.expires_at for child in self.children or () if child.pending and child.expires_at]
        return min(known, default=None)


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many accounts must approve, and what they said.

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
    """Why an account couldn't be approved for.

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
    """An account that holds the migration up; reason and next step are an approver's, else empty."""

    account_id: str
    handshake_id: str
    action: str
    state: str
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an observation means, given what was recorded before it.

    Attributes:
        status: Where the migration stands.
        handshake: The parent that this is about; the recorded one where AWS no longer lists it.
        approvals: Counts that never run backwards while the parent stays the same.
        waiting_for: Who holds it up: those that an approver failed for and those that declined first.
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
    """Which of the configuration's lists rules an account out."""

    FORBIDDEN = "forbidden"
    NOT_ALLOWED = "not allowed"


def ruling(account_id: str, allowed: Collection[str], forbidden: Collection[str]) -> Ruling | None:
    """Whether an account may be acted in by two lists: `aws:allowedAccountIds` and `aws:forbiddenAccountIds`.

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
    """Who approves on behalf of member accounts: a role to assume in each of them.

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
        """Whether it may approve for an account."""
        return self._chooses(account_id) and not self._ruling(account_id)

    def ruling(self, account_id: str) -> Ruling | None:
        """Why the configuration keeps it from an account that it would approve for otherwise; None if not."""
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
    """What the program declares.

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
        """Whether a migration is to be finalized once everyone has approved."""
        return self.finalize is True or self.finalize == handshake_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an earlier run left in the state.

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
