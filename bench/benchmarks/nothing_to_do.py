"""Our share of a run where there is nothing to do: an organization that has all features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.figure import Benchmark
from bench.paired import paired
from bench.stack import stack
from bench.world import enabled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figure import Figure


def _measure(rounds: int) -> Iterator[Figure]:
    with enabled(accounts=4) as org, stack("ours", org) as ours:
        with stack("empty", org) as empty:
            for command in ("preview", "up --yes"):
                yield paired(rounds, command, ours, empty, "an empty dynamic resource")
        with stack("bare", org) as bare:
            yield paired(rounds, "refresh --yes", ours, bare, "a bare one that makes the same calls")


BENCHMARK: Final = Benchmark(
    "nothing-to-do",
    "An organization that has all features: `pulumi preview` and `pulumi up` beside those of a dynamic "
    "resource that does nothing and imports nothing, `pulumi refresh` beside that of one that makes the same "
    "calls by one client of boto3 and does nothing with the answers. The engine, the virtual environment and "
    "the kind of backend are the same.",
    _measure,
)
