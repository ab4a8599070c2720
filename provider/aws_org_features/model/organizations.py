"""Values of AWS Organizations: the organization, its handshakes, accounts and invitations."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


FEATURE_SET_ALL: Final = "ALL"

FEATURE_SETS: Final = (FEATURE_SET_ALL, "CONSOLIDATED_BILLING")
"""Nothing is done in an organization that shows another one: a newer AWS may mean anything by it."""

# AWS gives one of the two actions to the parent handshake, and the other one to its children. Its own
# pages disagree which, so nothing is decided by the action alone.
MIGRATION_ACTIONS: Final = ("ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES")

MOST_ACCOUNTS: Final = 5_000
"""Number of accounts that AWS migrates by self-service: User Guide, "Quotas"; ConstraintViolationException's
`ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED`."""

PENDING_STATES: Final = frozenset({"REQUESTED", "OPEN"})
"""A child in either state has not been answered; a parent in either state is in progress."""

FINISHED_STATES: Final = frozenset({"ACCEPTED", "CANCELED", "DECLINED", "EXPIRED"})
"""A handshake in one of these has come to its end. Of any other state, nobody knows what it means."""


@dataclass(frozen=True, slots=True)
class Organization:
    """An answer of `DescribeOrganization`.

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
        """Return whether the one-way change has been made."""
        return self.feature_set == FEATURE_SET_ALL


class Subject(enum.Enum):
    """A claim: the subject that a handshake's party, resource or ARN names."""

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
    """A handshake of a migration, with ids normalized (`h-…`, `o-…`).

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
        """Not finished yet: in progress for a parent, unanswered for a child."""
        return self.state in PENDING_STATES

    @property
    def finished(self) -> bool:
        """Come to its end; one whose state isn't known is neither that nor pending."""
        return self.state in FINISHED_STATES

    @property
    def puzzling(self) -> bool:
        """Return whether its state isn't known here."""
        return is_puzzling(self.state)


def is_puzzling(state: str | None) -> bool:
    """Return whether AWS shows a state that isn't known here; where it shows none, that's no puzzle."""
    return bool(state) and state not in PENDING_STATES | FINISHED_STATES


@dataclass(frozen=True, slots=True)
class Unclear:
    """A handshake that isn't certainly the migration's: nothing is ever written to it.

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
        """The relevant facts of a list of accounts."""
        return cls(
            members=frozenset(account.id for account in found),
            invited=frozenset(account.id for account in found if account.joined == "INVITED"),
            inactive={account.id: account.state for account in found if not account.active},
            details={account.id: account for account in found},
        )


_INACTIVE: Final = frozenset({"SUSPENDED", "PENDING_CLOSURE", "CLOSED"})


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """The name and address of an account: as somebody typed them, so not to be shown as they are (`inert`).

    Attributes:
        id: Twelve digits.
        name: The account's name.
        email: The address of its root user.
        joined: AWS's `AccountJoinedMethod`: `INVITED` or `CREATED`; empty where AWS doesn't say.
        state: AWS's `AccountState`, or the `Status` which that is replacing; empty where AWS doesn't say.
        joined_at: When it was created in the organization, or joined it, UTC; None where AWS doesn't say.
    """

    id: str
    name: str
    email: str
    joined: str = ""
    state: str = ""
    joined_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Return whether it can be acted in: it is neither suspended nor closed."""
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
        """Return whether it hasn't been answered yet."""
        return self.state in PENDING_STATES
