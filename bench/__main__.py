"""Measure, print a table, and keep the figures for the documentation.

    python -m bench [--only NAME] [--rounds N]

Ends with 1 if a budget doesn't hold. New measurements replace the kept ones; the rest stays.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table

from bench.benchmarks import BENCHMARKS
from bench.figure import Curve, Figure, Found, Machine, as_data
from bench.table import COLUMNS, notes, row
from tools import versions
from tools.local import ROOT, hermetic
from tools.progress import ProgressLine, ToolError, report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.figure import Benchmark

KEPT: Final = ROOT / "docs" / "performance.json"
_ROUNDS: Final = 15


def measured(benchmark: Benchmark, rounds: int) -> Found:
    """Measure one thing."""
    clock = ProgressLine(f"Measuring {benchmark.name}")
    found = list(benchmark.measure(rounds))
    clock.end(f"{len(found)} figures")
    return Found(
        benchmark.name,
        benchmark.about,
        rounds,
        Machine(os.cpu_count() or 1, platform.python_version(), versions.ENGINE),
        tuple(each for each in found if isinstance(each, Figure)),
        tuple(each for each in found if isinstance(each, Curve)),
    )


def table(found: Found) -> Table:
    """The figures of one benchmark."""
    shown = Table(title=found.name, title_justify="left", title_style="bold", expand=True)
    for column in COLUMNS:
        shown.add_column(column, overflow="fold")
    for figure in found.figures:
        shown.add_row(*(cell.replace("`", "") for cell in row(figure)), style="" if figure.holds else "red")
    return shown


def keep(found: Found, path: Path = KEPT) -> None:
    """Write the figures of one, in the order of the benchmarks; what wasn't measured stays as it is."""
    kept: dict[str, Any] = json.loads(path.read_text())["benchmarks"] if path.exists() else {}
    kept[found.name] = as_data(found)
    ordered = {each.name: kept[each.name] for each in BENCHMARKS if each.name in kept}
    path.write_text(json.dumps({"benchmarks": ordered}, indent=2) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure against the budgets.")
    names = [each.name for each in BENCHMARKS]
    parser.add_argument("--only", choices=names, action="append", help="may be repeated; else all")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="of each pair (default: %(default)s)")
    given = parser.parse_args(arguments)
    os.environ.update(hermetic())
    console = Console(width=None if sys.stdout.isatty() else 160)
    found = []
    try:
        for benchmark in BENCHMARKS:
            if given.only is None or benchmark.name in given.only:
                found.append(measured(benchmark, given.rounds))
                console.print(table(found[-1]), *notes(found[-1]), sep="\n")
                keep(found[-1])
    except ToolError as error:
        return report(error)
    except KeyboardInterrupt:
        return 130
    return 0 if all(figure.holds for each in found for figure in each.figures) else 1


if __name__ == "__main__":
    sys.exit(main())
