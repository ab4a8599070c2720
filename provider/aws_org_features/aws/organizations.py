"""AWS Organizations as the management account sees it: our values in, our values and errors out.

One method a call that is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws.calls import Calls

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake

from typing import TYPE_CHECKING

from aws_org_features.aws.errors import told
from aws_org_features.aws.parse import account, handshake, invitation
from aws_org_features.model.organizations import Accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_organizations.type_defs import AccountTypeDef

    from aws_org_features.model.organizations import AccountDetails, Handshake, Invitation


class Organizations(Calls):
    """The management account's calls."""

    def handshakes_by_action(self, action: str) -> Iterator[tuple[Handshake, ...]]:
        """The organization's handshakes with an action, a page at a time (20 at most)."""
        return self._handshakes({"ActionType": action})

    def children(self, parent_id: str) -> tuple[Handshake, ...]:
        """The handshakes under a parent; AWS may show the management account none."""
        pages = self._handshakes({"ParentHandshakeId": parent_id})
        return tuple(child for page in pages for child in page)

    def accounts(self) -> Accounts:
        """Every account of the organization (`ListAccounts`)."""
        pages = self._pages("ListAccounts", self._clients.organizations.list_accounts, "Accounts", _known)
        return Accounts.of([found for page in pages for found in page if found is not None])

    def invitations(self) -> tuple[Invitation, ...]:
        """The invitations that are pending, and those that were ended within 30 days."""
        chosen = {"ActionType": "INVITE"}
        listed = self._clients.organizations.list_handshakes_for_organization
        pages = self._pages("ListHandshakesForOrganization", listed, "Handshakes", invitation, Filter=chosen)
        return tuple(found for page in pages for found in page)

    def enable_all_features(self) -> Handshake:
        """Start the migration: every invited account is asked to approve.

        Raises:
            AlreadyEnabledError: The organization has all features.
            AlreadyMigratingError: A migration is in progress.
            OrganizationTooLargeError: More than 5,000 accounts.
        """
        return self._write(
            "EnableAllFeatures",
            "",
            lambda: self._clients.writer.enable_all_features(),  # noqa: PLW0108 - makes the client
        )

    def cancel(self, handshake_id: str) -> Handshake:
        """Cancel a handshake, in one try; of a parent, this cancels its pending children too.

        Raises:
            HandshakeRefusedError: It is finished already.
            ConcurrentModificationError: Somebody acts at the same time, maybe by approving: look again.
        """
        with told("organizations", "CancelHandshake", handshake_id):
            return handshake(self._clients.writer.cancel_handshake(HandshakeId=handshake_id)["Handshake"])

    def _handshakes(self, chosen: dict[str, str]) -> Iterator[tuple[Handshake, ...]]:
        listed = self._clients.organizations.list_handshakes_for_organization
        return self._handshake_pages("ListHandshakesForOrganization", listed, Filter=chosen)


def _known(shape: AccountTypeDef) -> AccountDetails | None:
    return account(shape) if "Id" in shape else None
