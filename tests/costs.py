"""Cost of the tests of each folder: seconds, and seconds of the processors.

Those of the programs that a test started count as well, once it has waited for their end.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

_BEFORE: Final = pytest.StashKey[float]()
_TAKEN: Final = "processor_seconds"
"""The attribute of a report, by which processes that share the work tell it."""


@dataclass
class Cost:
    """Cost of a folder's tests."""

    tests: int = 0
    seconds: float = 0.0
    processor: float = 0.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the dearest be named."""
    parser.addoption("--dearest", type=int, default=0, help="how many tests to name that took the most")


def pytest_configure(config: pytest.Config) -> None:
    """Add up, but not in each of the processes that share the work."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Costs(config.getoption("--dearest")))


_watched: set[int] = set()
"""Processes whose time counts while they run."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def watch(pid: int) -> None:
    """Count the time of a process, and of those it has waited for, from now on while it runs."""
    _watched.add(pid)


def leave(pid: int) -> None:
    """Count a process no more: it ends now, and is then counted as any other that was waited for."""
    _watched.discard(pid)


def _taken_by(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _processor() -> float:
    used = os.times()
    ours = used.user + used.system + used.children_user + used.children_system
    return ours + sum(map(_taken_by, _watched))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Look at the clock before the first of a test's steps."""
    item.stash[_BEFORE] = _processor()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let the report of each step tell what it took."""
    report = yield
    now = _processor()
    setattr(report, _TAKEN, now - item.stash.get(_BEFORE, now))
    item.stash[_BEFORE] = now
    return report


class Costs:
    """Collects where reports come together: in the process that started the run."""

    def __init__(self, dearest: int) -> None:
        self._named = dearest
        self._folders: defaultdict[str, Cost] = defaultdict(Cost)
        self._tests: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up."""
        cost = self._folders["/".join(report.nodeid.split("::")[0].split("/")[1:-1]) or "."]
        cost.tests += report.when == "call"
        cost.seconds += report.duration
        cost.processor += getattr(report, _TAKEN, 0.0)
        self._tests[report.nodeid] += getattr(report, _TAKEN, 0.0)

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print a line for each folder, the dearest first."""
        terminalreporter.section("what each folder's tests took")
        rows = sorted(self._folders.items(), key=lambda row: -row[1].processor)
        total = Cost(*(sum(getattr(cost, name) for _, cost in rows) for name in Cost.__annotations__))
        terminalreporter.write_line(f"{'tests':>8} {'seconds':>9} {'processor':>10}")
        for folder, cost in [*rows, ("all", total)]:
            terminalreporter.write_line(
                f"{cost.tests:>8,} {cost.seconds:>9,.1f} {cost.processor:>10,.1f}  {folder}"
            )
        dearest = sorted(self._tests.items(), key=lambda row: -row[1])[: self._named]
        for test, processor in dearest:
            terminalreporter.write_line(f"{processor:>29,.1f}  {test}")
