"""Messages while approvals are outstanding: whose, as far as AWS shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import NEWER_VERSION, accounts, named, not_known
from aws_org_features.migration import messages
from aws_org_features.views.status.approvals import forgets
from aws_org_features.views.status.facts import ASK_AGAIN, Said, cost, expires, progress
from aws_org_features.views.status.values import Actor

if TYPE_CHECKING:
    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.organizations import Handshake
    from aws_org_features.views.status.facts import Facts

_FEW: Final = 3
"""Number of accounts that a sentence names rather than counts."""


def awaiting_approvals(facts: Facts) -> Said:
    """Say it."""
    if facts.now.puzzle is not None:
        return _puzzle(facts, facts.now.puzzle)
    then = "Once everyone has approved, `pulumi up` finalizes, which can't be undone."
    if not facts.seen.shows_approvals:
        return Said(
            Actor.OWNERS,
            "AWS doesn't show who has approved or declined",
            then,
            _unshown(facts),
            expires(facts),
        )
    if not facts.holders:
        return _nobody_left(facts)
    if all(_unable(holder) for holder in facts.holders):
        return Said(Actor.MANAGEMENT, progress(facts), then, _to_reinstate(facts), expires(facts))
    if len(facts.puzzling) == len(facts.holders):
        return Said(
            Actor.MANAGEMENT,
            progress(facts),
            "It can't be finalized until AWS shows another state.",
            f"{facts.management}:{_puzzling(facts)}",
            expires(facts),
        )
    return Said(Actor.OWNERS, progress(facts), then, f"{_owners(facts)}{_puzzling(facts)}", expires(facts))


def _puzzle(facts: Facts, parent: Handshake) -> Said:
    return Said(
        Actor.MANAGEMENT,
        f"AWS shows {parent.id} {not_known(parent.state)}",
        "Nothing: nothing is written to it, and no other migration is started.",
        f"{facts.management}: investigate. {NEWER_VERSION}",
        "That depends on what the state means, which this version doesn't know.",
    )


def _puzzling(facts: Facts) -> str:
    """Requests in a state that isn't known here, and what to do; empty if there are none."""
    return f" {messages.puzzling(facts.puzzling)}. {NEWER_VERSION}" if facts.puzzling else ""


def _unable(holder: ApprovalRequest) -> bool:
    """Return whether nobody can approve in its account."""
    return holder.pending and holder.account_state is not None


def _to_reinstate(facts: Facts) -> str:
    which = named(sorted({holder.account_id for holder in facts.holders}))
    return f"{facts.management} must decide: have {which} reinstated, or removed.{_inactive(facts)}"


def _owners(facts: Facts) -> str:
    pending = [holder for holder in facts.holders if holder.pending and not _unable(holder)]
    account_ids = sorted({holder.account_id for holder in pending if holder.account_id})
    nameless = sum(1 for holder in pending if not holder.account_id)
    if not account_ids:
        return f"The owners of {accounts(nameless)}, which AWS doesn't name, must approve."
    others = f" AWS doesn't say whose {nameless:,} more are." if nameless else ""
    kit = " `org-features approval-kit` writes a message to each."
    return f"{_owners_of(account_ids)} must approve.{others}{kit}{_inactive(facts)}"


def _owners_of(account_ids: list[str]) -> str:
    if len(account_ids) == 1:
        return f"The owner of {account_ids[0]}"
    few = len(account_ids) <= _FEW
    return f"The owners of {named(account_ids) if few else f'{len(account_ids):,} accounts'}"


def _inactive(facts: Facts) -> str:
    which = _unavailable(facts)
    if not which:
        return ""
    few = f"{named(which)} {'is' if len(which) == 1 else 'are'}"
    their = "its approval is" if len(which) == 1 else "their approvals are"
    are = few if len(which) <= _FEW else f"{len(which):,} accounts are"
    return (
        f" {are} suspended or closed, so nobody can approve there; "
        f"AWS doesn't document whether {their} required."
    )


def _unavailable(facts: Facts) -> list[str]:
    """The accounts that block it, and in which nobody can approve."""
    return sorted({holder.account_id for holder in facts.holders if holder.account_state})


def _unshown(facts: Facts) -> str:
    known = facts.seen.accounts
    if known is None or not known.known:
        return (
            "The owners of invited accounts that haven't approved yet. To see which accounts "
            "were invited, allow organizations:ListAccounts."
        )
    if not known.invited:
        return (
            "Owners that AWS doesn't show: no account was invited, but AWS also asks created accounts that "
            "have lost their service-linked role."
        )
    able = sorted(known.invited - set(_unavailable(facts)))
    if not able:
        return f"Nobody can.{_inactive(facts)}"
    whose = _owners_of(able)
    yet = "if it hasn't happened yet" if len(able) == 1 else "as far as they haven't yet"
    return f"{whose} must approve, {yet}.{_inactive(facts)}"


def _nobody_left(facts: Facts) -> Said:
    counts = facts.now.approvals
    if forgets(facts.now, facts.at):
        return Said(
            Actor.MANAGEMENT,
            progress(facts),
            "AWS says that nothing is outstanding, unless somebody declined over 30 days ago.",
            f"{facts.management}: ask the owners if this doesn't change. AWS shows no account that hasn't "
            "answered.",
            expires(facts),
        )
    if counts.accepted == counts.required:
        return Said(
            Actor.AWS,
            progress(facts),
            "AWS says that nothing is outstanding; then `pulumi up` finalizes, which can't be undone.",
            "Nobody right now: AWS has all the approvals.",
            expires(facts),
        )
    return Said(
        Actor.MANAGEMENT,
        progress(facts),
        "It can't be finalized: AWS asks nobody any more, and not everyone has approved.",
        f"{facts.management}: {ASK_AGAIN}{cost(facts)}.",
        expires(facts),
    )
