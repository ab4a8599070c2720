"""Results of a benchmark: figures, each held to a budget, and curves against N. Values only."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Of(StrEnum):
    """The subject of a budget."""

    VALUE = "value"
    RATIO = "ratio"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class Budget:
    """The limit that a figure must keep to.

    Attributes:
        of: Our own value, in the figure's unit; how many times the other's it is; or how many times faster.
        limit: The most that it may be; of a speed, the least.
    """

    of: Of
    limit: float


@dataclass(frozen=True, slots=True)
class Served:
    """The emulator's work for one run of ours: how many requests, and how long they took it."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Attributes:
        what: What.
        ours: How much, the median of all rounds.
        unit: Of what: "s", "MB"...
        budget: What it may be.
        against: What it is compared with, if it is.
        theirs: How much that took, the median.
        ratio: Ours in terms of theirs, the median over rounds in which one ran right after the other.
        served: The emulator's part in ours.
        note: What a reader must know to believe it.
    """

    what: str
    ours: float
    unit: str
    budget: Budget
    against: str = ""
    theirs: float | None = None
    ratio: float | None = None
    served: Served | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the budget is kept to."""
        if self.budget.of is Of.VALUE:
            return self.ours <= self.budget.limit
        if self.ratio is None:
            return False
        if self.budget.of is Of.RATIO:
            return self.ratio <= self.budget.limit
        return 1 / self.ratio >= self.budget.limit


@dataclass(frozen=True, slots=True)
class Curve:
    """Something that grows with the number of accounts.

    Attributes:
        what: What.
        unit: Of what.
        measured: By the number of accounts.
        limit: What theory says of the same numbers,
        limit_is: and what that is.
    """

    what: str
    unit: str
    measured: dict[int, float]
    limit: dict[int, float]
    limit_is: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One thing to measure.

    Attributes:
        name: What `--only` calls it.
        about: What is measured, how, and against what; a paragraph of the page.
        measure: Measures in so many rounds.
    """

    name: str
    about: str
    measure: Callable[[int], Iterator[Figure | Curve]]


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine of a measurement: how many cores, and the versions of Python and of Pulumi's engine."""

    cores: int
    python: str
    engine: str


@dataclass(frozen=True, slots=True)
class Found:
    """The results of one benchmark.

    Attributes:
        name: Its name.
        about: What it measures.
        rounds: In how many rounds.
        machine: Where.
        figures: What came of it.
        curves: What grows.
    """

    name: str
    about: str
    rounds: int
    machine: Machine
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()


def as_data(found: Found) -> dict[str, Any]:
    """Turn results into values that JSON can hold."""
    return dataclasses.asdict(found)


def from_data(data: dict[str, Any]) -> Found:
    """Make results of the data that `as_data` returned."""
    figures = tuple(_figure(each) for each in data["figures"])
    curves = tuple(_curve(each) for each in data["curves"])
    where = Machine(**data["machine"])
    return Found(data["name"], data["about"], data["rounds"], where, figures, curves)


def _figure(data: dict[str, Any]) -> Figure:
    budget = Budget(Of(data["budget"]["of"]), data["budget"]["limit"])
    served = Served(**data["served"]) if data["served"] else None
    return Figure(**{**data, "budget": budget, "served": served})


def _curve(data: dict[str, Any]) -> Curve:
    numbered = {name: {int(n): value for n, value in data[name].items()} for name in ("measured", "limit")}
    return Curve(**{**data, **numbered})
