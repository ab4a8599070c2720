"""The one list of approvals: who is asked, who has answered, who blocks a migration and why. Pure.

All views of approvals, and `approve`, read this list: status, plan, report, approval kit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.common.ownership import ROLE_REQUEST
from aws_org_features.common.text import not_known
from aws_org_features.migration.assess import as_shown, as_waiting
from aws_org_features.model.migration import IN_FLIGHT, TO_ANSWER, Status, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aws_org_features.model.migration import Assessment, Observation
    from aws_org_features.model.organizations import AccountDetails, Accounts

_BY_STATE: Final = {"DECLINED": "declined", "EXPIRED": "didn't answer in time"}

_NOT_ANSWERED: Final = "not yet answered"

_INACTIVE: Final = {
    "SUSPENDED": "suspended, so nobody can approve",
    "PENDING_CLOSURE": "being closed, so nobody can approve",
    "CLOSED": "closed, so nobody can approve",
}


@dataclass(frozen=True, slots=True)
class ApprovalRequest(Waiting):
    """An account's request; or, without handshake and state, an account whose request AWS doesn't show.

    Attributes:
        holds_up: Whether the migration can't be finalized because of it, or has expired because of it.
        unclear: Whether it contradicts itself, so that nobody should answer it.
        left: Whether its account is known to have left the organization.
        account: How people know its account; None if unknown.
        account_state: `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`; None if it is active, or unknown.
    """

    holds_up: bool = False
    unclear: bool = False
    left: bool = False
    account: AccountDetails | None = None
    account_state: str | None = None

    @property
    def unanswered(self) -> bool:
        """Return whether it hasn't been answered, as far as AWS shows."""
        return self.pending or not self.state

    @property
    def outstanding(self) -> bool:
        """Return whether its account's owner must answer it, as far as AWS shows."""
        return self.unanswered and not self.unclear

    @property
    def name(self) -> str | None:
        """The account's name, as somebody typed it; None if unknown."""
        return self.account.name if self.account else None

    @property
    def why(self) -> str:
        """The reason why it blocks the migration, in a few words."""
        if self.unclear:
            # The reference is `errors.HandshakeUnclearError`'s.
            return "handshake-unclear: its request contradicts itself"
        if self.state in _BY_STATE:
            return _BY_STATE[self.state]
        if self.account_state is not None:
            return _INACTIVE.get(self.account_state, self.account_state)
        if not self.state:
            return "its answer isn't shown"
        if self.puzzling:
            return not_known(self.state)
        asked = _NOT_ANSWERED if self.pending else self.state
        return f"{asked}, of its lost role" if self.action == ROLE_REQUEST else asked

    @property
    def remark(self) -> str:
        """The reason, unless it is only that the request hasn't been answered, which its state says."""
        return "" if self.why == _NOT_ANSWERED else self.why


def requests(
    seen: Observation, now: Assessment, accounts: Accounts | None = None
) -> tuple[ApprovalRequest, ...]:
    """List who is asked or blocks it, answered or not.

    Args:
        seen: What AWS shows.
        now: What that means.
        accounts: The organization's accounts, for what is known of each; None if unknown.

    Returns:
        Those that declined, then those where nobody can answer, then the others; each by account.
    """
    shown = [*map(as_waiting, as_shown(seen))]
    # Where AWS shows nothing, an account whose own request ended otherwise may have been asked again.
    known = {each.account_id for each in shown if each.state == "ACCEPTED"}
    known |= {each.account_id for each in now.waiting_for}
    unshown = (Waiting(account_id, "", "", "") for account_id in now.unshown - known)
    found = {each.handshake_id or each.account_id: each for each in (*shown, *unshown, *now.waiting_for)}
    waiting = frozenset(now.waiting_for)

    def holds_up(each: Waiting) -> bool:
        if now.status is Status.EXPIRED:
            return each.state == "EXPIRED"
        return each in waiting or (not each.state and now.status is Status.AWAITING_APPROVALS)

    def request(each: Waiting) -> ApprovalRequest:
        account_id = each.account_id
        return ApprovalRequest(
            account_id,
            each.handshake_id,
            each.action,
            each.state,
            each.reason,
            each.next_step,
            holds_up=holds_up(each),
            unclear=each.handshake_id in now.unclear,
            left=accounts is not None and bool(account_id) and account_id not in accounts.members,
            account=accounts.details.get(account_id) if accounts else None,
            account_state=accounts.inactive.get(account_id) if accounts else None,
        )

    return tuple(sorted(map(request, found.values()), key=_by_urgency))


def outstanding(seen: Observation, now: Assessment) -> Iterator[ApprovalRequest]:
    """Those whose owners must answer; none where no answer counts any more."""
    if now.status in TO_ANSWER:
        yield from (each for each in requests(seen, now) if each.outstanding)


def deadline(seen: Observation, now: Assessment) -> datetime | None:
    """The time to finalize by; of a parent that isn't listed, when the first approval expires."""
    if now.status not in IN_FLIGHT | TO_ANSWER:
        return None
    parent = now.handshake
    if parent is None:
        return seen.first_expiry
    return parent.expires_at if parent.pending else None


def _by_urgency(each: ApprovalRequest) -> tuple[bool, bool, str, str]:
    return (not each.declined, each.account_state is None, each.account_id, each.handshake_id)
