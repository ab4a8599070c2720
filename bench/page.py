"""The contents of docs/performance.md: the figures that `make bench` kept, and plots of what grows.

python -m bench.page    # `make docs`: regenerate it
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from bench.figure import from_data
from bench.plot import svg
from bench.table import COLUMNS, notes, row
from tools.docs.blocks import ROOT
from tools.docs.generated import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bench.figure import Curve, Found

DOCS: Final = ROOT / "docs"
PAGE: Final = DOCS / "performance.md"
FIGURES: Final = DOCS / "performance.json"


@functools.cache
def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(FIGURES.read_text())
    return kept


def _found() -> list[Found]:
    return [from_data(each) for each in _kept()["benchmarks"].values()]


def figures() -> str:
    """Every benchmark: what it is about, its table, and what must be known of it."""
    return "\n\n".join("\n".join(_section(found)) for found in _found())


def _section(found: Found) -> Iterator[str]:
    where = found.machine
    yield f"### {found.name}\n\n{found.about}\n"
    yield f"Measured on {where.cores} cores, with Python {where.python} and engine {where.engine}.\n"
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'---|' * len(COLUMNS)}"
    yield from (f"| {' | '.join(row(figure))} |" for figure in found.figures)
    told = list(notes(found))
    yield from ("", *(f"- {note}" for note in told)) if told else ()


def curves() -> str:
    """The plots."""
    return "\n".join(f"![{curve.what}]({path.name})\n" for path, curve in _plots()).rstrip()


def _plots() -> Iterator[tuple[Path, Curve]]:
    for found in _found():
        for curve in found.curves:
            yield DOCS / f"performance-{curve.unit}.svg", curve


def plots() -> dict[Path, str]:
    """The files of the plots."""
    return {path: svg(curve) for path, curve in _plots()}


GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "performance, figures": figures,
    "performance, plots": curves,
}


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(), GENERATED))
    for path, plot in plots().items():
        path.write_text(plot)
