"""Inviting accounts into an organization.

From the User Guide, "Inviting an AWS account", and botocore's model of
InviteAccountToOrganization. Joining itself belongs to `organization`.
"""

import re

from moto.organizations.models import organizations_backends

from aws_org_emulator.handshakes.handshake import (
    INVITATION_LIFETIME,
    Action,
    Handshake,
    Sender,
    Terms,
    new_id,
)
from aws_org_emulator.handshakes.lifecycle import HandshakeRole, HandshakeState
from aws_org_emulator.protocol.exceptions import (
    AlreadyInAnOrganizationError,
    DuplicateHandshakeError,
    InvitationsDisabledError,
)
from aws_org_emulator.protocol.invalid_input import (
    InvalidEmailAddressError,
    InvalidPartyTypeError,
    InvalidPatternError,
)
from aws_org_emulator.state.shared import SharedState

_ACCOUNT_ID = re.compile(r"\d{12}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LONGEST_EMAIL = 64
"""The form of botocore's `Email`."""


def invite(shared: SharedState, sender: Sender, target: dict[str, str], notes: str | None) -> Handshake:
    """Invite an account. One that is invited by its address may be a member: AWS tells so when it accepts.

    Args:
        shared: where.
        sender: the organization that invites.
        target: botocore's `HandshakeParty`, of Type ACCOUNT or EMAIL. An account id that isn't
            known becomes a standalone account.
        notes: a text for the account's owner.

    Returns:
        The invitation. Sent during a migration, it offers ALL, so that accepting it is consent.

    Raises:
        InvitationsDisabledError: a migration is in progress, where the switch says so.
        AlreadyInAnOrganizationError: the account is a member already.
        DuplicateHandshakeError: it has a pending invitation already.
        InvalidPartyTypeError: the target is of another type.
        InvalidPatternError: the account id isn't one.
        InvalidEmailAddressError: the address isn't one.
    """
    migrating = shared.migrations.in_flight(sender.organization_id)
    if migrating and not shared.switches.invitations_during_migration:
        raise InvitationsDisabledError
    account_id, email = target_of(shared, target)
    if account_id is not None and email is None:
        _check_not_member(sender, account_id)
    _check_not_invited(shared, sender, account_id, email)
    management = organizations_backends[sender.management_id][sender.partition].org
    offers_all = migrating or (management is not None and management.feature_set == "ALL")
    now = shared.clock.now()
    invitation = Handshake(
        id=new_id(),
        role=HandshakeRole.INVITATION,
        action=Action.INVITE,
        state=HandshakeState.OPEN,
        sender=sender,
        requested_at=now,
        expires_at=now + INVITATION_LIFETIME,
        account_id=account_id,
        terms=Terms("ALL" if offers_all else "CONSOLIDATED_BILLING", email=email, notes=notes),
    )
    shared.handshake_store.add(invitation)
    return invitation


def target_of(shared: SharedState, target: dict[str, str]) -> tuple[str | None, str | None]:
    """The account that a party means.

    Returns:
        The account's id as far as it is known, and the address if it was named by that.

    Raises:
        InvalidPartyTypeError: it is neither an account nor an address.
        InvalidPatternError: the account id isn't one.
        InvalidEmailAddressError: the address isn't one.
    """
    kind, value = target.get("Type"), str(target.get("Id") or "")
    if kind == "EMAIL":
        if not _EMAIL.fullmatch(value) or len(value) > _LONGEST_EMAIL:
            raise InvalidEmailAddressError
        return shared.accounts.with_email(value), value
    if kind != "ACCOUNT":
        raise InvalidPartyTypeError
    if not _ACCOUNT_ID.fullmatch(value):
        raise InvalidPatternError
    shared.accounts.add(value)
    return value, None


def _check_not_member(sender: Sender, account_id: str) -> None:
    member_of = organizations_backends.master_accounts.get(account_id, ("", ""))
    if sender.management_id in (account_id, member_of[0]):
        raise AlreadyInAnOrganizationError


def _check_not_invited(
    shared: SharedState, sender: Sender, account_id: str | None, email: str | None
) -> None:
    """No pending invitation of this organization is to the same account, or to the same address."""
    for handshake_id in shared.handshake_store.of_organization(sender.organization_id):
        handshake = shared.handshake_store[handshake_id]
        if handshake.action is not Action.INVITE or not handshake.pending:
            continue
        terms = handshake.terms
        same_account = account_id is not None and handshake.account_id == account_id
        same_address = email is not None and terms is not None and terms.email == email
        if same_account or same_address:
            raise DuplicateHandshakeError
