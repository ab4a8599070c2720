"""People's actions in an organization, through the real API: approve, decline, cancel, invite.

For tests and for the command line, with the credentials of the account that would do it. Nothing
here reaches into the emulator.
"""

from typing import Any

from aws_org_emulator.people.clients import Clients

_PENDING = ("REQUESTED", "OPEN")


class NothingPendingError(LookupError):
    """Raised when there is nothing to answer."""


class PeopleActions:
    """People's actions in one organization.

    Args:
        endpoint: the emulator's URL.
        management_id: the organization's management account.
    """

    def __init__(self, endpoint: str, management_id: str) -> None:
        self._clients = Clients(endpoint, by_people=True)
        self._management_id = management_id

    def close(self) -> None:
        """Close all connections."""
        self._clients.close()

    def approve(self, account_id: str) -> dict[str, Any]:
        """Accept what an account is asked for the migration, as its owner.

        Returns:
            The handshake, in boto3's shape.

        Raises:
            NothingPendingError: it is asked nothing.
            ClientError: AWS's refusal.
        """
        return self._answer("accept_handshake", account_id, self.asked_of(account_id))

    def decline(self, account_id: str) -> dict[str, Any]:
        """Decline what an account is asked for the migration, as its owner.

        Returns:
            The handshake, in boto3's shape.

        Raises:
            NothingPendingError: it is asked nothing.
            ClientError: AWS's refusal.
        """
        return self._answer("decline_handshake", account_id, self.asked_of(account_id))

    def join(self, account_id: str) -> dict[str, Any]:
        """Accept the invitation that an account has, as its owner.

        Returns:
            The invitation, in boto3's shape.

        Raises:
            NothingPendingError: it has none.
            ClientError: AWS's refusal.
        """
        return self._answer("accept_handshake", account_id, self._invitation(account_id))

    def enable_all_features(self) -> dict[str, Any]:
        """Start a migration, as management.

        Returns:
            The parent, in boto3's shape.
        """
        return self._handshake(self._management.enable_all_features())

    def cancel(self) -> dict[str, Any]:
        """Cancel the migration in progress, as management.

        Returns:
            The parent, in boto3's shape.

        Raises:
            NothingPendingError: there is none.
        """
        return self._answer("cancel_handshake", self._management_id, self._pending_parent())

    def finalize(self) -> dict[str, Any]:
        """Accept the parent, as management.

        Returns:
            The parent, in boto3's shape.

        Raises:
            NothingPendingError: there is none.
            ClientError: AWS's refusal, where approvals are missing.
        """
        return self._answer("accept_handshake", self._management_id, self._pending_parent())

    def leave(self, account_id: str) -> None:
        """Leave the organization, as the owner of a member.

        Raises:
            ClientError: AWS's refusal.
        """
        self._clients.get("organizations", account_id).leave_organization()

    def remove_account(self, account_id: str) -> None:
        """Remove a member, as management."""
        self._management.remove_account_from_organization(AccountId=account_id)

    def invite(self, account_id: str) -> dict[str, Any]:
        """Invite an account, as management.

        Returns:
            The invitation, in boto3's shape.
        """
        target = {"Id": account_id, "Type": "ACCOUNT"}
        return self._handshake(self._management.invite_account_to_organization(Target=target))

    def asked_of(self, account_id: str) -> str | None:
        """The id of the pending handshake of the migration that an account has to answer."""
        return self._received(account_id, invitation=False)

    @property
    def _management(self) -> Any:
        return self._clients.get("organizations", self._management_id)

    def _invitation(self, account_id: str) -> str | None:
        return self._received(account_id, invitation=True)

    def _received(self, account_id: str, *, invitation: bool) -> str | None:
        client = self._clients.get("organizations", account_id)
        for page in client.get_paginator("list_handshakes_for_account").paginate():
            for handshake in page["Handshakes"]:
                is_invitation = handshake["Action"] == "INVITE"
                if handshake["State"] in _PENDING and is_invitation is invitation:
                    return str(handshake["Id"])
        return None

    def _pending_parent(self) -> str | None:
        paginator = self._management.get_paginator("list_handshakes_for_organization")
        for page in paginator.paginate():
            for handshake in page["Handshakes"]:
                types = {party["Type"] for party in handshake["Parties"]}
                if handshake["State"] in _PENDING and types == {"ORGANIZATION"}:
                    return str(handshake["Id"])
        return None

    def _answer(self, call: str, account_id: str, handshake_id: str | None) -> dict[str, Any]:
        if handshake_id is None:
            raise NothingPendingError(f"{account_id} has nothing pending to answer")
        client = self._clients.get("organizations", account_id)
        return self._handshake(getattr(client, call)(HandshakeId=handshake_id))

    def _handshake(self, response: Any) -> dict[str, Any]:
        handshake: dict[str, Any] = response["Handshake"]
        return handshake
