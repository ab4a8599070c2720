"""Each state, each event, each actor: what the table says, and what a caller gets."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from aws_org_emulator import Emulator
from aws_org_emulator.handshakes.lifecycle import (
    TRANSITIONS,
    HandshakeEvent,
    HandshakeRole,
    HandshakeState,
    next_state,
)
from aws_org_emulator.protocol.exceptions import HandshakeAlreadyInStateError, InvalidHandshakeTransitionError
from tests.emulator.conftest import Ask, Start, Tried
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked

SAME, NO = "already in state", "no such transition"

# Written down apart from the code: columns are ready, accept, decline, cancel, expire.
ANSWERABLE = (NO, "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED")
OVER = {
    "ACCEPTED": (NO, SAME, NO, NO, NO),
    "DECLINED": (NO, NO, SAME, NO, NO),
    "CANCELED": (NO, NO, NO, SAME, NO),
    "EXPIRED": (NO, NO, NO, NO, SAME),
}
EXPECTED = {
    "parent": {
        "REQUESTED": ("OPEN", NO, NO, "CANCELED", "EXPIRED"),
        "OPEN": (SAME, "ACCEPTED", NO, "CANCELED", "EXPIRED"),
        **OVER,
    },
    "child": {"REQUESTED": ANSWERABLE, "OPEN": (SAME, *ANSWERABLE[1:]), **OVER},
    "invitation": {"REQUESTED": ANSWERABLE, "OPEN": (SAME, *ANSWERABLE[1:]), **OVER},
}
CELLS = list(product(HandshakeRole, HandshakeState, HandshakeEvent))


@pytest.mark.parametrize(("role", "state", "event"), CELLS, ids=str)
def test_the_table_is_as_written_down(
    role: HandshakeRole, state: HandshakeState, event: HandshakeEvent, tried: Tried
) -> None:
    tried("cells", role, state, event, of=len(CELLS))
    expected = EXPECTED[role][state][list(HandshakeEvent).index(event)]
    if expected == SAME:
        with pytest.raises(HandshakeAlreadyInStateError):
            next_state(role, state, event)
    elif expected == NO:
        with pytest.raises(InvalidHandshakeTransitionError):
            next_state(role, state, event)
    else:
        assert next_state(role, state, event) == expected


def test_nothing_leaves_a_finished_state() -> None:
    finished = {
        HandshakeState.ACCEPTED,
        HandshakeState.DECLINED,
        HandshakeState.CANCELED,
        HandshakeState.EXPIRED,
    }
    for role in HandshakeRole:
        assert not finished & set(TRANSITIONS[role])


# Through the API. How to bring each handshake into each state, and who stands in which relation.

CALLS = {"accept": "ACCEPTED", "decline": "DECLINED", "cancel": "CANCELED"}
REACHABLE = {
    "parent": ("REQUESTED", "OPEN", "ACCEPTED", "CANCELED", "EXPIRED"),
    "child": ("OPEN", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"),
    "invitation": ("OPEN", "ACCEPTED", "DECLINED", "CANCELED", "EXPIRED"),
}
MAY = {
    "parent": {"accept": "management", "cancel": "management"},
    "child": {"accept": "recipient", "decline": "recipient", "cancel": "management"},
    "invitation": {"accept": "recipient", "decline": "recipient", "cancel": "management"},
}
ACTORS = ("management", "recipient", "stranger", "outsider")
COMBINATIONS = sum(len(states) for states in REACHABLE.values()) * len(CALLS) * len(ACTORS)


class Stage:
    """A handshake in some state, and the accounts around it."""

    def __init__(self, emulator: Emulator, role: str, state: str) -> None:
        self.emulator = emulator
        invited = emulator.invited
        self.accounts = {
            "management": emulator.management,
            "recipient": invited[0],
            "stranger": invited[1],
            "outsider": "999999999999",
        }
        self.handshake_id: str = getattr(self, f"_{role}")(state)

    def client(self, actor: str) -> Any:
        return checked(self.emulator.client("organizations", self.accounts[actor]))

    def state(self) -> str:
        described = self.client("management").describe_handshake(HandshakeId=self.handshake_id)
        return str(described["Handshake"]["State"])

    def _parent(self, state: str) -> str:
        parent_id = str(self.emulator.enable_all_features()["Id"])
        if state in ("OPEN", "ACCEPTED"):
            self.emulator.approve_all()
        if state == "ACCEPTED":
            self.emulator.finalize()
        elif state == "CANCELED":
            self.emulator.cancel()
        elif state == "EXPIRED":
            self.emulator.clock.advance(days=90)
        return parent_id

    def _child(self, state: str) -> str:
        self.emulator.enable_all_features()
        if state == "ACCEPTED":
            self.emulator.approve(self.accounts["recipient"])
        elif state == "DECLINED":
            self.emulator.decline(self.accounts["recipient"])
        elif state == "CANCELED":
            self.emulator.cancel()
        elif state == "EXPIRED":
            self.emulator.clock.advance(days=90)
        return next(
            str(child["Id"])
            for child in self.emulator.children
            if child["Parties"][1]["Id"] == self.accounts["recipient"]
        )

    def _invitation(self, state: str) -> str:
        recipient = self.accounts["recipient"] = self.emulator.invite()
        owner = self.client("recipient")
        (invitation,) = owner.list_handshakes_for_account()["Handshakes"]
        parameters = {"HandshakeId": invitation["Id"]}
        if state == "ACCEPTED":
            self.emulator.join(recipient)
        elif state == "DECLINED":
            owner.decline_handshake(**parameters)
        elif state == "CANCELED":
            self.client("management").cancel_handshake(**parameters)
        elif state == "EXPIRED":
            self.emulator.clock.advance(days=15)
        return str(invitation["Id"])


def stages() -> Iterator[tuple[str, str]]:
    for role, states in REACHABLE.items():
        yield from ((role, state) for state in states)


def allowed() -> Iterator[tuple[str, str, str]]:
    for role, state in stages():
        for call, actor in MAY[role].items():
            if EXPECTED[role][state][list(HandshakeEvent).index(HandshakeEvent(call))] == CALLS[call]:
                yield role, state, f"{call} by {actor}"


@pytest.mark.parametrize(("role", "state"), list(stages()))
def test_a_caller_without_permission_is_refused_and_nothing_changes(
    start: Start, role: str, state: str, tried: Tried
) -> None:
    stage = Stage(start(), role, state)
    for call, actor in product(CALLS, ACTORS):
        permitted = MAY[role].get(call) == actor
        outcome = EXPECTED[role][state][list(HandshakeEvent).index(HandshakeEvent(call))]
        if permitted and outcome not in (SAME, NO):
            continue
        tried("combinations", role, state, call, actor, of=COMBINATIONS)
        error = refusal(getattr(stage.client(actor), f"{call}_handshake"), HandshakeId=stage.handshake_id)
        wanted = (
            "AccessDeniedException"
            if not permitted
            else "HandshakeAlreadyInStateException"
            if outcome == SAME
            else "InvalidHandshakeTransitionException"
        )
        assert error.code == wanted, f"{call} by {actor}"
        assert stage.state() == state, f"{call} by {actor}"


@pytest.mark.parametrize(("role", "state", "what"), list(allowed()))
def test_an_allowed_caller_is_obeyed(start: Start, role: str, state: str, what: str, tried: Tried) -> None:
    stage = Stage(start(), role, state)
    call, _, actor = what.split()
    tried("combinations", role, state, call, actor, of=COMBINATIONS)
    answer = getattr(stage.client(actor), f"{call}_handshake")(HandshakeId=stage.handshake_id)
    assert answer["Handshake"]["State"] == CALLS[call]
    assert stage.state() == CALLS[call]


@pytest.mark.parametrize("role", REACHABLE)
def test_sender_and_recipient_may_read_and_nobody_else(start: Start, role: str) -> None:
    stage = Stage(start(), role, REACHABLE[role][0])
    readers = {"management"} if role == "parent" else {"management", "recipient"}
    for actor in ACTORS:
        call = stage.client(actor).describe_handshake
        if actor in readers:
            assert call(HandshakeId=stage.handshake_id)["Handshake"]["Id"] == stage.handshake_id
        else:
            assert refusal(call, HandshakeId=stage.handshake_id).code == "AccessDeniedException"


def test_unknown_and_malformed_ids(management: Any, emulator: Emulator, ask: Ask) -> None:
    unknown = {"HandshakeId": "h-0123456789"}
    for client in (management, ask(emulator.invited[0])):
        for call in ("accept", "decline", "cancel", "describe"):
            error = refusal(getattr(client, f"{call}_handshake"), **unknown)
            assert error.code == "HandshakeNotFoundException"
            assert error.message == "You specified a handshake that doesn't exist."
    malformed = refusal(management.describe_handshake, HandshakeId="o-exampleorg1")
    assert malformed[:2] == ("InvalidInputException", "INVALID_PATTERN:HANDSHAKE_ID")
