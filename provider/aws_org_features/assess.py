"""What an observation means. Pure: the same values give the same answer, whatever the time or place.

What to do about it is `decide`'s; how it is said is `words`'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.model import (
    IN_FLIGHT,
    Approvals,
    Assessment,
    Handshake,
    Look,
    Observation,
    Recorded,
    Status,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_COUNTED = ("ACCEPTED", "DECLINED", "EXPIRED", "CANCELED")


def next_look(recorded: Recorded, seen: Observation) -> Look | None:
    """Say what else must be asked before `assess` can tell; None when it can.

    Children matter only where the parent's own state leaves something open, and the list of accounts
    only where children are hidden or somebody declined, who may have left since.
    """
    if not seen.parent_sought and _parent_matters(recorded, seen):
        return Look.PARENT
    if seen.organization.has_all_features:
        return None
    if seen.children is None:
        return Look.CHILDREN if _children_matter(recorded, seen) else None
    if seen.accounts is None and _accounts_matter(recorded, seen):
        return Look.ACCOUNTS
    return None


def _parent_matters(recorded: Recorded, seen: Observation) -> bool:
    # With all features on, only a record that shows its handshake unfinished must be brought to its end.
    known = recorded.assessment.handshake
    return not seen.organization.has_all_features or (known is not None and known.pending)


def _children_matter(recorded: Recorded, seen: Observation) -> bool:
    parent = seen.parent
    if parent is None or _is_outdated(parent, recorded):
        return False
    if parent.state == "OPEN":
        # Everyone has responded. Who declined is asked only when that is known to matter.
        return seen.refused or _stood_declined(recorded, parent)
    return parent.state in {"REQUESTED", "EXPIRED", "DECLINED"}


def _accounts_matter(recorded: Recorded, seen: Observation) -> bool:
    children = seen.children or ()
    if not children and seen.parent is not None and seen.parent.state == "REQUESTED":
        return True
    return bool(_declined(recorded, seen, children))


def _stood_declined(recorded: Recorded, parent: Handshake) -> bool:
    then = recorded.assessment
    return then.status is Status.DECLINED and _same(then.handshake, parent)


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
    handshake = seen.parent or recorded.assessment.handshake
    counts = _counts_so_far(recorded, handshake)
    return Assessment(Status.ENABLED, handshake, _everyone_approved(counts), listed=True)


def _without_parent(recorded: Recorded, seen: Observation) -> Assessment:
    children = seen.children or ()
    if any(child.pending for child in children):
        # Approvals are under way though nothing that looks like their parent is listed.
        approvals = _count(children, Approvals(), unseen=None)
        return Assessment(Status.AWAITING_APPROVALS, None, approvals, _waiting(children, ()))
    if recorded.assessment.handshake is None:
        return Assessment(Status.NOT_STARTED)
    return _no_longer_listed(recorded)


def _no_longer_listed(recorded: Recorded) -> Assessment:
    then = recorded.assessment
    # AWS lists what is finished for 30 days. What was in flight and is gone ended unseen: it may have
    # been somebody's decision, so it counts as canceled.
    in_flight = then.status in IN_FLIGHT or then.status is Status.ENABLED
    status = Status.CANCELED if in_flight else then.status
    return replace(then, status=status, waiting_for=(), listed=False)


def _with_parent(recorded: Recorded, seen: Observation, parent: Handshake) -> Assessment:
    children = seen.children or ()
    declined = _declined(recorded, seen, children)
    before = _counts_so_far(recorded, parent)
    status = _status(parent, blocked_by=bool(declined))
    if seen.children is None:
        approvals = _everyone_approved(before) if parent.state in {"OPEN", "ACCEPTED"} else before
        return Assessment(status, parent, approvals)
    approvals = _count(children, before, unseen=_unseen(seen, children))
    return Assessment(status, parent, approvals, _waiting(children, declined))


def _status(parent: Handshake, *, blocked_by: bool) -> Status:
    if parent.state == "CANCELED":
        return Status.CANCELED
    if parent.state == "ACCEPTED":
        # The organization isn't ALL yet: AWS is about to switch.
        return Status.AWAITING_FINALIZATION
    if parent.state == "DECLINED" or blocked_by:
        return Status.DECLINED
    if parent.state == "EXPIRED":
        return Status.EXPIRED
    return Status.AWAITING_APPROVALS if parent.state == "REQUESTED" else Status.AWAITING_FINALIZATION


def _is_outdated(parent: Handshake, recorded: Recorded) -> bool:
    """Whether AWS shows only a finished migration that is older than the recorded one."""
    known = recorded.assessment.handshake
    if known is None or parent.pending or known.id == parent.id:
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
    """Who declined and still is a member; a refusal that has aged out is taken from the record."""
    found = {w.handshake_id: w for w in map(_as_waiting, children) if w.state == "DECLINED"}
    if _same(recorded.assessment.handshake, seen.parent):
        for waiting in recorded.assessment.waiting_for:
            if waiting.state == "DECLINED":
                found.setdefault(waiting.handshake_id, waiting)
    if seen.accounts is None:
        return tuple(found.values())
    # An account that can't be named can't be seen to have left either.
    return tuple(w for w in found.values() if not w.account_id or w.account_id in seen.accounts.members)


def _waiting(children: Iterable[Handshake], declined: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    pending = (_as_waiting(child) for child in children if child.pending)
    return (
        *sorted(declined, key=lambda w: (w.account_id, w.handshake_id)),
        *sorted(pending, key=lambda w: (w.account_id, w.handshake_id)),
    )


def _as_waiting(child: Handshake) -> Waiting:
    return Waiting(child.account_id or "", child.id, child.action, child.state)


def _unseen(seen: Observation, children: tuple[Handshake, ...]) -> int | None:
    """How many approvals there must be, by the list of accounts, where AWS shows none at all."""
    return None if children or seen.accounts is None else len(seen.accounts.invited)


def _count(children: Collection[Handshake], before: Approvals, *, unseen: int | None) -> Approvals:
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
    required = max(before.required if unseen is None else unseen, known + odd)
    return Approvals(required, accepted, pending, declined, expired, canceled, required - known)


def _everyone_approved(counts: Approvals) -> Approvals:
    """AWS says that nothing is outstanding, so what wasn't refused has been given."""
    given = counts.required - counts.declined - counts.expired - counts.canceled
    return replace(counts, accepted=given, pending=0, unknown=0)
