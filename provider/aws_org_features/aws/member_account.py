"""AWS Organizations as a member account sees it: what it was asked, and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws.calls import Calls

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.model.organizations import Handshake


class Member(Calls):
    """A member account's calls, whether its owner makes them or somebody who assumed a role in it."""

    def handshakes(self) -> tuple[Handshake, ...]:
        """List all requests to the account; AWS lists what is finished for 30 days."""
        pages = self._handshake_pages(
            "ListHandshakesForAccount", self._clients.organizations.list_handshakes_for_account
        )
        return tuple(received for page in pages for received in page)
