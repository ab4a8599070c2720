"""A report, out of what was seen, remembered and recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.migration.approval_requests import deadline, requests
from aws_org_features.model.migration import Status
from aws_org_features.model.organizations import PENDING_STATES, Accounts
from aws_org_features.views.approval_kit import Asked, Request, commands, outstanding
from aws_org_features.views.report.cloudtrail import Evidence
from aws_org_features.views.report.history import History, run_of
from aws_org_features.views.report.values import OUTSTANDING, Entry, Point, Report, Source, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import AccountDetails
    from aws_org_features.views.report.values import Event, Move, Sighting

_BY_STATE: Final = {
    **dict.fromkeys(PENDING_STATES, Standing.PENDING),
    "ACCEPTED": Standing.APPROVED,
    "CANCELED": Standing.CANCELED,
    "DECLINED": Standing.DECLINED,
    "EXPIRED": Standing.EXPIRED,
}
_BY_CALL: Final = {"AcceptHandshake": Standing.APPROVED, "DeclineHandshake": Standing.DECLINED}
_UNTOLD: Final = frozenset({Standing.UNKNOWN, Standing.UNLISTED})
"""Standings that AWS doesn't report, so that others are asked."""
_URGENCY: Final = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class Looked:
    """AWS's answers.

    Attributes:
        seen: The migration, with its approvals where AWS lists them.
        now: What that means.
        details: The organization's accounts; None where the caller may not list them.
        at: When, UTC.
        handshakes_listed: False where the caller may not list handshakes.
    """

    seen: Observation
    now: Assessment
    details: Mapping[str, AccountDetails] | None
    at: datetime
    handshakes_listed: bool = True


def report_of(looked: Looked, history: History | None = None, evidence: Evidence | None = None) -> Report:
    """Make a report.

    Args:
        looked: What was seen in AWS.
        history: What earlier reports saw; None where no history is kept.
        evidence: What CloudTrail recorded; None where nothing was given.
    """
    seen, now = looked.seen, looked.now
    remembered, recorded = history or History(), evidence or Evidence()
    migration = seen.parent.id if seen.parent else remembered.latest_migration()
    entries = _with_memories(_entries(looked), remembered.sightings(migration))
    events = recorded.about(migration, {entry.handshake_id for entry in entries} - {""})
    moves = _moves(seen, recorded)
    entries = _with_departures(_with_evidence(entries, events), moves)
    report = Report(
        generated_at=looked.at,
        organization=seen.organization,
        status=now.status,
        handshake=seen.parent,
        expires_at=deadline(seen, now),
        entries=tuple(sorted(_with_commands(entries, outstanding(seen, now)), key=_by_urgency)),
        approvals_shown=bool(seen.children),
        handshakes_listed=looked.handshakes_listed,
        accounts_listed=looked.details is not None,
        events=tuple(event for event in events if event.handshake_id == migration),
        moves=moves,
        sources=recorded.files,
        history=remembered.name,
    )
    return report if history is None else _with_progress(report, history, migration)


def _with_progress(report: Report, history: History, migration: str | None) -> Report:
    """Add what reports about the migration counted; and this one's own first sightings."""
    sightings = history.with_run(run_of(report, history)).sightings(migration)
    return replace(
        report,
        entries=tuple(_sighted(entry, sightings) for entry in report.entries),
        progress=(*history.progress(migration), Point(report.generated_at, report.counts)),
    )


def _sighted(entry: Entry, sightings: Mapping[str, Sighting]) -> Entry:
    found = sightings.get(entry.handshake_id)
    return replace(entry, sighting=found) if found and found.state == entry.state else entry


def _by_urgency(entry: Entry) -> tuple[int, str, str]:
    return _URGENCY[entry.standing], entry.account_id or "", entry.handshake_id


def _entries(looked: Looked) -> Iterator[Entry]:
    """The accounts and their requests, as AWS shows them: one an account, or two where it is asked twice."""
    details = looked.details or {}
    known = Accounts.of(details.values()) if details else None
    asked = set()
    for each in requests(looked.seen, looked.now, known):
        # One that contradicts itself may be anybody's.
        if not each.unclear:
            asked.add(each.account_id)
            yield _asked(each)
    for account in details.values():
        if account.id not in asked:
            yield _unasked(account, looked)


