"""Others act while a command runs, before each of its calls: nothing twice, nothing lost, and it goes on."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_emulator import Switches
from tests.reconcile.histories.machine import History
from tests.reconcile.histories.steps import RAISE, Meanwhile
from tests.reconcile.histories.worlds import ROLE
from tests.shares import sample
from tools.emulator import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.shares import Share

    Counted = Callable[[str, str, int], None]
    Doing = Callable[[History], object]

SECTION = "races"
EVERY = 6
"""Of so many acts of others in the midst of a command one is for `make test`."""
HANDSHAKE_ACTIONS = ("guide", "model")


@dataclass(frozen=True)
class Way:
    """A command, and how it is come to.

    Attributes:
        prepare: What has been done before.
        command: Its name in the promises.
        declared: What the program declares from the beginning.
    """

    prepare: Doing
    command: str = "up"
    declared: dict[str, Any] | None = None


def _nothing(_history: History) -> None:
    """A fresh organization."""


def _begun(history: History) -> None:
    history.up(refresh=False, who="mine", fault=None)


def _two_stacks(history: History) -> None:
    _begun(history)
    history.another_up({})


def _begun_elsewhere(history: History) -> None:
    history.in_the_console("begin")


def _approved(history: History) -> None:
    _begun(history)
    history.org.approve_all()


def _declined(history: History) -> None:
    _begun(history)
    history.in_an_account("decline", 0)
    _begun(history)


def _asked_again(history: History) -> None:
    _declined(history)
    history.change_the_program(RAISE)


def _expired(history: History) -> None:
    _begun(history)
    history.days_pass(91)


WAYS: Final = {
    "create": Way(_nothing),
    "create that adopts": Way(_begun_elsewhere),
    "create that approves": Way(_nothing, declared={"approver": {"role_name": ROLE}}),
    "up, waiting": Way(_two_stacks),
    "up that finalizes": Way(_approved),
    "up, declined": Way(_declined),
    "up of a raised attempt": Way(_asked_again),
    "up, expired": Way(_expired),
    "preview": Way(_two_stacks, "preview"),
    "refresh": Way(_two_stacks, "refresh"),
    "destroy": Way(_begun, "destroy", declared={"on_destroy": "cancel"}),
}

OTHERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "begins in the console": ("in_the_console", {"what": "begin"}),
    "cancels in the console": ("in_the_console", {"what": "cancel"}),
    "finalizes in the console": ("in_the_console", {"what": "finalize"}),
    "approves": ("in_an_account", {"what": "approve", "which": 1}),
    "all approve": ("in_an_account", {"what": "approve all", "which": 0}),
    "declines": ("in_an_account", {"what": "decline", "which": 1}),
    "leaves": ("in_an_account", {"what": "leave", "which": 1}),
    "joins": ("in_an_account", {"what": "invite", "which": 0}),
    "is created": ("in_an_account", {"what": "create", "which": 0}),
    "another stack's up": ("another_up", {"change": {}}),
    "another stack's raised attempt": ("another_up", {"change": {"attempt": 2}}),
    "another stack's up with an approver": ("another_up", {"change": {"approver": {"role_name": ROLE}}}),
    "another stack's destroy": ("another_destroy", {}),
}


class Race:
    """One way, taken again and again from the same beginning.

    Args:
        way: Which.
        switches: What AWS is like.
    """

    def __init__(self, way: Way, switches: Switches) -> None:
        self.way = way
        self.history = history = History()
        declared = {"finalize": True, "approver": None, "on_destroy": "leave", "observe": "diff"}
        history.begin(switches, 3, {**declared, **(way.declared or {})}, ups=0, leaves=True)
        way.prepare(history)
        history.org.snapshot()
        self._kept = self._remembered()

    def _remembered(self) -> dict[str, Any]:
        history = self.history
        names = ("attempt", "applied", "met", "canceled")
        programs = {
            name: copy.deepcopy((each.declared, each.state))
            for name, each in (("program", history.program), ("another", history.another))
        }
        return {**programs, **{name: copy.deepcopy(getattr(history, name)) for name in names}}

    def begin_anew(self) -> None:
        """The state when the way had been come to."""
        history, kept = self.history, copy.deepcopy(self._kept)
        history.org.restore()
        for each, name in ((history.program, "program"), (history.another, "another")):
            each.declared, each.state = kept.pop(name)
        for name, value in kept.items():
            setattr(history, name, value)

    def run(self, meanwhile: Meanwhile | None = None) -> bool:
        """Run the command, held to what is promised."""
        history = self.history
        doing: Callable[[], object] = getattr(history.program, self.way.command)
        return history.run(self.way.command, doing, meanwhile=meanwhile)

    def calls(self) -> int:
        """Number of calls that the command makes, if nobody else acts."""
        self.begin_anew()
        self.history.org.reset_calls()
        assert self.run()
        return self.history.org.calls.total()

    def goes_on(self) -> None:
        """The next `up` succeeds, says what is so, and in the end all features are on and it is quiet."""
        history = self.history
        history.settle()
        history.up(refresh=True, who="mine", fault=None)
        history.come_to_an_end()


@pytest.fixture
def race(way: str, handshake_actions: str) -> Iterator[Race]:
    History.port = free_port()  # always the same: clients are kept by it
    begun = Race(WAYS[way], Switches(handshake_actions=handshake_actions, policy_type_changes="clock"))  # type: ignore[arg-type]
    yield begun
    begun.history.org.stop()


@pytest.mark.parametrize(
    ("way", "handshake_actions"),
    sample(
        [
            pytest.param(way, handshake_actions, id=f"{way}-{handshake_actions}")
            for way in WAYS
            for handshake_actions in HANDSHAKE_ACTIONS
        ],
        every=len(HANDSHAKE_ACTIONS),
    ),
)
def test_others_may_act_during_a_command(
    race: Race, way: str, handshake_actions: str, counted: Counted, every_position: bool, share: Share
) -> None:
    tried = 0
    all_cases = list(cases(race.calls(), None if every_position else handshake_actions))
    for nth, what in share.of(all_cases, every=EVERY):
        race.begin_anew()
        try:
            assert race.run(Meanwhile(nth, *OTHERS[what])), f"it failed: {race.history.program.heard[-2:]}"
            race.goes_on()
        except BaseException as error:
            error.add_note(f"{way}: {what} before call {nth}")
            raise
        tried += 1
    counted(SECTION, "times that somebody acted in the midst of a command, which then went on", tried)


def cases(calls: int, handshake_actions: str | None) -> Iterator[tuple[int, str]]:
    """Before which call who does what.

    Args:
        calls: How many calls there are.
        handshake_actions: Of AWS: every second of all, by turns, half of them in each. None for every one.
    """
    turn = None if handshake_actions is None else HANDSHAKE_ACTIONS.index(handshake_actions)
    for nth in range(1, calls + 1):
        for number, what in enumerate(OTHERS):
            if turn is None or (nth + number) % (2 * len(HANDSHAKE_ACTIONS)) == turn:
                yield nth, what
