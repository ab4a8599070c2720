"""`org-features watch`: in place in a terminal, a line a change in a log, and an end that tells."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario
from aws_org_features.cli.exit_codes import Exit
from tests.cli.conftest import error_of
from tests.cli.phases import awaiting, declined, documents, finalized, responded, scenario
from tests.cli.worlds import NOW, Time, world
from tools.docs.terminal import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from aws_org_emulator import Emulator
    from tests.cli.conftest import InvokeIn


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def told(result: Result) -> list[str]:
    """The lines of a log, without their times."""
    for line in result.stdout.splitlines():
        assert re.match(r"2026-11-03T09:\d\d:\d\dZ ", line), line
    return [line[21:] for line in result.stdout.splitlines()]


# In a log


@pytest.mark.parametrize(
    "scenario", [scenario(3, handshake_actions=handshake_actions) for handshake_actions in ("guide", "model")]
)
def test_a_log_has_a_line_for_each_change(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    second, third = org.invited[1:]
    time = Time(events={40: lambda: org.approve(second), 100: lambda: org.approve(third)})
    result = invoke_in(world(time), "watch")
    assert result.exit_code == Exit.TO_FINALIZE
    assert told(result) == [
        "AWAITING_APPROVALS: 1 of 3 approved",
        "90 days for approvals and finalizing: until 2027-02-01 09:00 UTC",
        f"The owners of {second} and {third} must approve. `org-features approval-kit` writes a message to "
        "each.",
        f"{second} (invited-{second}) approved",
        f"{third} (invited-{third}) approved",
        "AWAITING_APPROVALS is now AWAITING_FINALIZATION: everyone has approved",
        "`pulumi up` finalizes, which can't be undone (unless the program says finalize=False). The "
        "management account 111111111111: run `pulumi up` by 2027-02-01 09:00 UTC.",
    ]
    assert result.stdout.splitlines()[3].startswith("2026-11-03T09:01:00Z ")
    assert result.stderr == ""
    assert not org.writes


@pytest.mark.parametrize(
    ("until", "code"),
    [("approved", Exit.TO_FINALIZE), ("enabled", Exit.DONE), ("interrupted", Exit.INTERRUPTED)],
)
@pytest.mark.parametrize("scenario", [scenario(1)])
def test_how_long_it_goes_on(org: Emulator, invoke_in: InvokeIn, until: str, code: Exit) -> None:
    org.enable_all_features()
    time = Time(events={10: org.approve_all, 100: org.finalize, 200: interrupt})
    result = invoke_in(world(time), "watch", "--until", until)
    assert result.exit_code == code, result.output
    if code is not Exit.TO_FINALIZE:
        assert "AWAITING_FINALIZATION is now ENABLED: all features are enabled" in result.stdout


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (lambda _: None, Exit.NOT_IN_FLIGHT),
        (declined, Exit.DECLINED),
        (responded, Exit.TO_FINALIZE),
        (finalized, Exit.DONE),
    ],
)
def test_with_nothing_to_wait_for_it_ends_at_once(
    org: Emulator, invoke_in: InvokeIn, happens: Callable[[Emulator], object], code: Exit
) -> None:
    happens(org)
    time = Time()
    assert invoke_in(world(time), "watch").exit_code == code
    assert time.passed == 0


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_a_log_that_is_quiet_says_now_and_then_that_it_goes_on(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    time = Time(events={2000: org.approve_all})
    lines = told(invoke_in(world(time), "watch"))
    assert lines.count("no change: AWAITING_APPROVALS, 1 of 2 approved") == 2


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_failed_looks_are_reported_once_and_dont_end_it(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    org.fail("DescribeOrganization", nth=2, error="ServiceException", times=9)
    time = Time(events={400: org.approve_all})
    result = invoke_in(world(time), "watch")
    assert result.exit_code == Exit.TO_FINALIZE
    assert result.stderr.count("can't read AWS: aws-failed") == 1
    assert "reading AWS works again; 1 of 2 approved" in told(result)


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_a_first_look_that_fails_is_an_error(invoke_in: InvokeIn) -> None:
    for here in (world(), world(terminal=(80, 24))):
        result = invoke_in(here, "watch", "--organization-id", "o-otherorg99")
        assert error_of(result)[0] == "organization-mismatch"


@pytest.mark.parametrize("scenario", [scenario(3)])
def test_names_are_listed_once(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    time = Time(events={100: org.approve_all})
    invoke_in(world(time), "watch")
    assert org.calls["DescribeOrganization"] == 5
    assert org.calls["ListAccounts"] == 1


# As JSON


@pytest.mark.parametrize("scenario", [scenario(3)])
def test_as_json_it_is_an_object_for_each_look_that_shows_a_change(
    org: Emulator, invoke_in: InvokeIn
) -> None:
    awaiting(org)
    time = Time(events={100: org.approve_all})
    result = invoke_in(world(time), "watch", "--json")
    assert result.exit_code == Exit.TO_FINALIZE
    first, last = documents(result)
    assert (first["status"], first["changes"]) == ("AWAITING_APPROVALS", [])
    assert last["status"] == "AWAITING_FINALIZATION"
    assert [(each["what"], each["account_ids"]) for each in last["changes"]] == [
        ("ACCEPTED", [org.invited[1]]),
        ("ACCEPTED", [org.invited[2]]),
        ("STATUS", []),
    ]


# In a terminal


def screen_of(result: Result) -> list[str]:
    screen = Screen()
    screen.feed(result.stdout.replace("\n", "\r\n"))
    return screen.text.splitlines()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("scenario", [scenario(40)])
def test_in_a_terminal_it_stays_in_its_place_and_tells_what_is_new(
    org: Emulator, invoke_in: InvokeIn, size: tuple[int, int]
) -> None:
    awaiting(org)
    events: dict[float, Any] = {n * 30.0: lambda n=n: org.approve(org.invited[n]) for n in range(1, 6)}
    result = invoke_in(world(Time(events={**events, 200: interrupt}), terminal=size), "watch")
    assert result.exit_code == Exit.INTERRUPTED
    rows = screen_of(result)
    assert len(rows) < size[1]
    assert max(map(len, rows)) <= size[0]
    assert rows[0] == "All features for o-exampleorg1, management account 111111111111"
    assert rows[2] == "AWAITING_APPROVALS  6 of 40 approved"
    assert "OPEN = not yet answered" in "".join(rows)
    fifth = org.invited[5]
    assert rows[-2] == f"09:02:30 UTC  {fifth} (invited-{fifth}) approved"
    assert rows[-1] == "looked at 2026-11-03 09:03:00 UTC"
    assert "again in 30 s; Ctrl-C stops watching" in result.stdout


@pytest.mark.parametrize("size", [(70, 20), (120, 40)], ids=str)
@pytest.mark.parametrize("scenario", [scenario(40)])
def test_it_follows_the_terminals_size(org: Emulator, invoke_in: InvokeIn, size: tuple[int, int]) -> None:
    awaiting(org)
    here = world(Time(events={100: interrupt}), terminal=(80, 24), later=size)
    result = invoke_in(here, "watch")
    before, cleared, after = result.stdout.rpartition("\x1b[2J\x1b[H")
    assert "░" * 78 in before
    screen = Screen()
    screen.feed(after.replace("\n", "\r\n"))
    rows = screen.text.splitlines()
    width = min(size[0], 100)
    assert rows[0] == "All features for o-exampleorg1, management account 111111111111"
    assert rows[3].count("█") + rows[3].count("░") == width
    assert (bool(cleared), len(rows) < size[1]) == (True, True)


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_in_a_terminal_the_last_state_stays_when_it_ends(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    time = Time(events={50: org.approve_all})
    result = invoke_in(world(time, terminal=(80, 24)), "watch")
    assert result.exit_code == Exit.TO_FINALIZE
    rows = screen_of(result)
    assert rows[2] == "AWAITING_FINALIZATION  everyone has approved"
    assert rows[-1] == "looked at 2026-11-03 09:01:00 UTC"
    assert not [row for row in rows if "must approve" in row]
    assert result.stdout.endswith("\n\x1b[?25h"), "the cursor is shown again, below"


@pytest.mark.parametrize("scenario", [scenario(2)])
def test_in_a_terminal_a_look_that_fails_is_shown_until_one_doesnt(
    org: Emulator, invoke_in: InvokeIn
) -> None:
    awaiting(org)
    org.fail("DescribeOrganization", nth=2, error="ServiceException", times=9)
    trouble = "can't read AWS at 09:00:3"
    ended = invoke_in(world(Time(events={40: interrupt}), terminal=(80, 24)), "watch")
    assert [row for row in screen_of(ended) if row.startswith(trouble)]
    assert screen_of(ended)[-1] == "looked at 2026-11-03 09:00:00 UTC"
    again = invoke_in(world(Time(events={400: interrupt}), terminal=(80, 24)), "watch")
    assert not [row for row in screen_of(again) if row.startswith("can't read AWS")]


@pytest.mark.parametrize(
    "scenario",
    [Scenario(invited=0, start=NOW, members=(Member("600000000001", name="\x1b[31m[bold]a\n\u202eb"),))],
)
@pytest.mark.parametrize("terminal", [None, (80, 24)])
def test_names_do_nothing(org: Emulator, invoke_in: InvokeIn, terminal: Any) -> None:
    org.enable_all_features()
    time = Time(events={10: org.approve_all, 100: interrupt})
    result = invoke_in(world(time, terminal=terminal), "watch", "--until", "enabled", NO_COLOR="1")
    assert "\u202e" not in result.output
    assert "\x1b[31m" not in result.output
    assert "600000000001 (\ufffd[31m[bold]a \ufffdb) approved" in result.stdout


@pytest.mark.parametrize("scenario", [scenario(400)])
def test_while_it_lists_it_says_how_far_it_is(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    result = invoke_in(world(Time(events={60: interrupt}), terminal=(80, 24)), "watch")
    assert "listing approvals: page 20" in result.stdout
    assert "listing accounts: page 20" in result.stdout


@pytest.mark.parametrize("arguments", [("--interval", "4"), ("--interval", "x"), ("--until", "later")])
def test_invalid_values_are_refused_by_name(
    org: Emulator, invoke_in: InvokeIn, arguments: tuple[str, str]
) -> None:
    result = invoke_in(None, "watch", *arguments)
    assert (result.exit_code, arguments[0] in result.stderr) == (Exit.MISUSED, True)
    assert not org.calls
