"""Long forms of tests: chosen by the minutes that are given, and repeated until these are over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.soak import Soak, pytest_collection_modifyitems


def item(name: str, *, is_long: bool) -> Any:
    return SimpleNamespace(name=name, get_closest_marker=lambda _: object() if is_long else None)


@pytest.mark.parametrize(("minutes", "left"), [(None, ["short"]), (5.0, ["long"])])
def test_either_long_forms_run_or_the_others(minutes: float | None, left: list[str]) -> None:
    deselected: list[Any] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: deselected.extend(items))  # noqa: PLW0108 - pytest names it
    config: Any = SimpleNamespace(getoption=lambda _: minutes, hook=hook)
    items = [item("short", is_long=False), item("long", is_long=True)]
    pytest_collection_modifyitems(config, items)
    assert [each.name for each in items] == left
    assert len(deselected) == 1


def test_rounds_go_on_until_the_time_is_over_each_by_another_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    now, seeds = [0.0], list[int]()

    def one(seed: int) -> None:
        seeds.append(seed)
        now[0] += 40

    monkeypatch.setattr("time.monotonic", lambda: now[0])
    session: Any = SimpleNamespace(shouldstop=False)
    assert Soak(session, 7, 100).repeat(one) == 3
    assert seeds == [7_000_000, 7_000_001, 7_000_002]
    assert not session.shouldstop


def test_ctrl_c_ends_the_rounds_and_the_run_but_fails_nothing() -> None:
    def one(seed: int) -> None:
        if seed % 10 == 2:
            raise KeyboardInterrupt

    session: Any = SimpleNamespace(shouldstop=False)
    assert Soak(session, 0, 100).repeat(one) == 2
    assert session.shouldstop


def test_a_finding_fails_the_round() -> None:
    def one(_seed: int) -> None:
        raise AssertionError("a promise")

    session: Any = SimpleNamespace()
    with pytest.raises(AssertionError, match="a promise"):
        Soak(session, 0, 100).repeat(one)
