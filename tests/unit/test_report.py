"""Statements of a report about each account and the whole, and their sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.model.migration import Status
from aws_org_features.model.organizations import AccountDetails, Handshake
from aws_org_features.views.report import Source, Standing
from aws_org_features.views.report.labels import EXPLANATIONS, LABELS, answered, told_by
from aws_org_features.views.report.messages import story
from aws_org_features.views.report.timeline import timeline
from tests.unit import values
from tests.unit.report_values import (
    CREATED,
    FIRST,
    SECOND,
    THIRD,
    details,
    event,
    evidence,
    move,
    remembered,
    report,
)

if TYPE_CHECKING:
    from aws_org_features.views.report import Entry, Move, Report

ALL = {"organization": values.ALL}


def standings(made: Report) -> dict[str | None, Standing]:
    return {entry.account_id: entry.standing for entry in made.entries}


def entry_of(made: Report, account_id: str | None) -> Entry:
    (found,) = [entry for entry in made.entries if entry.account_id == account_id]
    return found


# How each account stands


@pytest.mark.parametrize(
    ("made", "first", "second", "third"),
    [
        (report("ACCEPTED", "OPEN", "REQUESTED"), "APPROVED", "PENDING", "PENDING"),
        (report("ACCEPTED", "DECLINED", "OPEN"), "APPROVED", "DECLINED", "PENDING"),
        (report("ACCEPTED", "OPEN"), "APPROVED", "PENDING", "UNLISTED"),
        (report(), "UNKNOWN", "UNKNOWN", "UNKNOWN"),
        (report(parent=values.parent("OPEN")), "UNKNOWN", "UNKNOWN", "UNKNOWN"),
        (
            report("ACCEPTED", "ACCEPTED", "ACCEPTED", parent=values.parent("OPEN")),
            "APPROVED",
            "APPROVED",
            "APPROVED",
        ),
        (
            report("ACCEPTED", "EXPIRED", "EXPIRED", parent=values.parent("EXPIRED")),
            "APPROVED",
            "EXPIRED",
            "EXPIRED",
        ),
        (
            report("ACCEPTED", "CANCELED", "OPEN", parent=values.parent("CANCELED")),
            "APPROVED",
            "CANCELED",
            "PENDING",
        ),
        (report(parent=None), "NOT_ASKED", "NOT_ASKED", "NOT_ASKED"),
        (report(parent=None, **ALL), "UNLISTED", "UNLISTED", "UNLISTED"),
        (
            report("ACCEPTED", "ACCEPTED", parent=values.parent("ACCEPTED"), **ALL),
            "APPROVED",
            "APPROVED",
            "UNLISTED",
        ),
    ],
    ids=str,
)
def test_the_standings_of_accounts(made: Report, first: str, second: str, third: str) -> None:
    found = standings(made)
    assert [found[each] for each in (FIRST, SECOND, THIRD)] == [first, second, third]
    assert {found[CREATED], found[values.MANAGEMENT]} == {Standing.EXEMPT}
    assert sum(made.counts.values()) == len(made.entries) == 5


def test_those_that_somebody_must_do_something_about_come_first() -> None:
    made = report("ACCEPTED", "OPEN", "DECLINED")
    assert [entry.account_id for entry in made.entries] == [THIRD, SECOND, FIRST, values.MANAGEMENT, CREATED]


@pytest.mark.parametrize(
    ("states", "outstanding", "command"),
    [
        (
            ("ACCEPTED", "OPEN"),
            [SECOND],
            "aws organizations accept-handshake --handshake-id h-child0001",
        ),
        (
            (),
            [FIRST, SECOND, THIRD],
            'aws organizations accept-handshake --handshake-id "$(aws organizations',
        ),
    ],
)
def test_an_outstanding_account_has_its_command(
    states: tuple[str, ...], outstanding: list[str], command: str
) -> None:
    made = report(*states)
    assert [entry.account_id for entry in made.outstanding] == outstanding
    assert all(entry.command.startswith(command) for entry in made.outstanding)
    assert not [entry for entry in made.entries if entry.command and entry not in made.outstanding]


@pytest.mark.parametrize("state", ["EXPIRED", "CANCELED", "OPEN"])
def test_once_it_is_over_nobody_is_asked_to_approve(state: str) -> None:
    made = report(parent=values.parent(state))
    assert made.outstanding == ()
    assert not [entry for entry in made.entries if entry.command]


def test_a_suspended_account_and_one_that_has_left_are_reported() -> None:
    known = details(AccountDetails(SECOND, "Old", "old@example.com", "INVITED", "SUSPENDED"))
    del known[THIRD]
    made = report("OPEN", "OPEN", "DECLINED", known=known)
    assert (entry_of(made, SECOND).active, entry_of(made, SECOND).account_state) == (False, "SUSPENDED")
    assert [entry_of(made, each).member for each in (FIRST, SECOND, THIRD)] == [True, True, False]
    assert "1 more is suspended or closed" in story(made).act


def test_without_the_list_of_accounts_there_are_still_the_requests() -> None:
    made = report("OPEN", "ACCEPTED", known={})
    assert standings(made) == {FIRST: Standing.PENDING, SECOND: Standing.APPROVED}
    assert all(entry.member for entry in made.entries)
    assert not made.accounts_listed
    assert "ListAccounts was denied" in story(made).stand
    assert report(known={}).entries == ()


def test_a_request_that_aws_attributes_to_nobody_and_a_second_one_are_reported() -> None:
    nobodys = Handshake("h-nobodys01", "", "APPROVE_ALL_FEATURES", "OPEN", parent_id="h-parent0001")
    role = Handshake(
        "h-roles0001",
        "",
        "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE",
        "OPEN",
        account_id=FIRST,
        parent_id="h-parent0001",
    )
    made = report(children=(*values.children("ACCEPTED"), nobodys, role))
    assert [(e.account_id, e.handshake_id) for e in made.outstanding] == [
        (None, "h-nobodys01"),
        (FIRST, role.id),
    ]
    assert "AWS doesn't show the account of 1 of the requests." in story(made).stand


# What is remembered


def test_an_answer_is_first_seen_by_the_report_that_saw_it() -> None:
    history = remembered(("OPEN", "OPEN"), ("ACCEPTED", "OPEN"))
    made = report("ACCEPTED", "ACCEPTED", "DECLINED", history=history)
    seen = {id_: entry_of(made, id_).sighting for id_ in (FIRST, SECOND, THIRD)}
    day = timedelta(days=1)
    assert [(each.at, each.after, each.state) for each in seen.values() if each] == [
        (values.NOW - day, values.NOW - 2 * day, "ACCEPTED"),
        (values.NOW, values.NOW - day, "ACCEPTED"),
        (values.NOW, values.NOW - day, "DECLINED"),
    ]
    assert answered(entry_of(made, FIRST)) == (
        "first seen approved 2026-02-28 12:00 UTC, not yet 2026-02-27 12:00 UTC"
    )


def test_the_first_report_doesnt_know_since_when() -> None:
    made = report("ACCEPTED", "OPEN", history=remembered())
    told = answered(entry_of(made, FIRST))
    assert told == "first seen approved 2026-03-01 12:00 UTC, in the first report"
    assert answered(entry_of(made, SECOND)) == ""


def test_without_a_history_nothing_is_said_of_time() -> None:
    made = report("ACCEPTED", "OPEN")
    assert (made.progress, entry_of(made, FIRST).sighting, timeline(made)) == ((), None, None)


def test_requests_that_aws_no_longer_lists_are_remembered() -> None:
    made = report("OPEN", history=remembered(("OPEN", "ACCEPTED", "DECLINED")))
    second, third = entry_of(made, SECOND), entry_of(made, THIRD)
    assert (second.standing, second.source, second.handshake_id) == (
        Standing.APPROVED,
        Source.HISTORY,
        "h-child0001",
    )
    assert (third.standing, third.source) == (Standing.DECLINED, Source.HISTORY)
    assert told_by(second)
    assert not told_by(entry_of(made, FIRST))


def test_reports_of_an_earlier_migration_dont_count() -> None:
    history = remembered(("ACCEPTED", "ACCEPTED"), parent=values.parent("EXPIRED", "h-parent0000"))
    made = report("OPEN", history=history)
    assert entry_of(made, SECOND).standing is Standing.UNLISTED
    assert len(made.progress) == 1


def test_after_the_end_the_last_migration_is_remembered() -> None:
    made = report(parent=None, history=remembered(("ACCEPTED", "ACCEPTED", "OPEN")), **ALL)
    assert made.status is Status.ENABLED
    assert [standings(made)[each] for each in (FIRST, SECOND, THIRD)] == ["APPROVED", "APPROVED", "UNLISTED"]


# What was recorded


def test_events_are_joined_by_their_handshakes() -> None:
    begun = event("EnableAllFeatures", id="begun", account_id=values.MANAGEMENT, handshake_id="h-parent0001")
    refused = event(id="refused", error="AccessDenied")
    invitation = event(id="another", handshake_id="h-invitation", parent_id="")
    made = report("ACCEPTED", "OPEN", evidence=evidence(begun, refused, event(), invitation))
    assert [each.id for each in entry_of(made, FIRST).events] == ["refused", f"event-of-{FIRST}"]
    assert [each.id for each in made.events] == ["begun"]
    assert entry_of(made, SECOND).events == ()
    assert entry_of(made, FIRST).source is Source.AWS


@pytest.mark.parametrize(
    ("recorded", "standing", "source"),
    [
        (event(), Standing.APPROVED, Source.EVIDENCE),
        (event("DeclineHandshake"), Standing.DECLINED, Source.EVIDENCE),
        (event(error="AccessDenied"), Standing.UNKNOWN, Source.AWS),
        (event(parent_id=""), Standing.UNKNOWN, Source.AWS),
        (event(parent_id="h-parent0000"), Standing.UNKNOWN, Source.AWS),
        (event("CancelHandshake"), Standing.UNKNOWN, Source.AWS),
    ],
)
def test_cloudtrail_may_show_answers_that_aws_doesnt(
    recorded: Any, standing: Standing, source: Source
) -> None:
    made = report(evidence=evidence(recorded))
    first = entry_of(made, FIRST)
    assert (first.standing, first.source) == (standing, source)
    assert entry_of(made, SECOND).standing is Standing.UNKNOWN


def test_cloudtrail_doesnt_overrule_aws() -> None:
    made = report("OPEN", "OPEN", evidence=evidence(event()))
    assert entry_of(made, FIRST).standing is Standing.PENDING
    assert len(entry_of(made, FIRST).events) == 1


BEFORE = timedelta(days=2)
"""Longer ago than the migration was requested."""


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ([move(FIRST)], [FIRST]),
        ([move(FIRST), move(CREATED, "CREATED")], [FIRST, CREATED]),
        ([move(FIRST, at=values.NOW - BEFORE)], []),
        ([move(FIRST, management_account_id="888888888888")], []),
        ([move(FIRST, management_account_id="")], [FIRST]),
    ],
    ids=["went", "came", "before it was begun", "another organization's", "it doesn't say whose"],
)
def test_accounts_that_joined_or_left_since_the_start_are_reported(
    moves: list[Move], told: list[str]
) -> None:
    made = report("ACCEPTED", "OPEN", evidence=evidence(moves=tuple(moves)))
    assert [each.account_id for each in made.moves] == told


def test_without_a_migration_all_accounts_are_listed() -> None:
    made = report(parent=None, evidence=evidence(moves=(move(FIRST, at=values.NOW - BEFORE),)))
    assert [each.account_id for each in made.moves] == [FIRST]


def test_of_an_account_that_came_back_the_last_move_counts() -> None:
    left = move(FIRST, "LEFT", at=values.NOW - timedelta(hours=4))
    moves = (left, move(SECOND, at=values.NOW - timedelta(hours=3)), move(FIRST, "INVITED", at=values.NOW))
    made = report("ACCEPTED", "OPEN", evidence=evidence(moves=moves))
    assert [(each.account_id, each.joined) for each in made.moves] == [(SECOND, False), (FIRST, True)]


def test_the_report_says_how_former_members_left() -> None:
    known = {id_: each for id_, each in details().items() if id_ not in {SECOND, THIRD}}
    moves = (move(FIRST), move(SECOND, "LEFT"), move(THIRD, "INVITED"))
    made = report("ACCEPTED", "DECLINED", "DECLINED", known=known, evidence=evidence(moves=moves))
    departures = [entry_of(made, each).departure for each in (FIRST, SECOND, THIRD)]
    assert departures == [None, moves[1], None]


# What a reader wants to know


EXPIRED = values.parent("EXPIRED", age_days=91)


@pytest.mark.parametrize(
    ("made", "status", "headline", "who", "nothing"),
    [
        (
            report(parent=None),
            "NOT_STARTED",
            "Nobody has been asked yet",
            "The management account",
            "There is no deadline",
        ),
        (
            report("ACCEPTED", "OPEN", "OPEN"),
            "AWAITING_APPROVALS",
            "1 of 3 accounts has approved",
            "The owners of 2 accounts",
            "On 2026-05-29 12:00 UTC the request expires.",
        ),
        (
            report("ACCEPTED", "ACCEPTED", "OPEN"),
            "AWAITING_APPROVALS",
            "2 of 3 accounts have approved",
            "The owner of 1 account",
            "everyone must be asked again",
        ),
        (
            report(),
            "AWAITING_APPROVALS",
            "AWS doesn't show which of 3 accounts have approved",
            "The owners of 3 accounts",
            "expires",
        ),
        (
            report("ACCEPTED", "ACCEPTED", "ACCEPTED"),
            "AWAITING_APPROVALS",
            "3 of 3 accounts have approved",
            "Nobody that AWS shows",
            "expires",
        ),
        (
            report("ACCEPTED", "DECLINED", "OPEN"),
            "DECLINED",
            "1 account declined: this is blocked",
            "The management account 111111111111",
            "It can't be finalized. On 2026-05-29",
        ),
        (
            report("ACCEPTED", "DECLINED", "OPEN", parent=values.parent("DECLINED")),
            "DECLINED",
            "1 account declined: this is blocked",
            "The management account 111111111111",
            "Nothing changes",
        ),
        (
            report("ACCEPTED", "ACCEPTED", "ACCEPTED", parent=values.parent("OPEN")),
            "AWAITING_FINALIZATION",
            "Everyone has approved: ready to finalize",
            "The management account 111111111111",
            "expires",
        ),
        (
            report(parent=values.parent("OPEN")),
            "AWAITING_FINALIZATION",
            "Everyone has responded: ready to finalize",
            "The management account 111111111111",
            "expires",
        ),
        (
            report("ACCEPTED", "ACCEPTED", "ACCEPTED", parent=values.parent("ACCEPTED")),
            "AWAITING_FINALIZATION",
            "AWS is enabling all features",
            "Nobody",
            "gets all features",
        ),
        (
            report("ACCEPTED", "EXPIRED", "EXPIRED", parent=EXPIRED),
            "EXPIRED",
            "The request has expired",
            "The management account 111111111111",
            "There is no deadline.",
        ),
        (
            report("CANCELED", "CANCELED", "ACCEPTED", parent=values.parent("CANCELED")),
            "CANCELED",
            "The request was canceled",
            "The management account 111111111111",
            "There is no deadline.",
        ),
        (report(parent=None, **ALL), "ENABLED", "All features are enabled", "Nobody", "Nothing changes."),
    ],
    ids=str,
)
def test_where_it_stands_who_must_act_and_what_if_nobody_does(
    made: Report, status: str, headline: str, who: str, nothing: str
) -> None:
    told = story(made)
    assert (made.status, told.headline) == (status, headline)
    assert told.who.startswith(who)
    assert nothing in told.nothing
    assert ("expires" in told.nothing) == (made.expires_at is not None)
    assert told.stand.endswith(".")
    assert told.act.endswith(".")


def test_every_status_has_a_story() -> None:
    for status in Status:
        assert story(replace(report("OPEN"), status=status)).headline


def test_only_some_of_many_are_named() -> None:
    many = tuple(
        replace(values.children("OPEN")[0], id=f"h-many{n:04}", account_id=f"{n:012}") for n in range(9)
    )
    told = story(report(children=many))
    assert (len(told.named), told.more) == (4, 5)


def test_every_standing_has_its_words() -> None:
    assert list(LABELS) == list(EXPLANATIONS) == list(Standing)
    assert len(set(LABELS.values())) == len(Standing)


# Progress over time


def test_the_drawing_steps_up_where_a_report_saw_it() -> None:
    history = remembered(("OPEN", "OPEN"), ("OPEN", "OPEN"), ("ACCEPTED", "OPEN"))
    drawn = timeline(report("ACCEPTED", "ACCEPTED", history=history, parent=values.parent(age_days=45)))
    assert drawn is not None
    assert (drawn.begin, drawn.end, drawn.deadline) == (
        values.NOW - timedelta(days=45),
        values.NOW + timedelta(days=45),
        True,
    )
    assert [point.at for point in drawn.points] == [values.NOW - timedelta(days=days) for days in (3, 1, 0)]
    assert drawn.line == "M466.7 100.0H488.9V50.0H500.0V0.0"
    assert drawn.dots.count("M") == 3
    assert (drawn.top, drawn.standings) == (2, (Standing.APPROVED, Standing.PENDING))


def test_one_report_draws_nothing() -> None:
    assert timeline(report("OPEN", history=remembered())) is None
