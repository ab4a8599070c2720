"""The questions that AWS leaves open, and what of a recording answers each.

Those with a switch are settled by the emulator either way: its name and positions stand here as its scenario
files have them. The others are described in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.findings import (
    accounts,
    calls,
    children,
    handshakes,
    migrations,
    policy_types,
)
from aws_org_features.evidence.question import Question, either, ever, largest, least, once_is_enough

if TYPE_CHECKING:
    from aws_org_features.evidence.question import Position


def _switched(no: str, yes: str) -> tuple[tuple[Position, str], ...]:
    return ((False, no), (True, yes))


QUESTIONS: Final = (
    Question(
        "handshake_actions",
        "Which handshake has which action?",
        handshakes.actions,
        "handshake_actions",
        (
            ("guide", "the parent is ENABLE_ALL_FEATURES, a member's APPROVE_ALL_FEATURES"),
            ("model", "the other way round"),
        ),
    ),
    Question(
        "pending_child",
        "Which state has an approval that nobody has answered?",
        handshakes.pending_children,
        "pending_child",
        (("OPEN", "OPEN"), ("REQUESTED", "REQUESTED")),
    ),
    Question(
        "party_prefixes",
        "Does an ORGANIZATION party's id begin with `o-`?",
        handshakes.party_prefixes,
        "party_prefixes",
        _switched("it has no prefix", "it has its prefix"),
        known="captures",
    ),
    Question(
        "party_order",
        "Which party of a handshake comes first?",
        handshakes.party_order,
        "party_order",
        (("sender", "the organization"), ("recipient", "the account"), ("either", "now one, now the other")),
        either,
        known="captures",
    ),
    Question(
        "parent_link_prefix",
        "Does the id of a parent begin with `h-` where a child names it?",
        handshakes.links,
        "parent_link_prefix",
        _switched("it has no prefix", "it has its prefix"),
    ),
    Question(
        "children_shown",
        "Is the management account shown the approvals of members?",
        children.shown,
        "children_shown",
        _switched("it isn't", "it is"),
        once_is_enough,
    ),
    Question(
        "children_after",
        "How many seconds after the parent are members asked?",
        handshakes.delays,
        "children_after",
        ((0.0, "seconds between the two requests"),),
        least,
    ),
    Question("child_expiry", "Which expiry has an approval?", handshakes.expiries),
    Question("lifetime", "How long does a migration last?", handshakes.lifetimes),
    Question(
        "accepted_at_once",
        "Is a migration over at once that nobody has to approve?",
        migrations.at_once,
        "accepted_at_once",
        _switched("it is OPEN, and waits to be finalized", "it is ACCEPTED"),
        known="nothing",
    ),
    Question(
        "open_when_all_responded",
        "Does the parent become OPEN once all have answered, though somebody declined?",
        migrations.declined,
        "open_when_all_responded",
        _switched("it stays REQUESTED", "it becomes OPEN"),
        once_is_enough,
    ),
    Question(
        "accept_despite_decline",
        "Can a migration be finalized that somebody declined?",
        migrations.accepted_despite,
        "accept_despite_decline",
        _switched("it is refused", "it succeeds"),
        known="nothing",
    ),
    Question(
        "canceled_children",
        "What becomes of approvals when the migration is canceled?",
        children.after_cancel,
    ),
    Question(
        "expired_children",
        "What becomes of approvals when the migration expires?",
        children.after_expiry,
        "expired_children",
        (("EXPIRED", "EXPIRED"), ("CANCELED", "CANCELED")),
    ),
    Question(
        "invitations_during_migration",
        "Can accounts be invited during a migration?",
        accounts.invitations,
        "invitations_during_migration",
        _switched("it is refused", "they can"),
    ),
    Question(
        "inactive_accounts_count",
        "Are invited accounts asked that are suspended or closed?",
        accounts.inactive,
        "inactive_accounts_count",
        _switched("they aren't", "they are"),
        once_is_enough,
        known="nothing",
    ),
    Question(
        "account_status_shown",
        "Do accounts show `Status` besides `State`?",
        accounts.statuses,
        "account_status_shown",
        _switched("they don't", "they do"),
        known="captures",
    ),
    Question(
        "removal_waiting_period",
        "Must an account that was created stay for some days?",
        accounts.waiting_periods,
        "removal_waiting_period",
        _switched("it may leave at once", "it is refused"),
    ),
    Question(
        "policy_type_changes",
        "When is a policy type on?",
        policy_types.changes,
        "policy_type_changes",
        (
            ("at_once", "with the answer"),
            ("clock", "some time later"),
            ("read", "once it has been listed as pending"),
        ),
        known="captures",
    ),
    Question(
        "empty_pages",
        "Does a list have empty pages before its end?",
        calls.empty_pages,
        "empty_pages",
        _switched("none was seen", "it has"),
        ever,
    ),
    Question(
        "finished_listed",
        "How many days after it was requested was something finished still listed?",
        handshakes.finished,
        settle=largest,
    ),
    Question(
        "read_lag",
        "For how many seconds does a read show what was before a write?",
        calls.lags,
        "read_lag",
        ((0.0, "seconds, at least"),),
        largest,
        known="captures",
    ),
    Question(
        "latency",
        "How many seconds does a call take at least?",
        calls.latency,
        "latency",
        ((0.0, "seconds"),),
        least,
        known="nothing",
    ),
    Question(
        "throttling",
        "Are calls refused beyond the published rates?",
        calls.throttled,
        "throttling",
        _switched("more were answered than the published rates allow", "some were"),
        ever,
    ),
    Question("rates", "How often was an operation answered?", calls.rates),
    Question(
        "iam_enforcement",
        "Do policies decide who may do what?",
        calls.permissions,
        "iam_enforcement",
        _switched("every caller may", "somebody was refused by one"),
        ever,
        known="captures",
    ),
    Question(
        "five_thousand_migrate",
        "Can an organization of exactly 5,000 accounts migrate by itself?",
        accounts.largest_organization,
        "five_thousand_migrate",
        _switched("it is refused", "it can"),
    ),
    Question(
        "accept_errors",
        "What is a handshake after its acceptance ended in an error?",
        handshakes.accepted_with_an_error,
    ),
    Question("words", "In which words does AWS refuse?", calls.words),
)
"""All questions, in the order of the page."""

LISTED: Final = frozenset({"rates", "words"})
"""Questions whose answer is a list."""
