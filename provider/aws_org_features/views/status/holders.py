"""Who holds a migration up, and why, in a few words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import not_known
from aws_org_features.model.migration import Status
from aws_org_features.model.organizations import PENDING_STATES, is_puzzling
from aws_org_features.views.status.values import Answer, Holder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import Accounts

_ROLE_REQUEST: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
"""What an account is asked that has lost its service-linked role."""

_BY_STATE: Final = {"DECLINED": "declined", "EXPIRED": "hadn't answered in time"}

_UNCLEAR: Final = "handshake-unclear: its request contradicts itself"
"""The reference is `errors.HandshakeUnclearError`'s."""

_INACTIVE: Final = {
    "SUSPENDED": "suspended, so nobody can answer",
    "PENDING_CLOSURE": "being closed, so nobody can answer",
    "CLOSED": "closed, so nobody can answer",
}


def holders(seen: Observation, now: Assessment, accounts: Accounts | None) -> tuple[Holder, ...]:
    """Who holds it up, or did.

    Args:
        seen: What AWS shows.
        now: What that means.
        accounts: The organization's accounts, for their names and states; None if unknown.

    Returns:
        Those that declined, then those where nobody can answer, then the others; each by account.
    """
    found = (_holder(*request, accounts) for request in _requests(seen, now))
    told = (replace(each, why=_UNCLEAR) if each.handshake_id in now.unclear else each for each in found)
    return tuple(sorted(told, key=_by_urgency))


def _by_urgency(holder: Holder) -> tuple[bool, bool, str, str]:
    answered = holder.state != "DECLINED"
    return (answered, holder.account_state is None, holder.account_id, holder.handshake_id or "")


def _requests(seen: Observation, now: Assessment) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Account, handshake, action and state."""
    if now.status is Status.EXPIRED:
        for child in seen.children or ():
            if child.state == "EXPIRED":
                yield child.account_id or "", child.id, child.action, child.state
        return
    for waiting in now.waiting_for:
        yield waiting.account_id, waiting.handshake_id, waiting.action, waiting.state
    if now.status is Status.AWAITING_APPROVALS:
        for account_id in now.unshown:
            yield account_id, None, None, None


def _holder(
    account_id: str, handshake_id: str | None, action: str | None, state: str | None, known: Accounts | None
) -> Holder:
    details = known.details.get(account_id) if known else None
    inactive = known.inactive.get(account_id) if known else None
    return Holder(
        account_id,
        details.name if details else None,
        inactive,
        handshake_id,
        action,
        state,
        _why(action, state, inactive),
    )


def _why(action: str | None, state: str | None, inactive: str | None) -> str:
    if state in _BY_STATE:
        return _BY_STATE[state]
    if inactive is not None:
        return _INACTIVE.get(inactive, inactive)
    if state is None:
        return "its answer isn't shown"
    if is_puzzling(state):
        return not_known(state)
    asked = "not yet answered" if state in PENDING_STATES else state
    return f"{asked}, of its lost role" if action == _ROLE_REQUEST else asked


def answers(seen: Observation) -> Mapping[str, Answer] | None:
    """What each request was answered that AWS shows; None if they weren't looked at, or aren't shown."""
    if not seen.children:
        return None
    return {child.id: Answer(child.account_id or "", child.state) for child in seen.children}
