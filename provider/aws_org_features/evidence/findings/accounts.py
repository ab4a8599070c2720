"""Findings about accounts: who may join or leave, and who is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.evidence.question import Finding
from aws_org_features.evidence.story import DAY, asked_parent, number, shapes, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.evidence.story import Story


def invitations(story: Story) -> Iterator[Finding]:
    """Find whether an account was invited while a migration was in progress."""
    for index, exchange in story.calls("InviteAccountToOrganization"):
        if exchange.reason.startswith("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"):
            yield Finding(position=False, index=index)
        elif exchange.succeeded and story.in_flight(index):
            yield Finding(position=True, index=index)


_INACTIVE: Final = frozenset({"SUSPENDED", "CLOSED", "PENDING_CLOSURE"})


def inactive(story: Story) -> Iterator[Finding]:
    """Find whether accounts are asked that are suspended or closed."""
    invited = story.invited()
    silent = {pseudonym for pseudonym, state in invited.items() if state in _INACTIVE}
    if not silent:
        return
    asked = {each.account: each.index for each in story.children}
    for pseudonym in silent & set(asked):
        yield Finding(position=True, index=asked[pseudonym])
    for each in story.parents:
        if each.exchange.operation == "EnableAllFeatures" and silent == set(invited):
            yield Finding(each.state == "REQUESTED", each.index)
    for index, exchange in story.calls("ListHandshakesForOrganization"):
        listed = {each.account for each in story.by_index.get(index, ()) if each.is_child}
        if asked_parent(exchange) and not silent & listed and set() < set(invited) - silent <= listed:
            yield Finding(position=False, index=index)


def statuses(story: Story) -> Iterator[Finding]:
    """Find whether an account has a `Status`."""
    for index, exchange in enumerate(story.exchanges):
        for shape in shapes(exchange, "Account", "Accounts"):
            yield Finding("Status" in shape, index)


DAYS_TO_STAY: Final = 4 * DAY


def waiting_periods(story: Story) -> Iterator[Finding]:
    """Find whether a young account may leave."""
    asked = ("RemoveAccountFromOrganization", "LeaveOrganization", "AcceptHandshake")
    for index, exchange in story.calls(*asked):
        shape = story.accounts(index).get(text(exchange.request, "AccountId"), {})
        joined = number(shape, "JoinedTimestamp")
        if exchange.reason.startswith("WAIT_PERIOD_ACTIVE"):
            yield Finding(position=True, index=index)
        elif exchange.succeeded and text(shape, "JoinedMethod") == "CREATED" and joined is not None:
            stayed = exchange.at - joined
            yield from [Finding(position=False, index=index)] if stayed < DAYS_TO_STAY else []


_LIMIT: Final = 5000


def largest_organization(story: Story) -> Iterator[Finding]:
    """Find whether an organization of exactly 5,000 accounts may start."""
    for index, exchange in story.calls("EnableAllFeatures"):
        if len(story.accounts(index)) != _LIMIT:
            continue
        if exchange.succeeded:
            yield Finding(position=True, index=index)
        elif exchange.reason.startswith("ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"):
            yield Finding(position=False, index=index)
