"""Prints how much the provider's tests have tried: faults, moments to die at, histories."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter

PROPERTY: Final = "tally"
"""The property of a test's report that tells how much it tried: kind, how many."""

KINDS: Final = {
    "faults": "faults of one call, after each of which the next run got there",
    "kills": "moments at which a process died, after each of which the next run got there",
}


class Plugin:
    """Adds up where reports come together: in the process that started the run. Only what passed counts."""

    def __init__(self) -> None:
        self._tried: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down what a test tried."""
        if report.when == "call" and report.passed:
            for name, value in report.user_properties:
                if name == PROPERTY and isinstance(value, list | tuple):
                    kind, tried = value
                    self._tried[kind] += tried

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the sums, if there are any."""
        if self._tried:
            terminalreporter.section("what the provider's tests tried")
            for kind, name in KINDS.items():
                if self._tried[kind]:
                    terminalreporter.write_line(f"{self._tried[kind]:>9,}  {name}")
