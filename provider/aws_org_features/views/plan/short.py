"""The short form of a plan, as a preview of the first `up` shows it: a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from aws_org_features.common import text
from aws_org_features.common.sanitize import line
from aws_org_features.migration import messages
from aws_org_features.migration.announce import foresee
from aws_org_features.migration.assess import assess
from aws_org_features.migration.decide import decide
from aws_org_features.model.migration import NOTHING_RECORDED, Action, Status
from aws_org_features.model.organizations import MOST_ACCOUNTS
from aws_org_features.model.steps import THE_NEW_ONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_org_features.model.migration import Approver, Assessment, Decision, Desired
    from aws_org_features.model.organizations import Accounts, Invitation
    from aws_org_features.model.steps import Steps
    from aws_org_features.views.plan.values import Ahead

_FEW: Final = 3
"""Invitations that are named before the others are counted."""


class Line(NamedTuple):
    """A line for a reviewer.

    Attributes:
        text: What it says.
        urgent: Whether it may stand against going on.
    """

    text: str
    urgent: bool = False


def short(ahead: Ahead, desired: Desired) -> tuple[Line, ...]:
    """Say what a create is going to do.

    Args:
        ahead: What was looked at.
        desired: What the program declares.
    """
    now = assess(NOTHING_RECORDED, ahead.seen)
    decision = decide(desired, NOTHING_RECORDED, now)
    steps = first_steps(ahead, desired)
    if decision.action is Action.START:
        return tuple(_starting(ahead, desired, steps))
    return tuple(_adopting(desired, now, decision, steps))


def first_steps(ahead: Ahead, desired: Desired) -> Steps:
    """All that a create may do that can't be undone or costs approvals.

    Args:
        ahead: What was looked at.
        desired: What the program declares.
    """
    asked = ahead.accounts.invited if ahead.accounts is not None else None
    return foresee(desired, NOTHING_RECORDED, assess(NOTHING_RECORDED, ahead.seen), asked)


# One that is in progress, or over


def _adopting(desired: Desired, now: Assessment, decision: Decision, steps: Steps) -> Iterator[Line]:
    if now.status is Status.ENABLED:
        yield Line("all features are already enabled: nothing to write")
    elif decision.blocked:
        yield Line(messages.message(desired, NOTHING_RECORDED, now), urgent=True)
    elif now.handshake is not None and now.handshake.pending:
        yield Line(
            f"{now.handshake.id} is in progress and is adopted, nobody is asked again: {messages.short(now)}"
        )
    if decision.action not in {Action.NONE, Action.APPROVE}:
        yield Line(f"then {messages.step(decision, now)}", urgent=True)
    if decision.action is Action.APPROVE:
        yield Line(messages.consent(decision.accounts), urgent=True)
    if steps.finalize and decision.action is not Action.ACCEPT:
        yield Line(messages.then_finalizing(desired, steps), urgent=True)
    if desired.approver is not None:
        pending = {w.account_id for w in now.waiting_for if w.account_id and not w.declined}
        yield from _kept_from(desired.approver, pending | now.unshown)


# A migration that will be started


def _starting(ahead: Ahead, desired: Desired, steps: Steps) -> Iterator[Line]:
    organization, known = ahead.seen.organization, ahead.accounts
    whose = f"{organization.id} (management account {organization.management_account_id})"
    yield Line(f"starts a migration of {whose}: AWS asks {_whom(known)}")
    yield _end(desired, known, steps)
    if ahead.invitations:
        yield Line(_canceled(ahead.invitations))
    if known is not None:
        yield from _doubts(known)
    if desired.approver is not None and known is not None:
        yield Line(messages.consent(steps.approve), urgent=bool(steps.approve))
        yield from _kept_from(desired.approver, known.invited)


def _kept_from(approver: Approver, asked: Iterable[str]) -> Iterator[Line]:
    """Accounts that the configuration keeps the approver from, so that somebody else must approve."""
    rulings = {account_id: approver.ruling(account_id) for account_id in asked}
    found = {account_id: rule for account_id, rule in rulings.items() if rule is not None}
    yield from (Line(text, urgent=True) for text in messages.kept_from(found))


def _whom(known: Accounts | None) -> str:
    if known is None:
        return "every account that joined by invitation; ListAccounts is denied, so they can't be listed"
    if not known.invited:
        return "no account, as none joined by invitation"
    owners = "the owner" if len(known.invited) == 1 else "the owners"
    count, named = text.accounts(len(known.invited)), text.named(sorted(known.invited))
    return f"{owners} of {count} to approve ({named})"


def _end(desired: Desired, known: Accounts | None, steps: Steps) -> Line:
    if not desired.finalizes(THE_NEW_ONE):
        why = messages.not_finalizing(desired)
        return Line(f"it stops before finalizing, as finalize {why}; finalizing can't be undone")
    if known is not None and not known.invited:
        return Line(
            "no account must be asked, so it is finalized at once, which can't be undone", urgent=True
        )
    if steps.finalize:
        return Line(messages.then_finalizing(desired, steps), urgent=True)
    return Line("once all have approved, the next `pulumi up` finalizes, which can't be undone")


def _canceled(invitations: Sequence[Invitation]) -> str:
    count = "1 pending invitation" if len(invitations) == 1 else f"{len(invitations)} pending invitations"
    named = text.named([line(each.invited) for each in invitations], _FEW)
    return f"AWS cancels {count} as it starts: {named}"


def _doubts(known: Accounts) -> Iterator[Line]:
    inactive = sorted(known.invited & known.inactive.keys())
    if inactive:
        yield Line(
            f"nobody can approve for {text.named(inactive)}, suspended or closed; AWS doesn't document "
            "whether it waits for such accounts",
            urgent=True,
        )
    if len(known.members) > MOST_ACCOUNTS:
        yield Line(
            f"AWS will refuse: the organization has {len(known.members)} accounts, and "
            f"self-service migration allows at most {MOST_ACCOUNTS}",
            urgent=True,
        )
