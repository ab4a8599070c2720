"""Looking at AWS as a member account: who it is, whose member, and what it is asked. Never writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aws_org_features.aws.caller import permit, permit_roles
from aws_org_features.common import errors
from aws_org_features.model.approval import ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL

if TYPE_CHECKING:
    from aws_org_features.aws import Member
    from aws_org_features.member_account.state import Recorded
    from aws_org_features.model.organizations import Handshake, Organization


@dataclass(frozen=True, slots=True)
class Seen:
    """AWS's answers.

    Attributes:
        account_id: The account that the credentials belong to.
        feature_set: Its organization's; None where the account isn't allowed to describe it.
        received: What it was asked, by anybody; None if that wasn't asked for.
        management_account_id: Its organization's; None where the account isn't allowed to describe it.
    """

    account_id: str
    feature_set: str | None
    received: tuple[Handshake, ...] | None = None
    management_account_id: str | None = None


def observe(api: Member, organization_id: str, recorded: Recorded) -> Seen:
    """Look at what an account is asked.

    Args:
        api: The calls, with the connection's credentials.
        organization_id: The organization that the account must be in.
        recorded: What the last run left: the account that it must be.

    Raises:
        AccountNotAllowedError: The configuration rules the account out.
        AccountMismatchError: It isn't the recorded one.
        NoOrganizationError: It is in no organization.
        OrganizationMismatchError: It is in another one.
        NotMemberAccountError: It is the organization's management account.
    """
    permit_roles(api.connection)
    caller = api.caller_account()
    permit(api.connection, caller)
    _expect(caller, recorded)
    organization = _organization(api, caller, organization_id)
    seen = Seen(caller, None)
    if organization is not None:
        seen = Seen(
            caller, organization.feature_set, management_account_id=organization.management_account_id
        )
    return complete(api, recorded, seen)


def complete(api: Member, recorded: Recorded, seen: Seen) -> Seen:
    """Ask for what is still missing from a look, which may have been another resource's.

    Raises:
        AccountMismatchError: The account isn't the recorded one.
    """
    _expect(seen.account_id, recorded)
    if seen.received is not None or not _matters(recorded, seen):
        return seen
    return replace(seen, received=api.handshakes())


def _matters(recorded: Recorded, seen: Seen) -> bool:
    # With all features on nothing new is asked: only a record without an end may still be brought to one.
    if seen.feature_set != FEATURE_SET_ALL:
        return True
    return not (recorded.settled or recorded.approval.status is ApprovalStatus.APPROVED)


def _organization(api: Member, caller: str, wanted: str) -> Organization | None:
    try:
        organization = api.organization()
    except errors.AccessDeniedError:
        # Approving takes only the permission to list and to accept; without this one there is less to tell.
        return None
    except errors.NoOrganizationError as error:
        raise errors.NoOrganizationError(
            f"Account {caller} isn't in an organization, so it can't approve for {wanted}.",
            "Join the organization first: this resource accepts no invitation. If the account has left, "
            "remove this resource from the program.",
        ) from error
    if organization.id != wanted:
        raise errors.OrganizationMismatchError(
            f"Account {caller} is in organization {organization.id}, but this resource approves for "
            f"{wanted}.",
            "Nothing was approved. Use credentials of one of its member accounts. If this account has moved "
            "to another organization, fix organization_id, or remove this resource from the program.",
        )
    if organization.management_account_id == caller:
        raise errors.NotMemberAccountError(
            f"The credentials belong to account {caller}, the management account of {wanted}, which isn't "
            "asked to approve.",
            "Nothing was approved. Use a member account's credentials; in the management account, declare an "
            "OrganizationFeatureSet.",
        )
    return organization


def _expect(caller: str, recorded: Recorded) -> None:
    if recorded.account_id not in {None, caller}:
        raise errors.AccountMismatchError(
            f"The credentials belong to account {caller}, but this resource approves for account "
            f"{recorded.account_id}.",
            f"Nothing was approved. Use the credentials of {recorded.account_id}; for {caller}, declare "
            "another resource.",
        )
