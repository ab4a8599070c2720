"""What CloudTrail recorded of a migration, out of exported files.

Two formats: what `aws cloudtrail lookup-events` prints (`Events`, each with the record as a text in
`CloudTrailEvent`), and the files that a trail puts into a bucket (`Records`). A record's fields are those of
the CloudTrail User Guide, "CloudTrail record contents". Taken over are those that say who called what, when,
and from which role; no access keys, no session attributes, no addresses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import EvidenceUnusableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

from aws_org_features.views.report.values import Event

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
        found: dict[object, Event] = {}
        for event in (*self.events, *other.events):
            found.setdefault(_identity(event), event)
        events = sorted(found.values(), key=lambda event: event.at)
        return Evidence((*self.files, *other.files), tuple(events))

    def about(self, migration: str | None, requests: Collection[str]) -> tuple[Event, ...]:
        """The calls of one migration: about its own handshake, or one of its requests."""
        return tuple(
            event
            for event in self.events
            if event.handshake_id in requests or (migration and migration in _about(event))
        )


def _identity(event: Event) -> object:
    """What two copies of one event have in common, in whichever files they lie."""
    return event.id or replace(event, source="")


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
    for number, values in enumerate(_records(text, name), 1):
        record = _Object(values, f"event {number}", name)
        if record.text("eventSource") == _SERVICE and record.text("eventName") in CALLS:
            found.append(_event(record))
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


_KINDS: Final = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}


@dataclass(frozen=True, slots=True)
class _Object:
    """An object of the file: what isn't there, or null, is empty, and what is of another kind is refused.

    Attributes:
        values: What it holds.
        event: The event that it is of: `event 3`.
        file: What errors call the file.
        path: Where it stands in the event: `userIdentity.`; empty for the event itself.
    """

    values: Mapping[str, Any]
    event: str
    file: str
    path: str = ""

    def text(self, key: str) -> str:
        """A text."""
        return str(self._checked(self.values.get(key), str, key) or "")

    def part(self, key: str) -> _Object:
        """An object."""
        return self._object(self.values.get(key), key)

    def parts(self, key: str) -> list[_Object]:
        """A list of objects."""
        found = self._checked(self.values.get(key), list, key) or []
        return [self._object(value, f"{key}[{number}]") for number, value in enumerate(found)]

    def _object(self, value: object, key: str) -> _Object:
        values = self._checked(value, dict, key) or {}
        return _Object(values, self.event, self.file, f"{self.path}{key}.")

    def _checked(self, value: object, kind: type, key: str) -> Any:
        if value is not None and not isinstance(value, kind):
            has, wanted = _KINDS[type(value)], _KINDS[kind]
            raise _unusable(
                self.file, f"{self.event} has {has} as `{self.path}{key}`, which must be {wanted}"
            )
        return value


def _event(record: _Object) -> Event:
    identity = record.part("userIdentity")
    issuer = identity.part("sessionContext").part("sessionIssuer")
    handshake = record.part("responseElements").part("handshake")
    asked = record.part("requestParameters").text("handshakeId") or handshake.text("id")
    return Event(
        id=record.text("eventID"),
        name=record.text("eventName"),
        at=_moment(record),
        account_id=_account_id(record.text("recipientAccountId") or identity.text("accountId")),
        principal=identity.text("arn") or identity.text("invokedBy") or identity.text("type"),
        role=issuer.text("arn") if issuer.text("type") == "Role" else "",
        error=record.text("errorCode"),
        handshake_id=_handshake_id(asked),
        parent_id=_handshake_id(_parent(handshake)),
        source=record.file,
    )


def _moment(record: _Object) -> datetime:
    try:
        found = datetime.fromisoformat(record.text("eventTime"))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        what = f"{record.event}, an {record.text('eventName')}, has no time"
        raise _unusable(record.file, what) from error


def _account_id(text: str) -> str:
    return text if _ACCOUNT_ID.fullmatch(text) else ""


def _handshake_id(text: str) -> str:
    # AWS's guide shows ids of parents without their prefix.
    prefixed = text if text.startswith("h-") else f"h-{text}"
    return prefixed if _HANDSHAKE_ID.fullmatch(prefixed) else ""


def _parent(handshake: _Object) -> str:
    """The parent among a handshake's resources, which AWS nests."""
    left = handshake.parts("resources")[::-1]
    while left:
        resource = left.pop()
        if resource.text("type") == "PARENT_HANDSHAKE":
            return resource.text("value")
        left += resource.parts("resources")[::-1]
    return ""


def _unusable(name: str, why: str) -> EvidenceUnusableError:
    return EvidenceUnusableError(
        f"The file {name} can't be taken as evidence: {why}.",
        "Give what `aws cloudtrail lookup-events` printed, or a file that a trail put into its bucket.",
    )
