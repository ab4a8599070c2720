"""The meaning of an observation: every state of the parent, with what its children and the record add."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aws_org_features.migration.assess import assess, next_look
from aws_org_features.migration.state import carry, outputs, recorded_from
from aws_org_features.model.migration import (
    NOTHING_RECORDED,
    Approvals,
    Desired,
    Look,
    Observation,
    Recorded,
    Status,
    Waiting,
)
from aws_org_features.model.organizations import Accounts
from tests.unit.values import ALL, INVITED, MANAGEMENT, accounts, children, parent, record, seen

DECLINED_BY_FIRST = Waiting(INVITED[0], "h-child0000", "APPROVE_ALL_FEATURES", "DECLINED")


@pytest.mark.parametrize(
    ("state", "children_states", "status"),
    [
        ("REQUESTED", ("OPEN", "OPEN", "OPEN"), Status.AWAITING_APPROVALS),
        ("REQUESTED", ("REQUESTED", "ACCEPTED", "OPEN"), Status.AWAITING_APPROVALS),
        ("REQUESTED", ("ACCEPTED", "ACCEPTED", "ACCEPTED"), Status.AWAITING_APPROVALS),
        ("REQUESTED", ("DECLINED", "ACCEPTED", "OPEN"), Status.DECLINED),
        ("REQUESTED", (), Status.AWAITING_APPROVALS),
        ("OPEN", None, Status.AWAITING_FINALIZATION),
        ("OPEN", ("ACCEPTED", "DECLINED"), Status.DECLINED),
        ("OPEN", ("ACCEPTED", "ACCEPTED"), Status.AWAITING_FINALIZATION),
        ("ACCEPTED", None, Status.AWAITING_FINALIZATION),
        ("CANCELED", None, Status.CANCELED),
        ("DECLINED", ("DECLINED",), Status.DECLINED),
        ("EXPIRED", ("EXPIRED", "ACCEPTED"), Status.EXPIRED),
        ("EXPIRED", ("EXPIRED", "DECLINED"), Status.DECLINED),
    ],
)
def test_status_follows_the_parent_and_then_a_decline(
    state: str, children_states: tuple[str, ...] | None, status: Status
) -> None:
    shown = None if children_states is None else children(*children_states)
    now = assess(NOTHING_RECORDED, seen(parent(state), children=shown, accounts=accounts()))
    assert now.status is status


def test_all_features_are_enabled_even_if_the_handshakes_say_otherwise() -> None:
    now = assess(NOTHING_RECORDED, seen(parent("REQUESTED"), organization=ALL))
    assert now.status is Status.ENABLED


def test_pending_children_are_counted_alike_with_each_of_awss_words() -> None:
    now = assess(NOTHING_RECORDED, seen(parent(), children=children("OPEN", "REQUESTED", "ACCEPTED")))
    assert now.approvals == Approvals(required=3, accepted=1, pending=2)
    assert [w.account_id for w in now.waiting_for] == list(INVITED[:2])


def test_no_children_never_means_done() -> None:
    now = assess(NOTHING_RECORDED, seen(parent(), children=(), accounts=accounts()))
    assert now.status is Status.AWAITING_APPROVALS
    assert now.approvals == Approvals(required=3, unknown=3)
    assert now.waiting_for == ()


def test_those_who_declined_come_first() -> None:
    now = assess(NOTHING_RECORDED, seen(parent(), children=children("OPEN", "ACCEPTED", "DECLINED")))
    assert [(w.account_id, w.state) for w in now.waiting_for] == [
        (INVITED[2], "DECLINED"),
        (INVITED[0], "OPEN"),
    ]


def test_an_account_that_declined_and_left_holds_nothing_up() -> None:
    left = accounts(MANAGEMENT, *INVITED[1:])
    now = assess(NOTHING_RECORDED, seen(parent(), children=children("DECLINED", "OPEN"), accounts=left))
    assert now.status is Status.AWAITING_APPROVALS
    assert [w.account_id for w in now.waiting_for] == [INVITED[1]]


def test_a_refusal_that_aged_out_still_counts() -> None:
    then = record(
        Status.DECLINED,
        parent(),
        approvals=Approvals(2, declined=1, pending=1),
        waiting_for=(DECLINED_BY_FIRST,),
    )
    now = assess(then, seen(parent("EXPIRED"), children=(), accounts=accounts()))
    assert now.status is Status.DECLINED
    assert now.waiting_for == (DECLINED_BY_FIRST,)


def test_approvals_that_aged_out_are_not_lost() -> None:
    then = record(Status.AWAITING_APPROVALS, parent(), approvals=Approvals(3, accepted=2, pending=1))
    now = assess(then, seen(parent(), children=children("OPEN")))
    assert now.approvals == Approvals(required=3, accepted=2, pending=1)


def test_a_pending_approval_that_vanished_is_unknown_and_not_given() -> None:
    then = record(Status.AWAITING_APPROVALS, parent(), approvals=Approvals(3, accepted=1, pending=2))
    now = assess(then, seen(parent(), children=children("ACCEPTED", "OPEN")))
    assert now.approvals == Approvals(required=3, accepted=1, pending=1, unknown=1)


def test_an_account_that_joins_late_is_required_too() -> None:
    then = record(Status.AWAITING_APPROVALS, parent(), approvals=Approvals(2, accepted=1, pending=1))
    now = assess(then, seen(parent(), children=children("ACCEPTED", "OPEN", "OPEN")))
    assert now.approvals == Approvals(required=3, accepted=1, pending=2)


@pytest.mark.parametrize(
    ("observation", "approvals"),
    [
        (seen(parent("OPEN")), Approvals(3, accepted=1, unknown=2)),
        (seen(parent("ACCEPTED")), Approvals(3, accepted=3)),
        (seen(parent("ACCEPTED"), organization=ALL), Approvals(3, accepted=3)),
    ],
)
def test_an_open_parent_means_that_everyone_responded_and_an_accepted_one_that_all_approved(
    observation: Observation, approvals: Approvals
) -> None:
    then = record(Status.AWAITING_APPROVALS, parent(), approvals=Approvals(3, accepted=1, pending=2))
    assert assess(then, observation).approvals == approvals


def test_counts_of_an_earlier_migration_are_not_carried_over() -> None:
    then = record(Status.EXPIRED, parent("EXPIRED", "h-earlier001"), approvals=Approvals(9, accepted=9))
    now = assess(then, seen(parent(), children=children("OPEN")))
    assert now.approvals == Approvals(required=1, pending=1)


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVALS, Status.AWAITING_FINALIZATION])
def test_a_migration_that_is_no_longer_listed_counts_as_canceled(status: Status) -> None:
    now = assess(record(status, parent()), seen(None))
    assert now.status is Status.CANCELED
    assert not now.listed


@pytest.mark.parametrize("status", [Status.CANCELED, Status.DECLINED, Status.EXPIRED])
def test_the_end_of_a_migration_is_remembered_once_it_has_aged_out(status: Status) -> None:
    assert assess(record(status, parent("CANCELED")), seen(None)).status is status


def test_an_older_migration_that_is_still_listed_does_not_stand_for_the_recorded_one() -> None:
    then = record(Status.CANCELED, parent("CANCELED", "h-newer00001", age_days=1))
    now = assess(then, seen(parent("EXPIRED", "h-older00001", age_days=100)))
    assert now.status is Status.CANCELED
    assert now.handshake == parent("CANCELED", "h-newer00001", age_days=1)


def test_nothing_at_all_is_not_started() -> None:
    assert assess(NOTHING_RECORDED, seen(None)).status is Status.NOT_STARTED


def test_approvals_under_way_without_a_listed_parent_are_a_migration() -> None:
    now = assess(NOTHING_RECORDED, seen(None, children=children("OPEN", "ACCEPTED")))
    assert now.status is Status.AWAITING_APPROVALS
    assert now.handshake is None


@pytest.mark.parametrize(
    ("recorded", "observation", "look"),
    [
        (NOTHING_RECORDED, replace(seen(None), parent_sought=False), Look.PARENT),
        (NOTHING_RECORDED, replace(seen(None, organization=ALL), parent_sought=False), None),
        (
            record(Status.AWAITING_APPROVALS, parent()),
            replace(seen(None, organization=ALL), parent_sought=False),
            Look.PARENT,
        ),
        (NOTHING_RECORDED, seen(None), None),
        (NOTHING_RECORDED, seen(parent("REQUESTED")), Look.CHILDREN),
        (NOTHING_RECORDED, seen(parent("OPEN")), None),
        (NOTHING_RECORDED, seen(parent("OPEN"), refused=True), Look.CHILDREN),
        (NOTHING_RECORDED, seen(parent("OPEN"), refused=True, children=()), Look.ACCOUNTS),
        (record(Status.DECLINED, parent("REQUESTED")), seen(parent("OPEN")), None),
        (record(Status.DECLINED, parent("OPEN")), seen(parent("OPEN")), Look.CHILDREN),
        (NOTHING_RECORDED, seen(parent("CANCELED")), None),
        (NOTHING_RECORDED, seen(parent("EXPIRED")), Look.CHILDREN),
        (NOTHING_RECORDED, seen(parent(), children=children("OPEN")), None),
        (NOTHING_RECORDED, seen(parent(), children=()), Look.ACCOUNTS),
        (NOTHING_RECORDED, seen(parent(), children=children("DECLINED")), Look.ACCOUNTS),
        (NOTHING_RECORDED, seen(parent(), children=children("DECLINED"), accounts=accounts()), None),
    ],
)
def test_only_what_the_answer_needs_is_asked(
    recorded: Recorded, observation: Observation, look: Look | None
) -> None:
    assert next_look(Desired("o-exampleorg1"), recorded, observation) is look


@pytest.mark.parametrize(
    ("approvals", "look"),
    [(Approvals(), Look.CHILDREN), (Approvals(2, 1, 1), Look.CHILDREN), (Approvals(2, 2), None)],
)
def test_where_nothing_is_finalized_the_children_tell_once_whether_everyone_approved(
    approvals: Approvals, look: Look | None
) -> None:
    desired = Desired("o-exampleorg1", finalize=False)
    then = record(Status.AWAITING_FINALIZATION, parent("OPEN"), approvals=approvals)
    assert next_look(desired, then, seen(parent("OPEN"))) is look


def test_a_refusal_whose_reason_is_hidden_is_a_decline_until_somebody_leaves() -> None:
    refused = seen(parent("OPEN"), children=(), accounts=accounts(), refused=True)
    first = assess(NOTHING_RECORDED, refused)
    assert first.status is Status.DECLINED
    assert first.approvals == Approvals(required=3, unknown=3)

    then = record(first.status, first.handshake, approvals=first.approvals)
    again = seen(parent("OPEN"), children=(), accounts=accounts())
    assert assess(then, again).status is Status.DECLINED
    left = seen(parent("OPEN"), children=(), accounts=accounts(invited=INVITED[:2]))
    assert assess(then, left).status is Status.AWAITING_FINALIZATION
    unlisted = seen(parent("OPEN"), children=(), accounts=Accounts(known=False))
    assert assess(then, unlisted).status is Status.DECLINED, (
        "that nobody is listed doesn't mean that one left"
    )


def test_a_decline_before_the_parent_opened_is_settled_by_its_opening() -> None:
    then = record(Status.DECLINED, parent("REQUESTED"), waiting_for=(DECLINED_BY_FIRST,))
    assert assess(then, seen(parent("OPEN"))).status is Status.AWAITING_FINALIZATION


def test_pending_requests_are_canceled_with_their_parent() -> None:
    then = record(Status.AWAITING_APPROVALS, parent(), approvals=Approvals(3, accepted=1, pending=2))
    assert assess(then, seen(parent("CANCELED"))).approvals == Approvals(3, accepted=1, canceled=2)


def test_a_handshake_that_was_unfinished_and_is_gone_is_not_claimed_to_have_ended_well() -> None:
    now = assess(record(Status.AWAITING_APPROVALS, parent()), seen(None, organization=ALL))
    assert (now.status, now.handshake) == (Status.ENABLED, None)


def test_a_migration_without_a_listed_parent_that_vanishes_is_not_started_again() -> None:
    then = record(Status.AWAITING_APPROVALS, None)
    assert assess(then, seen(None)).status is Status.CANCELED


def test_approvals_without_a_listed_parent_keep_the_parent_that_was_recorded() -> None:
    now = assess(record(Status.AWAITING_APPROVALS, parent()), seen(None, children=children("OPEN")))
    assert now.handshake == parent()
    declined = assess(NOTHING_RECORDED, seen(None, children=children("OPEN", "DECLINED")))
    assert declined.status is Status.DECLINED


def test_where_accounts_may_not_be_listed_a_decline_counts() -> None:
    unlisted = Accounts(known=False)
    now = assess(NOTHING_RECORDED, seen(parent(), children=children("DECLINED"), accounts=unlisted))
    assert now.status is Status.DECLINED
    hidden = assess(NOTHING_RECORDED, seen(parent(), children=(), accounts=unlisted))
    assert hidden.status is Status.AWAITING_APPROVALS


states = st.sampled_from(
    ["REQUESTED", "OPEN", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED", "SOMETHING_NEW"]
)


@given(
    state=st.sampled_from(["REQUESTED", "OPEN", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"]),
    child_states=st.none() | st.lists(states, max_size=3).map(tuple),
    before=st.lists(states, max_size=3).map(tuple),
    members=st.none() | st.sets(st.sampled_from(INVITED)),
)
def test_looking_twice_changes_nothing(
    state: str,
    child_states: tuple[str, ...] | None,
    before: tuple[str, ...],
    members: set[str] | None,
) -> None:
    """A refresh records; the diff right after it must find nothing more to record."""
    desired = Desired("o-exampleorg1")
    first = assess(NOTHING_RECORDED, seen(parent(), children=children(*before)))
    known = None if members is None else Accounts(frozenset(members), frozenset(members))
    shown = None if child_states is None else children(*child_states)
    again = seen(parent(state), children=shown, accounts=known)

    earlier = recorded_from(outputs(desired, again.organization, Recorded(first)))
    assume(next_look(desired, earlier, again) is None)
    once = outputs(desired, again.organization, carry(desired, earlier, assess(earlier, again)))
    read_back = recorded_from(once)
    assume(next_look(desired, read_back, again) is None)
    twice = outputs(desired, again.organization, carry(desired, read_back, assess(read_back, again)))
    assert twice == once


@given(before=st.lists(states, max_size=3).map(tuple), after=st.lists(states, max_size=3).map(tuple))
def test_approvals_never_run_backwards_while_the_migration_is_the_same(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    first = assess(NOTHING_RECORDED, seen(parent(), children=children(*before), accounts=accounts()))
    then = record(first.status, first.handshake, approvals=first.approvals)
    now = assess(then, seen(parent(), children=children(*after), accounts=accounts()))
    assert now.approvals.accepted >= first.approvals.accepted
    counts = now.approvals
    parts = (
        counts.accepted,
        counts.pending,
        counts.declined,
        counts.expired,
        counts.canceled,
        counts.unknown,
    )
    assert counts.required == sum(parts)
    assert min(parts) >= 0
