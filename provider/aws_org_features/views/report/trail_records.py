"""Exported files of CloudTrail's, as records.

Two formats: what `aws cloudtrail lookup-events` prints (`Events`, each with the record as a text in
`CloudTrailEvent`), and the files that a trail puts into a bucket (`Records`). A record's fields are those of
the CloudTrail User Guide, "CloudTrail record contents".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common import ids
from aws_org_features.common.errors import EvidenceUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def records(text: str, name: str) -> Iterator[Record]:
    """The records of a file, an event each.

    Args:
        text: What it holds, uncompressed.
        name: What errors and the report call it.

    Raises:
        EvidenceUnusableError: It is no such file.
    """
    for number, values in enumerate(_shapes(text, name), 1):
        yield Record(values, f"event {number}", name)


def _shapes(text: str, name: str) -> Iterator[Mapping[str, Any]]:
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
class Record:
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

    def part(self, key: str) -> Record:
        """An object."""
        return self._object(self.values.get(key), key)

    def parts(self, key: str) -> list[Record]:
        """A list of objects."""
        found = self._checked(self.values.get(key), list, key) or []
        return [self._object(value, f"{key}[{number}]") for number, value in enumerate(found)]

    def moment(self, key: str) -> datetime:
        """A time, UTC.

        Raises:
            EvidenceUnusableError: It is none.
        """
        try:
            found = datetime.fromisoformat(self.text(key))
            return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            what = f"{self.event}, an {self.text('eventName')}, has no time"
            raise _unusable(self.file, what) from error

    def _object(self, value: object, key: str) -> Record:
        values = self._checked(value, dict, key) or {}
        return Record(values, self.event, self.file, f"{self.path}{key}.")

    def _checked(self, value: object, kind: type, key: str) -> Any:
        if value is not None and not isinstance(value, kind):
            has, wanted = _KINDS[type(value)], _KINDS[kind]
            raise _unusable(
                self.file, f"{self.event} has {has} as `{self.path}{key}`, which must be {wanted}"
            )
        return value


def account_id(text: str) -> str:
    """The id of an account; empty if it is none."""
    return text if ids.ACCOUNT_ID.fullmatch(text) else ""


def _unusable(name: str, why: str) -> EvidenceUnusableError:
    return EvidenceUnusableError(
        f"The file {name} can't be taken as evidence: {why}.",
        "Give what `aws cloudtrail lookup-events` printed, or a file that a trail put into its bucket.",
    )
