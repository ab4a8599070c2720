"""CloudTrail's events about a migration, from exported files.

Taken over are the fields that say who called what, when, and from which role, and which account came or went;
no access keys, no session attributes, no addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from aws_org_features.views.report.moves import MOVES, move_of
from aws_org_features.views.report.trail_records import account_id, records
from aws_org_features.views.report.values import Event, Move

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aws_org_features.views.report.trail_records import Record

CALLS: Final = frozenset({"AcceptHandshake", "CancelHandshake", "DeclineHandshake", "EnableAllFeatures"})
"""The calls that a migration consists of."""

_SERVICE: Final = "organizations.amazonaws.com"
_HANDSHAKE_ID: Final = re.compile(r"h-[0-9a-z]{8,32}")
_Recorded = TypeVar("_Recorded", Event, Move)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The contents of one or several files.

    Attributes:
        files: Their names.
        events: The calls that a migration consists of, oldest first, each once; those of other handshakes
            (invitations) included.
        moves: The accounts that came into an organization or went, oldest first, each event once.
    """

    files: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    moves: tuple[Move, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            (*self.files, *other.files),
            _once((*self.events, *other.events)),
            _once((*self.moves, *other.moves)),
        )

    def about(self, migration: str | None, requests: Collection[str]) -> tuple[Event, ...]:
        """The calls of one migration: about its own handshake, or one of its requests."""
        return tuple(
            event
            for event in self.events
            if event.handshake_id in requests or (migration and migration in _about(event))
        )


def _once(recorded: Iterable[_Recorded]) -> tuple[_Recorded, ...]:
    """Without copies, also across files; the oldest first."""
    found: dict[object, _Recorded] = {}
    for each in recorded:
        found.setdefault(each.id or replace(each, source=""), each)
    return tuple(sorted(found.values(), key=lambda each: each.at))


def _about(event: Event) -> tuple[str, str]:
    return event.handshake_id, event.parent_id


def evidence_of(text: str, name: str) -> Evidence:
    """Read a file.

    Args:
        text: What it holds, uncompressed.
        name: What errors and the report call it.

    Raises:
        EvidenceUnusableError: It is no such file, or a record of a call that matters can't be understood.
    """
    events, moves = [], []
    for record in records(text, name):
        if record.text("eventSource") != _SERVICE:
            continue
        called = record.text("eventName")
        if called in CALLS:
            events.append(_event(record))
        elif called in MOVES and (move := move_of(record)):
            moves.append(move)
    return Evidence((name,), _once(events), _once(moves))


def _event(record: Record) -> Event:
    identity = record.part("userIdentity")
    issuer = identity.part("sessionContext").part("sessionIssuer")
    handshake = record.part("responseElements").part("handshake")
    asked = record.part("requestParameters").text("handshakeId") or handshake.text("id")
    return Event(
        id=record.text("eventID"),
        name=record.text("eventName"),
        at=record.moment("eventTime"),
        account_id=account_id(record.text("recipientAccountId") or identity.text("accountId")),
        principal=identity.text("arn") or identity.text("invokedBy") or identity.text("type"),
        role=issuer.text("arn") if issuer.text("type") == "Role" else "",
        error=record.text("errorCode"),
        handshake_id=_handshake_id(asked),
        parent_id=_handshake_id(_parent(handshake)),
        source=record.file,
    )


def _handshake_id(text: str) -> str:
    # AWS's guide shows ids of parents without their prefix.
    prefixed = text if text.startswith("h-") else f"h-{text}"
    return prefixed if _HANDSHAKE_ID.fullmatch(prefixed) else ""


def _parent(handshake: Record) -> str:
    """The parent among a handshake's resources, which AWS nests."""
    left = handshake.parts("resources")[::-1]
    while left:
        resource = left.pop()
        if resource.text("type") == "PARENT_HANDSHAKE":
            return resource.text("value")
        left += resource.parts("resources")[::-1]
    return ""
