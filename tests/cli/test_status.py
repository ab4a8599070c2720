"""`org-features status`: three questions answered on one screen, and an exit code for each status."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.cli.exit_codes import BY_STATUS, Exit
from aws_org_features.cli.render.status_json import SCHEMA_ID, schema_text
from aws_org_features.model.migration import Status
from tests.cli.conftest import environment_of, error_of
from tests.cli.phases import PHASES, SCHEMA, awaiting, declined, documents, expired, scenario
from tests.cli.worlds import NOW, Time, world

if TYPE_CHECKING:
    import io

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke, InvokeIn
    from tests.cli.phases import Phase

EVERY_WAY = [
    pytest.param(
        scenario(handshake_actions=handshake_actions, children_shown=shown),
        id=f"{handshake_actions}{'' if shown else '-hidden'}",
    )
    for handshake_actions in ("guide", "model")
    for shown in (True, False)
]
LABELS = {"next_step": "Then", "must_act": "Must act", "if_nobody_acts": "If nobody acts"}
SIZES = [(80, 24), (120, 40)]


def at(org: Emulator, **more: Any) -> Any:
    """The world, when the organization's clock says so."""
    return world(Time((org.clock.now() - NOW).total_seconds()), **more)


# Each status


@pytest.mark.parametrize(("happens", "status"), PHASES.values(), ids=PHASES)
@pytest.mark.parametrize("scenario", EVERY_WAY)
def test_each_status_has_its_exit_code_as_text_and_as_json(
    org: Emulator, invoke_in: InvokeIn, happens: Phase, status: Status
) -> None:
    happens(org)
    if not org.scenario.switches.children_shown and happens is declined:
        status = Status.AWAITING_APPROVALS  # which is why it says that refusals aren't shown either
    if not org.scenario.switches.children_shown and status is Status.DECLINED:
        status = Status.EXPIRED
    text, told = (invoke_in(at(org), "status", *more) for more in ((), ("--json",)))
    assert (text.exit_code, told.exit_code) == (BY_STATUS[status], BY_STATUS[status]), text.output
    lines = text.stdout.splitlines()
    assert lines[0] == "All features for o-exampleorg1, management account 111111111111"
    assert lines[1].startswith(f"{status}  ")
    (document,) = documents(told)
    assert (document["schema"], document["status"]) == (SCHEMA_ID, status)
    assert document["headline"] in lines[1]
    for field, label in LABELS.items():
        assert [line for line in lines if re.fullmatch(rf"{label} +{re.escape(document[field])}", line)]
    assert text.stderr + told.stderr == ""
    assert not org.writes


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(("happens", "status"), PHASES.values(), ids=PHASES)
@pytest.mark.parametrize("scenario", [scenario(40)])
def test_the_first_screen_answers_the_three_questions(
    org: Emulator, invoke_in: InvokeIn, happens: Phase, status: Status, size: tuple[int, int]
) -> None:
    happens(org)
    result = invoke_in(at(org, terminal=size), "status")
    rows = result.stdout.splitlines()
    assert len(rows) < size[1], "the prompt takes a line too"
    assert max(map(len, rows)) <= size[0]
    assert [row for row in rows if row.startswith(status)]
    for label in LABELS.values():
        assert [row for row in rows if row.startswith(label)], label


