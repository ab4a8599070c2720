"""Permission to answer, cancel and read a handshake."""

from collections.abc import Mapping
from enum import Enum, auto

from aws_org_emulator.handshakes.handshake import Handshake
from aws_org_emulator.handshakes.lifecycle import HandshakeEvent, HandshakeRole
from aws_org_emulator.protocol.exceptions import AccessDeniedError


class Actor(Enum):
    """Somebody's relation to a handshake."""

    MANAGEMENT = auto()
    """The management account of the organization that sent it."""
    RECIPIENT = auto()
    """The account that is asked."""
    STRANGER = auto()
    """Anybody else, members that it isn't about included."""


MAY_CAUSE: Mapping[HandshakeRole, Mapping[HandshakeEvent, Actor]] = {
    # Nobody but its sender answers a parent, so nobody can decline it.
    HandshakeRole.PARENT: {HandshakeEvent.ACCEPT: Actor.MANAGEMENT, HandshakeEvent.CANCEL: Actor.MANAGEMENT},
    HandshakeRole.CHILD: {
        HandshakeEvent.ACCEPT: Actor.RECIPIENT,
        HandshakeEvent.DECLINE: Actor.RECIPIENT,
        HandshakeEvent.CANCEL: Actor.MANAGEMENT,
    },
    HandshakeRole.INVITATION: {
        HandshakeEvent.ACCEPT: Actor.RECIPIENT,
        HandshakeEvent.DECLINE: Actor.RECIPIENT,
        HandshakeEvent.CANCEL: Actor.MANAGEMENT,
    },
}
"""From the documentation of Accept-, Decline- and CancelHandshake: the recipient accepts and
declines, the sender cancels."""


def actor(handshake: Handshake, account_id: str) -> Actor:
    """An account's relation to the handshake."""
    if account_id == handshake.sender.management_id:
        return Actor.MANAGEMENT
    if account_id == handshake.account_id:
        return Actor.RECIPIENT
    return Actor.STRANGER


def check_may_cause(handshake: Handshake, event: HandshakeEvent, account_id: str) -> None:
    """See to it that an account may do this to a handshake.

    Raises:
        AccessDeniedError: it may not, in any state of the handshake.
    """
    if MAY_CAUSE[handshake.role].get(event) is not actor(handshake, account_id):
        raise AccessDeniedError


def check_may_read(handshake: Handshake, account_id: str) -> None:
    """See to it that an account may describe a handshake.

    Raises:
        AccessDeniedError: it is neither its sender nor its recipient.
    """
    if actor(handshake, account_id) is Actor.STRANGER:
        raise AccessDeniedError
