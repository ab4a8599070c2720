"""A handshake as a value, and how AWS shows it.

Shapes are those of botocore's `Handshake` and of the worked examples in the Organizations User
Guide. Storing and changing handshakes belongs to `handshake_store` and `migration`.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from aws_org_emulator.handshakes.lifecycle import (
    PENDING,
    HandshakeEvent,
    HandshakeRole,
    HandshakeState,
    next_state,
)
from aws_org_emulator.scenario.switches import Switches

MIGRATION_LIFETIME = timedelta(days=90)
"""The longest that a migration may take: User Guide, enabling all features."""
INVITATION_LIFETIME = timedelta(days=15)
"""The time for answering an invitation: User Guide, inviting an account."""
RETENTION = timedelta(days=30)
"""The time for which finished handshakes are shown: documentation of ListHandshakesForAccount."""
_TURNS = count()
"""Number of times that parties were shown, where their order changes from one answer to the next."""
_LONGEST_KIND = 32
"""Of a handshake's ARN: `HandshakeArn` in botocore's model."""


class Action(StrEnum):
    """botocore's `ActionType`."""

    INVITE = "INVITE"
    ENABLE_ALL_FEATURES = "ENABLE_ALL_FEATURES"
    APPROVE_ALL_FEATURES = "APPROVE_ALL_FEATURES"
    ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
    TRANSFER_RESPONSIBILITY = "TRANSFER_RESPONSIBILITY"


@dataclass(frozen=True, slots=True)
class Sender:
    """The organization that a handshake comes from."""

    organization_id: str
    management_id: str
    partition: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of an invitation, besides who is asked by whom."""

    feature_set: str
    email: str | None = None
    notes: str | None = None
    transfer: tuple[str, datetime] | None = None
    """The id of the responsibility transfer that it asks for, and when that is to begin."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """One handshake at one moment.

    Attributes:
        id: `h-` and 26 hexadecimal digits.
        role: parent, child or invitation.
        action: what AWS calls it; depends on the switch `handshake_actions`.
        state: as of the last change; a lapse that nobody has looked at yet isn't in it.
        sender: the organization.
        requested_at: when it was made, in UTC.
        expires_at: when it lapses if it is still pending, in UTC.
        account_id: who is asked; None for a parent, and for an invitation to an unknown address.
        parent_id: a child's parent.
        finished_at: when it reached its last state; None while pending.
        terms: an invitation's terms.
    """

    id: str
    role: HandshakeRole
    action: Action
    state: HandshakeState
    sender: Sender
    requested_at: datetime
    expires_at: datetime
    account_id: str | None = None
    parent_id: str | None = None
    finished_at: datetime | None = None
    terms: Terms | None = None

    @property
    def pending(self) -> bool:
        """Return whether somebody may still answer."""
        return self.state in PENDING

    @property
    def arn(self) -> str:
        """The handshake's ARN; its path follows the action, as far as HandshakeArn's pattern has room for it.

        The request for the service-linked role is the only longer one. How AWS shortens it, no source says.
        """
        sender = self.sender
        kind = self.action.lower()[:_LONGEST_KIND]
        return (
            f"arn:{sender.partition}:organizations::{sender.management_id}:handshake/"
            f"{sender.organization_id}/{kind}/{self.id}"
        )

    def after(self, event: HandshakeEvent, at: datetime) -> "Handshake":
        """The handshake after an event.

        Args:
            event: what happens.
            at: when it happens, in UTC.

        Returns:
            A new value.

        Raises:
            HandshakeAlreadyInStateError: it is already where the event leads.
            InvalidHandshakeTransitionError: the lifecycle has no such transition.
        """
        state = next_state(self.role, self.state, event)
        return replace(self, state=state, finished_at=None if state in PENDING else at)

    def kept(self, now: datetime) -> bool:
        """Return whether AWS still shows it: a finished handshake goes after 30 days."""
        return self.finished_at is None or now < self.finished_at + RETENTION


def new_id() -> str:
    """An id that fits `^h-[0-9a-z]{8,32}$` and is as long as the User Guide's."""
    return f"h-{secrets.token_hex(13)}"


