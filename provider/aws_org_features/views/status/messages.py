"""Messages: how far it is, what happens next, who must act, what happens if nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import accounts, moment, named
from aws_org_features.migration import messages
from aws_org_features.model.migration import Status
from aws_org_features.views.status.facts import ASK_AGAIN, Said, cost, expires, progress
from aws_org_features.views.status.times import past
from aws_org_features.views.status.values import Actor
from aws_org_features.views.status.waiting import awaiting_approvals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_org_features.views.status.facts import Facts

_NOTHING: Final = "Nothing happens: the organization stays on consolidated billing only."
_ATTEMPT: Final = "Nothing, until `attempt` is raised in the program."


def said(facts: Facts) -> Said:
    """Say it."""
    return _BY_STATUS[facts.status](facts)


def _enabled(_facts: Facts) -> Said:
    return Said(
        Actor.NOBODY,
        "all features are enabled",
        "Nothing: this is done, and irreversible.",
        "Nobody.",
        "Everything stays as it is.",
    )


def _not_started(facts: Facts) -> Said:
    return Said(
        Actor.MANAGEMENT,
        "AWS lists no migration: none in progress, none that ended within 30 days",
        "`pulumi up` starts a migration: the owner of every invited account is asked to approve.",
        f"{facts.management}: run `pulumi up` when you are ready to ask the owners.",
        _NOTHING,
    )


# Blocked, or for somebody to finalize


def _declined(facts: Facts) -> Said:
    who = [holder.account_id for holder in facts.holders if holder.declined]
    whose = named(who) or "an account that AWS doesn't name"
    if not facts.in_flight:
        return Said(
            Actor.MANAGEMENT,
            f"{whose} declined, and the migration is over",
            _ATTEMPT,
            f"{facts.management} must decide: {ASK_AGAIN}.",
            _NOTHING,
        )
    them = named(who) if any(who) else "the account"
    return Said(
        Actor.MANAGEMENT,
        f"declined by {accounts(max(1, len(who)))}; {progress(facts)}",
        f"Nothing, until somebody decides: {whose} declined, so it can't be finalized.",
        f"{facts.management} must decide: remove {them} from the organization, or {ASK_AGAIN}{cost(facts)}.",
        expires(facts),
    )


def _awaiting_finalization(facts: Facts) -> Said:
    parent = facts.now.handshake
    if parent is not None and parent.state == "ACCEPTED":
        return Said(
            Actor.AWS,
            messages.FINALIZED,
            "AWS enables all features.",
            "Nobody.",
            "It completes by itself.",
        )
    by = f" by {moment(facts.deadline)}" if facts.deadline else ""
    return Said(
        Actor.MANAGEMENT,
        messages.everyone(facts.approvals),
        "`pulumi up` finalizes, which can't be undone (unless the program says finalize=False).",
        f"{facts.management}: run `pulumi up`{by}.",
        expires(facts),
    )


# Over


def _expired(facts: Facts) -> Said:
    expired = facts.now.handshake.expires_at if facts.now.handshake else None
    when = f" on {past(expired, facts.at)}" if expired else ""
    return Said(
        Actor.MANAGEMENT,
        f"expired{when}",
        "`pulumi up` starts again: the owner of every invited account is asked again.",
        f"{facts.management}: run `pulumi up` when you are ready to ask the owners again.",
        _NOTHING,
    )


def _canceled(facts: Facts) -> Said:
    return Said(
        Actor.MANAGEMENT,
        messages.CANCELED,
        _ATTEMPT,
        f"{facts.management} must decide: {ASK_AGAIN}.",
        _NOTHING,
    )


_BY_STATUS: Final[Mapping[Status, Callable[[Facts], Said]]] = {
    Status.ENABLED: _enabled,
    Status.NOT_STARTED: _not_started,
    Status.AWAITING_APPROVALS: awaiting_approvals,
    Status.DECLINED: _declined,
    Status.AWAITING_FINALIZATION: _awaiting_finalization,
    Status.EXPIRED: _expired,
    Status.CANCELED: _canceled,
}
