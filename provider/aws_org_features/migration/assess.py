"""The meaning of an observation. Pure: the same values give the same answer at any time and place.

What to do about it is `decide`'s; how it is said is `words`'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.common import errors
from aws_org_features.common.ownership import NEXT_STEP, sentence
from aws_org_features.model.migration import (
    IN_FLIGHT,
    Approvals,
    Assessment,
    Desired,
    Look,
    Observation,
    Recorded,
    Status,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aws_org_features.model.organizations import Handshake

_BY_PARENT = {
    "CANCELED": Status.CANCELED,
    # Where the organization isn't ALL yet: AWS is about to switch.
    "ACCEPTED": Status.AWAITING_FINALIZATION,
    "DECLINED": Status.DECLINED,
    "EXPIRED": Status.EXPIRED,
    "OPEN": Status.AWAITING_FINALIZATION,
}
_COUNTED = ("ACCEPTED", "DECLINED", "EXPIRED", "CANCELED")


def next_look(desired: Desired, recorded: Recorded, seen: Observation) -> Look | None:
    """Say what else must be asked before `assess` can tell; None when it can.

    Children matter only where the parent's own state leaves something open, and the list of accounts
    only where children are hidden or somebody declined, who may have left since.
    """
    if not seen.parent_sought and _parent_matters(recorded, seen):
        return Look.PARENT
    if seen.organization.has_all_features:
        return None
    if seen.children is None:
        return Look.CHILDREN if _children_matter(desired, recorded, seen) else None
    if seen.accounts is None and _accounts_matter(recorded, seen):
        return Look.ACCOUNTS
    return None


def _parent_matters(recorded: Recorded, seen: Observation) -> bool:
    # With all features on, only a record that shows its handshake unfinished must be brought to its end.
    known = recorded.assessment.handshake
    return not seen.organization.has_all_features or (known is not None and not known.finished)


def _children_matter(desired: Desired, recorded: Recorded, seen: Observation) -> bool:
    parent = seen.parent
    if parent is None or _is_outdated(parent, recorded):
        return False
    if parent.state == "OPEN":
        # Everyone has responded. Accepting it shows whether all approved; where it must not be tried, or
        # was refused, the children tell.
        untold = not desired.finalizes(parent.id) and not _told(recorded, parent)
        return untold or seen.refused or _stood_refused(recorded, parent)
    return parent.state in {"REQUESTED", "EXPIRED", "DECLINED"}


def _accounts_matter(recorded: Recorded, seen: Observation) -> bool:
    children = seen.children or ()
    if not children and seen.parent is not None and seen.parent.pending:
        return True
    return bool(_declined(recorded, seen, children))


def _told(recorded: Recorded, parent: Handshake) -> bool:
    """Return whether an earlier look saw everybody's approval."""
    counts = _counts_so_far(recorded, parent)
    return 0 < counts.required == counts.accepted


def _stood_refused(recorded: Recorded, parent: Handshake) -> bool:
    """Return whether AWS refused this very parent's acceptance before."""
    then = recorded.assessment
    if then.status is not Status.DECLINED or not _same(then.handshake, parent):
        return False
    return then.handshake is not None and then.handshake.state == "OPEN"


def assess(recorded: Recorded, seen: Observation) -> Assessment:
    """Tell where the migration stands.

    Args:
        recorded: What the last run left; its counts are kept where AWS no longer lists a handshake.
        seen: What AWS shows now, complete as far as `next_look` asks.
    """
    if seen.organization.has_all_features:
        return _enabled(recorded, seen)
    parent = seen.parent
    if parent is None:
        return _without_parent(recorded, seen)
    if _is_outdated(parent, recorded):
        return _no_longer_listed(recorded)
    return _with_parent(recorded, seen, parent)


def _enabled(recorded: Recorded, seen: Observation) -> Assessment:
    known = recorded.assessment.handshake
    # One that was in progress when it was last seen, and isn't listed any more, may not have ended
    # so.
    handshake = seen.parent or (None if known is not None and not known.finished else known)
    counts = _counts_so_far(recorded, handshake)
    return Assessment(Status.ENABLED, handshake, _everyone_approved(counts))


