"""Narrow terminals: every id is shown whole, on every screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import click.testing
import pytest

from aws_org_emulator import Member, Scenario
from aws_org_features.cli.render import output
from tests.cli.phases import awaiting
from tests.cli.test_watch import interrupt
from tests.cli.worlds import NOW, Time, world
from tools.docs.terminal import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import InvokeIn

ID = re.compile(r"arn:aws[\w:/.@+=,*-]*\w|\b\d{12}\b|\bo-[a-z0-9]{10,32}\b|\bh-[0-9a-z]{8,32}\b")
CUT = re.compile(r"(\d{3}|\b[oh]-[0-9a-z]*|arn:\S*)…")
WIDE = 200
LONG = "o-" + "a1b2c3d4" * 4
ROLE = "AllFeaturesApproverOfTheWholeOrganization"
MEMBERS = tuple(
    Member(str(600000000001 + number), name=f"An account with a name of some length {number}")
    for number in range(4)
)
ORGANIZATION = Scenario(organization_id=LONG, invited=0, created=1, members=MEMBERS, start=NOW)

COMMANDS = (
    "status --all",
    "plan --all",
    "watch --all",
    f"approve --role-name {ROLE}",
    f"approve --role-name {ROLE} --yes",
    f"approve --role-name {ROLE} --probe",
    "approval-kit --to KIT --force",
    "report --html KIT.html",
    "report --markdown",
    "iam-policy --for member",
)


def screen_of(text: str) -> str:
    """The last drawing on the screen."""
    screen = Screen()
    screen.feed(text.replace("\n", "\r\n"))
    return screen.text


@pytest.mark.parametrize("scenario", [ORGANIZATION])
@pytest.mark.parametrize("command", COMMANDS)
def test_ids_are_never_cut(
    org: Emulator,
    invoke_in: InvokeIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    awaiting(org)
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True)
    arguments = command.replace("KIT", str(tmp_path / "kit")).split()

    def drawn(columns: int) -> str:
        time = Time(events={6: interrupt})
        size = {"COLUMNS": str(columns), "LINES": "60", "TERM": "xterm", "NO_COLOR": "1"}
        result = invoke_in(world(time, terminal=(columns, 60)), *arguments, **size)
        assert "Traceback" not in result.output
        assert result.exit_code != 1, result.output
        return screen_of(result.stdout) if command.startswith("watch") else click.unstyle(result.stdout)

    expected = set(ID.findall(drawn(WIDE)))
    if arguments[0] in {"status", "watch"}:  # where it is narrower than 110 columns, requests aren't shown
        expected = {each for each in expected if not each.startswith("h-")}
    assert LONG in expected or arguments[0] in {"approve", "report", "iam-policy"}
    for columns in (40, 50, 60, 80):
        text = drawn(columns)
        assert not CUT.search(text), text
        missing = {each for each in expected if each not in text}
        assert not missing, text


@pytest.mark.parametrize("columns", [40, 50, 60, 80, 120])
def test_a_table_is_a_table_as_long_as_ids_fit(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    row = ("222222222222", "A name that is a good deal longer than it must be", "h-" + "1" * 32, "OPEN")
    output.show_table(("account", "name", "handshake", "state"), [row])
    text = click.unstyle(capsys.readouterr().out)
    assert ("┌" in text) == (columns >= 80)
    for word in (*row[0::2], *row[1].split(), "OPEN"):
        assert word in text
    assert max(map(len, text.splitlines())) <= columns


def test_a_word_that_is_wider_than_the_terminal_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    arn = "arn:aws:organizations::111111111111:handshake/o-exampleorg1/enable_all_features/h-0123456789abcdef"
    output.paragraph(f"1. Look at {arn} first.", "Then go on.")
    assert capsys.readouterr().out.splitlines() == ["1. Look at", arn, "first.", "   Then go on."]
