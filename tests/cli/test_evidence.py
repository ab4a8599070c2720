"""`org-features evidence`: what a recording holds, what it answers, and the option that makes one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import click.testing
import pytest
import yaml

from aws_org_emulator import Scenario, Switches
from aws_org_emulator.scenario.file import parse
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.evidence.questions import QUESTIONS
from tests.cli.conftest import error_of
from tests.cli.worlds import world
from tests.docs import pages

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke, InvokeIn

PAGE = pages.ROOT / "docs" / "evidence.md"
CONTRARY = Scenario(
    switches=Switches(
        handshake_actions="model", pending_child="REQUESTED", party_prefixes=True, parent_link_prefix=True
    )
)
COMMANDS = {
    "status": (),
    "watch": ("--until", "approved"),
    "plan": (),
    "approve": ("--role-name", "Nobody"),
    "report": ("--markdown",),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "aws.jsonl"


@pytest.fixture
def recorded(org: Emulator, invoke: Invoke, path: Path) -> Path:
    """A recording of `status`, in a migration in which nobody has answered."""
    org.enable_all_features()
    invoke("status", "--record", str(path))
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_records_what_it_asks_anyway(
    org: Emulator, invoke_in: InvokeIn, path: Path, command: str
) -> None:
    org.enable_all_features()
    org.approve_all()
    arguments = (command, *COMMANDS[command])
    invoke_in(world(), *arguments)
    without = [operation for operation, _ in org.log]
    org.reset_calls()
    told = invoke_in(world(), *arguments, "--record", str(path))
    assert [operation for operation, _ in org.log] == without
    lines = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    ours = {"GetCallerIdentity", "GetUser", "GetRole", "SimulatePrincipalPolicy"}
    assert [each["operation"] for each in lines] == [each for each in without if each not in ours]
    assert "record" not in told.stderr


def test_a_recording_that_cannot_be_written_is_a_line_beside_the_result(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    named = tmp_path / "nowhere" / "aws.jsonl"
    told = invoke("status", "--record", str(named))
    assert told.exit_code == Exit.NOT_IN_FLIGHT
    assert told.stderr.splitlines() == [
        f"The recording {named} can't be written: No such file or directory. What AWS answers isn't "
        "recorded; nothing else depends on it."
    ]
    assert org.organization_id in told.stdout


def test_what_a_recording_holds(invoke: Invoke, recorded: Path) -> None:
    told = invoke("evidence", "show", str(recorded))
    assert told.exit_code == 0
    rows = [row.split() for row in told.stdout.splitlines()]
    assert ["DescribeOrganization", "unknown", "answered", "1"] in rows
    assert "Pseudonyms: 6 of accounts" in told.stdout
    assert "aws.jsonl: 4 answers" in told.stdout
    assert ".key stays with you" in told.stdout
    as_json = json.loads(invoke("evidence", "show", str(recorded), "--json").stdout)
    (recording,) = as_json["recordings"]
    assert recording["answers"] == 4
    assert recording["left_out"] == {}
    assert "APPROVE_ALL_FEATURES" in recording["words"]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_terminal_is_wide_enough_for_all_that_is_shown(
    org: Emulator,
    invoke: Invoke,
    recorded: Path,
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
) -> None:
    org.fail(
        "DescribeOrganization",
        error="ConstraintViolationException",
        status=400,
        reason="CLOUDTRAIL_MUST_BE_ON_IN_THE_ORGANIZATION_FOR_THAT",
    )
    invoke("status", "--record", str(recorded))
    monkeypatch.setattr(click.testing._NamedTextIOWrapper, "isatty", lambda _: True)
    size = {"COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"}
    for arguments in (("show", str(recorded)), ("probe", "--dry-run"), ("probe", "--dry-run", "--look-only")):
        rows = invoke("evidence", *arguments, **size).stdout.splitlines()
        assert [row for row in rows if len(row) > columns] == []
        words = {word for row in rows for word in row.replace(":", " ").replace(",", " ").split()}
        assert {"management", "DescribeOrganization", "ListHandshakesForOrganization"} <= words
        assert ("┌" in rows[0] + rows[1]) == (columns == 120)
        assert ("Target.Type=ACCOUNT" in words) == (arguments == ("probe", "--dry-run"))


@pytest.mark.parametrize("scenario", [CONTRARY])
def test_what_a_recording_answers(invoke: Invoke, recorded: Path) -> None:
    told = invoke("evidence", "answer", str(recorded))
    assert told.exit_code == 0
    rows = [row.strip() for row in told.stdout.splitlines()]
    assert any(row.startswith("Which handshake") and row.endswith("handshake_actions") for row in rows)
    assert "the other way round" in told.stdout
    assert "Not seen: accepted_at_once, " in told.stdout
    listed = json.loads(invoke("evidence", "answer", str(recorded), "--json").stdout)["questions"]
    assert [each["name"] for each in listed] == [each.name for each in QUESTIONS]
    positions = {each["switch"]: each["position"] for each in listed}
    assert (positions["handshake_actions"], positions["pending_child"]) == ("model", "REQUESTED")
    assert (positions["party_prefixes"], positions["accepted_at_once"]) == (True, None)


@pytest.mark.parametrize("scenario", [CONTRARY])
def test_the_switches_as_a_scenario_file(org: Emulator, invoke: Invoke, recorded: Path) -> None:
    text = invoke("evidence", "answer", "--switches", str(recorded)).stdout
    told = parse(text).switches
    for name in (
        "handshake_actions",
        "pending_child",
        "party_prefixes",
        "parent_link_prefix",
        "children_shown",
    ):
        assert getattr(told, name) == getattr(org.scenario.switches, name)
    assert "accepted_at_once" not in yaml.safe_load(text)["switches"]


def test_several_recordings_are_told_apart(invoke: Invoke, recorded: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(recorded.read_text().replace('"State":"OPEN"', '"State":"REQUESTED"'))
    told = invoke("evidence", "answer", str(recorded), str(other))
    asked = "Which state has an approval that nobody has answered?"
    assert f"Contradictory: {asked} aws.jsonl: OPEN; other.jsonl: REQUESTED." in told.stdout.splitlines()
    text = invoke("evidence", "answer", "--switches", str(other), str(recorded)).stdout
    assert "pending_child" not in yaml.safe_load(text)["switches"]
    assert "# contradictory: pending_child" in text.splitlines()


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\xfe\n" * 9, b"[" * 9999])
@pytest.mark.parametrize("command", ["show", "answer"])
def test_a_file_that_is_no_recording_is_told(
    invoke: Invoke, path: Path, command: str, content: bytes
) -> None:
    path.write_bytes(content)
    assert error_of(invoke("evidence", command, str(path)))[0] == "recording-unusable"


def test_how_it_ends() -> None:
    rows = pages.rows(pages.section(PAGE, "How it ends"))
    listed = [row[0] for row in rows]
    assert set(listed) <= {f"{code.value} `{code.name}`" for code in Exit}


def test_every_field_of_a_line_is_on_the_page(recorded: Path) -> None:
    rows = pages.rows(pages.section(PAGE, "Recording").partition("| field | |")[2].join(["| field | |", ""]))
    known = {name for row in rows for name in pages.ticked(row[0])} | {"account"}
    for line in recorded.read_text().splitlines():
        assert set(json.loads(line)) <= known
