"""Time that a command takes to answer."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from aws_org_features.cli.exit_codes import Exit
from bench.figure import Benchmark, Budget, Figure, Of, Served
from bench.timing import Command, ran
from bench.world import environment, in_flight, program, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator

_APPROVALS: Final = 20


def _measure(rounds: int) -> Iterator[Figure]:
    with in_flight(_APPROVALS) as org:
        yield _help(rounds, org)
        yield _first_line(rounds, org)


def _help(rounds: int, org: Emulator) -> Figure:
    command = Command([program("org-features"), "--help"], environment(org), Path.cwd())
    seconds = [ran(command).seconds for _ in range(rounds)]
    return Figure("`org-features --help`", median(seconds), "s", Budget(Of.VALUE, 0.2), served=Served(0, 0))


def _first_line(rounds: int, org: Emulator) -> Figure:
    """Less what the emulator took for the one call before it, which is AWS's own time."""
    by_itself = {**environment(org), "PULUMI_STACK": ""}  # and no stack that is selected in this checkout
    command = Command([program("org-features"), "status"], by_itself, Path.cwd(), (Exit.PENDING,))
    seconds = []
    for _ in range(rounds):
        org.reset_calls()
        first = ran(command).first_line
        seconds.append(first - (org.entries[0].seconds or 0))
    return Figure(
        "`org-features status`, its first line",
        median(seconds),
        "s",
        Budget(Of.VALUE, 0.5),
        served=Served(1, served(org).seconds / len(org.entries)),
        note="less the time that the emulator took for the call before it",
    )


BENCHMARK: Final = Benchmark(
    "command",
    "How soon `org-features` says something: its help, and the first line of `status`.",
    _measure,
)
