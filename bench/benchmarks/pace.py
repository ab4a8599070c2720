"""Approving at AWS's pace: how much longer it takes than the pace alone."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from aws_org_emulator.timing import rate_limits
from aws_org_features.aws.rate_limit import SHARE, kept_to
from aws_org_features.cli.exit_codes import Exit
from bench.figure import Benchmark, Budget, Figure, Of
from bench.timing import Command, ran
from bench.world import ROLE, environment, in_flight, rested, served
from tools.local import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator

_APPROVALS: Final = 1000
_FASTER: Final = 2
"""AWS's rates, times this, for both sides: so that a round takes two minutes instead of four."""


def _measure(_rounds: int) -> Iterator[Figure]:
    with patch.object(rate_limits, "RATES", _scaled()), in_flight(_APPROVALS, throttling=True) as org:
        rested(org)
        arguments = ["approve", "--yes", "--role-name", ROLE]
        argv = [sys.executable, "-m", "bench.scaled_rates", str(_FASTER), *arguments]
        whole = ran(Command(argv, environment(org), ROOT, (Exit.DONE,))).seconds
        accepting = _least("AcceptHandshake", _APPROVALS)
        yield _figure("from the first approval to the last", _approving(org), accepting, org)
        # Who is asked, what accounts are called, and in the end who is still asked.
        lists = 2 * _least("ListHandshakesForOrganization", _pages(_APPROVALS))
        lists += _least("ListAccounts", _pages(_APPROVALS + 1))
        yield _figure("the whole command, with its lists", whole, accepting + lists, org)


def _figure(what: str, ours: float, least: float, org: Emulator) -> Figure:
    return Figure(
        f"`org-features approve`, {_APPROVALS:,} accounts, {what}",
        ours,
        "s",
        Budget(Of.RATIO, 1.1),
        "what the pace allows",
        least,
        ours / least,
        served(org),
        note=f"one round, in a world where AWS's rates, and the pace with them, are {_FASTER} times as high",
    )


def _approving(org: Emulator) -> float:
    """Seconds from the first role that is assumed to the last approval."""
    first = next(entry.at for entry in org.entries if entry.call.operation == "AssumeRole")
    last = max(entry.at for entry in org.entries if entry.call.operation == "AcceptHandshake")
    return (last - first).total_seconds()


def _pages(things: int) -> int:
    return math.ceil(things / 20)


def _least(operation: str, calls: int) -> float:
    """Seconds that the configured pace takes for so many calls."""
    rate, burst = kept_to(operation)
    return (calls - burst) / (rate * _FASTER)


def _scaled() -> dict[str, rate_limits.Rates]:
    return {
        operation: rate_limits.Rates(_rate(rates.account), rates.organization and _rate(rates.organization))
        for operation, rates in rate_limits.RATES.items()
    }


def _rate(rate: rate_limits.Rate) -> rate_limits.Rate:
    return rate_limits.Rate(rate.steady * _FASTER, rate.burst)


BENCHMARK: Final = Benchmark(
    "pace",
    "Approving on behalf of many accounts while AWS's rates are in force, beside what the pace that is kept "
    f"to ({SHARE:.0%} of AWS's rates, and more of the lists') takes for the same calls.",
    _measure,
)
