"""Emulators for tests, and clients that hold every answer against botocore's model."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from aws_org_emulator import Emulator, Scenario, Switches
from tests.emulator.model_check import checked
from tests.figures import PROPERTY

Start = Callable[..., Emulator]
Ask = Callable[[str], Any]
Tried = Callable[..., None]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts an emulator of a scenario's fields and of switches, by their names."""
    with ExitStack() as running:

        def begin(switches: Switches | None = None, **fields: Any) -> Emulator:
            scenario = Scenario(switches=switches or Switches(), **fields)
            return running.enter_context(Emulator(scenario))

        yield begin


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """Tells that a test tries something of a kind that is counted: see tools/docs/counts.py."""

    def note(kind: str, *thing: str, of: int) -> None:
        record_property(PROPERTY, [kind, [str(each) for each in thing], of])  # an enum couldn't travel

    return note


@pytest.fixture
def emulator(start: Start) -> Emulator:
    """An organization of a management account, three invited accounts and two created ones."""
    return start()


@pytest.fixture
def ask(emulator: Emulator) -> Ask:
    """Clients of Organizations by account id, checked against the model."""
    return lambda account_id: checked(emulator.client("organizations", account_id))


@pytest.fixture
def management(emulator: Emulator, ask: Ask) -> Any:
    """The management account's client."""
    return ask(emulator.management)
