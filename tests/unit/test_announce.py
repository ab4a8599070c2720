"""The announcement of a run is complete, and nothing else is done: the pure part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aws_org_features.migration.announce import as_found, foresee, from_found, limit
from aws_org_features.model.migration import (
    NOTHING_RECORDED,
    Action,
    Approvals,
    Approver,
    Assessment,
    Decision,
    Desired,
    Recorded,
    Status,
    Waiting,
    WaitUntil,
)
from aws_org_features.model.organizations import Handshake
from aws_org_features.model.steps import (
    ALL_ENABLED,
    FINALIZED,
    NO_STEPS,
    NOTHING,
    THE_NEW_ONE,
    Steps,
    as_input,
    from_input,
    unlike,
    without_a_look,
)

ONE, TWO, THREE = "222222222222", "333333333333", "444444444444"
ASKED = frozenset({ONE, TWO, THREE})
MIGRATION = "h-parent0001"
PLAIN = Desired("o-exampleorg1")
APPROVER = Approver("arn:{partition}:iam::{account_id}:role/approver")
SOME = replace(APPROVER, exclude=frozenset({THREE}))


def at(status: Status, state: str = "REQUESTED", *waiting: str, **more: Any) -> Assessment:
    """A migration that stands so, and waits for some accounts."""
    approvals = Approvals(3, accepted=3 - len(waiting), pending=len(waiting))
    return Assessment(
        status,
        Handshake(MIGRATION, "", "", state),
        **{
            "approvals": approvals,
            "waiting_for": tuple(Waiting(each, f"h-{each}", "", "OPEN") for each in waiting),
            **more,
        },
    )


NOT_STARTED = Assessment(Status.NOT_STARTED)
WAITS = at(Status.AWAITING_APPROVALS, "REQUESTED", ONE, TWO, THREE)
DECLINED = at(
    Status.DECLINED,
    waiting_for=(Waiting(ONE, "h-1", "", "DECLINED"), Waiting(TWO, "h-2", "", "OPEN")),
)
AWAITED = Steps(finalize=MIGRATION, awaited=True)
START = f"asks 3 accounts ({ONE}, {TWO}, {THREE})"

FORESEEN = {
    "start": (PLAIN, NOT_STARTED, Steps(start=START)),
    "start, nobody to ask": (PLAIN, NOT_STARTED, Steps(start="asks nobody", finalize=THE_NEW_ONE)),
    "start, with an approver of all": (
        replace(PLAIN, approver=APPROVER),
        NOT_STARTED,
        Steps(START, (ONE, TWO, THREE), THE_NEW_ONE, THE_NEW_ONE),
    ),
    "start, with an approver of some": (
        replace(PLAIN, approver=SOME),
        NOT_STARTED,
        Steps(START, (ONE, TWO), THE_NEW_ONE),
    ),
    "start, and wait for the owners": (
        replace(PLAIN, wait_until=WaitUntil.ENABLED),
        NOT_STARTED,
        Steps(START, finalize=THE_NEW_ONE),
    ),
    "start, finalize another": (
        replace(PLAIN, approver=APPROVER, finalize="h-another001"),
        NOT_STARTED,
        Steps(START, (ONE, TWO, THREE), THE_NEW_ONE),
    ),
    "wait": (PLAIN, WAITS, NO_STEPS),
    "wait, and stay": (replace(PLAIN, wait_until=WaitUntil.APPROVED), WAITS, AWAITED),
    "approve for all": (
        replace(PLAIN, approver=APPROVER),
        WAITS,
        Steps(approve=(ONE, TWO, THREE), migration=MIGRATION, finalize=MIGRATION),
    ),
    "approve for all, never finalize": (
        replace(PLAIN, approver=APPROVER, finalize=False),
        WAITS,
        Steps(approve=(ONE, TWO, THREE), migration=MIGRATION),
    ),
    "approve for all, finalize another": (
        replace(PLAIN, approver=APPROVER, finalize="h-another001"),
        WAITS,
        Steps(approve=(ONE, TWO, THREE), migration=MIGRATION),
    ),
    "approve for some": (
        replace(PLAIN, approver=SOME),
        WAITS,
        Steps(approve=(ONE, TWO), migration=MIGRATION),
    ),
    "one is left that AWS doesn't name": (
        replace(PLAIN, approver=APPROVER),
        replace(WAITS, waiting_for=(*WAITS.waiting_for, Waiting("", "h-9", "", "OPEN"))),
        Steps(approve=(ONE, TWO, THREE), migration=MIGRATION),
    ),
    "AWS has yet to say that all have approved": (
        PLAIN,
        at(Status.AWAITING_APPROVALS),
        AWAITED,
    ),
    "finalize": (PLAIN, at(Status.AWAITING_FINALIZATION, "OPEN"), Steps(finalize=MIGRATION)),
    "finalize this one": (
        replace(PLAIN, finalize=MIGRATION),
        at(Status.AWAITING_FINALIZATION, "OPEN"),
        Steps(finalize=MIGRATION),
    ),
    "finalize another": (
        replace(PLAIN, finalize="h-another001"),
        at(Status.AWAITING_FINALIZATION, "OPEN"),
        NO_STEPS,
    ),
    "expired": (PLAIN, at(Status.EXPIRED, "EXPIRED"), Steps(start=START)),
    "canceled": (PLAIN, at(Status.CANCELED, "CANCELED"), NO_STEPS),
    "canceled, raised": (
        replace(PLAIN, attempt=2),
        at(Status.CANCELED, "CANCELED"),
        Steps(start=START),
    ),
    "declined": (PLAIN, DECLINED, NO_STEPS),
    "declined, with an approver": (
        replace(PLAIN, approver=APPROVER),
        DECLINED,
        Steps(approve=(TWO,), migration=MIGRATION),
    ),
    "declined, raised": (replace(PLAIN, attempt=2), DECLINED, Steps(START, cancel=MIGRATION)),
    "enabled": (PLAIN, at(Status.ENABLED, "ACCEPTED"), NO_STEPS),
}


@pytest.mark.parametrize("case", FORESEEN)
def test_all_that_a_run_may_do_is_announced(case: str) -> None:
    desired, now, steps = FORESEEN[case]
    recorded = Recorded(now) if now.handshake else NOTHING_RECORDED
    asked = frozenset() if "nobody" in case else ASKED
    assert foresee(desired, recorded, now, asked) == steps


def test_another_migration_than_the_recorded_one_is_not_canceled() -> None:
    recorded = Recorded(replace(DECLINED, handshake=Handshake("h-another001", "", "", "CANCELED")))
    assert foresee(replace(PLAIN, attempt=2), recorded, DECLINED, ASKED) == NO_STEPS


def test_many_accounts_are_shown_by_a_digest_that_changes_with_them() -> None:
    many = {f"{number:012}" for number in range(100000000001, 100000000061)}
    told = {
        foresee(PLAIN, NOTHING_RECORDED, NOT_STARTED, asked).start for asked in (many, many - {min(many)})
    }
    assert len(told) == 2
    assert all("sha256" in text for text in told)


@pytest.mark.parametrize("case", FORESEEN)
def test_steps_come_back_from_an_input(case: str) -> None:
    steps = FORESEEN[case][2]
    assert from_input(as_input(steps)) == steps
    assert as_input(NO_STEPS, ALL_ENABLED) == {"none": ALL_ENABLED}


REPEATED = ("wait", "approve for all", "approve for some", "finalize", "declined, raised", "canceled, raised")


@pytest.mark.parametrize("case", REPEATED)
def test_a_refreshs_findings_give_the_same_steps(case: str) -> None:
    desired, now, steps = FORESEEN[case]
    found = as_found(1, now)
    # Only a look can find out whom a new migration asks.
    unseen = replace(steps, start="asks every invited account") if steps.start else steps
    assert from_found(found, desired) == unseen
    assert from_found({"none": NOTHING}, desired) is None


LIMITS = {
    "start": (Decision(Action.START, ""), Steps(start=START), True),
    "start, unannounced": (Decision(Action.START, ""), Steps(finalize=MIGRATION), False),
    "accept": (Decision(Action.ACCEPT, ""), Steps(finalize=MIGRATION), True),
    "accept another": (Decision(Action.ACCEPT, ""), Steps(finalize="h-another001"), False),
    "accept what this run began": (Decision(Action.ACCEPT, ""), Steps(finalize=THE_NEW_ONE), False),
    "cancel": (Decision(Action.CANCEL, ""), Steps(cancel=MIGRATION), True),
    "cancel another": (Decision(Action.CANCEL, ""), Steps(cancel="h-another001"), False),
    "nothing": (Decision(Action.NONE, ""), NO_STEPS, True),
}


@pytest.mark.parametrize("case", LIMITS)
def test_a_step_that_was_not_announced_is_none(case: str) -> None:
    decision, steps, announced = LIMITS[case]
    limited = limit(decision, WAITS, steps)
    assert (limited is decision) is announced
    assert announced or limited.action is Action.NONE


def test_a_migration_that_a_run_started_is_its_new_one() -> None:
    decision = Decision(Action.ACCEPT, "")
    assert limit(decision, WAITS, Steps(finalize=THE_NEW_ONE), {MIGRATION}) is decision
    assert limit(decision, WAITS, Steps(finalize=THE_NEW_ONE), {"h-another001"}).action is Action.NONE


@pytest.mark.parametrize(
    ("steps", "accounts"),
    [
        (Steps(approve=(ONE, TWO), migration=MIGRATION), (ONE, TWO)),
        (Steps(approve=(TWO,), migration=MIGRATION), (TWO,)),
        (Steps(approve=(THREE,), migration=MIGRATION), ()),
        (Steps(approve=(ONE, TWO), migration="h-another001"), ()),
    ],
)
def test_consent_is_given_for_those_that_were_named(steps: Steps, accounts: tuple[str, ...]) -> None:
    limited = limit(Decision(Action.APPROVE, "", accounts=(ONE, TWO)), WAITS, steps)
    assert limited.accounts == accounts
    assert limited.action is (Action.APPROVE if accounts else Action.NONE)


@pytest.mark.parametrize(
    ("before", "same_inputs", "steps"),
    [
        (None, True, None),
        ({"none": ALL_ENABLED}, True, {"none": ALL_ENABLED}),
        ({"none": ALL_ENABLED}, False, {"none": ALL_ENABLED}),
        ({"none": NOTHING}, True, None),
        ({"finalize": MIGRATION}, True, {"none": FINALIZED}),
        ({"finalize": MIGRATION, "again": "x"}, True, {"none": FINALIZED}),
        ({"finalize": MIGRATION}, False, None),
        (as_input(AWAITED), True, None),
        ({"finalize": THE_NEW_ONE}, True, None),
        ({"finalize": MIGRATION, "approve": [ONE]}, True, None),
        ({"none": FINALIZED}, True, {"none": FINALIZED}),
        ({"none": FINALIZED}, False, None),
    ],
)
def test_a_run_need_not_look_once_all_is_enabled(
    before: Any, same_inputs: bool, steps: dict[str, Any] | None
) -> None:
    assert without_a_look(before, same_inputs=same_inputs) == steps


def test_an_assumed_finalization_leaves_it_to_the_runs_own_look() -> None:
    assert from_input({"none": FINALIZED}) is None
    assert from_input(None) == NO_STEPS


def test_steps_that_are_announced_again_are_a_difference() -> None:
    steps = as_input(Steps(finalize=MIGRATION))
    again = unlike(steps, steps)
    assert again != steps
    assert from_input(again) == from_input(steps)
    assert unlike(again, steps) == steps
    assert unlike({"none": NOTHING}, {"none": NOTHING}) == {"none": NOTHING}


def test_only_what_both_announce_is_announced() -> None:
    one = Steps(START, (ONE, TWO), MIGRATION, MIGRATION, MIGRATION)
    assert one.within(one) == one
    assert one.within(NO_STEPS) == NO_STEPS
    assert one.within(replace(one, approve=(TWO, THREE))) == replace(one, approve=(TWO,))
    assert one.within(replace(one, migration="h-another001")) == replace(one, approve=(), migration="")
