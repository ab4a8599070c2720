"""Acting within one member account: read its requests, and accept the migration's.

Nothing is accepted but an approval of the one migration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.common import errors, text
from aws_org_features.common.ownership import Part, Sought, Whose, error_of, judge
from aws_org_features.model.migration import Failure
from aws_org_features.model.organizations import Handshake, Unclear

if TYPE_CHECKING:
    from aws_org_features.aws import Member
    from aws_org_features.common.ownership import Verdict
    from aws_org_features.model.migration import Observation

DECLINED: Final = "handshake-declined: the account's owner declined"
AFTER_DECLINED: Final = "Remove the account from the organization, or raise `attempt` to ask everyone again."
_NOT_FOUND: Final = (
    "Look at the account's handshakes (`aws organizations list-handshakes-for-account`) there."
)


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome for an account: its approvals as they are now, and whether this run gave one.

    Attributes:
        approvals: The approvals.
        given: Whether this run gave one.
        unclear: Other pending requests that contradict themselves; they were left alone.
    """

    approvals: tuple[Handshake, ...] = ()
    given: bool = False
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """List the migration's requests to an account: clear ones, and pending unclear ones."""

    clear: tuple[Handshake, ...]
    unclear: tuple[Unclear, ...]


def reach(member: Member, _shown: Observation, _account_id: str) -> Found:
    """See that the account can be acted in; writes nothing."""
    member.handshakes()
    return Found()


def approve(member: Member, shown: Observation, account_id: str) -> Found | Failure:
    """Find what the account is asked, and accept it.

    Raises:
        HandshakeUnclearError: What it is asked contradicts itself, and nothing else is asked.
    """
    asked = _asked(member, shown, account_id)
    if any(approval.state == "DECLINED" for approval in asked.clear):
        return Failure(account_id, DECLINED, AFTER_DECLINED)
    puzzling = [approval for approval in asked.clear if approval.puzzling]
    if puzzling and not any(approval.pending for approval in asked.clear):
        return Failure(account_id, _puzzling(puzzling[0]), text.NEWER_VERSION)
    if not asked.clear and asked.unclear:
        raise error_of(asked.unclear[0])
    if not asked.clear and shown.shows_approvals:
        return Failure(account_id, "approval-not-found: the account isn't asked to approve", _NOT_FOUND)
    given = {a.id: _accepted(member, shown, account_id, a) for a in asked.clear if a.pending}
    return Found(
        tuple(given.get(approval.id, approval) for approval in asked.clear),
        any(approval.state == "ACCEPTED" for approval in given.values()),
        asked.unclear,
    )


def _puzzling(approval: Handshake) -> str:
    what = f"the account's request {approval.id} is {text.not_known(approval.state)}"
    return f"handshake-state-unknown: {what}"


def _accepted(member: Member, shown: Observation, account_id: str, approval: Handshake) -> Handshake:
    try:
        return replace(member.accept(approval.id), account_id=account_id)
    except errors.OrgFeaturesError:
        # AWS has been seen to refuse and yet to have done it, and the owner may have been quicker.
        for later in _asked(member, shown, account_id).clear:
            if later.id == approval.id and not later.pending:
                return later
        raise


def _asked(member: Member, shown: Observation, account_id: str) -> _Asked:
    """List this migration's requests to the account, by what both sides are shown."""
    organization = shown.organization
    sought = Sought(Part.APPROVAL, organization.id, organization.management_account_id, account_id)
    children = {child.id: child for child in shown.children or ()}
    doubts = {unclear.handshake.id: unclear.why for unclear in shown.unclear}
    clear, unclear = [], []
    for received in member.handshakes():
        verdict, child = judge(received, sought), children.get(received.id)
        why = verdict.why
        if not why and received.id in doubts:
            why = f"AWS shows the management account something else: {doubts[received.id]}"
        elif not why and child is not None:
            why = _against_management(received, verdict, child, shown.parent, account_id)
        linked = shown.parent is not None and received.parent_id == shown.parent.id
        if why and received.pending:
            unclear.append(Unclear(received, why))
        elif not why and verdict.whose is Whose.OURS and (linked or child is not None):
            clear.append(replace(received, account_id=account_id))
    return _Asked(tuple(clear), tuple(unclear))


def _against_management(
    received: Handshake, verdict: Verdict, child: Handshake, parent: Handshake | None, account_id: str
) -> str:
    """Explain how an account is shown a different handshake than management is; empty if it isn't."""
    if verdict.whose is not Whose.OURS:
        return (
            "AWS shows it as an approval of the migration to the management account, but not to the account"
        )
    if child.account_id not in {None, account_id}:
        return f"AWS shows it to the management account as a request to {child.account_id}"
    if parent is not None and received.parent_id not in {None, parent.id}:
        return f"it names {received.parent_id} as its parent, but AWS lists it under {parent.id}"
    return ""
