"""What an account is asked of a migration, and which of it is to be accepted.

Pure, and the same for an account's owner and for whoever approves on its behalf. Consent can't be taken back,
so whatever isn't plainly the declared organization's request is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_org_features.model import MIGRATION_ACTIONS

if TYPE_CHECKING:
    from aws_org_features.model import Handshake

ROLE_REQUEST: Final = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
"""What an account is asked that has lost its service-linked role; only during a migration it is a consent."""


def is_approval_of(
    handshake: Handshake, organization_id: str, account_id: str, parent_id: str | None = None
) -> bool:
    """Whether a handshake, in whatever state, asks an account to approve an organization's migration.

    Never an invitation or a transfer of responsibility, never what another organization or account is asked,
    and never the migration's parent, which nobody but the management account may accept.

    Args:
        handshake: As the account is shown it.
        organization_id: The only organization whose requests count.
        account_id: The account.
        parent_id: Only the requests of this migration count; None for those of any.
    """
    asks = handshake.organization_id == organization_id and handshake.account_id in {None, account_id}
    if not asks or _looks_like_the_parent(handshake, account_id):
        return False
    if parent_id is not None and handshake.parent_id != parent_id:
        return False
    # Of the migration's two actions, AWS's pages disagree about which is the account's: either will do.
    if handshake.action == ROLE_REQUEST:
        return handshake.parent_id is not None
    return handshake.action in MIGRATION_ACTIONS


def _looks_like_the_parent(handshake: Handshake, account_id: str) -> bool:
    """A parent has neither link; and the account in a handshake's ARN is the one that sent it."""
    if handshake.account_id is None and handshake.parent_id is None:
        return True
    return f"::{account_id}:handshake/" in handshake.arn
