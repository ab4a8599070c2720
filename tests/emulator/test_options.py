"""Every switch on the command line, in a file and in the banner; values that no switch has."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from click.testing import CliRunner

from aws_org_emulator import Scenario, ScenarioFileError, Switches
from aws_org_emulator.cli import commands
from aws_org_emulator.cli.field_docs import field_docs, first_sentence
from aws_org_emulator.cli.options import _option, option_for
from aws_org_emulator.cli.output import banner
from aws_org_emulator.scenario.file import parse
from aws_org_emulator.server.control import status_of
from tests.emulator.conftest import Start

HINTS = get_type_hints(Switches)
DOCS = field_docs(Switches)


def values(hint: Any) -> tuple[Any, ...]:
    """Values of a switch of this type, or some of them."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return (False, True) if hint is bool else (0.0, 2.5)


EACH = [(name, value) for name, hint in HINTS.items() for value in values(hint)]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """The scenarios that the command would have served."""
    scenarios: list[Scenario] = []
    monkeypatch.setattr(commands, "_serve", lambda scenario, **_: scenarios.append(scenario))
    return scenarios


def run(*arguments: str, width: int = 80) -> str:
    result = CliRunner().invoke(commands.main, arguments, env={"COLUMNS": str(width)}, terminal_width=width)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(("name", "value"), EACH)
def test_every_switch_can_be_set_to_every_value(served: list[Scenario], name: str, value: Any) -> None:
    run(*option_for(name, value).split())
    assert served == [Scenario().varied(**{name: value})]


@pytest.mark.parametrize("name", HINTS)
def test_an_option_counts_more_than_the_file(served: list[Scenario], tmp_path: Path, name: str) -> None:
    file = tmp_path / "scenario.yaml"
    default = getattr(Switches(), name)
    other = next(each for each in values(HINTS[name]) if each != default)
    file.write_text(f"switches: {{{name}: {str(other).lower() if HINTS[name] is bool else other}}}\n")
    run("--scenario", str(file))
    run("--scenario", str(file), *option_for(name, default).split())
    assert served == [Scenario().varied(**{name: other}), Scenario()]


@pytest.mark.parametrize("width", [80, 120])
def test_help_says_what_each_switch_is_for_and_keeps_to_the_terminal(width: int) -> None:
    said = run("--help", width=width)
    assert max(len(line) for line in said.splitlines()) <= width
    about = said.partition("\nSwitches")[2]
    for name, hint in HINTS.items():
        flag = name.replace("_", "-")
        option = f"  --[no-]{flag} " if hint is bool else f"  --{flag} "
        rest = about.partition(option)[2].partition("\n  --")[0]
        assert first_sentence(DOCS[name]) in " ".join(rest.split())


def test_a_switch_of_a_type_without_an_option_is_reported() -> None:
    with pytest.raises(TypeError, match="weekday: no option is known"):
        _option("weekday", bytes)


def test_fields_are_documented_and_sentences_end() -> None:
    assert list(DOCS) == [field.name for field in fields(Switches)]
    assert first_sentence("See v1.2 of it. And more.") == "See v1.2 of it."
    assert first_sentence("No end") == "No end"


@pytest.mark.parametrize(
    ("switches", "line"),
    [
        (Switches(), None),
        (
            Switches(handshake_actions="model", children_shown=False, throttling=True, read_lag=2.5),
            "unlike the default: --handshake-actions model --no-children-shown --throttling --read-lag 2.5",
        ),
    ],
)
def test_the_banner_names_the_switches_that_were_moved(
    start: Start, switches: Switches, line: str | None
) -> None:
    lines = [part for part in banner(status_of(start(switches))) if isinstance(part, str)]
    assert [each for each in lines if each.startswith("unlike")] == ([] if line is None else [line])


WRONG = [
    ("handshake_actions", "C", "handshake_actions is guide or model, not 'C'"),
    ("children_shown", 1, "children_shown is True or False, not 1"),
    ("latency", -1.0, "latency is a number from 0 up, not -1.0"),
    ("read_lag", float("inf"), "read_lag is a number from 0 up, not inf"),
    ("read_lag", float("nan"), "read_lag is a number from 0 up, not nan"),
    ("read_lag", True, "read_lag is a number from 0 up, not True"),
    ("latency", "2", "latency is a number from 0 up, not '2'"),
]


@pytest.mark.parametrize(("name", "value", "why"), WRONG)
def test_a_value_that_no_switch_has_is_refused_by_name(name: str, value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        Scenario().varied(**{name: value})


@pytest.mark.parametrize("line", [2, 3])
def test_in_a_file_the_refused_switchs_line_is_named(line: int) -> None:
    entries = ["  handshake_actions: model", "  empty_pages: true"]
    entries.insert(line - 2, "  latency: -0.5")
    with pytest.raises(ScenarioFileError) as caught:
        parse("\n".join(["switches:", *entries]), "some.yaml")
    assert str(caught.value) == f"some.yaml:{line}: latency is a number from 0 up, not -0.5"


@pytest.mark.parametrize("given", ["-1", "many"])
def test_on_the_command_line_the_refused_option_is_named(served: list[Scenario], given: str) -> None:
    result = CliRunner().invoke(commands.main, ["--read-lag", given])
    assert result.exit_code == 2
    assert "'--read-lag'" in result.output
    assert not served
