"""Messages about an account's approval. No relative times, so that a sentence stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.common.text import NEWER_VERSION, moment, not_known
from aws_org_features.model.approval import Approval, ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake

_ASKED_AGAIN = "If the organization asks again, the next `pulumi up` approves."


def step(handshake: Handshake, organization_id: str) -> str:
    """One line that says what is being done, or would be."""
    return f"approving {handshake.id} of organization {organization_id}"


def not_announced(handshake: Handshake, organization_id: str) -> str:
    """A step that a run leaves undone because it wasn't announced before."""
    return (
        f"not done, because it wasn't announced before this run: {step(handshake, organization_id)}; the "
        "next preview shows it, and the next `pulumi up` does it"
    )


def short(approval: Approval, feature_set: str | None) -> str:
    """Status, short enough for one side of a property difference."""
    handshake = approval.handshake
    if handshake is not None and _puzzles(approval):
        return f"{handshake.id} is {handshake.state}, which isn't known"
    if approval.pending and handshake is not None:
        return f"asked by {handshake.id}, not approved yet"
    if feature_set == FEATURE_SET_ALL:
        return f"{approval.status}, all features are enabled"
    return f"{approval.status} {handshake.id}" if handshake else str(approval.status)


def message(organization_id: str, account_id: str, approval: Approval, feature_set: str | None) -> str:
    """One to three sentences: how it stands, and what happens next.

    Args:
        organization_id: Whose migration it is.
        account_id: The account that approves.
        approval: How its approval stands.
        feature_set: The organization's; None where the account isn't shown it.
    """
    if feature_set == FEATURE_SET_ALL and not approval.pending:
        return _all_features(organization_id, account_id, approval)
    if approval.handshake is None:
        return _not_asked(organization_id, account_id, feature_set)
    return _MESSAGES[approval.status](organization_id, account_id, approval.handshake)


def _all_features(organization_id: str, account_id: str, approval: Approval) -> str:
    enabled = f"All features are enabled in organization {organization_id}"
    if approval.handshake is None:
        return f"{enabled}: account {account_id} has nothing to approve."
    if approval.status is ApprovalStatus.APPROVED:
        return f"{enabled}. Account {account_id} approved with {approval.handshake.id}."
    return f"{enabled}: there is nothing left for account {account_id} to approve."


def _not_asked(organization_id: str, account_id: str, feature_set: str | None) -> str:
    text = (
        f"Organization {organization_id} hasn't asked account {account_id} to approve all features. "
        "Once it does, the next `pulumi up` approves."
    )
    if feature_set is not None:
        return text
    return f"{text} To see whether the account is a member, allow organizations:DescribeOrganization."


def _puzzles(approval: Approval) -> bool:
    """Return whether the request is in a state that isn't known here."""
    shown = approval.status is ApprovalStatus.NOT_ASKED and approval.handshake is not None
    return shown and approval.handshake is not None and approval.handshake.puzzling


def _asked(organization_id: str, account_id: str, handshake: Handshake) -> str:
    if handshake.puzzling:
        return (
            f"Organization {organization_id} asks account {account_id} to approve all features: AWS shows "
            f"{handshake.id} {not_known(handshake.state)}. Nothing is written to it. {NEWER_VERSION}"
        )
    return (
        f"Organization {organization_id} asks account {account_id} to approve all features by "
        f"{moment(handshake.expires_at)} ({handshake.id}). The next `pulumi up` approves."
    )


def _approved(organization_id: str, account_id: str, handshake: Handshake) -> str:
    return (
        f"Account {account_id} has approved all features for organization {organization_id} "
        f"({handshake.id}). The organization finalizes once every account has."
    )


def _declined(organization_id: str, account_id: str, handshake: Handshake) -> str:
    return (
        f"Somebody in account {account_id} declined {handshake.id}, which can't be taken back and blocks "
        f"the migration of organization {organization_id}. {_ASKED_AGAIN} "
        "If you don't want that, remove this resource."
    )


def _expired(_organization_id: str, account_id: str, handshake: Handshake) -> str:
    return (
        f"{handshake.id} expired on {moment(handshake.expires_at)}, before account {account_id} answered. "
        f"{_ASKED_AGAIN}"
    )


def _canceled(organization_id: str, account_id: str, handshake: Handshake) -> str:
    if handshake.state != "CANCELED":
        return f"AWS no longer lists {handshake.id}, and how it ended isn't known. {_ASKED_AGAIN}"
    return (
        f"Organization {organization_id} canceled {handshake.id} before account {account_id} answered. "
        f"{_ASKED_AGAIN}"
    )


_MESSAGES = {
    ApprovalStatus.NOT_ASKED: _asked,
    ApprovalStatus.APPROVED: _approved,
    ApprovalStatus.DECLINED: _declined,
    ApprovalStatus.EXPIRED: _expired,
    ApprovalStatus.CANCELED: _canceled,
}


def left_behind(approval: Approval) -> str:
    """Describe a destroy, which does little."""
    if approval.status is ApprovalStatus.APPROVED:
        why = "consent that was given can't be withdrawn"
    elif approval.pending and approval.handshake is not None:
        why = f"{approval.handshake.id} stays unanswered, and isn't declined"
    else:
        why = "nothing was approved"
    return f"removed from the stack only: {why}"
