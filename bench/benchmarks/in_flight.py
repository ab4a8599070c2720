"""Our share of a run, beside the engine and boto3, while a migration waits for approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figure import Benchmark
from bench.paired import paired
from bench.stack import stack
from bench.world import in_flight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figure import Figure

_APPROVALS: Final = 100


def _measure(rounds: int) -> Iterator[Figure]:
    with in_flight(_APPROVALS) as org, stack("ours", org) as ours, stack("bare", org) as bare:
        for command in ("preview", "refresh --yes"):
            yield paired(rounds, command, ours, bare, "a bare one that makes the same calls")


BENCHMARK: Final = Benchmark(
    "in-flight",
    f"A migration that waits for {_APPROVALS} approvals, which takes five pages to list: beside a dynamic "
    "resource that makes the same calls by one client of boto3 and does nothing with the answers.",
    _measure,
)