def _without_parent(recorded: Recorded, seen: Observation) -> Assessment:
    children = as_shown(seen)
    then = recorded.assessment
    if not all(child.finished for child in children):
        # Approvals are in progress though nothing that looks like their parent is listed.
        declined = _declined(recorded, seen, children)
        status = Status.DECLINED if declined else Status.AWAITING_APPROVALS
        approvals = _count(children, then.approvals, unseen=None)
        return Assessment(status, then.handshake, approvals, _waiting(recorded, seen, children, declined))
    if then.handshake is None and then.status not in IN_FLIGHT:
        return Assessment(Status.NOT_STARTED)
    return _no_longer_listed(recorded)


def _no_longer_listed(recorded: Recorded) -> Assessment:
    then = recorded.assessment
    # AWS lists what is finished for 30 days. What was in progress and is gone ended unseen: it may have
    # been somebody's decision, so it counts as canceled.
    in_flight = then.status in IN_FLIGHT or then.status is Status.ENABLED
    status = Status.CANCELED if in_flight else then.status
    untold = replace(then.approvals, pending=0, unknown=then.approvals.unknown + then.approvals.pending)
    return replace(then, status=status, approvals=untold, waiting_for=(), listed=False)


def _with_parent(recorded: Recorded, seen: Observation, parent: Handshake) -> Assessment:
    before = _counts_so_far(recorded, parent)
    if seen.children is None:
        return Assessment(_status(parent, blocked=False), parent, _left_over(before, parent))
    children = as_shown(seen)
    declined = _declined(recorded, seen, children)
    status = _status(parent, blocked=bool(declined) or _refused_unseen(recorded, seen, parent))
    unshown = _unshown(seen)
    doubts = [unclear.handshake.id for unclear in seen.unclear if unclear.handshake.pending]
    approvals = _count(children, before, unseen=None if unshown is None else len(unshown), doubts=len(doubts))
    waiting = _waiting(recorded, seen, children, declined)
    return Assessment(status, parent, approvals, waiting, unshown or frozenset(), unclear=frozenset(doubts))


def as_shown(seen: Observation) -> tuple[Handshake, ...]:
    """The approvals, as management is shown them or, where that is newer, as their own accounts were."""
    own = {child.id: child for child in seen.own}
    children = seen.children or ()
    shown = tuple(own.pop(child.id, child) if child.pending else child for child in children)
    known = {child.id for child in children}
    return (*shown, *(child for child in own.values() if child.id not in known))


def _status(parent: Handshake, *, blocked: bool) -> Status:
    if blocked and parent.state not in {"CANCELED", "ACCEPTED"}:
        return Status.DECLINED
    return _BY_PARENT.get(parent.state, Status.AWAITING_APPROVALS)


def _left_over(before: Approvals, parent: Handshake) -> Approvals:
    """The counts where the parent's own state tells what became of those that were pending."""
    if parent.state == "ACCEPTED":
        return _everyone_approved(before)
    if parent.state == "OPEN":
        # They have responded; how, AWS's sources disagree about.
        return replace(before, pending=0, unknown=before.unknown + before.pending)
    if parent.state == "CANCELED":
        return replace(before, pending=0, canceled=before.canceled + before.pending)
    return before


def _refused_unseen(recorded: Recorded, seen: Observation, parent: Handshake) -> bool:
    """Return whether AWS refuses an OPEN parent, and doesn't show because of whom.

    It is tried again once fewer accounts are asked than when it was refused.
    """
    asked = _unshown(seen)
    if parent.state != "OPEN" or seen.children or (asked is not None and not asked):
        # Where nobody is asked, nobody can have declined: AWS isn't ready yet.
        return False
    if seen.refused:
        return True
    fewer = asked is not None and len(asked) < recorded.assessment.approvals.required
    return _stood_refused(recorded, parent) and not fewer


def _is_outdated(parent: Handshake, recorded: Recorded) -> bool:
    """Return whether AWS shows only a finished migration that is older than the recorded one."""
    known = recorded.assessment.handshake
    if known is None or not parent.finished or known.id == parent.id:
        return False
    if known.requested_at is None or parent.requested_at is None:
        return False
    return parent.requested_at < known.requested_at


def _same(one: Handshake | None, other: Handshake | None) -> bool:
    return one is not None and other is not None and one.id == other.id


def _counts_so_far(recorded: Recorded, parent: Handshake | None) -> Approvals:
    then = recorded.assessment
    return then.approvals if _same(then.handshake, parent) else Approvals()


