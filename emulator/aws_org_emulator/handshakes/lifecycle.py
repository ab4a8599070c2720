"""How a handshake's state changes: one table, from which the documentation's diagram is drawn.

Pure. Who may cause an event is `handshake_permissions`'s business, what else an event brings about
`migration`'s. The states are botocore's `HandshakeState`; the transitions those of the
Organizations User Guide (enabling all features, inviting an account) and of the documentation
of AcceptHandshake, DeclineHandshake and CancelHandshake.
"""

from collections.abc import Mapping
from enum import StrEnum

from aws_org_emulator.protocol.exceptions import HandshakeAlreadyInStateError, InvalidHandshakeTransitionError


class Role(StrEnum):
    """What a handshake is for. AWS has no such field: it follows from parties and resources."""

    PARENT = "parent"
    """The whole migration: answered by the management account."""
    CHILD = "child"
    """One account's approval, or its consent to have its service-linked role made again."""
    INVITATION = "invitation"
    """Asks a standalone account to join."""


class State(StrEnum):
    """botocore's `HandshakeState`."""

    REQUESTED = "REQUESTED"
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


class Event(StrEnum):
    """What can happen to a handshake."""

    READY = "ready"
    """Every approval that the parent waits for is in."""
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"


OUTCOMES: Mapping[Event, State] = {
    Event.READY: State.OPEN,
    Event.ACCEPT: State.ACCEPTED,
    Event.DECLINE: State.DECLINED,
    Event.CANCEL: State.CANCELED,
    Event.EXPIRE: State.EXPIRED,
}

_ANSWERABLE = {
    Event.ACCEPT: State.ACCEPTED,
    Event.DECLINE: State.DECLINED,
    Event.CANCEL: State.CANCELED,
    Event.EXPIRE: State.EXPIRED,
}

TRANSITIONS: Mapping[Role, Mapping[State, Mapping[Event, State]]] = {
    Role.PARENT: {
        State.REQUESTED: {
            Event.READY: State.OPEN,
            Event.CANCEL: State.CANCELED,
            Event.EXPIRE: State.EXPIRED,
        },
        State.OPEN: {
            Event.ACCEPT: State.ACCEPTED,
            Event.CANCEL: State.CANCELED,
            Event.EXPIRE: State.EXPIRED,
        },
    },
    # Pending is OPEN in the User Guide's examples and REQUESTED by the model's definition.
    Role.CHILD: {State.OPEN: _ANSWERABLE, State.REQUESTED: _ANSWERABLE},
    # Pending is OPEN in botocore's examples and REQUESTED by the model's definition.
    Role.INVITATION: {State.OPEN: _ANSWERABLE, State.REQUESTED: _ANSWERABLE},
}

PENDING = frozenset({State.REQUESTED, State.OPEN})


def next_state(role: Role, state: State, event: Event) -> State:
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
