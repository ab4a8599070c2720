"""The one decision: which write, if any, takes the migration a step further.

Pure. `assess` says where it stands, this says what to do, `reconcile` does it and asks again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_org_features.migration.messages import NONE_IN_PROGRESS, everyone, not_finalizing
from aws_org_features.model.migration import (
    IN_FLIGHT,
    Action,
    Assessment,
    Decision,
    Desired,
    Observation,
    Recorded,
    Status,
    WaitUntil,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_features.model.organizations import Handshake


def decide(desired: Desired, recorded: Recorded, now: Assessment, *, acting: bool = False) -> Decision:
    """Decide the next step.

    Args:
        desired: What the program declares.
        recorded: What the last run left; `recorded.attempt` is what `desired.attempt` is held against.
        now: Where the migration stands.
        acting: Whether a run is at work, rather than asked whether there is something to do.
    """
    if now.puzzle is not None:
        return Decision(Action.NONE, _not_known(now.puzzle), blocked=True)
    if acting and now.unshown and now.status is Status.AWAITING_APPROVALS:
        # AWS doesn't show who has approved, and a count doesn't say who: in doubt each is asked itself.
        now = replace(now, approvals=replace(now.approvals, accepted=0))
    return _BY_STATUS[now.status](desired, recorded, now)


def must_wait(desired: Desired, now: Assessment) -> bool:
    """Say whether the program wants a run to stay with the migration as it stands now.

    What was declined, or canceled, is somebody's to decide: no waiting helps.
    """
    if desired.wait_until is WaitUntil.REQUESTED or now.status not in IN_FLIGHT:
        return False
    return desired.wait_until is WaitUntil.ENABLED or now.status is Status.AWAITING_APPROVALS


def to_approve(desired: Desired, now: Assessment) -> tuple[str, ...]:
    """Name the accounts whose approval is outstanding and the approver's to give.

    Where AWS doesn't show who has approved, everyone who must is named, until as many approvals were seen
    in their own accounts.
    """
    approver = desired.approver
    if approver is None:
        return ()
    unshown = {account_id for account_id in now.unshown if approver.covers(account_id)}
    if now.approvals.accepted >= len(unshown):
        unshown = set()
    return tuple(sorted({account_id for account_id in pending(now) if approver.covers(account_id)} | unshown))


def pending(now: Assessment) -> set[str]:
    """The accounts that are shown with a clear request which nobody has answered yet."""
    waiting = (w for w in now.waiting_for if w.handshake_id not in now.unclear)
    return {w.account_id for w in waiting if w.pending and w.account_id}


NOT_STARTED_HERE: Final = (
    "was adopted, according to the state: who started it isn't known, and after a replacement it may be this "
    "resource"
)


def may_cancel(recorded: Recorded, now: Assessment, seen: Observation) -> Decision:  # noqa: PLR0911
    """Decide whether a destroy may cancel the migration: only if that costs nobody's approval.

    Approvals that can't be seen count as given: every invited account's must be shown, and not accepted.
    """
    parent = now.handshake
    if now.status is Status.ENABLED:
        return Decision(Action.NONE, "all features are enabled, which can't be undone")
    if now.puzzle is not None:
        return Decision(Action.NONE, _not_known(now.puzzle))
    if parent is None or not parent.pending or not now.listed:
        return Decision(Action.NONE, NONE_IN_PROGRESS)
    if not recorded.started or not _is_recorded(recorded, parent.id):
        return Decision(Action.NONE, f"migration {parent.id} {NOT_STARTED_HERE}")
    if now.approvals.accepted:
        return Decision(Action.NONE, "somebody has approved it")
    if now.approvals.unknown or not _all_are_shown(seen):
        return Decision(Action.NONE, "approvals that AWS doesn't show may have been given")
    return Decision(Action.CANCEL, "nobody has approved it yet")


def _not_known(parent: Handshake) -> str:
    return f"AWS shows {parent.id} in state {parent.state}, which this version doesn't know"


def _all_are_shown(seen: Observation) -> bool:
    if seen.unclear:
        return False
    if seen.accounts is None or not seen.accounts.known:
        return False
    return seen.accounts.invited <= {child.account_id for child in seen.children or ()}


def _is_recorded(recorded: Recorded, handshake_id: str) -> bool:
    known = recorded.assessment.handshake
    return known is not None and known.id == handshake_id


def _enabled(_desired: Desired, _recorded: Recorded, _now: Assessment) -> Decision:
    return Decision(Action.NONE, "all features are enabled")


def _not_started(_desired: Desired, _recorded: Recorded, _now: Assessment) -> Decision:
    return Decision(Action.START, NONE_IN_PROGRESS)


def _awaiting_approvals(desired: Desired, _recorded: Recorded, now: Assessment) -> Decision:
    # Approving is the owners' affair, unless the program declares who does it for them.
    return _approving(desired, now) or Decision(Action.NONE, "approvals are outstanding")


def _approving(desired: Desired, now: Assessment, *, blocked: bool = False) -> Decision | None:
    accounts = to_approve(desired, now)
    if not accounts:
        return None
    return Decision(Action.APPROVE, "the program declares an approver", blocked, accounts)


def _awaiting_finalization(desired: Desired, _recorded: Recorded, now: Assessment) -> Decision:
    # Already accepted: AWS is about to switch, and there is nothing left to accept.
    if now.handshake is None or now.handshake.state != "OPEN":
        return Decision(Action.NONE, "the migration is finalized, and AWS is enabling all features")
    if not desired.finalizes(now.handshake.id):
        return Decision(Action.NONE, f"{everyone(now.approvals)}, and finalize {not_finalizing(desired)}")
    return Decision(Action.ACCEPT, everyone(now.approvals))


def _expired(_desired: Desired, _recorded: Recorded, _now: Assessment) -> Decision:
    # Nobody said no: asking again is what the program declares. A new handshake has a new id, so this
    # happens once for each that expires.
    return Decision(Action.START, "the last migration expired before it was finalized")


def _canceled(desired: Desired, recorded: Recorded, _now: Assessment) -> Decision:
    # It may have been a person's decision, or AWS's when an assisted migration begins.
    if desired.attempt > recorded.attempt:
        return Decision(Action.START, _raised(desired, recorded))
    return Decision(Action.NONE, "the migration was canceled", blocked=True)


def _declined(desired: Desired, recorded: Recorded, now: Assessment) -> Decision:
    in_flight = now.handshake if now.listed and now.handshake and now.handshake.pending else None
    if desired.attempt <= recorded.attempt:
        # The others' approvals count once the account that declined has been removed.
        approving = _approving(desired, now, blocked=True) if in_flight else None
        return approving or Decision(Action.NONE, "an account declined", blocked=True)
    if in_flight and not _is_recorded(recorded, in_flight.id):
        # The attempt was raised for another migration than this one, which others may have approved. Nor can
        # a create tell a raised attempt from one that an earlier name of the resource has used up.
        return Decision(Action.NONE, "an account declined, and others may have approved", blocked=True)
    return Decision(Action.CANCEL if in_flight else Action.START, _raised(desired, recorded))


def _raised(desired: Desired, recorded: Recorded) -> str:
    return f"attempt was raised from {recorded.attempt} to {desired.attempt}"


_BY_STATUS: dict[Status, Callable[[Desired, Recorded, Assessment], Decision]] = {
    Status.ENABLED: _enabled,
    Status.NOT_STARTED: _not_started,
    Status.AWAITING_APPROVALS: _awaiting_approvals,
    Status.AWAITING_FINALIZATION: _awaiting_finalization,
    Status.EXPIRED: _expired,
    Status.CANCELED: _canceled,
    Status.DECLINED: _declined,
}
