"""Any history of an organization and of a program, at random, through each edge, held to what is promised."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import get_state_machine_test

from tests.reconcile.histories.machine import History, NativeHistory
from tests.reconcile.histories.worlds import POSITIONS
from tools.emulator import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.soak import Soak

HISTORIES: Final = 40
"""The number that takes half a minute."""
A_FEW: Final = 2
"""The number that `make test` tries: others each time, by its seed."""
STEPS: Final = 30
EDGES: Final[dict[str, type[History]]] = {"dynamic": History, "native": NativeHistory}
SECTIONS: Final = {"dynamic": "any history", "native": "any history, of the native resource"}
IN_SHORT: Final = ("histories", "steps", "calls", "writes")
"""The part that is reported of the second edge: the rest is as with the first."""
EACH_EDGE: Final = pytest.mark.parametrize("edge", EDGES)


@pytest.fixture
def port() -> None:
    """Always the same: clients are kept by it."""
    History.port = free_port()


@pytest.fixture
def histories(
    port: None,  # noqa: ARG001 - a history's
    edge: str,
    counted: Callable[[str, str, int], None],
) -> Iterator[Callable[[int], None]]:
    """Tries random histories through an edge by a seed; at the end, it reports what was tried."""
    History.tally.clear()
    History.positions.clear()
    yield functools.partial(try_histories, edge)
    of, section = sum(len(tried) for tried in POSITIONS.values()), SECTIONS[edge]
    for what, times in sorted(History.tally.items(), key=lambda found: -found[1]):
        if edge == "dynamic" or what in IN_SHORT:
            counted(section, what, times)
    counted(section, f"positions of {len(POSITIONS)} switches, of {of}", len(History.positions))


def try_histories(edge: str, seed: int, number: int = HISTORIES) -> None:
    """Try histories.

    Args:
        edge: Through which edge; the steps that a seed leads to are the same through each.
        seed: What all random choices follow from.
        number: How many.

    Raises:
        AssertionError: A promise is broken: its name, and the history's steps.
    """
    machine = get_state_machine_test(
        EDGES[edge],
        settings=settings(
            max_examples=number,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate,),  # shrinking a history takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    hypothesis.seed(seed)(machine)()


@EACH_EDGE
@pytest.mark.usefixtures("port")
@pytest.mark.timeout(1800)
def test_in_a_few_histories_what_is_promised_holds(pytestconfig: pytest.Config, edge: str) -> None:
    try_histories(edge, pytestconfig.getoption("seed"), A_FEW)


@EACH_EDGE
@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # a minute, but several where much else runs
def test_the_promises_hold_in_random_histories(histories: Callable[[int], None]) -> None:
    histories(1)


@EACH_EDGE
@pytest.mark.soak
@pytest.mark.timeout(0)
def test_the_promises_hold_in_random_histories_for_minutes(
    histories: Callable[[int], None], soak: Soak
) -> None:
    soak.repeat(histories)