def _asked(request: ApprovalRequest) -> Entry:
    entry = Entry(
        _BY_STATE.get(request.state, Standing.UNKNOWN),
        account_id=request.account_id or None,
        member=not request.left,
        handshake_id=request.handshake_id,
        action=request.action,
        state=request.state,
    )
    return _known_as(entry, request.account) if request.account else entry


def _unasked(account: AccountDetails, looked: Looked) -> Entry:
    management = account.id == looked.seen.organization.management_account_id
    if management or account.joined != "INVITED":
        standing = Standing.EXEMPT
    else:
        started = looked.now.status is not Status.NOT_STARTED
        standing = Standing.UNLISTED if started else Standing.NOT_ASKED
    return _known_as(Entry(standing, account_id=account.id, management=management), account)


def _known_as(entry: Entry, account: AccountDetails) -> Entry:
    return replace(
        entry,
        name=account.name,
        email=account.email,
        joined=account.joined,
        account_state=account.state,
        active=account.active,
    )


def _with_memories(entries: Iterable[Entry], sightings: Mapping[str, Sighting]) -> list[Entry]:
    """Add what earlier reports saw: it stands in for what AWS no longer lists."""
    by_account = {seen.account_id: (id_, seen) for id_, seen in sightings.items() if seen.account_id}

    def remembered(entry: Entry) -> Entry:
        if entry.standing not in _UNTOLD or entry.account_id not in by_account:
            return _sighted(entry, sightings)
        handshake_id, sighting = by_account[entry.account_id]
        return replace(
            entry,
            standing=_BY_STATE[sighting.state],
            source=Source.HISTORY,
            handshake_id=handshake_id,
            state=sighting.state,
            sighting=sighting,
        )

    return [remembered(entry) for entry in entries]


def _with_evidence(entries: Iterable[Entry], events: Iterable[Event]) -> list[Entry]:
    """Add what CloudTrail recorded: it stands in for what AWS doesn't show."""
    by_request: dict[str, list[Event]] = {}
    by_account: dict[str, list[Event]] = {}
    for event in events:
        by_request.setdefault(event.handshake_id, []).append(event)
        if event.parent_id:
            by_account.setdefault(event.account_id, []).append(event)

    def recorded(entry: Entry) -> Entry:
        if entry.handshake_id:
            return replace(entry, events=tuple(by_request.get(entry.handshake_id, ())))
        found = by_account.get(entry.account_id or "", [])
        entry = replace(entry, events=tuple(found))
        answers = [event for event in found if event.name in _BY_CALL and not event.error]
        if entry.standing not in _UNTOLD or not answers:
            return entry
        last = answers[-1]
        return replace(
            entry,
            standing=_BY_CALL[last.name],
            source=Source.EVIDENCE,
            handshake_id=last.handshake_id,
        )

    return [recorded(entry) for entry in entries]


def _moves(seen: Observation, recorded: Evidence) -> tuple[Move, ...]:
    """The last move of each account since the migration was begun, of those that are this organization's."""
    organization, begun = seen.organization, seen.parent.requested_at if seen.parent else None
    last: dict[str, Move] = {}
    for move in recorded.moves:
        ours = move.management_account_id in {"", organization.management_account_id}
        if ours and (begun is None or move.at >= begun):
            last.pop(move.account_id, None)
            last[move.account_id] = move
    return tuple(last.values())


def _with_departures(entries: Iterable[Entry], moves: Iterable[Move]) -> list[Entry]:
    """Add how and when accounts left that are no members any longer."""
    gone = {move.account_id: move for move in moves if not move.joined}
    return [
        entry if entry.member else replace(entry, departure=gone.get(entry.account_id or ""))
        for entry in entries
    ]


def _with_commands(entries: Iterable[Entry], request: Request) -> Iterator[Entry]:
    """Add the commands that their owners type."""
    askable = bool(request.accounts)
    for entry in entries:
        if askable and entry.standing in OUTSTANDING and entry.account_id:
            asked = Asked(entry.account_id, handshake_id=entry.handshake_id or None)
            yield replace(entry, command=commands.accept(request, asked))
        else:
            yield entry
