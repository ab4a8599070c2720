"""A preview from YAML, by the native provider, beside the same from Python, by the dynamic one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from bench.figure import Benchmark, Budget, Of
from bench.paired import paired
from bench.stack import stack
from bench.world import enabled, in_flight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from aws_org_emulator import Emulator
    from bench.figure import Figure

_APPROVALS: Final = 100


def _preview(rounds: int, organization: AbstractContextManager[Emulator], when: str, limit: float) -> Figure:
    with organization as org, stack("native", org) as native, stack("ours", org) as dynamic:
        found = paired(rounds, "preview", native, dynamic, "from Python, by the dynamic provider")
    what = f"`pulumi preview` from YAML, {when}"
    return dataclasses.replace(found, what=what, budget=Budget(Of.RATIO, limit))


def _measure(rounds: int) -> Iterator[Figure]:
    yield _preview(rounds, enabled(accounts=4), "all features enabled", 0.7)
    yield _preview(rounds, in_flight(_APPROVALS), f"{_APPROVALS} approvals outstanding", 0.8)


BENCHMARK: Final = Benchmark(
    "native",
    "The native provider, from a program in YAML, beside the dynamic one, from a program in Python: the same "
    "resource, on the same organization.",
    _measure,
)
