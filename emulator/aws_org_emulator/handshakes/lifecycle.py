"""Transitions of a handshake's state: one table, from which the documentation's diagram is drawn.

Pure. Who may cause an event is `permissions`' business, what else an event brings about
`migration`'s. The states are botocore's `HandshakeState`; the transitions those of the
Organizations User Guide (enabling all features, inviting an account) and of the documentation
of AcceptHandshake, DeclineHandshake and CancelHandshake.
"""

from collections.abc import Mapping
from enum import StrEnum

from aws_org_emulator.protocol.exceptions import HandshakeAlreadyInStateError, InvalidHandshakeTransitionError


class HandshakeRole(StrEnum):
    """The purpose of a handshake. AWS has no such field: it follows from parties and resources."""

    PARENT = "parent"
    """The whole migration: answered by the management account."""
    CHILD = "child"
    """One account's approval, or its consent to have its service-linked role made again."""
    INVITATION = "invitation"
    """Asks a standalone account to join."""


class HandshakeState(StrEnum):
    """botocore's `HandshakeState`."""

    REQUESTED = "REQUESTED"
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


class HandshakeEvent(StrEnum):
    """Events that change a handshake's state."""

    READY = "ready"
    """Every approval that the parent waits for is in."""
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"


OUTCOMES: Mapping[HandshakeEvent, HandshakeState] = {
    HandshakeEvent.READY: HandshakeState.OPEN,
    HandshakeEvent.ACCEPT: HandshakeState.ACCEPTED,
    HandshakeEvent.DECLINE: HandshakeState.DECLINED,
    HandshakeEvent.CANCEL: HandshakeState.CANCELED,
    HandshakeEvent.EXPIRE: HandshakeState.EXPIRED,
}

_ANSWERABLE = {
    HandshakeEvent.ACCEPT: HandshakeState.ACCEPTED,
    HandshakeEvent.DECLINE: HandshakeState.DECLINED,
    HandshakeEvent.CANCEL: HandshakeState.CANCELED,
    HandshakeEvent.EXPIRE: HandshakeState.EXPIRED,
}

TRANSITIONS: Mapping[HandshakeRole, Mapping[HandshakeState, Mapping[HandshakeEvent, HandshakeState]]] = {
    HandshakeRole.PARENT: {
        HandshakeState.REQUESTED: {
            HandshakeEvent.READY: HandshakeState.OPEN,
            HandshakeEvent.CANCEL: HandshakeState.CANCELED,
            HandshakeEvent.EXPIRE: HandshakeState.EXPIRED,
        },
        HandshakeState.OPEN: {
            HandshakeEvent.ACCEPT: HandshakeState.ACCEPTED,
            HandshakeEvent.CANCEL: HandshakeState.CANCELED,
            HandshakeEvent.EXPIRE: HandshakeState.EXPIRED,
        },
    },
    # Pending is OPEN in the User Guide's examples and REQUESTED by the model's definition.
    HandshakeRole.CHILD: {HandshakeState.OPEN: _ANSWERABLE, HandshakeState.REQUESTED: _ANSWERABLE},
    # Pending is OPEN in botocore's examples and REQUESTED by the model's definition.
    HandshakeRole.INVITATION: {HandshakeState.OPEN: _ANSWERABLE, HandshakeState.REQUESTED: _ANSWERABLE},
}

PENDING = frozenset({HandshakeState.REQUESTED, HandshakeState.OPEN})


def next_state(role: HandshakeRole, state: HandshakeState, event: HandshakeEvent) -> HandshakeState:
    """The state that an event leads to.

    Args:
        role: which part of the table counts.
        state: the handshake's present state.
        event: what happens.

    Returns:
        The new state.

    Raises:
        HandshakeAlreadyInStateError: the event would lead where the handshake is.
        InvalidHandshakeTransitionError: the table has no such pair.
    """
    following = TRANSITIONS[role].get(state, {}).get(event)
    if following is not None:
        return following
    if state is OUTCOMES[event]:
        raise HandshakeAlreadyInStateError
    raise InvalidHandshakeTransitionError
