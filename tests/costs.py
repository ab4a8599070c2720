"""What the tests of each folder took: seconds, and seconds of the processors.

Those of the programs that a test started count as well, once it has waited for their end.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
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
    """What a folder's tests took."""

    tests: int = 0
    seconds: float = 0.0
    processor: float = 0.0


def pytest_configure(config: pytest.Config) -> None:
    """Add up, but not in each of the processes that share the work."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Costs())


_elsewhere = 0.0


def count(seconds: float) -> None:
    """Add what a process took that is nobody's child here."""
    global _elsewhere  # noqa: PLW0603 - as the processor's time is, it is the process's
    _elsewhere += seconds


def _processor() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system + _elsewhere


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

    def __init__(self) -> None:
        self._folders: defaultdict[str, Cost] = defaultdict(Cost)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up."""
        cost = self._folders["/".join(report.nodeid.split("::")[0].split("/")[1:-1]) or "."]
        cost.tests += report.when == "call"
        cost.seconds += report.duration
        cost.processor += getattr(report, _TAKEN, 0.0)

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
