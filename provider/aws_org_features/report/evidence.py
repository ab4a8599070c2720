"""What CloudTrail recorded of a migration, out of exported files.

Two formats: what `aws cloudtrail lookup-events` prints (`Events`, each with the record as a text in
`CloudTrailEvent`), and the files that a trail puts into a bucket (`Records`). A record's fields are those of
the CloudTrail User Guide, "CloudTrail record contents". Taken over are those that say who called what, when,
and from which role; no access keys, no session attributes, no addresses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.errors import EvidenceUnusableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

from aws_org_features.report.values import Event

CALLS: Final = frozenset({"AcceptHandshake", "CancelHandshake", "DeclineHandshake", "EnableAllFeatures"})
"""The calls that a migration consists of."""

_SERVICE: Final = "organizations.amazonaws.com"
_HANDSHAKE_ID: Final = re.compile(r"h-[0-9a-z]{8,32}")
_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one or several files have.

    Attributes:
        files: Their names.
        events: The calls that a migration consists of, oldest first, each once; those of other handshakes
            (invitations) included.
    """

    files: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        known = {event.id for event in self.events if event.id}
        more = (event for event in other.events if event.id not in known)
        events = sorted((*self.events, *more), key=lambda event: event.at)
        return Evidence((*self.files, *other.files), tuple(events))

    def about(self, migration: str | None, requests: Collection[str]) -> tuple[Event, ...]:
        """The calls of one migration: about its own handshake, or one of its requests."""
        return tuple(
            event
            for event in self.events
            if event.handshake_id in requests or (migration and migration in _about(event))
        )


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
    found = []
    for number, record in enumerate(_records(text, name), 1):
        if record.get("eventSource") == _SERVICE and record.get("eventName") in CALLS:
            found.append(_event(record, number, name))
    return Evidence((name,)) + Evidence((), tuple(found))


def _records(text: str, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unusable(name, "it isn't JSON") from error
    found = document if isinstance(document, dict) else {}
    if isinstance(found.get("Records"), list):
        yield from _objects(found["Records"], name)
    elif isinstance(found.get("Events"), list):
        for number, event in enumerate(_objects(found["Events"], name), 1):
            yield _record_of(event, number, name)
    else:
        raise _unusable(name, "it has neither `Events` nor `Records`")


def _objects(values: Iterable[Any], name: str) -> Iterator[Mapping[str, Any]]:
    for number, value in enumerate(values, 1):
        if not isinstance(value, dict):
            raise _unusable(name, f"event {number} is no object")
        yield value


def _record_of(event: Mapping[str, Any], number: int, name: str) -> Mapping[str, Any]:
    try:
        record = json.loads(event["CloudTrailEvent"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unusable(name, f"event {number} has no record in `CloudTrailEvent`") from error
    if not isinstance(record, dict):
        raise _unusable(name, f"the record of event {number} is no object")
    return record


def _event(record: Mapping[str, Any], number: int, name: str) -> Event:
    identity = _part(record, "userIdentity")
    issuer = _part(_part(identity, "sessionContext"), "sessionIssuer")
    handshake = _part(_part(record, "responseElements"), "handshake")
    asked = _text(_part(record, "requestParameters"), "handshakeId") or _text(handshake, "id")
    return Event(
        id=_text(record, "eventID"),
        name=_text(record, "eventName"),
        at=_moment(record, number, name),
        account_id=_account_id(_text(record, "recipientAccountId") or _text(identity, "accountId")),
        principal=_text(identity, "arn") or _text(identity, "invokedBy") or _text(identity, "type"),
        role=_text(issuer, "arn") if _text(issuer, "type") == "Role" else "",
        error=_text(record, "errorCode"),
        handshake_id=_handshake_id(asked),
        parent_id=_handshake_id(_parent(handshake.get("resources"))),
        source=name,
    )


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _moment(record: Mapping[str, Any], number: int, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(record["eventTime"])
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(name, f"event {number}, an {record['eventName']}, has no time") from error
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _account_id(text: str) -> str:
    return text if _ACCOUNT_ID.fullmatch(text) else ""


def _handshake_id(text: str) -> str:
    # AWS's guide shows ids of parents without their prefix.
    prefixed = text if text.startswith("h-") else f"h-{text}"
    return prefixed if _HANDSHAKE_ID.fullmatch(prefixed) else ""


def _parent(resources: Any) -> str:
    """The parent among a handshake's resources, which AWS nests."""
    for resource in resources if isinstance(resources, list) else ():
        if not isinstance(resource, dict):
            continue
        if resource.get("type") == "PARENT_HANDSHAKE":
            return _text(resource, "value")
        if found := _parent(resource.get("resources")):
            return found
    return ""


def _unusable(name: str, why: str) -> EvidenceUnusableError:
    return EvidenceUnusableError(
        f"The file {name} can't be taken as evidence: {why}.",
        "Give what `aws cloudtrail lookup-events` printed, or a file that a trail put into its bucket.",
    )
