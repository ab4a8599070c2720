"""Steps that one run may take, announced before it takes them, and no others after that. Pure.

Four steps can't be undone or cost approvals: starting a migration, approving for an account, finalizing, and
canceling. A preview announces them, and a run takes none that wasn't announced to it. What is announced goes
into the computed input `steps`, by which the engine holds a run to a saved plan.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.migration.decide import decide, pending
from aws_org_features.model.migration import (
    Action,
    Assessment,
    Decision,
    Recorded,
    Status,
    Waiting,
    WaitUntil,
)
from aws_org_features.model.organizations import Handshake
from aws_org_features.model.steps import THE_NEW_ONE, Steps

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aws_org_features.model.migration import Desired

_FOUND: Final = "found"
_NAMED: Final = 50
"""Number of accounts up to which those that AWS asks are named; more are counted, with a digest."""
NOT_ANNOUNCED: Final = "it wasn't announced before this run"


def foresee(
    desired: Desired, recorded: Recorded, now: Assessment, asked: Collection[str] | None = None
) -> Steps:
    """All that a run may do, if nothing changes but by what the run itself does.

    Args:
        desired: What the program declares.
        recorded: What the last run left.
        now: Where the migration stands.
        asked: The accounts that a new migration asks; None where they aren't known.
    """
    decision = decide(desired, recorded, now, acting=True)
    handshake_id = now.handshake.id if now.handshake else ""
    if decision.action is Action.CANCEL:
        return replace(_new_migration(desired, asked), cancel=handshake_id)
    if decision.action is Action.START:
        return _new_migration(desired, asked)
    if decision.action is Action.ACCEPT:
        return Steps(finalize=handshake_id)
    ends = _may_finalize(desired, now, decision)
    return Steps(
        approve=decision.accounts,
        migration=handshake_id if decision.accounts else "",
        finalize=handshake_id if ends else "",
        awaited=ends and not decision.accounts,
    )


def first_start(desired: Desired) -> Steps:
    """The steps of a create when nobody has looked which accounts it asks."""
    return replace(_new_migration(desired, None), finalize="")


def _new_migration(desired: Desired, asked: Collection[str] | None) -> Steps:
    approver = desired.approver
    named = {*(asked or ()), *(approver.only if approver else ())}
    mine = tuple(sorted(each for each in named if approver is not None and approver.covers(each)))
    nobody_else = asked is not None and set(asked) <= set(mine)
    ends = nobody_else or desired.wait_until is not WaitUntil.REQUESTED
    return Steps(
        start=f"asks {whom(asked)}",
        approve=mine,
        migration=THE_NEW_ONE if mine else "",
        finalize=THE_NEW_ONE if ends and desired.finalizes(THE_NEW_ONE) else "",
    )


def whom(asked: Collection[str] | None) -> str:
    """The accounts that AWS asks as a migration starts, so that another set of accounts is another text."""
    if asked is None:
        return "every invited account"
    if not asked:
        return "nobody"
    listed = ", ".join(sorted(asked))
    count = "1 account" if len(asked) == 1 else f"{len(asked)} accounts"
    if len(asked) > _NAMED:
        return f"{count} (sha256 {hashlib.sha256(listed.encode()).hexdigest()[:16]})"
    return f"{count} ({listed})"


def _may_finalize(desired: Desired, now: Assessment, decision: Decision) -> bool:
    """Return whether a run that approves, or waits, may come to the end of a migration in progress."""
    if now.status is not Status.AWAITING_APPROVALS or now.handshake is None or now.puzzle is not None:
        return False
    if not desired.finalizes(now.handshake.id):
        return False
    outstanding = {w.account_id for w in now.waiting_for} | now.unshown
    given = 0 < now.approvals.required == now.approvals.accepted
    mine = bool(outstanding) and outstanding <= set(decision.accounts)
    return mine or given or desired.wait_until is not WaitUntil.REQUESTED


def limit(decision: Decision, now: Assessment, steps: Steps, begun: Collection[str] = ()) -> Decision:
    """A decision as far as it was announced; NONE where it wasn't.

    Args:
        decision: The next step.
        now: Where the migration stands.
        steps: What was announced.
        begun: The migrations that this run started.
    """
    handshake_id = now.handshake.id if now.handshake else ""
    known = {handshake_id, THE_NEW_ONE} if handshake_id in begun else {handshake_id}
    match decision.action:
        case Action.START:
            announced = bool(steps.start)
        case Action.APPROVE:
            covered = set(steps.approve)
            accounts = tuple(each for each in decision.accounts if each in covered)
            decision, announced = replace(decision, accounts=accounts), steps.migration in known
            announced = announced and bool(accounts)
        case Action.ACCEPT:
            announced = steps.finalize in known
        case Action.CANCEL:
            announced = steps.cancel == handshake_id
        case Action.NONE:
            announced = True
    return decision if announced else Decision(Action.NONE, NOT_ANNOUNCED, decision.blocked)


# As a refresh records it, for runs that don't look


def as_found(attempt: int, now: Assessment) -> dict[str, Any]:
    """Record what a refresh has seen, as far as it decides the steps of a run that doesn't look itself.

    Args:
        attempt: The attempt that is recorded.
        now: Where the migration stands.
    """
    outstanding = pending(now) | now.unshown
    found = {
        "status": str(now.status),
        "migration": now.handshake.id if now.handshake else "",
        "state": now.handshake.state if now.handshake else "",
        "outstanding": sorted(outstanding),
        "others": max(0, len(now.waiting_for) - len(outstanding)),
        "attempt": attempt,
        "listed": now.listed,
    }
    return {_FOUND: {name: value for name, value in found.items() if value}}


def from_found(value: Any, desired: Desired) -> Steps | None:
    """The steps of a run that acts by what a refresh has seen; None where none has."""
    found: Mapping[str, Any] | None = value.get(_FOUND) if isinstance(value, dict) else None
    if not found:
        return None
    handshake_id = str(found.get("migration") or "")
    handshake = Handshake(handshake_id, "", "", str(found.get("state") or "")) if handshake_id else None
    waiting = [Waiting(each, "", "", "OPEN") for each in found.get("outstanding") or ()]
    waiting += [Waiting("", "", "", "")] * int(found.get("others") or 0)
    now = Assessment(
        Status(found["status"]), handshake, waiting_for=tuple(waiting), listed=bool(found.get("listed"))
    )
    return foresee(desired, Recorded(now, int(found.get("attempt") or 1)), now)
