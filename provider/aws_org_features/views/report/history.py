"""The history of earlier reports, because AWS's handshakes don't say when they were answered.

A file of lines, each a JSON object: the first says whose it is, every other is a report. Lines are only ever
added. One reads:

    {"at": "2026-11-03T09:00:00Z", "status": "AWAITING_APPROVALS", "handshake_id": "h-…",
     "counts": {"PENDING": 2, "APPROVED": 1},
     "answers": [{"handshake_id": "h-…", "account_id": "222222222222", "state": "ACCEPTED"}]}

`answers` has those that no line before has. Reading and writing the file is the command's work.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common import ids
from aws_org_features.common.errors import HistoryUnusableError
from aws_org_features.common.sanitize import json_text
from aws_org_features.model.migration import Status
from aws_org_features.views.report.values import Point, Sighting, Source, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aws_org_features.views.report.values import Report

VERSION: Final = 1
_KIND: Final = "aws-org-features report"
_ANSWERS: Final = frozenset({"ACCEPTED", "DECLINED"})
_HANDSHAKE_ID: Final = re.compile(r"h-[0-9a-z]{8,32}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, as the first report that saw it has it."""

    handshake_id: str
    account_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Run:
    """One report's record.

    Attributes:
        at: When, UTC.
        status: Where the migration stood.
        handshake_id: The migration; None if AWS listed none.
        counts: How many accounts stood how.
        answers: Answers that no report before it saw.
    """

    at: datetime
    status: str
    handshake_id: str | None
    counts: Mapping[Standing, int]
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The history of earlier reports.

    Attributes:
        runs: Each report, oldest first.
        name: The file.
    """

    runs: tuple[Run, ...] = ()
    name: str = ""

    def with_run(self, run: Run) -> History:
        """Add one more report."""
        return replace(self, runs=tuple(sorted((*self.runs, run), key=lambda each: each.at)))

    def latest_migration(self) -> str | None:
        """The migration that was seen last."""
        return next((run.handshake_id for run in reversed(self.runs) if run.handshake_id), None)

    def of(self, migration: str | None) -> tuple[Run, ...]:
        """The reports about one migration."""
        return tuple(run for run in self.runs if migration and run.handshake_id == migration)

    def sightings(self, migration: str | None) -> dict[str, Sighting]:
        """The time at which each answer of a migration was first seen, by the handshake's id."""
        found: dict[str, Sighting] = {}
        before = None
        for run in self.of(migration):
            for answer in run.answers:
                found.setdefault(
                    answer.handshake_id, Sighting(run.at, before, answer.state, answer.account_id)
                )
            before = run.at
        return found

    def progress(self, migration: str | None) -> tuple[Point, ...]:
        """Numbers of accounts by standing, over a migration's time."""
        return tuple(Point(run.at, run.counts) for run in self.of(migration))


def history_of(text: str, organization_id: str, name: str) -> History:
    """Read a history.

    Args:
        text: The file's text; empty for a new one.
        organization_id: Whose it must be.
        name: What errors call it.

    Raises:
        HistoryUnusableError: It is no history, or another organization's, or a newer version wrote it, or it
            is damaged; says in which line.
    """
    if not text:
        return History(name=name)
    lines = text.splitlines()
    _check_head(_object(lines[0], 1, name), organization_id, name)
    if not text.endswith("\n"):
        raise _damaged(name, len(lines), "it is cut off")
    runs = [_run(_object(line, number, name), number, name) for number, line in enumerate(lines[1:], 2)]
    return History(tuple(sorted(runs, key=lambda run: run.at)), name)


def first_line(organization_id: str) -> str:
    """The first line of a new history."""
    return _line({"history": _KIND, "version": VERSION, "organization_id": organization_id})


def run_of(report: Report, history: History) -> Run:
    """The run to remember of a report; nothing that CloudTrail or the history says."""
    migration = report.handshake.id if report.handshake else None
    known = history.sightings(migration)
    answers = (
        Answer(entry.handshake_id, entry.account_id, entry.state)
        for entry in report.entries
        if entry.source is Source.AWS and entry.state in _ANSWERS and entry.handshake_id not in known
    )
    return Run(report.generated_at, report.status, migration, report.counts, tuple(answers))


def run_line(run: Run) -> str:
    """A report as a line of the history."""
    return _line(
        {
            "at": f"{run.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "status": run.status,
            "handshake_id": run.handshake_id,
            "counts": {str(standing): count for standing, count in run.counts.items()},
            "answers": [
                {"handshake_id": a.handshake_id, "account_id": a.account_id, "state": a.state}
                for a in run.answers
            ],
        }
    )


def _line(value: Mapping[str, Any]) -> str:
    return json_text(json.dumps(value, separators=(",", ":"))) + "\n"


def _object(line: str, number: int, name: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if number == 1:
        raise _foreign(name)
    raise _damaged(name, number, "it is no JSON object")


def _check_head(head: Mapping[str, Any], organization_id: str, name: str) -> None:
    version = head.get("version")
    if head.get("history") != _KIND or not isinstance(version, int):
        raise _foreign(name)
    if version != VERSION:
        raise HistoryUnusableError(
            f"The history {name} was written by another version of org-features: its format is {version}, "
            f"and this one knows {VERSION}.",
            "Nothing was written. Use that version, or name another file.",
        )
    if head.get("organization_id") != organization_id:
        raise HistoryUnusableError(
            f"The history {name} is that of organization {str(head.get('organization_id'))!r}, but this is "
            f"{organization_id}.",
            "Nothing was written. Name the history of this organization, or a new file.",
        )


def _run(value: Mapping[str, Any], number: int, name: str) -> Run:
    try:
        return Run(
            at=_moment(value["at"]),
            status=Status(value["status"]),
            handshake_id=_id(value["handshake_id"], _HANDSHAKE_ID),
            counts=dict(_counts(value["counts"])),
            answers=tuple(_answers(value["answers"])),
        )
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise _damaged(name, number, f"it isn't a report ({type(error).__name__}: {error})") from error


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found.astimezone(UTC)


def _id(value: str | None, pattern: re.Pattern[str]) -> str | None:
    if value is not None and not pattern.fullmatch(value):
        raise ValueError(f"{value!r} is no id")
    return value


def _counts(value: Mapping[str, Any]) -> Iterator[tuple[Standing, int]]:
    for standing, count in value.items():
        if type(count) is not int or count < 0:
            raise ValueError(f"{count!r} is no count")
        yield Standing(standing), count


def _answers(value: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
    for each in value:
        handshake_id = _id(each["handshake_id"], _HANDSHAKE_ID)
        if handshake_id is None or each["state"] not in _ANSWERS:
            raise ValueError(f"{each!r} is no answer")
        yield Answer(handshake_id, _id(each["account_id"], ids.ACCOUNT_ID), each["state"])


def _foreign(name: str) -> HistoryUnusableError:
    return HistoryUnusableError(
        f"The file {name} is no history that org-features has written.",
        "Nothing was written. Name a new file, or the one that earlier reports were given.",
    )


def _damaged(name: str, number: int, why: str) -> HistoryUnusableError:
    return HistoryUnusableError(
        f"The history {name} is damaged in line {number}: {why}.",
        "Nothing was written. Fix or remove that line, or name a new file.",
    )
