"""The command's output: it fits a terminal, and names first who blocks a migration."""

import sys
from typing import Any

import click
import pytest
from rich.table import Table

from aws_org_emulator import Emulator
from aws_org_emulator.cli.control_client import ControlClient
from aws_org_emulator.cli.output import banner, log_line, report, show
from aws_org_emulator.protocol.errors import error_code, json_error, query_error
from aws_org_emulator.server.control import status_of
from tests.emulator.conftest import Start


def printed(parts: Any, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    show(parts)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_the_banner_fits_a_terminal_and_says_what_to_type(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(banner(status_of(emulator)), capsys)
    assert lines[0] == f"AWS Organizations at {emulator.endpoint}"
    assert "333333333334  created     EMULATOR333333333334" in lines
    assert f"  export AWS_ORG_EMULATOR_ENDPOINT={emulator.endpoint}" in lines
    assert max(len(line) for line in lines) <= 80


def test_a_large_organization_has_a_short_banner_and_a_short_report(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = start(invited=1200, created=0)
    assert "and 1,181 more; aws-config names them all" in printed(banner(status_of(emulator)), capsys)
    emulator.enable_all_features()
    emulator.approve(emulator.invited[0])
    emulator.decline(emulator.invited[-1])
    lines = printed(report(ControlClient(emulator.endpoint).status()), capsys)
    assert "approvals: 1 of 1,200" in lines
    assert lines[-1] == "and 1,180 more"
    assert len(lines) == 26


def test_accounts_that_block_it_come_first(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    emulator.enable_all_features()
    emulator.approve(emulator.invited[0])
    lines = printed(report(ControlClient(emulator.endpoint).status()), capsys)
    shown = [line.split()[0] for line in lines[-3:]]
    assert shown == [*emulator.invited[1:], emulator.invited[0]]
    assert max(len(line) for line in lines) <= 80


def test_tables_have_a_frame_for_people_alone(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def frame() -> Any:
        return next(part for part in banner(status_of(emulator)) if isinstance(part, Table)).box

    assert frame() is None
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert frame() is not None


@pytest.mark.parametrize("columns", [40, 50, 60, 80])
def test_no_id_is_cut_in_a_narrow_terminal(
    columns: int, emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.enable_all_features()
    emulator.approve(emulator.invited[0])
    status = ControlClient(emulator.endpoint).status()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    told = "\n".join([*printed(report(status), capsys), *printed(banner(status), capsys)])
    children = [(child["Id"], child["Parties"][1]["Id"], child["Action"]) for child in emulator.children]
    assert emulator.parent is not None
    whole = {each for child in children for each in child} | {emulator.parent["Id"], emulator.organization_id}
    whole |= {f"EMULATOR{account_id}" for account_id in (emulator.management, *emulator.created)}
    whole |= {f"AWS_ORG_EMULATOR_ENDPOINT={emulator.endpoint}", "any secret access key will do"}
    assert not {each for each in whole if each not in told}, told
    assert "…" not in told
    assert told.count("╭") == (0 if columns < 60 else 1)  # with a frame, the migration's takes 84
    assert told.count("state") == (columns == 80)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (("EnableAllFeatures", "1" * 12, 200, None), "200  111111111111  EnableAllFeatures"),
        (
            ("EnableAllFeatures", "1" * 12, 400, "HandshakeConstraintViolationException"),
            "400  111111111111  EnableAllFeatures  HandshakeConstraintViolation",
        ),
        (("ListRoots", "", 0, None), "---  unknown       ListRoots"),
        (("", "1" * 12, 404, None), "404  111111111111  no operation"),
    ],
)
def test_a_request_is_a_line(told: tuple[str, str, int, str | None], line: str) -> None:
    colored = log_line(*told)
    plain = click.unstyle(colored)
    assert plain != colored
    assert plain.partition("  ")[2] == line
    assert len(plain) <= 80


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, json_error("Fine", "yes"), None),
        (400, json_error("AccessDeniedException", "no"), "AccessDeniedException"),
        (400, '{"__type": "com.amazonaws.organizations#AccessDeniedException"}', "AccessDeniedException"),
        (403, query_error("AccessDenied", "no", 403), "AccessDenied"),
        (404, "There is nothing here.\n", None),
        (400, "[]", None),
    ],
)
def test_the_error_is_read_off_the_answer(status: int, body: str, code: str | None) -> None:
    assert error_code(status, body.encode()) == code
