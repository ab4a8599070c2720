"""Outstanding approvals, divided by who must give them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.migration.approval_scope import Scope, asked, in_flight, scope
from aws_org_features.migration.assess import assess
from aws_org_features.model.migration import NOTHING_RECORDED, Approver, Desired, Failure
from aws_org_features.model.organizations import Accounts
from tests.unit import values

if TYPE_CHECKING:
    from aws_org_features.model.migration import Observation

FIRST, SECOND, THIRD = values.INVITED
CREATED = "555555555555"
HIDDEN = {
    "children": (),
    "accounts": Accounts(frozenset({values.MANAGEMENT, *values.INVITED, CREATED}), frozenset(values.INVITED)),
}
OPEN = values.children("OPEN", "OPEN", "OPEN")


def wanted(*, only: set[str] | None = None, exclude: set[str] | None = None) -> Desired:
    approver = Approver("", only=frozenset(only or ()), exclude=frozenset(exclude or ()))
    return Desired("o-exampleorg1", finalize=False, approver=approver)


def divided(seen: Observation, declared: Desired, left: Desired | None = None) -> Scope:
    return scope(declared, left or declared, seen, assess(NOTHING_RECORDED, seen))


def ids(entries: Any) -> tuple[str, ...]:
    return tuple(entry.account_id for entry in entries)


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize(
    ("declared", "to_give", "elsewhere"),
    [
        (wanted(), (FIRST, SECOND, THIRD), ()),
        (wanted(only={SECOND}), (SECOND,), (FIRST, THIRD)),
        (wanted(exclude={SECOND}), (FIRST, THIRD), (SECOND,)),
        (wanted(only={FIRST, SECOND}, exclude={SECOND}), (FIRST,), (SECOND, THIRD)),
    ],
)
def test_the_approver_gives_what_it_covers(
    declared: Desired, to_give: tuple[str, ...], elsewhere: tuple[str, ...], *, shown: bool
) -> None:
    found = divided(values.seen(values.parent(), **({"children": OPEN} if shown else HIDDEN)), declared)
    assert (ids(found.to_give), ids(found.elsewhere)) == (to_give, elsewhere)
    assert {bool(waiting.handshake_id) for waiting in found.to_give} == {shown}


@pytest.mark.parametrize("more", [{"children": OPEN}, HIDDEN])
def test_settled_requests_are_neither_in_scope_nor_elsewhere(more: dict[str, Any]) -> None:
    found = divided(values.seen(values.parent(), **more), wanted(), wanted(exclude={FIRST, SECOND}))
    assert (ids(found.to_give), found.elsewhere) == ((THIRD,), ())


@pytest.mark.parametrize(
    "seen",
    [
        values.seen(),
        values.seen(organization=values.ALL),
        values.seen(values.parent("OPEN"), children=values.children("ACCEPTED", "ACCEPTED")),
        values.seen(values.parent("OPEN"), **HIDDEN),
        values.seen(values.parent("CANCELED"), children=values.children("CANCELED")),
        values.seen(values.parent("EXPIRED"), children=values.children("EXPIRED", "DECLINED")),
    ],
)
def test_if_nobody_must_answer_nothing_is_outstanding(seen: Observation) -> None:
    assert divided(seen, wanted()) == Scope()


def test_declines_are_reported_in_scope_or_not() -> None:
    children = values.children("DECLINED", "OPEN", "ACCEPTED")
    found = divided(values.seen(values.parent(), children=children), wanted(only={SECOND}))
    assert (ids(found.declined), ids(found.to_give), found.elsewhere) == ((FIRST,), (SECOND,), ())


def test_nobody_approves_for_an_account_that_declined() -> None:
    declined = Failure(FIRST, "handshake-declined: the account's owner declined", "Decide.")
    found = divided(values.seen(values.parent(), failures=(declined,), **HIDDEN), wanted())
    assert (ids(found.declined), ids(found.to_give)) == ((FIRST,), (SECOND, THIRD))


def test_requests_of_no_account_are_counted() -> None:
    nameless = replace(OPEN[0], account_id=None)
    found = divided(values.seen(values.parent(), children=(nameless, *OPEN[1:])), wanted())
    assert (found.nameless, ids(found.to_give)) == (1, (SECOND, THIRD))


def test_limits_that_leave_nobody_are_reported() -> None:
    declared = wanted(only={FIRST, CREATED, "999999999999"}, exclude={"999999999999"})
    found = divided(values.seen(values.parent(), children=OPEN), declared)
    assert (ids(found.to_give), found.not_asked) == ((FIRST,), (CREATED,))


def test_where_nothing_is_shown_a_member_can_be_named() -> None:
    declared = wanted(only={CREATED, values.MANAGEMENT, "999999999999"})
    seen = values.seen(values.parent(), **HIDDEN)
    found = divided(seen, declared)
    assert ids(found.to_give) == (CREATED,)
    assert found.not_asked == (values.MANAGEMENT, "999999999999")
    assert asked(declared, seen) == {*values.INVITED, CREATED}
    assert asked(wanted(), seen) == set(values.INVITED)


@pytest.mark.parametrize(
    ("seen", "flies"),
    [
        (values.seen(values.parent(), children=OPEN), True),
        (values.seen(values.parent(), children=values.children("DECLINED")), True),
        (values.seen(values.parent("EXPIRED"), children=values.children("DECLINED")), False),
        (values.seen(children=OPEN), True),
        (values.seen(children=values.children("OPEN", "DECLINED")), True),
        (values.seen(values.parent("ACCEPTED")), True),
        (values.seen(values.parent("CANCELED")), False),
        (values.seen(organization=values.ALL), False),
        (values.seen(), False),
    ],
)
def test_a_migration_flies_until_it_ends(seen: Observation, flies: bool) -> None:
    assert in_flight(assess(NOTHING_RECORDED, seen)) is flies
