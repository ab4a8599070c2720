"""A report and its parts: values only."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aws_org_features.model.migration import TO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aws_org_features.model.migration import Status
    from aws_org_features.model.organizations import Handshake, Organization


class Standing(enum.StrEnum):
    """The state of an account's approval; those that somebody must act on come first.

    What each means, `labels.EXPLANATIONS` says.
    """

    DECLINED = "DECLINED"
    PENDING = "PENDING"
    UNKNOWN = "UNKNOWN"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    NOT_ASKED = "NOT_ASKED"
    UNLISTED = "UNLISTED"
    APPROVED = "APPROVED"
    EXEMPT = "EXEMPT"


ASKED: Final = (
    Standing.APPROVED,
    Standing.PENDING,
    Standing.UNKNOWN,
    Standing.DECLINED,
    Standing.EXPIRED,
    Standing.CANCELED,
)
"""Those that are known to have been asked, in the order in which a bar shows them."""

OUTSTANDING: Final = frozenset({Standing.PENDING, Standing.UNKNOWN})
"""Those whose owners must act, or may have to."""


class Source(enum.StrEnum):
    """The source of a fact."""

    AWS = "AWS"
    HISTORY = "history"
    EVIDENCE = "CloudTrail"


@dataclass(frozen=True, slots=True)
class Sighting:
    """The time at which a report first saw an answer; AWS doesn't say when it was given.

    Attributes:
        at: The first report that saw it, UTC.
        after: The last report before, which didn't see it; None if there was none of this migration.
        state: The answer, in AWS's word: `ACCEPTED` or `DECLINED`.
        account_id: Whose answer it is; None where AWS didn't say.
    """

    at: datetime
    after: datetime | None
    state: str
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A call that CloudTrail recorded. Texts are as the file has them, so not to be shown as they are.

    Attributes:
        id: CloudTrail's `eventID`; empty if it has none.
        name: The operation: `AcceptHandshake`.
        at: When, UTC.
        account_id: The account that called; empty if it isn't told.
        principal: The ARN of who called, else the kind of identity: `Root`, `AWSService`.
        role: The ARN of the role that the caller's session was issued for; empty if it was none.
        error: AWS's error code, if it refused; else empty.
        handshake_id: The handshake that it was about.
        parent_id: The migration that this belongs to, where the answer tells.
        source: The file.
    """

    id: str
    name: str
    at: datetime
    account_id: str
    principal: str
    role: str
    error: str
    handshake_id: str
    parent_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Move:
    """An account that came into an organization or went, as CloudTrail recorded it.

    Attributes:
        id: CloudTrail's `eventID`; empty if it has none.
        joined: Whether it came.
        at: When, UTC.
        account_id: The account.
        method: AWS's `joinedMethod` or `departureMethod`, in capitals; empty if it isn't told.
        management_account_id: Whose event history has it; empty if it isn't told.
        source: The file.
    """

    id: str
    joined: bool
    at: datetime
    account_id: str
    method: str
    management_account_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An account and its request. One that is asked twice has two.

    Attributes:
        standing: What became of its approval.
        account_id: Twelve digits; None where AWS doesn't say whose the request is.
        name: As somebody typed it; empty if unknown.
        email: Of its root user; empty if unknown.
        joined: AWS's `AccountJoinedMethod`; empty if unknown, or if it is no member any longer.
        account_state: AWS's `AccountState`; empty if unknown.
        active: Whether it can be acted in, as far as is known.
        member: False if it has left the organization.
        management: Whether it is the one that asks.
        handshake_id: Its request; empty where AWS shows none.
        action: That request's `ActionType`.
        state: That request's state, in AWS's word.
        source: Who says how it stands.
        sighting: When its answer was first seen.
        events: What CloudTrail has of it, oldest first.
        departure: How and when it left, by CloudTrail; None if it is a member, or that isn't told.
        command: What its owner types to approve; empty where there is nothing to approve.
    """

    standing: Standing
    account_id: str | None = None
    name: str = ""
    email: str = ""
    joined: str = ""
    account_state: str = ""
    active: bool = True
    member: bool = True
    management: bool = False
    handshake_id: str = ""
    action: str = ""
    state: str = ""
    source: Source = Source.AWS
    sighting: Sighting | None = None
    events: tuple[Event, ...] = ()
    departure: Move | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """The counts of one report.

    Attributes:
        at: When, UTC.
        counts: How many accounts stood how.
    """

    at: datetime
    counts: Mapping[Standing, int]


@dataclass(frozen=True, slots=True)
class Report:
    """Status of a migration: the organization, the accounts, and the sources.

    Attributes:
        generated_at: When AWS was looked at, UTC.
        organization: Whose migration it is.
        status: Where it stands.
        handshake: The migration's own handshake; None where AWS lists none.
        expires_at: By when everything must be done, UTC; None if nothing is in progress or AWS doesn't say.
        entries: The accounts, those that somebody must do something about first.
        approvals_shown: Whether AWS shows any approvals.
        handshakes_listed: False where the caller may not list handshakes.
        accounts_listed: False where the caller may not list accounts.
        progress: What reports about this migration counted, oldest first, this one the last; empty without a
            history.
        events: What CloudTrail has of the migration's own handshake, oldest first.
        moves: The accounts that have joined the organization or gone since it was begun, by CloudTrail:
            of each the last move, oldest first.
        sources: The files of evidence.
        history: The history's file; empty if there is none.
    """

    generated_at: datetime
    organization: Organization
    status: Status
    handshake: Handshake | None = None
    expires_at: datetime | None = None
    entries: tuple[Entry, ...] = ()
    approvals_shown: bool = False
    handshakes_listed: bool = True
    accounts_listed: bool = True
    progress: tuple[Point, ...] = ()
    events: tuple[Event, ...] = ()
    moves: tuple[Move, ...] = ()
    sources: tuple[str, ...] = ()
    history: str = ""
    counts: Mapping[Standing, int] = field(init=False)
    """Numbers of entries by standing; standings that none has are left out."""

    def __post_init__(self) -> None:
        found = Counter(entry.standing for entry in self.entries)
        object.__setattr__(self, "counts", {each: found[each] for each in Standing if found[each]})

    def count(self, *standings: Standing) -> int:
        """Count the entries that stand in one of some ways."""
        return sum(self.counts.get(standing, 0) for standing in standings)

    @property
    def asked(self) -> int:
        """The number of accounts that are known to have been asked."""
        return self.count(*ASKED)

    @property
    def outstanding(self) -> tuple[Entry, ...]:
        """Those whose owners must act, or may have to."""
        if self.status not in TO_ANSWER:
            return ()
        return tuple(entry for entry in self.entries if entry.standing in OUTSTANDING)