@pytest.mark.parametrize("scenario", [scenario(40)])
def test_it_says_how_far_until_when_who_and_what_open_means(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    assert invoke_in(at(org, terminal=(80, 24)), "status").stdout.splitlines() == [
        "All features for o-exampleorg1, management account 111111111111",
        "",
        "AWAITING_APPROVALS  1 of 40 approved",
        "██" + 78 * "░",
        "█ 1 approved   ░ 39 not yet answered",
        "",
        "Time left       90 days for approvals and finalizing: until 2027-02-01 09:00 UTC",
        "Must act        The owners of 39 accounts must approve. `org-features",
        "                approval-kit` writes a message to each.",
        "Then            Once everyone has approved, `pulumi up` finalizes, which can't",
        "                be undone.",
        "If nobody acts  The request expires on 2027-02-01 09:00 UTC, in 90 days. Then",
        "                everyone must be asked again, and 1 approval is lost.",
        "",
        "Not approved yet: 39 accounts   OPEN = not yet answered",
        "account       name                  state",
        *(f"{each}  invited-{each}  OPEN" for each in org.invited[1:7]),
        "and 33 more (--all)",
    ]


@pytest.mark.parametrize("arguments", [(), ("--all",)])
@pytest.mark.parametrize("terminal", [None, (120, 60)])
@pytest.mark.parametrize("scenario", [scenario(40)])
def test_it_shows_15_accounts_unless_asked_for_all(
    org: Emulator, invoke_in: InvokeIn, terminal: tuple[int, int] | None, arguments: tuple[str, ...]
) -> None:
    awaiting(org)
    text = invoke_in(at(org, terminal=terminal), "status", *arguments).stdout
    shown = len(re.findall(r"^\d{12} ", text, re.MULTILINE))
    assert shown == (39 if arguments else 15)
    assert ("and 24 more (--all)" in text) is not bool(arguments)


@pytest.mark.parametrize("scenario", [scenario(40)])
def test_in_a_pipe_a_fact_is_a_line(org: Emulator, invoke_in: InvokeIn) -> None:
    declined(org)
    lines = invoke_in(at(org), "status").stdout.splitlines()
    assert lines[1:3] == [
        "DECLINED  declined by 1 account; 1 of 40 approved",
        "[#x......................................]  1 approved, 1 declined, 38 not yet answered",
    ]
    assert [line.split("  ")[0] for line in lines[3:7]] == ["Time left", "Must act", "Then", "If nobody acts"]
    assert lines[8] == "Not approved yet: 39 accounts   OPEN = not yet answered"
    first = lines[10].split()
    assert (first[0], first[-2:]) == (org.invited[1], ["DECLINED", "declined"])
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("scenario", [scenario(4, inactive_accounts_count=True)])
def test_a_request_that_expired_names_who_let_it(org: Emulator, invoke_in: InvokeIn) -> None:
    expired(org)
    text = invoke_in(at(org), "status").stdout
    assert "EXPIRED  expired on 2027-02-01 09:00 UTC, 24 hours ago" in text
    assert "Had not approved: 3 accounts" in text
    assert text.count("didn't answer in time") == 3


@pytest.mark.parametrize("scenario", [scenario(10)])
def test_answers_that_aws_no_longer_lists_arent_taken_for_none(org: Emulator, invoke_in: InvokeIn) -> None:
    org.enable_all_features()
    for account_id in org.invited[:6]:
        org.approve(account_id)
    org.clock.advance(days=60)
    text = invoke_in(at(org), "status").stdout
    assert "4 of 10 not yet answered; AWS no longer shows 6 answers" in text
    (document,) = documents(invoke_in(at(org), "status", "--json"))
    assert (document["approvals"]["unknown"], document["approvals"]["pending"]) == (6, 4)
    (document,) = documents(invoke_in(at(org), "status", "--json", "--no-names"))
    assert document["approvals"] is None


# What names may do, and where there are none


NASTY = "\x1b[31m[bold]a[/bold]\n600000000009 \u202eb :smile:"


@pytest.mark.parametrize("terminal", [None, (80, 24)])
@pytest.mark.parametrize(
    "scenario",
    [Scenario(invited=0, created=0, start=NOW, members=(Member("600000000001", name=NASTY),))],
)
def test_names_do_nothing(org: Emulator, invoke_in: InvokeIn, terminal: Any) -> None:
    org.enable_all_features()
    result = invoke_in(at(org, terminal=terminal), "status")
    assert not set("\x1b\u202e") & set(result.output)
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("6000")]
    assert "\ufffd[31m[bold]a[/bold] 6000" in row
    told = invoke_in(at(org), "status", "--json")
    assert told.stdout.isascii()
    assert documents(told)[0]["waiting_for"][0]["name"] == NASTY


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            invited=2,
            created=0,
            start=NOW,
            members=(Member("600000000001", name="Old sandbox", state="SUSPENDED"),),
        )
    ],
)
def test_an_account_where_nobody_can_answer_comes_first(org: Emulator, invoke_in: InvokeIn) -> None:
    org.enable_all_features()
    result = invoke_in(at(org), "status")
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("6000")]
    assert row.endswith("OPEN   suspended, so nobody can approve")
    told = " ".join(result.stdout.split())
    assert "600000000001 is suspended or closed, so nobody can approve there; AWS doesn't document" in told
    assert "The owners of 222222222222 and 222222222223 must approve." in told
    (document,) = documents(invoke_in(at(org), "status", "--json"))
    assert [each["account_state"] for each in document["waiting_for"]] == ["SUSPENDED", None, None]


