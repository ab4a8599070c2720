"""Switches by the names and values that they had: taken everywhere, with what to write instead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aws_org_emulator import Scenario, ScenarioFileError, Switches, load_scenario
from aws_org_emulator.cli import commands
from aws_org_emulator.scenario.file import parse
from aws_org_emulator.scenario.switches import FORMER, FormerSwitchWarning

EACH = [("topology", "A", "handshake_actions", "guide"), ("topology", "B", "handshake_actions", "model")]
each = pytest.mark.parametrize(("former", "value", "name", "today"), EACH)


def test_all_are_here() -> None:
    assert [
        (former, value, switch.name, today)
        for former, switch in FORMER.items()
        for value, today in switch.values.items()
    ] == EACH


@each
def test_python_takes_them(former: str, value: str, name: str, today: str) -> None:
    told = f"^{former}='{value}' is written {name}='{today}' now$"
    with pytest.warns(FormerSwitchWarning, match=told) as caught:
        switches = Switches(**{former: value})  # type: ignore[arg-type]  # of an older program
    assert [Path(warning.filename).name for warning in caught] == [Path(__file__).name]
    assert switches == Switches(**{name: today})  # type: ignore[arg-type]  # a switch by its name
    assert getattr(switches, former) == value
    with pytest.warns(FormerSwitchWarning, match=told):
        assert Scenario().varied(**{former: value}).switches == switches


@each
def test_a_file_takes_them(tmp_path: Path, former: str, value: str, name: str, today: str) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(f"invited: 1\nswitches:\n  {former}: {value}\n")
    told = f"some.yaml:3: {former}: {value} is written {name}: {today} now$"
    with pytest.warns(FormerSwitchWarning, match=told):
        scenario = load_scenario(file)
    assert scenario == Scenario(invited=1).varied(**{name: today})


@each
def test_the_command_takes_them_and_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, former: str, value: str, name: str, today: str
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(commands, "_serve", lambda scenario, **_: served.append(scenario.switches))
    result = CliRunner().invoke(commands.main, [f"--{former}", value])
    option = f"--{name.replace('_', '-')}"
    assert result.stderr == f"note: --{former} {value} is written {option} {today} now\n"
    file = tmp_path / "some.yaml"
    file.write_text(f"switches: {{{former}: {value}}}\n")
    result = CliRunner().invoke(commands.main, ["--scenario", str(file)])
    assert result.stderr == f"note: {file}:1: {former}: {value} is written {name}: {today} now\n"
    assert served == [Scenario().varied(**{name: today}).switches] * 2
    assert f"--{former}" not in CliRunner().invoke(commands.main, ["--help"]).stdout


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("switches:\n  topology: C", 2, "topology is A or B, not 'C'"),
        (
            "switches:\n  handshake_actions: model\n  topology: B",
            3,
            "topology is the former name of handshake_actions: say handshake_actions alone",
        ),
        ("switches:\n  topology: [B]", 2, "topology is a single value"),
    ],
)
def test_a_files_mistake_is_reported_as_any_other(text: str, line: int, why: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        parse(text, "some.yaml")
    assert str(caught.value) == f"some.yaml:{line}: {why}"


def test_pythons_mistakes_are_reported() -> None:
    with pytest.raises(ValueError, match=r"^topology is A or B, not 'C'$"):
        Scenario().varied(topology="C")
    with pytest.raises(TypeError, match="topology is the former name of handshake_actions"):
        replace(Switches(), topology="B")  # type: ignore[call-arg]  # of an older program
