"""Benchmarks' results: a budget holds or not, and figures are kept as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.__main__ import keep
from bench.benchmarks import BENCHMARKS
from bench.figure import Budget, Curve, Figure, Found, Machine, Of, Served, from_data
from bench.table import row
from tools.local import ROOT


@pytest.mark.parametrize(
    ("budget", "measured", "holds"),
    [
        (Budget(Of.VALUE, 2), {"ours": 2.0}, True),
        (Budget(Of.VALUE, 2), {"ours": 2.1}, False),
        (Budget(Of.RATIO, 1.15), {"ours": 9.0, "theirs": 8.0, "ratio": 1.15}, True),
        (Budget(Of.RATIO, 1.15), {"ours": 1.0, "theirs": 8.0, "ratio": 1.16}, False),
        (Budget(Of.SPEED, 5), {"ours": 1.0, "theirs": 5.0, "ratio": 0.2}, True),
        (Budget(Of.SPEED, 5), {"ours": 1.0, "theirs": 4.0, "ratio": 0.25}, False),
        (Budget(Of.RATIO, 1.15), {"ours": 1.0}, False),
    ],
)
def test_a_budget_is_of_the_value_or_of_the_ratio(
    budget: Budget, measured: dict[str, Any], holds: bool
) -> None:
    figure = Figure("what", unit="s", budget=budget, **measured)
    assert figure.holds is holds
    assert row(figure)[6] == ("holds" if holds else "does not hold")


@pytest.mark.parametrize(
    ("figure", "cells"),
    [
        (
            Figure("up", 4.849, "s", Budget(Of.RATIO, 1.15), "empty", 4.45, 1.08, Served(1, 0.485)),
            ("up", "4.85 s", "empty", "4.45 s", "1.08", "at most 1.15", "holds", "1 request, 10%"),
        ),
        (
            Figure("approve", 54.5, "s", Budget(Of.SPEED, 5), "a loop", 1531.0, 0.0356, Served(0, 0)),
            (
                "approve",
                "54.5 s",
                "a loop",
                "1,531 s",
                "28.1 times faster",
                "at least 5 times faster",
                "holds",
                "0 requests",
            ),
        ),
        (
            Figure("memory", 76.08, "MB", Budget(Of.VALUE, 200)),
            ("memory", "76.1 MB", "", "", "", "at most 200 MB", "holds", ""),
        ),
    ],
)
def test_a_figure_is_a_row_of_what_a_reader_can_compare(figure: Figure, cells: tuple[str, ...]) -> None:
    assert row(figure) == cells


def test_measured_figures_are_kept_and_the_rest_is_left(tmp_path: Any) -> None:
    path = tmp_path / "performance.json"
    budget = Budget(Of.VALUE, 1)
    names = [each.name for each in BENCHMARKS]
    machine = Machine(2, "3.11.7", "3.274.1")
    found = {
        name: Found(
            name,
            "about",
            3,
            machine,
            (Figure(name, 1.5, "s", budget),),
            (Curve("c", "s", {1: 2.0}, {1: 1.0}, "x"),),
        )
        for name in names[:2]
    }
    for name in reversed(names[:2]):
        keep(found[name], path)
    kept = json.loads(path.read_text())["benchmarks"]
    assert list(kept) == names[:2], "in their own order"
    assert {name: from_data(data) for name, data in kept.items()} == found


def test_every_benchmark_is_on_the_page() -> None:
    kept = json.loads((ROOT / "docs" / "performance.json").read_text())["benchmarks"]
    assert list(kept) == [each.name for each in BENCHMARKS]
    assert all(from_data(data).figures for data in kept.values())