def parent_action(switches: Switches) -> Action:
    """The action of a migration's parent, as the switch has it."""
    as_in_guide = switches.handshake_actions == "guide"
    return Action.ENABLE_ALL_FEATURES if as_in_guide else Action.APPROVE_ALL_FEATURES


def approval_action(switches: Switches) -> Action:
    """The action of an invited account's child, as the switch has it."""
    as_in_guide = switches.handshake_actions == "guide"
    return Action.APPROVE_ALL_FEATURES if as_in_guide else Action.ENABLE_ALL_FEATURES


def render(handshake: Handshake, switches: Switches) -> dict[str, Any]:
    """The handshake in the shape of botocore's `Handshake`, timestamps as datetimes."""
    return {
        "Id": handshake.id,
        "Arn": handshake.arn,
        "Parties": _parties(handshake, switches),
        "State": str(handshake.state),
        "RequestedTimestamp": handshake.requested_at,
        "ExpirationTimestamp": handshake.expires_at,
        "Action": str(handshake.action),
        "Resources": _resources(handshake, switches),
    }


def _parties(handshake: Handshake, switches: Switches) -> list[dict[str, str]]:
    organization = handshake.sender.organization_id
    if not switches.party_prefixes:
        organization = organization.removeprefix("o-")
    parties = [_typed("Id", organization, "ORGANIZATION")]
    address = _address(handshake)
    if address is not None and handshake.state is not HandshakeState.ACCEPTED:
        parties.append(_typed("Id", address, "EMAIL"))
    elif handshake.account_id is not None:
        parties.append(_typed("Id", handshake.account_id, "ACCOUNT"))
    return parties[::-1] if _recipient_comes_first(switches) else parties


def _recipient_comes_first(switches: Switches) -> bool:
    return switches.party_order == "recipient" or (switches.party_order == "either" and next(_TURNS) % 2 == 1)


def _address(handshake: Handshake) -> str | None:
    """The address that an invitation was sent to, if it wasn't sent to an account by its id."""
    return None if handshake.terms is None else handshake.terms.email


def _resources(handshake: Handshake, switches: Switches) -> list[dict[str, Any]]:
    resources: list[dict[str, Any]] = []
    if handshake.terms is not None and handshake.terms.transfer is not None:
        resources += _of_transfer(handshake.sender, *handshake.terms.transfer)
    if handshake.parent_id is not None:
        parent = handshake.parent_id
        if not switches.parent_link_prefix:
            parent = parent.removeprefix("h-")
        resources.append(_typed("Value", parent, "PARENT_HANDSHAKE"))
    organization: dict[str, Any] = _typed("Value", handshake.sender.organization_id, "ORGANIZATION")
    if handshake.terms is not None:
        organization["Resources"] = [
            _typed("Value", handshake.sender.email, "MASTER_EMAIL"),
            _typed("Value", handshake.sender.name, "MASTER_NAME"),
            _typed("Value", handshake.terms.feature_set, "ORGANIZATION_FEATURE_SET"),
        ]
    resources.append(organization)
    address = _address(handshake)
    if address is not None:
        resources.append(_typed("Value", address, "EMAIL"))
    elif handshake.account_id is not None:
        resources.append(_typed("Value", handshake.account_id, "ACCOUNT"))
    if handshake.terms is not None and handshake.terms.notes is not None:
        resources.append(_typed("Value", handshake.terms.notes, "NOTES"))
    return resources


def _of_transfer(target: Sender, transfer_id: str, starts_at: datetime) -> list[dict[str, Any]]:
    """Description of a responsibility transfer. AWS's has never been shown; the names are the model's."""
    return [
        _typed("Value", transfer_id, "RESPONSIBILITY_TRANSFER"),
        _typed("Value", starts_at.isoformat(), "TRANSFER_START_TIMESTAMP"),
        _typed("Value", "BILLING", "TRANSFER_TYPE"),
        _typed("Value", target.management_id, "MANAGEMENT_ACCOUNT"),
        _typed("Value", target.email, "MANAGEMENT_EMAIL"),
        _typed("Value", target.name, "MANAGEMENT_NAME"),
    ]


def _typed(key: str, value: str, kind: str) -> dict[str, str]:
    return {key: value, "Type": kind}
