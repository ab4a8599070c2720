"""Prints what tests have tried and done, and holds the documentation's figures of the emulator's tests to it.

Of the emulator's tests, only those that passed count. A run that has tried everything of every kind fails if
docs/emulator.md shows other figures; `make docs`, or the option --write-figures, regenerates them. What other
tests did, section by section, the option --write-counts writes into docs/promises.md. It has all of PROMISED
run, and refuses to write what some of it did.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tools.docs.counts import Figures, with_counts

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "emulator.md"
PROMISES: Final = ROOT / "docs" / "promises.md"
PROMISED: Final = (
    "tests/reconcile",
    "tests/hostile",
    *(
        f"tests/engine/test_{name}.py"
        for name in ("hostile", "killed", "native_secrets", "races", "secrets", "state")
    ),
    "tests/unit/test_bounded_requests.py",
    "tests/unit/test_endpoints.py",
    "tests/emulator/test_request_guard.py",
)
"""The figures in docs/promises.md."""
_NARROWING: Final = (
    "keyword",
    "markexpr",
    "deselect",
    "ignore",
    "ignore_glob",
    "lf",
    "stepwise",
    "collectonly",
)
"""Options by which a run leaves something out, by pytest's names."""
PROPERTY: Final = "tried"
"""The property of a test's report that tells what it tried: kind, thing, of how many."""
COUNTED: Final = "counted"
"""The property that tells how often a test did something, passed or not: section, what, how often."""


def choose_promised(config: pytest.Config) -> None:
    """Let a run that is to write counts try all that is promised.

    Raises:
        pytest.UsageError: Options select only some of it.
    """
    named = config.args_source is config.ArgsSource.ARGS
    if named or any(getattr(config.option, name, None) for name in _NARROWING):
        raise pytest.UsageError(
            "--write-counts writes what all that is promised has tried, and this run would try some of it."
            " Leave out paths and options that choose tests, as `make promises` does."
        )
    config.args[:] = [str(ROOT / path) for path in PROMISED]


class Plugin:
    """Collects figures where reports come together: in the process that started the run."""

    def __init__(self, *, writes: bool, writes_counts: bool = False) -> None:
        self._writes = writes
        self._writes_counts = writes_counts
        self._figures = Figures()
        self._counted: dict[str, Counter[str]] = {}
        self._verdict = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down what a test tried."""
        for name, value in report.user_properties:
            if not isinstance(value, list | tuple):
                continue
            if name == PROPERTY and report.when == "call" and report.passed:
                self._figures.add(*value)
            if name == COUNTED and report.when == "teardown":
                section, what, times = value
                self._counted.setdefault(section, Counter())[what] += times

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that passed but for the documentation's figures."""
        if self._figures.whole:
            self._hold()
        elif self._writes:
            self._verdict = "Not everything was tried: the figures weren't written."
        if self._writes_counts and session.exitstatus == pytest.ExitCode.OK:
            PROMISES.write_text(with_counts(PROMISES.read_text(), self._counted))
        if self._verdict and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _hold(self) -> None:
        page = PAGE.read_text()
        told = self._figures.filled(page)
        if self._writes:
            PAGE.write_text(told)
        elif told != page:
            self._verdict = f"{PAGE.relative_to(ROOT)} shows other figures; `make docs` regenerates them."

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the figures, unless only a few tests ran."""
        if self._figures.begun:
            terminalreporter.section("what the emulator's tests tried")
            for line in self._figures.text():
                terminalreporter.write_line(line)
        for section, counts in self._counted.items():
            terminalreporter.section(section)
            for what, times in counts.items():
                terminalreporter.write_line(f"{times:>9,}  {what}")
        if self._verdict:
            terminalreporter.write_line(f"ERROR: {self._verdict}", red=True)