@pytest.mark.parametrize("scenario", EVERY_WAY)
def test_without_the_list_of_accounts_there_is_less_to_tell(org: Emulator, invoke_in: InvokeIn) -> None:
    org.enable_all_features()
    org.fail("ListAccounts", error="AccessDeniedException", message="no", times=9)
    result = invoke_in(at(org), "status")
    assert result.exit_code == Exit.PENDING
    if org.scenario.switches.children_shown:
        assert result.stderr.startswith("without the accounts' names: ListAccounts was denied")
        assert all(account_id in result.stdout for account_id in org.invited)
    else:
        assert "To see which accounts were invited, allow organizations:ListAccounts." in result.stdout
    (document,) = documents(invoke_in(at(org), "status", "--json"))
    assert [each["name"] for each in document["waiting_for"]] == [None] * len(document["waiting_for"])


# How much is asked


@pytest.mark.parametrize(
    "scenario",
    [scenario(1000, handshake_actions=handshake_actions) for handshake_actions in ("guide", "model")],
)
def test_a_thousand_accounts_take_lists_alone_at_awss_pace(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    org.reset_calls()
    time = Time()
    result = invoke_in(world(time), "status")
    assert result.exit_code == Exit.PENDING
    assert "and 984 more (--all)" in result.stdout
    pages = ceil(1000 / 20)
    assert org.calls["ListHandshakesForOrganization"] <= pages + 3
    assert org.calls["ListAccounts"] <= pages + 1
    assert set(org.calls) == {"DescribeOrganization", "ListAccounts", "ListHandshakesForOrganization"}
    assert time.passed > 0.8 * pages / 5, "AWS allows 5 calls a second"
    assert re.search(r"^listing (approvals|accounts): page \d+$", result.stderr, re.MULTILINE)
    org.reset_calls()
    assert invoke_in(world(), "status", "--no-names").exit_code == Exit.PENDING
    assert "ListAccounts" not in org.calls


@pytest.mark.parametrize(
    ("happens", "calls"),
    [
        ("not started", {"DescribeOrganization": 1, "ListHandshakesForOrganization": 2}),
        ("finalized", {"DescribeOrganization": 1}),
        ("canceled", {"DescribeOrganization": 1, "ListHandshakesForOrganization": 1}),
        ("responded", {"DescribeOrganization": 1, "ListHandshakesForOrganization": 2}),
    ],
)
def test_without_names_no_accounts_are_listed(
    org: Emulator, invoke: Invoke, happens: str, calls: dict[str, int]
) -> None:
    PHASES[happens][0](org)
    org.reset_calls()
    invoke("status")
    assert org.calls == calls


def test_the_organization_is_shown_before_anything_else_is_asked(org: Emulator, invoke: Invoke) -> None:
    org.fail("ListHandshakesForOrganization", error="AccessDeniedException", times=9)
    result = invoke("status")
    assert result.stdout == "All features for o-exampleorg1, management account 111111111111\n"
    assert error_of(result)[0] == "access-denied"


# Errors, and how it is called


@pytest.mark.parametrize(
    ("arguments", "account", "reference"),
    [
        (("--organization-id", "o-otherorg99"), None, "organization-mismatch"),
        ((), "222222222222", "not-management-account"),
        ((), "888888888888", "no-organization"),
        (("--profile", "nobody"), None, "credentials-missing"),
    ],
)
def test_errors_are_one_line_and_as_the_schema_says(
    org: Emulator, invoke: Invoke, arguments: tuple[str, ...], account: str | None, reference: str
) -> None:
    org.credentials(account or org.management)
    result = invoke("status", "--json", *arguments, account=account)
    assert error_of(result)[0] == reference
    (document,) = documents(result)
    assert document["error"]["reference"] == reference


def test_the_schema_is_printed_without_asking_aws(org: Emulator, invoke: Invoke) -> None:
    result = invoke("status", "--json-schema")
    assert (result.exit_code, result.stdout) == (Exit.DONE, schema_text())
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == SCHEMA_ID
    assert not org.calls


def test_the_schema_refuses_what_isnt_so(org: Emulator, invoke: Invoke) -> None:
    awaiting(org)
    (document,) = documents(invoke("status", "--json"))
    for wrong in ({"status": "PENDING"}, {"deadline": "soon"}, {"waiting_for": [{"account_id": "1"}]}):
        assert not SCHEMA.is_valid(document | wrong), wrong
    for name in document:
        assert not SCHEMA.is_valid({k: v for k, v in document.items() if k != name}), name


def test_exit_codes_never_change() -> None:
    assert {status.value: code.value for status, code in BY_STATUS.items()} == {
        "ENABLED": 0,
        "AWAITING_APPROVALS": 3,
        "DECLINED": 4,
        "AWAITING_FINALIZATION": 6,
        "NOT_STARTED": 7,
        "EXPIRED": 7,
        "CANCELED": 7,
    }
    assert set(BY_STATUS) == set(Status)


# In a terminal


def drawn(org: Emulator, *arguments: str, **more: str) -> str:
    """All that the command writes into a terminal of 80 columns and 24 rows."""
    known = {name: value for name, value in environment_of(org, org.management).items() if value is not None}
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", **known, **more}
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    program = str(Path(sys.executable).with_name("org-features"))
    with (
        os.fdopen(parent, "rb", buffering=0) as terminal,
        subprocess.Popen([program, *arguments], env=environment, stdout=child, stderr=child),
    ):
        os.close(child)
        return _read(terminal).decode()


def _read(terminal: io.FileIO) -> bytes:
    found = b""
    with contextlib.suppress(OSError):  # as Linux says that the last writer has gone
        while some := terminal.read(65536):
            found += some
    return found


@pytest.mark.parametrize("no_color", [{}, {"NO_COLOR": "1"}])
def test_colours_are_for_terminals_that_want_them(org: Emulator, no_color: dict[str, str]) -> None:
    declined(org)
    text = drawn(org, "status", **no_color)
    assert "█" in text
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]", text)) is not bool(no_color)


def test_a_terminal_that_knows_only_ascii_gets_a_bar_too(org: Emulator) -> None:
    awaiting(org)
    text = drawn(org, "status", LANG="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert "#" * 26 + "." * 54 in text


@pytest.mark.parametrize("scenario", [Scenario(switches=Switches(iam_enforcement=True))])
def test_a_dumb_terminal_gets_what_a_pipe_gets(org: Emulator) -> None:
    awaiting(org)
    text = drawn(org, "status", TERM="dumb")
    assert "[#############...........................]  1 approved" in text
    assert "\x1b" not in text
