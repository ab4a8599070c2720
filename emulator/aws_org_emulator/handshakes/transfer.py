"""One billing transfer: its status, and its shape in botocore's model. The operations are elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aws_org_emulator.handshakes.handshake import Sender
from aws_org_emulator.handshakes.handshake_store import HandshakeStore
from aws_org_emulator.handshakes.lifecycle import HandshakeState

_STATUS = {HandshakeState.REQUESTED: "REQUESTED", HandshakeState.OPEN: "REQUESTED"}
"""A transfer's status by its handshake's state, where that has another name."""


@dataclass(slots=True)
class Transfer:
    """One transfer, from when it was asked for."""

    id: str
    name: str
    target: Sender
    """The organization that asked: it is to manage the bills."""
    source_id: str | None
    """The management account that is asked, as far as its address is known."""
    source_email: str
    handshake_id: str
    starts_at: datetime
    ends_at: datetime | None = None
    withdrawn: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    def status(self, handshake_store: HandshakeStore) -> str:
        """The status, of botocore's `ResponsibilityTransferStatus`."""
        state = handshake_store[self.handshake_id].state
        return "WITHDRAWN" if self.withdrawn else _STATUS.get(state, str(state))

    def describe(
        self, handshake_store: HandshakeStore, organization_id: str, account_id: str
    ) -> dict[str, Any]:
        """Describe it as botocore's `ResponsibilityTransfer`, as one of the two organizations sees it."""
        way = "inbound" if account_id == self.target.management_id else "outbound"
        owned = f"arn:{self.target.partition}:organizations::{account_id}:transfer/{organization_id}"
        source = {"ManagementAccountId": self.source_id} if self.source_id else {}
        found: dict[str, Any] = {
            "Arn": f"{owned}/billing/{way}/{self.id}",
            "Name": self.name,
            "Id": self.id,
            "Type": "BILLING",
            "Status": self.status(handshake_store),
            "Source": {**source, "ManagementAccountEmail": self.source_email},
            "Target": {
                "ManagementAccountId": self.target.management_id,
                "ManagementAccountEmail": self.target.email,
            },
            "StartTimestamp": self.starts_at.timestamp(),
            "ActiveHandshakeId": self.handshake_id,
        }
        return found if self.ends_at is None else {**found, "EndTimestamp": self.ends_at.timestamp()}
