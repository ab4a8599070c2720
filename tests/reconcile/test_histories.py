"""Any history: random ones of an organization and of a program that declares it, held to what is promised."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import get_state_machine_test

from tests.reconcile.histories.machine import History
from tests.reconcile.histories.worlds import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.soak import Soak

HISTORIES: Final = 40
"""As many as take half a minute."""
A_FEW: Final = 4
"""As many as `make test` tries: others each time, by its seed."""
STEPS: Final = 30


@pytest.fixture
def port() -> None:
    """Always the same: clients are kept by it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        History.port = free.getsockname()[1]


@pytest.fixture
def histories(
    port: None,  # noqa: ARG001 - a history's
    counted: Callable[[str, str, int], None],
) -> Iterator[Callable[[int], None]]:
    """Tries random histories by a seed; at the end, what was tried is told."""
    History.tally.clear()
    History.positions.clear()
    yield try_histories
    of = sum(len(tried) for tried in POSITIONS.values())
    for what, times in sorted(History.tally.items(), key=lambda found: -found[1]):
        counted("any history", what, times)
    counted("any history", f"positions of {len(POSITIONS)} switches, of {of}", len(History.positions))


def try_histories(seed: int, number: int = HISTORIES) -> None:
    """Try histories.

    Args:
        seed: What all random choices follow from.
        number: How many.

    Raises:
        AssertionError: A promise is broken: its name, and the history's steps.
    """
    machine = get_state_machine_test(
        History,
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


@pytest.mark.usefixtures("port")
@pytest.mark.timeout(900)
def test_in_a_few_histories_what_is_promised_holds(pytestconfig: pytest.Config) -> None:
    try_histories(pytestconfig.getoption("seed"), A_FEW)


@pytest.mark.exhaustive
@pytest.mark.timeout(900)  # a minute, but several where much else runs
def test_whatever_happens_what_is_promised_holds(histories: Callable[[int], None]) -> None:
    histories(1)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_whatever_happens_for_minutes_what_is_promised_holds(
    histories: Callable[[int], None], soak: Soak
) -> None:
    soak.repeat(histories)
