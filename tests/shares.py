"""Shares of combinatorial tests: those of `make test`, and those that it leaves to `make test-all`.

A test or a case marked `exhaustive` runs in `make test-all` alone. Of a long row of cases, `sample` leaves
every n-th to `make test` and marks the others; a test that tries a row of cases by itself asks the fixture
`share`. Which ones they are follows from the run's seed: a number that is drawn, printed, and given again
by SEED=n. So `make test` and then what is marked, with one seed, are `make test-all`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from _pytest.mark.structures import ParameterSet

T = TypeVar("T")
_SEED: Final = pytest.StashKey[int]()
_drawn = 0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be repeated."""
    parser.addoption("--seed", type=int, help="what the choice of cases follows from; drawn if not given")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed, unless it is given, or drawn by the process that shares its work with this one."""
    global _drawn  # noqa: PLW0603 - parameters are made while modules are imported, where nothing is passed in
    if config.option.seed is None:
        told = getattr(config, "workerinput", {}).get("seed")
        config.option.seed = random.randrange(1000) if told is None else told  # noqa: S311
    _drawn = config.stash[_SEED] = config.option.seed


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell the seed to a process that shares the work."""
    node.workerinput["seed"] = node.config.stash[_SEED]


def pytest_report_header(config: pytest.Config) -> str:
    """Say how to have the same cases again."""
    seed = config.stash[_SEED]
    return f"seed: {seed} (SEED={seed} chooses the same cases again)"


def sample(
    cases: Iterable[Any], *, every: int, ids: Callable[[Any], str] | None = None
) -> list[ParameterSet]:
    """Parameters of which every n-th is for `make test`, and the others for `make test-all` alone.

    Args:
        cases: Values, or parameters that `pytest.param` made; a tuple is one value.
        every: Of how many cases one is for `make test`.
        ids: Gives a value's name in the test's.
    """
    return [
        _marked(case, chosen=(number + _drawn) % every == 0, ids=ids) for number, case in enumerate(cases)
    ]


def _marked(case: Any, *, chosen: bool, ids: Callable[[Any], str] | None) -> ParameterSet:
    marks = () if chosen else (pytest.mark.exhaustive,)
    if isinstance(case, type(pytest.param())):
        return pytest.param(*case.values, marks=(*case.marks, *marks), id=case.id)
    return pytest.param(case, marks=marks, id=None if ids is None else ids(case))


@dataclass(frozen=True)
class Share:
    """The share of a row of cases that a test tries."""

    seed: int
    chosen: bool

    def of(self, cases: Sequence[T], *, every: int) -> Sequence[T]:
        """Every n-th case, or all the others.

        Args:
            cases: All of them, in an order that is always the same.
            every: Of how many cases one is for `make test`.
        """
        return [
            case for number, case in enumerate(cases) if ((number + self.seed) % every == 0) is self.chosen
        ]


@pytest.fixture(params=["sample", pytest.param("rest", marks=pytest.mark.exhaustive)])
def share(request: pytest.FixtureRequest) -> Share:
    """A test that asks for it is run for its share in `make test`, and for the rest in `make test-all`."""
    return Share(request.config.stash[_SEED], chosen=request.param == "sample")
