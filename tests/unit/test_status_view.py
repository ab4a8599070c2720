"""The status of a migration for a person, word for word, over all that AWS may show of it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.model.migration import Approvals, Status
from aws_org_features.model.organizations import AccountDetails, Accounts
from aws_org_features.views.status import Actor, outlook, to_be_named
from aws_org_features.views.status.times import relative, span
from tests.unit.values import ALL, INVITED, MANAGEMENT, NOW, accounts, children, parent, seen

if TYPE_CHECKING:
    from aws_org_features.model.migration import Observation
    from aws_org_features.views.status import Outlook

EXPIRES = "2026-05-29 12:00 UTC"
THEN = "Once everyone has approved, `pulumi up` finalizes, which can't be undone."
NOTHING = "Nothing happens: the organization stays on consolidated billing only."
UP = f"The management account {MANAGEMENT}: run `pulumi up`"
DECIDE = f"The management account {MANAGEMENT} must decide:"
ASK = "raise `attempt` and run `pulumi up`, which asks every invited account again"
ATTEMPT = "Nothing, until `attempt` is raised in the program."
SUSPENDED = replace(accounts(), inactive={INVITED[1]: "SUSPENDED"})
UNABLE = (
    "is suspended or closed, so nobody can approve there; "
    "AWS doesn't document whether its approval is required."
)
HIDDEN: dict[str, Any] = {"children": ()}


def expires(lost: str = "") -> str:
    return f"The request expires on {EXPIRES}, in 89 days. Then everyone must be asked again{lost}."


def of(observation: Observation, *, known: Accounts | None = None, days: float = 0) -> Outlook:
    return outlook(observation, NOW + timedelta(days=days), known)


def said(found: Outlook) -> tuple[Status, Actor, str, str, str, str]:
    return (found.status, found.actor, found.headline, found.next_step, found.to_do, found.otherwise)


@pytest.mark.parametrize(
    ("observation", "known", "expected"),
    [
        pytest.param(
            seen(None, organization=ALL),
            None,
            (
                Status.ENABLED,
                Actor.NOBODY,
                "all features are enabled",
                "Nothing: this is done, and irreversible.",
                "Nobody.",
                "Everything stays as it is.",
            ),
            id="enabled",
        ),
        pytest.param(
            seen(None),
            None,
            (
                Status.NOT_STARTED,
                Actor.MANAGEMENT,
                "AWS lists no migration: none in progress, none that ended within 30 days",
                "`pulumi up` starts a migration: the owner of every invited account is asked to approve.",
                f"{UP} when you are ready to ask the owners.",
                NOTHING,
            ),
            id="not started",
        ),
        pytest.param(
            seen(parent(), children=children("ACCEPTED", "OPEN", "OPEN")),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "1 of 3 approved",
                THEN,
                "The owners of 333333333333 and 444444444444 must approve. `org-features approval-kit` "
                "writes a message to each.",
                expires(", and 1 approval is lost"),
            ),
            id="awaiting approvals",
        ),
        pytest.param(
            seen(parent(), children=children("ACCEPTED", "REQUESTED", "ACCEPTED")),
            SUSPENDED,
            (
                Status.AWAITING_APPROVALS,
                Actor.MANAGEMENT,
                "2 of 3 approved",
                THEN,
                f"{DECIDE} have 333333333333 reinstated, or removed. 333333333333 {UNABLE}",
                expires(", and 2 approvals are lost"),
            ),
            id="awaiting only one that is suspended",
        ),
        pytest.param(
            seen(parent(), children=children("ACCEPTED", "REQUESTED", "OPEN")),
            SUSPENDED,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "1 of 3 approved",
                THEN,
                "The owner of 444444444444 must approve. `org-features approval-kit` writes a message to "
                f"each. 333333333333 {UNABLE}",
                expires(", and 1 approval is lost"),
            ),
            id="awaiting one that is suspended and one that isn't",
        ),
        pytest.param(
            seen(parent(), children=tuple(replace(c, account_id=None) for c in children("OPEN", "OPEN"))),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "0 of 2 approved",
                THEN,
                "The owners of 2 accounts, which AWS doesn't name, must approve.",
                expires(),
            ),
            id="awaiting accounts that AWS doesn't name",
        ),
        pytest.param(
            seen(parent(), accounts=SUSPENDED, **HIDDEN),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "AWS doesn't show who has approved or declined",
                THEN,
                "The owners of 222222222222 and 444444444444 must approve, as far as they haven't yet. "
                f"333333333333 {UNABLE}",
                expires(", and any approval given so far is lost"),
            ),
            id="hidden",
        ),
        pytest.param(
            seen(parent(), accounts=accounts(invited=INVITED[:1]), **HIDDEN),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "AWS doesn't show who has approved or declined",
                THEN,
                "The owner of 222222222222 must approve, if it hasn't happened yet.",
                expires(", and any approval given so far is lost"),
            ),
            id="hidden, one invited",
        ),
        pytest.param(
            seen(parent(), accounts=accounts(invited=()), **HIDDEN),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "AWS doesn't show who has approved or declined",
                THEN,
                "Owners that AWS doesn't show: no account was invited, but AWS also asks created accounts "
                "that have lost their service-linked role.",
                expires(", and any approval given so far is lost"),
            ),
            id="hidden, nobody invited",
        ),
        pytest.param(
            seen(parent(), accounts=Accounts(known=False), **HIDDEN),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.OWNERS,
                "AWS doesn't show who has approved or declined",
                THEN,
                "The owners of invited accounts that haven't approved yet. To see which accounts "
                "were invited, allow organizations:ListAccounts.",
                expires(", and any approval given so far is lost"),
            ),
            id="hidden, and accounts may not be listed",
        ),
        pytest.param(
            seen(parent(), children=children("ACCEPTED", "ACCEPTED")),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.AWS,
                "2 of 2 approved",
                "AWS says that nothing is outstanding; then `pulumi up` finalizes, which can't be undone.",
                "Nobody right now: AWS has all the approvals.",
                expires(", and 2 approvals are lost"),
            ),
            id="all approved, and AWS has yet to say so",
        ),
        pytest.param(
            seen(parent(), children=children("ACCEPTED", "EXPIRED")),
            None,
            (
                Status.AWAITING_APPROVALS,
                Actor.MANAGEMENT,
                "1 of 2 approved",
                "It can't be finalized: AWS asks nobody any more, and not everyone has approved.",
                f"The management account {MANAGEMENT}: {ASK} and gives up 1 approval.",
                expires(", and 1 approval is lost"),
            ),
            id="an approval that lapsed by itself",
        ),
        pytest.param(
            seen(parent(), children=children("DECLINED", "ACCEPTED", "OPEN"), accounts=accounts()),
            None,
            (
                Status.DECLINED,
                Actor.MANAGEMENT,
                "declined by 1 account; 1 of 3 approved",
                "Nothing, until somebody decides: 222222222222 declined, so it can't be finalized.",
                f"{DECIDE} remove 222222222222 from the organization, or {ASK} and gives up 1 approval.",
                expires(", and 1 approval is lost"),
            ),
            id="declined",
        ),
        pytest.param(
            seen(parent("EXPIRED"), children=children("DECLINED", "EXPIRED"), accounts=accounts()),
            None,
            (
                Status.DECLINED,
                Actor.MANAGEMENT,
                "222222222222 declined, and the migration is over",
                ATTEMPT,
                f"{DECIDE} {ASK}.",
                NOTHING,
            ),
            id="declined, and over",
        ),
        pytest.param(
            seen(parent("DECLINED"), accounts=accounts(), **HIDDEN),
            None,
            (
                Status.DECLINED,
                Actor.MANAGEMENT,
                "an account that AWS doesn't name declined, and the migration is over",
                ATTEMPT,
                f"{DECIDE} {ASK}.",
                NOTHING,
            ),
            id="declined, hidden",
        ),
        pytest.param(
            seen(parent("OPEN"), children=children("ACCEPTED", "ACCEPTED", "ACCEPTED")),
            None,
            (
                Status.AWAITING_FINALIZATION,
                Actor.MANAGEMENT,
                "everyone has approved",
                "`pulumi up` finalizes, which can't be undone (unless the program says finalize=False).",
                f"{UP} by {EXPIRES}.",
                expires(", and 3 approvals are lost"),
            ),
            id="awaiting finalization",
        ),
        pytest.param(
            seen(parent("OPEN"), accounts=accounts(), **HIDDEN),
            None,
            (
                Status.AWAITING_FINALIZATION,
                Actor.MANAGEMENT,
                "everyone has responded",
                "`pulumi up` finalizes, which can't be undone (unless the program says finalize=False).",
                f"{UP} by {EXPIRES}.",
                expires(", and any approval given so far is lost"),
            ),
            id="awaiting finalization, hidden",
        ),
        pytest.param(
            seen(parent("ACCEPTED")),
            None,
            (
                Status.AWAITING_FINALIZATION,
                Actor.AWS,
                "finalized; AWS is enabling all features",
                "AWS enables all features.",
                "Nobody.",
                "It completes by itself.",
            ),
            id="finalized, and AWS has yet to switch",
        ),
        pytest.param(
            seen(parent("EXPIRED", age_days=91), children=children("EXPIRED", "EXPIRED")),
            None,
            (
                Status.EXPIRED,
                Actor.MANAGEMENT,
                "expired on 2026-02-28 12:00 UTC, 24 hours ago",
                "`pulumi up` starts again: the owner of every invited account is asked again.",
                f"{UP} when you are ready to ask the owners again.",
                NOTHING,
            ),
            id="expired",
        ),
        pytest.param(
            seen(parent("EXPIRED", age_days=1), children=children("EXPIRED", "EXPIRED")),
            None,
            (
                Status.EXPIRED,
                Actor.MANAGEMENT,
                "expired on 2026-05-29 12:00 UTC",
                "`pulumi up` starts again: the owner of every invited account is asked again.",
                f"{UP} when you are ready to ask the owners again.",
                NOTHING,
            ),
            id="expired, by a clock that is ahead of this one",
        ),
        pytest.param(
            seen(parent("CANCELED")),
            None,
            (
                Status.CANCELED,
                Actor.MANAGEMENT,
                "canceled: by a person, by a destroy, or by AWS as an assisted migration began",
                ATTEMPT,
                f"{DECIDE} {ASK}.",
                NOTHING,
            ),
            id="canceled",
        ),
    ],
)
def test_the_messages(observation: Observation, known: Accounts | None, expected: tuple[str, ...]) -> None:
    assert said(of(observation, known=known)) == expected


PARENTS = (None, *map(parent, ("REQUESTED", "OPEN", "ACCEPTED", "DECLINED", "EXPIRED", "CANCELED")))
CHILDREN = (
    None,
    (),
    *(children(*states) for states in itertools.product(["OPEN", "DECLINED"], ["EXPIRED", "ACCEPTED"])),
)
KNOWN = (None, Accounts(known=False), accounts(), SUSPENDED)


@pytest.mark.parametrize("days", [0, 45, 200])
@pytest.mark.parametrize("one", PARENTS, ids=lambda each: each.state if each else "none")
def test_the_three_questions_are_answered_for_everything_that_aws_shows(one: Any, days: int) -> None:
    for some, known, organization in itertools.product(CHILDREN, KNOWN, (ALL, seen(None).organization)):
        observation = seen(one, organization=organization, children=some, accounts=known)
        found = of(observation, days=days)
        assert found.headline
        for text in (found.next_step, found.to_do, found.otherwise):
            assert text.endswith((".", "finalize=False).")), text
            assert text[0].isupper() or text.startswith("`"), text
            assert "None" not in text
            assert "  " not in text
        assert ("The request expire" in found.otherwise) is bool(found.time_left)
        assert to_be_named(observation) == {holder.account_id for holder in found.holders}


@pytest.mark.parametrize(
    ("one", "days", "left"),
    [
        (parent(), 0, f"89 days for approvals and finalizing: until {EXPIRES}"),
        (parent("OPEN"), 88.5, f"12 hours for finalizing: until {EXPIRES}"),
        (parent(), 90, f"none: it expired on {EXPIRES}; AWS doesn't show that yet"),
        (replace(parent(), expires_at=None), 0, "unknown: AWS doesn't say when the request expires"),
        (parent("ACCEPTED"), 0, ""),
        (parent("CANCELED"), 0, ""),
        (None, 0, ""),
    ],
)
def test_how_much_time_is_left(one: Any, days: float, left: str) -> None:
    assert of(seen(one, children=children("OPEN")) if one else seen(None), days=days).time_left == left


def test_approvals_without_a_parent_end_when_the_first_of_them_does() -> None:
    soon, late = NOW + timedelta(days=3), NOW + timedelta(days=9)
    asked = [replace(c, expires_at=at) for c, at in zip(children("OPEN", "OPEN"), (late, soon), strict=True)]
    found = of(seen(None, children=tuple(asked)))
    assert (found.status, found.deadline, found.seconds_left) == (Status.AWAITING_APPROVALS, soon, 3 * 86_400)


# Accounts that have left


def test_accounts_that_have_left_count_no_more() -> None:
    left = replace(accounts(MANAGEMENT, INVITED[0]), invited=frozenset(INVITED[:1]))
    found = of(seen(parent("OPEN"), children=children("ACCEPTED", "DECLINED", "CANCELED"), accounts=left))
    assert (found.status, found.headline) == (Status.AWAITING_FINALIZATION, "everyone has approved")
    assert found.approvals == Approvals(1, 1)
    unlisted = of(seen(parent(), children=children("OPEN", "ACCEPTED", "CANCELED")))
    assert unlisted.approvals == Approvals(2, 1, 1), (
        "an account that leaves before answering has its request canceled"
    )


# Answers that AWS no longer lists


def test_answers_older_than_30_days_are_counted_as_no_longer_shown() -> None:
    observation = seen(parent(age_days=40), children=children("OPEN"))
    found = of(observation, known=accounts())
    assert found.approvals == Approvals(3, pending=1, unknown=2)
    assert found.headline == "1 of 3 not yet answered; AWS no longer shows 2 answers"
    assert found.otherwise.endswith("and any approval given so far is lost.")


def test_without_the_accounts_nobody_knows_how_many_those_are() -> None:
    found = of(seen(parent(age_days=40), children=children("OPEN")))
    assert found.approvals is None
    assert found.headline == "1 not yet answered; AWS doesn't show older answers"


def test_nobody_left_to_answer_may_be_a_refusal_of_long_ago() -> None:
    found = of(seen(parent(age_days=40), children=children("ACCEPTED")), known=accounts())
    assert (found.status, found.actor) == (Status.AWAITING_APPROVALS, Actor.MANAGEMENT)
    assert "unless somebody declined over 30 days ago" in found.next_step


# Accounts that block it


def test_those_that_declined_come_first_then_those_where_nobody_can_answer() -> None:
    details = {each: AccountDetails(each, f"name of {each}", "") for each in INVITED}
    known = replace(accounts(), details=details, inactive={INVITED[1]: "CLOSED"})
    found = of(seen(parent(), children=children("OPEN", "OPEN", "DECLINED"), accounts=known))
    assert [(h.account_id, h.name, h.account_state, h.state, h.why) for h in found.holders] == [
        ("444444444444", "name of 444444444444", None, "DECLINED", "declined"),
        ("333333333333", "name of 333333333333", "CLOSED", "OPEN", "closed, so nobody can approve"),
        ("222222222222", "name of 222222222222", None, "OPEN", "not yet answered"),
    ]


def test_where_approvals_are_hidden_everybody_invited_may_hold_it_up() -> None:
    found = of(seen(parent(), accounts=accounts(), **HIDDEN))
    assert [(h.account_id, h.state, h.why) for h in found.holders] == [
        (each, "", "its answer isn't shown") for each in INVITED
    ]
    assert of(seen(parent("OPEN"), accounts=accounts(), **HIDDEN)).holders == ()


def test_an_account_that_is_asked_for_its_lost_role_is_distinguished() -> None:
    (asked,) = children("OPEN")
    role = replace(asked, action="ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE")
    (holder,) = of(seen(parent(), children=(role,))).holders
    assert holder.why == "not yet answered, of its lost role"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "a minute"),
        (119, "a minute"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (2 * 86_400 - 1, "47 hours"),
        (2 * 86_400, "2 days"),
        (90 * 86_400 - 1, "89 days"),
    ],
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text
    assert relative(NOW + timedelta(seconds=seconds + 0.5), NOW) == f"in {text}"
    assert relative(NOW - timedelta(seconds=seconds), NOW) == f"{text} ago"