def _declined(recorded: Recorded, seen: Observation, children: Iterable[Handshake]) -> tuple[Waiting, ...]:
    """Members that declined; a decline that AWS no longer lists is taken from the record."""
    found = {w.handshake_id: w for w in map(as_waiting, children) if w.declined}
    if _same(recorded.assessment.handshake, seen.parent):
        for waiting in recorded.assessment.waiting_for:
            if waiting.declined:
                found.setdefault(waiting.handshake_id, waiting)
    if seen.accounts is None or not seen.accounts.known:
        return tuple(found.values())
    # An account that can't be named can't be seen to have left either.
    return tuple(w for w in found.values() if not w.account_id or w.account_id in seen.accounts.members)


def _waiting(
    recorded: Recorded, seen: Observation, children: Iterable[Handshake], declined: tuple[Waiting, ...]
) -> tuple[Waiting, ...]:
    """Accounts that block it: first those that an approver failed for, then those that declined."""
    # In a state that isn't known here, a request stands against finalizing all the same.
    in_flight = seen.parent is None or seen.parent.pending
    stands = (child for child in children if child.pending or (in_flight and child.puzzling))
    pending = map(as_waiting, stands)
    known = {child.account_id for child in children}
    failed = {failure.account_id: failure for failure in seen.failures}
    before = _failed_before(recorded, seen)
    unshown = (
        before.get(each) or Waiting(each, "", "", "") for each in {**failed, **before} if each not in known
    )

    def told(waiting: Waiting) -> Waiting:
        """Add what an approver met with, in this run or else in the last that recorded it."""
        why = failed.get(waiting.account_id) or before.get(waiting.account_id)
        return replace(waiting, reason=why.reason, next_step=why.next_step) if why else waiting

    everyone = (*map(told, (*declined, *pending, *unshown)), *_doubtful(seen))
    return tuple(sorted(everyone, key=by_urgency))


def _doubtful(seen: Observation) -> Iterator[Waiting]:
    """Requests that contradict themselves: unanswered, as far as anybody can tell."""
    for unclear in seen.unclear:
        if unclear.handshake.pending:
            reason = f"{errors.HandshakeUnclearError.reference}: {sentence(unclear)}"
            yield replace(as_waiting(unclear.handshake), reason=reason, next_step=NEXT_STEP)


def by_urgency(waiting: Waiting) -> tuple[bool, bool, str, str]:
    """Order those that block it: first those with a reason, then those that declined, by account."""
    return (not waiting.reason, not waiting.declined, waiting.account_id, waiting.handshake_id)


def _failed_before(recorded: Recorded, seen: Observation) -> dict[str, Waiting]:
    """The accounts that an earlier run's approver failed for, and that must still approve."""
    then = recorded.assessment
    if seen.parent is not None and not _same(then.handshake, seen.parent):
        return {}
    asked = _unshown(seen) or {child.account_id for child in seen.children or ()}
    return {w.account_id: w for w in then.waiting_for if w.reason and w.account_id in asked}


def as_waiting(child: Handshake) -> Waiting:
    """An approval as an account that may block it."""
    return Waiting(child.account_id or "", child.id, child.action, child.state)


def _unshown(seen: Observation) -> frozenset[str] | None:
    """The accounts that must approve, by the list of accounts, where AWS shows none of the approvals."""
    if seen.shows_approvals or seen.accounts is None or not seen.accounts.known:
        return None
    return seen.accounts.invited


def _count(
    children: Collection[Handshake], before: Approvals, *, unseen: int | None, doubts: int = 0
) -> Approvals:
    """Count, keeping what an earlier look saw of handshakes that have aged out since."""
    states = [child.state for child in children]
    pending = sum(1 for child in children if child.pending)
    accepted, declined, expired, canceled = (states.count(state) for state in _COUNTED)
    accepted = max(accepted, before.accepted)
    declined = max(declined, before.declined)
    expired = max(expired, before.expired)
    canceled = max(canceled, before.canceled)
    known = accepted + pending + declined + expired + canceled
    odd = len(states) - pending - sum(states.count(state) for state in _COUNTED)
    required = max(before.required if unseen is None else unseen, known + odd + doubts)
    return Approvals(required, accepted, pending, declined, expired, canceled, required - known)


def _everyone_approved(counts: Approvals) -> Approvals:
    """AWS took the acceptance, so what wasn't refused has been given."""
    given = counts.required - counts.declined - counts.expired - counts.canceled
    return replace(counts, accepted=given, pending=0, unknown=0)
