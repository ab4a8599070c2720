"""Growth with the number of accounts: memory, time, calls, the state, the report."""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_org_features.aws.rate_limit import RATES
from aws_org_features.cli.exit_codes import Exit
from bench.figure import Benchmark, Budget, Curve, Figure, Of, Served
from bench.stack import stack
from bench.timing import Command, ran
from bench.world import enabled, environment, in_flight, program, rested, served
from tools.local import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_emulator import Emulator

_APPROVALS: Final = (500, 1000, 2000, 4999)
"""With the management account, the last makes the 5,000 accounts up to which AWS migrates by self-service."""
_MOST: Final = 50_000
_PAGE: Final = 20
_BESIDES: Final = 3
"""Calls besides the pages of the approvals, at most."""
_MOST_ROUNDS: Final = 3
_MEMORY: Final = Budget(Of.VALUE, 200)


def _measure(rounds: int) -> Iterator[Figure | Curve]:
    rounds = min(rounds, _MOST_ROUNDS)
    reads = dict[int, Read]()
    for number in _APPROVALS:
        with in_flight(number) as org:
            reads[number] = _read(rounds, org)
            if number == _APPROVALS[-1]:
                yield _memory(f"{number + 1:,} accounts, in progress", reads[number])
                yield _state(org)
                yield _report(org)
    yield _straightness(reads)
    with enabled(_MOST) as org:
        yield _memory(f"{_MOST:,} accounts, `ENABLED`", _read(rounds, org))
    yield from _curves(reads)


@dataclass(frozen=True, slots=True)
class Read:
    """Medians of a refresh.

    Attributes:
        seconds: In all,
        at_work: and of the provider's processor.
        peak_mb: The most memory at once, in MB of a million bytes.
        share: What the emulator did.
    """

    seconds: float
    at_work: float
    peak_mb: float
    share: Served


def _read(rounds: int, org: Emulator) -> Read:
    argv = [sys.executable, "-m", "bench.reading", org.organization_id]
    took = []
    for _ in range(rounds):
        rested(org)
        took.append(json.loads(ran(Command(argv, environment(org), ROOT)).text))
    seconds, at_work, peak_mb = (
        statistics.median(each[name] for each in took) for name in ("seconds", "at_work", "peak_mb")
    )
    return Read(seconds, at_work, peak_mb, served(org))


def _memory(of: str, read: Read) -> Figure:
    return Figure(
        f"peak memory of a refresh, {of}",
        read.peak_mb,
        "MB",
        _MEMORY,
        served=read.share,
        note="resident memory of a process that loads Pulumi's SDK and calls the provider's `read`",
    )


def _state(org: Emulator) -> Figure:
    with stack("ours", org) as ours:
        size = len(ours.state()) / 1024
    return Figure(f"the stack's state, {len(org.children):,} approvals", size, "KB", Budget(Of.VALUE, 128))


def _report(org: Emulator) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        argv = [program("org-features"), "report", "--html", str(page)]
        ran(Command(argv, environment(org), ROOT, tuple(Exit)))
        size = page.stat().st_size / 1e6
    what = f"`org-features report --html`, {len(org.children):,} approvals"
    return Figure(what, size, "MB", Budget(Of.VALUE, 2))


def _straightness(reads: Mapping[int, Read]) -> Figure:
    explained = statistics.correlation(list(reads), [each.at_work for each in reads.values()]) ** 2
    return Figure(
        "what a straight line doesn't explain of the time of a refresh",
        100 * (1 - explained),
        "%",
        Budget(Of.VALUE, 1),
        note=f"processor time, by least squares over {', '.join(f'{n:,}' for n in reads)} approvals",
    )


def _curves(reads: Mapping[int, Read]) -> Iterator[Curve]:
    calls = {number: float(read.share.requests) for number, read in reads.items()}
    seconds = {number: read.seconds for number, read in reads.items()}
    pages = {number: math.ceil(number / _PAGE) for number in _APPROVALS}
    most = {number: float(count + _BESIDES) for number, count in pages.items()}
    yield Curve(
        "calls of a refresh", "calls", calls, most, f"a page of {_PAGE} approvals a call, and {_BESIDES}"
    )
    rate, burst = RATES["ListHandshakesForOrganization"]
    least = {number: max(0.0, (count - burst) / rate) for number, count in pages.items()}
    yield Curve("time of a refresh", "s", seconds, least, "what AWS's rate of listing takes at least")


BENCHMARK: Final = Benchmark(
    "scale",
    "Organizations as large as AWS migrates by self-service, and ten times that: what a refresh takes of "
    "time, memory and calls, how large the state is, and the report.",
    _measure,
)
