"""Figures of what was tried: counted of what passed, and held to the page only when all was tried."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests import figures
from tests.figures import PROMISED, ROOT, Plugin, choose_promised
from tools.docs.counts import KINDS, Figures, with_counts

if TYPE_CHECKING:
    from pathlib import Path

THINGS = {
    kind: [(f"{kind}-{number}", "b", "on request" if number else "by AWS's rules") for number in range(2)]
    for kind in KINDS
}
PAGE = "Before.\n\n<!-- counted: emulator -->\n| tried | |\n<!-- /counted -->\n\nAfter.\n"


def report(kind: str, thing: tuple[str, ...], outcome: Any = "passed", when: Any = "call") -> Any:
    """Pytest's report of a test that tries one thing of two; as it arrives from another process."""
    properties = [["tried", [kind, list(thing), 2]], ["other", 1]]
    return pytest.TestReport("a test", ("", 0, ""), {}, outcome, None, when, user_properties=properties)  # type: ignore[arg-type]


def reports() -> list[Any]:
    return [report(kind, thing) for kind, things in THINGS.items() for thing in things]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "emulator.md"
    path.write_text(PAGE)
    monkeypatch.setattr(figures, "PAGE", path)
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    return path


def run(*told: Any, writes: bool = False, status: int = 0) -> tuple[int, str]:
    """The exit status of a run with these reports, and what it prints."""
    plugin, session, printed = Plugin(writes=writes), SimpleNamespace(exitstatus=status), list[str]()
    for each in told:
        plugin.pytest_runtest_logreport(each)
    plugin.pytest_sessionfinish(session)  # type: ignore[arg-type] # as much of one as is looked at
    terminal: Any = SimpleNamespace(section=printed.append, write_line=lambda line, **_: printed.append(line))
    plugin.pytest_terminal_summary(terminal)
    return int(session.exitstatus), "\n".join(printed)


def test_a_run_that_tried_all_fails_until_the_page_says_so(page: Path) -> None:
    status, printed = run(*reports())
    assert status == 1
    assert "emulator.md shows other figures; `make docs` regenerates them." in printed
    assert page.read_text() == PAGE
    assert run(*reports(), writes=True)[0] == 0
    status, printed = run(*reports())
    assert (status, "ERROR" in printed) == (0, False)
    assert page.read_text().startswith(
        "Before.\n\n<!-- counted: emulator -->\n| tried | |\n|---|---|\n| cells"
    )
    assert page.read_text().endswith("|\n<!-- /counted -->\n\nAfter.\n")


@pytest.mark.parametrize(
    "missing",
    [
        reports()[1:],
        [*reports()[1:], report("cells", THINGS["cells"][0], outcome="failed")],
        [*reports()[1:], report("cells", THINGS["cells"][0], when="setup")],
        [*reports()[1:], reports()[1]],
    ],
    ids=["not run", "failed", "set up", "run twice"],
)
def test_a_run_that_tried_less_is_not_held_and_cannot_write(page: Path, missing: list[Any]) -> None:
    status, printed = run(*missing)
    assert status == 0
    assert "   1 of 2  cells of the table" in printed
    assert run(*missing, writes=True)[0] == 1
    assert page.read_text() == PAGE


def test_a_run_that_failed_already_stays_what_it_is(page: Path) -> None:
    assert page.exists()
    assert run(*reports(), status=2)[0] == 2


def test_a_run_of_a_few_tests_prints_nothing(page: Path) -> None:
    assert page.exists()
    assert run(reports()[0]) == (0, "")


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_the_counts_of_tests_are_added_up_and_printed_passed_or_not(page: Path, outcome: Any) -> None:
    assert page.exists()
    properties = [["counted", ["any history", "steps", 1200]], ["counted", ["any history", "calls", 3]]]
    told = [
        pytest.TestReport("a test", ("", 0, ""), {}, outcome, None, when, user_properties=properties)  # type: ignore[arg-type]
        for when in ("setup", "call", "teardown", "teardown")
    ]
    assert run(*told) == (0, "any history\n    2,400  steps\n        6  calls")


def test_counts_are_written_where_their_section_is_named() -> None:
    page = "<!-- counted: a -->\nold\n<!-- /counted -->\n\n<!-- counted: b -->\nold\n<!-- /counted -->\n"
    written = with_counts(page, {"b": {"steps": 1200}, "elsewhere": {"calls": 3}})
    table = "| | |\n|---|---:|\n| steps | 1,200 |"
    assert written == page.replace("b -->\nold", f"b -->\n{table}")
    assert with_counts(written, {"b": {"steps": 1200}}) == written


def test_operations_have_a_row_each() -> None:
    told = Figures()
    for operation, code, how in (
        ("B", "x", "on request"),
        ("A", "x", "on request"),
        ("A", "y", "by AWS's rules"),
        ("A", "z", "on request"),
    ):
        told.add("declared", (operation, code, how), 4)
    assert list(told.operations())[1:] == [("A", "3", "1", "2"), ("B", "1", "0", "1")]
    assert ("4", "errors that botocore's model declares for 2 operations, reached") in list(told.counts())


def test_every_kind_is_counted_by_some_test_and_has_a_place_on_the_page() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests" / "emulator").glob("test_*.py"))
    for kind in KINDS:
        assert f'tried("{kind}", ' in tests
    assert figures.PAGE.read_text().count("<!-- counted: emulator -->\n") == 1


def asked(*, named: bool = False, **options: Any) -> Any:
    """A run's configuration: with paths of its own or without, and with options that choose tests."""
    sources = SimpleNamespace(ARGS="args", TESTPATHS="testpaths")
    source = sources.ARGS if named else sources.TESTPATHS
    return SimpleNamespace(
        args=["tests"], args_source=source, ArgsSource=sources, option=SimpleNamespace(**options)
    )


def test_counts_are_of_all_that_is_promised() -> None:
    config = asked(keyword="", markexpr="", deselect=None)
    choose_promised(config)
    assert config.args == [str(ROOT / path) for path in PROMISED]
    assert all((ROOT / path).exists() for path in PROMISED)


@pytest.mark.parametrize(
    "config", [asked(named=True), asked(keyword="gate"), asked(markexpr="not exhaustive"), asked(lf=True)]
)
def test_counts_of_some_are_refused(config: Any) -> None:
    with pytest.raises(pytest.UsageError, match="--write-counts writes what all that is promised has tried"):
        choose_promised(config)
    assert config.args == ["tests"]


def test_every_count_belongs_to_a_promise() -> None:
    counting = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\bcounted(: Counted|: Callable\[\[str, str, int\])", path.read_text())
    }
    assert len(counting) > 8
    assert {path for path in counting if not path.startswith(PROMISED)} == set()
