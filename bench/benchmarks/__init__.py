"""The benchmarks, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.benchmarks import aws_cli, command, in_flight, native, nothing_to_do, pace, scale

if TYPE_CHECKING:
    from bench.figure import Benchmark

BENCHMARKS: Final[tuple[Benchmark, ...]] = (
    nothing_to_do.BENCHMARK,
    in_flight.BENCHMARK,
    native.BENCHMARK,
    command.BENCHMARK,
    pace.BENCHMARK,
    scale.BENCHMARK,
    aws_cli.BENCHMARK,
)
