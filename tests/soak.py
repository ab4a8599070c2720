"""Long forms of tests: the same with a seed and a budget of minutes, for `make soak`.

A test marked `soak` runs only where `--minutes` is given, and then no others do. They share the minutes.
"""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

MARK: Final = "soak"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be long."""
    group = parser.getgroup("soak")
    group.addoption("--minutes", type=float, help="run the tests marked soak, and only these, for so long")
    group.addoption("--soak-seed", type=int, default=0, help="what their random choices follow from")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run either the long forms or the others."""
    wanted = config.getoption("--minutes") is not None
    left_out = [item for item in items if (item.get_closest_marker(MARK) is not None) is not wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


class Soak:
    """The settings of a long form.

    Args:
        session: The run.
        seed: What random choices follow from.
        seconds: How long it may take; a round that has begun is finished.
    """

    def __init__(self, session: pytest.Session, seed: int, seconds: float) -> None:
        self._session = session
        self._seed = seed
        self._seconds = seconds

    def repeat(self, one: Callable[[int], object]) -> int:
        """Do rounds until the time is over or somebody presses Ctrl-C, which isn't a failure.

        Args:
            one: One round, by its seed: the run's and what follows it, so that rounds are different ones.

        Returns:
            How many rounds were finished.
        """
        until = time.monotonic() + self._seconds
        for finished in itertools.count():
            if time.monotonic() >= until:
                return finished
            try:
                one(self._seed * 1_000_000 + finished)
            except KeyboardInterrupt:
                self._session.shouldstop = "interrupted: what was done so far is below"
                return finished
        raise AssertionError


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> Soak:
    """The seed, and this test's share of the minutes."""
    minutes, sharing = float(request.config.getoption("--minutes")), len(request.session.items)
    return Soak(request.session, request.config.getoption("--soak-seed"), minutes * 60 / sharing)
