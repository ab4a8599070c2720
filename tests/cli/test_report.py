"""`org-features report`: what it writes, from what, and what it refuses."""

from __future__ import annotations

import errno
import fcntl
import gzip
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.cli import report_files
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.cli.group import subcommand
from aws_org_features.common import file_lock
from aws_org_features.common.text import moment
from aws_org_features.views.report import first_line
from tests.cli.conftest import error_of
from tests.cli.phases import canceled_unanswered, expired_unanswered, finalized, responded, started
from tests.docs import pages
from tests.policies import actions, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

FIRST, SECOND, THIRD = "222222222222", "222222222223", "222222222224"
SHOWN = [
    Scenario(switches=Switches(handshake_actions="guide")),
    Scenario(switches=Switches(handshake_actions="model")),
]
HIDDEN = [
    Scenario(switches=Switches(handshake_actions="guide", children_shown=False)),
    Scenario(switches=Switches(handshake_actions="model", children_shown=False)),
]
PAGE = pages.ROOT / "docs" / "report.md"


def data_of(path: Path) -> dict[str, Any]:
    """The list of accounts in a page."""
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', path.read_text(), re.DOTALL
    )
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


def standings(path: Path) -> dict[str, str]:
    """Standings of the accounts on a page."""
    data = data_of(path)
    return {row[0]: data["standings"][row[3]]["key"] for row in data["accounts"]}


def record(name: str, account: str, handshake: dict[str, Any]) -> dict[str, Any]:
    """A call as CloudTrail records it, of a handshake as the emulator has it."""

    def lowered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key[:1].lower() + key[1:]: lowered(each) for key, each in value.items()}
        return [lowered(each) for each in value] if isinstance(value, list) else str(value)

    asked = {"handshakeId": handshake["Id"]} if name != "EnableAllFeatures" else None
    return {
        "eventSource": "organizations.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-11-24T10:00:00Z",
        "eventID": f"{name}-{account}",
        "recipientAccountId": account,
        "userIdentity": {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{account}:assumed-role/Admin/jane",
            "accessKeyId": "AKIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{account}:role/Admin"}
            },
        },
        "requestParameters": asked,
        "responseElements": {"handshake": lowered(handshake)},
    }


# What it writes


@pytest.mark.parametrize("scenario", SHOWN)
def test_a_page_and_markdown_at_once(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    org.approve(SECOND)
    html, text = tmp_path / "report.html", tmp_path / "report.md"
    result = invoke("report", "--html", str(html), "--markdown", str(text))
    assert (result.exit_code, result.stderr) == (Exit.DONE, "")
    assert result.stdout == f"Wrote {html}, {text}: 1 of 3 accounts has approved.\n"
    assert standings(html) == {
        FIRST: "PENDING",
        THIRD: "PENDING",
        SECOND: "APPROVED",
        org.management: "EXEMPT",
        "333333333333": "EXEMPT",
        "333333333334": "EXEMPT",
    }
    data = data_of(html)
    pending = {row[0]: f"{data['command']}{row[5]}" for row in data["accounts"] if row[10]}
    children = {child["Parties"][1]["Id"]: child["Id"] for child in org.children}
    accept = "aws organizations accept-handshake --handshake-id"
    assert pending == {each: f"{accept} {children[each]}" for each in (FIRST, THIRD)}
    assert f"| `{FIRST}` | `invited-{FIRST}` |" in text.read_text()
    assert f"`{SECOND}`" not in text.read_text()
    assert not org.writes


@pytest.mark.parametrize("scenario", HIDDEN)
def test_where_aws_shows_no_approvals_that_is_said(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    org.approve(SECOND)
    html = tmp_path / "report.html"
    result = invoke("report", "--html", str(html), "--markdown")
    assert result.stdout.startswith(
        "## Organization `o-exampleorg1`: AWS doesn't show which of 3 accounts have approved\n"
    )
    assert [standings(html)[each] for each in (FIRST, SECOND, THIRD)] == ["UNKNOWN"] * 3
    assert 'list-handshakes-for-account --query "Handshakes[' in result.stdout


def test_markdown_goes_to_stdout_alone(org: Emulator, invoke: Invoke) -> None:
    org.enable_all_features()
    for arguments in (("--markdown",), ("--markdown", "-")):
        result = invoke("report", *arguments)
        assert (result.exit_code, result.stderr) == (Exit.DONE, "")
        assert result.stdout.startswith("## Organization `o-exampleorg1`: 0 of 3 accounts have approved\n")
        assert result.stdout.rstrip().endswith("UTC.")


def declined(org: Emulator) -> None:
    started(org)
    org.decline(FIRST)


@pytest.mark.parametrize(
    ("happened", "status", "first"),
    [
        (lambda _: None, "NOT_STARTED", "NOT_ASKED"),
        (started, "AWAITING_APPROVALS", "PENDING"),
        (declined, "DECLINED", "DECLINED"),
        (responded, "AWAITING_FINALIZATION", "APPROVED"),
        (finalized, "ENABLED", "APPROVED"),
        (canceled_unanswered, "CANCELED", "CANCELED"),
        (expired_unanswered, "EXPIRED", "EXPIRED"),
    ],
)
def test_a_report_is_a_success_wherever_it_stands(
    org: Emulator, invoke: Invoke, tmp_path: Path, happened: Any, status: str, first: str
) -> None:
    happened(org)
    html = tmp_path / "report.html"
    result = invoke("report", "--html", str(html), "--json")
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (Exit.DONE, status)
    assert standings(html)[FIRST] == first


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            invited=0,
            members=(
                Member("777777777770", name="</script><script>alert(1)</script>"),
                Member("777777777771", name="| a | @team [x](https://evil.example)\x1b[31m\u202e"),
            ),
        )
    ],
)
def test_names_do_nothing(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    html = tmp_path / "report.html"
    result = invoke("report", "--html", str(html), "--markdown")
    assert not set("\x1b\u202e") & set(result.output + html.read_text())
    assert html.read_text().count("</script>") == 2
    assert "<script>alert" not in html.read_text()
    assert "`</script><script>alert(1)</script>`" in result.stdout
    (row,) = [line for line in result.stdout.splitlines() if "777777777771" in line]
    assert row.count("|") == 7


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(invited=45, created=15),
        Scenario(invited=45, created=15, switches=Switches(children_shown=False)),
    ],
    ids=["shown", "hidden"],
)
def test_it_makes_no_call_an_account(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    org.reset_calls()
    assert invoke("report", "--html", str(tmp_path / "report.html")).exit_code == Exit.DONE
    assert org.calls["ListAccounts"] == 4
    assert set(org.calls) == {"DescribeOrganization", "ListAccounts", "ListHandshakesForOrganization"}
    assert org.calls["ListHandshakesForOrganization"] <= 3 + 2


# Permissions


@pytest.fixture
def reader(org: Emulator, invoke: Invoke) -> Callable[..., Result]:
    """Runs the command as a user of the management account who may do what is printed, or less."""

    def call(*arguments: str, without: str | None = None) -> Result:
        iam = org.client("iam", org.management)
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="only", PolicyDocument=policy("read", without))
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return invoke(*arguments, **keys)

    return call


ENFORCED = Scenario(switches=Switches(iam_enforcement=True))
DENIALS = {
    "organizations:DescribeOrganization": (Exit.FAILED, Exit.FAILED),
    "organizations:ListHandshakesForOrganization": (Exit.FAILED, Exit.DONE),
    "organizations:ListAccounts": (Exit.DONE, Exit.DONE),
}


@pytest.mark.parametrize("scenario", [ENFORCED])
@pytest.mark.parametrize("happened", [started, finalized])
def test_the_policy_for_looking_is_enough(
    org: Emulator, reader: Callable[..., Result], happened: Any
) -> None:
    happened(org)
    result = reader("report", "--markdown")
    assert (result.exit_code, result.stderr) == (Exit.DONE, "")


@pytest.mark.parametrize("scenario", [ENFORCED])
@pytest.mark.parametrize("without", DENIALS)
@pytest.mark.parametrize(("happened", "ends"), [(started, 0), (finalized, 1)])
def test_denied_permissions_are_named(
    org: Emulator, reader: Callable[..., Result], without: str, happened: Any, ends: int
) -> None:
    happened(org)
    result = reader("report", "--markdown", without=without)
    assert result.exit_code == DENIALS[without][ends], result.output
    assert without.partition(":")[2] in result.stderr
    if result.exit_code == Exit.DONE:
        assert re.search(r"(ListAccounts|Listing handshakes) was denied", result.stdout)


def test_the_page_tells_what_each_permission_is_for() -> None:
    section = pages.section(PAGE, "What it takes")
    assert {pages.ticked(row[0])[0] for row in pages.rows(section)} == set(DENIALS) == set(actions("read"))


def test_the_error_in_a_member_account_says_which_credentials_it_needs(org: Emulator, invoke: Invoke) -> None:
    org.enable_all_features()
    reference, text = error_of(invoke("report", "--markdown", account=FIRST))
    assert reference == "not-management-account"
    assert FIRST in text


# The history


def test_each_report_adds_what_it_was_the_first_to_see(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    html, history = tmp_path / "report.html", tmp_path / "history.jsonl"
    written = ("report", "--html", str(html), "--history", str(history))
    assert invoke(*written).exit_code == Exit.DONE
    before = history.read_text()
    org.approve(SECOND)
    told = json.loads(invoke(*written, "--json").stdout)
    assert told["reports_remembered"] == 2
    assert history.read_text().startswith(before)
    head, first, second = map(json.loads, history.read_text().splitlines())
    assert head == json.loads(pages.blocks("json", (PAGE,))[0].text)
    assert first["answers"] == []
    assert [(each["account_id"], each["state"]) for each in second["answers"]] == [(SECOND, "ACCEPTED")]
    listed = {pages.ticked(row[0])[0] for row in pages.rows(_after("| field | |", "The history"))}
    assert set(second) == listed
    data = data_of(html)
    (approved,) = [row for row in data["accounts"] if row[0] == SECOND]
    assert data["texts"][approved[7]].startswith("first seen approved ")
    assert "Approved over time" in html.read_text()


def test_a_history_by_itself(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    history = tmp_path / "history.jsonl"
    result = invoke("report", "--history", str(history))
    assert result.stdout == f"Wrote {history}: 0 of 3 accounts have approved.\n"
    assert len(history.read_text().splitlines()) == 2


def test_answers_that_aws_no_longer_lists_are_remembered(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    finalized(org)
    html, history = tmp_path / "report.html", tmp_path / "history.jsonl"
    assert invoke("report", "--history", str(history)).exit_code == Exit.DONE
    org.clock.advance(days=40)
    invoke("report", "--html", str(tmp_path / "without.html"))
    assert standings(tmp_path / "without.html")[FIRST] == "UNLISTED"
    invoke("report", "--html", str(html), "--history", str(history))
    assert standings(html)[FIRST] == "APPROVED"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Dear all,\n", "is no history that org-features has written"),
        (b"\xff\xfe", "can't be read: it isn't UTF-8"),
        (
            b'{"history":"aws-org-features report","version":1,"organization_id":"o-anotherorg1"}\n',
            "is that of organization 'o-anotherorg1'",
        ),
        (
            b'{"history":"aws-org-features report","version":1,"organization_id":"o-exampleorg1"}\n{"at":',
            "damaged in line 2",
        ),
    ],
)
def test_another_file_is_refused_and_left_alone(
    org: Emulator, invoke: Invoke, tmp_path: Path, content: bytes, told: str
) -> None:
    org.enable_all_features()
    history = tmp_path / "history.jsonl"
    history.write_bytes(content)
    result = invoke("report", "--html", str(tmp_path / "report.html"), "--history", str(history))
    reference, text = error_of(result)
    assert reference == "history-unusable"
    assert str(history) in text
    assert told in text
    assert history.read_bytes() == content
    assert not (tmp_path / "report.html").exists()


def test_an_empty_file_is_a_new_history(invoke: Invoke, tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.touch()
    assert invoke("report", "--history", str(history)).exit_code == Exit.DONE
    assert len(history.read_text().splitlines()) == 2


def test_a_write_that_is_cut_short_is_taken_back(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = tmp_path / "history.jsonl"
    assert invoke("report", "--history", str(history)).exit_code == Exit.DONE
    before, whole = history.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda file, content: whole(file, content[:10]))
    reference, text = error_of(invoke("report", "--history", str(history)))
    monkeypatch.undo()
    assert (reference, history.read_bytes()) == ("history-unusable", before)
    assert "No space left on device" in text


AT_ONCE = """
import time
from pathlib import Path
from aws_org_features.cli import report_files
from tests.unit.report_values import report
def read_slowly(*arguments, read=report_files.history_of):
    time.sleep(0.01)
    return read(*arguments)
report_files.history_of = read_slowly
made = report("ACCEPTED", "DECLINED")
print("ready", flush=True)
while not Path("go").exists():
    time.sleep(0.001)
for _ in range(5):
    report_files.remember(Path("history.jsonl"), "o-exampleorg1", made)
"""


@pytest.mark.parametrize("begun", [None, b""])
def test_processes_that_write_one_history_at_once_take_turns(tmp_path: Path, begun: bytes | None) -> None:
    history = tmp_path / "history.jsonl"
    if begun is not None:
        history.write_bytes(begun)
    where = {**os.environ, "PYTHONPATH": str(pages.ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", AT_ONCE], cwd=tmp_path, env=where, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        writer.stdout.close()
    (tmp_path / "go").touch()
    assert [writer.wait() for writer in writers] == [0] * 4
    head, *lines = map(json.loads, history.read_text().splitlines())
    assert head == json.loads(first_line("o-exampleorg1"))
    assert len(lines) == 20
    # Each answer stands in the first line alone.
    assert [len(line["answers"]) for line in lines] == [2, *[0] * 19]
    assert len(report_files.read_history(history, "o-exampleorg1").runs) == 20


def test_a_history_that_another_holds_for_ever_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    monkeypatch.setattr(file_lock, "_PATIENCE", 0.1)
    history = tmp_path / "history.jsonl"
    with history.open("ab") as held, file_lock.locked(held):
        reference, text = error_of(invoke("report", "--history", str(history)))
    assert reference == "history-unusable"
    assert "another command has been writing to it" in text
    assert history.read_bytes() == b""


@pytest.mark.parametrize(("number", "code"), [(errno.ENOLCK, Exit.DONE), (errno.EIO, Exit.FAILED)])
def test_a_file_system_without_locks_is_written_to_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke, number: int, code: Exit
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    history = tmp_path / "history.jsonl"
    assert invoke("report", "--history", str(history)).exit_code == code
    assert (code == Exit.FAILED) == (not history.read_bytes())


# Evidence


@pytest.mark.parametrize("compressed", [False, True])
def test_events_are_joined_and_their_file_is_named(
    org: Emulator, invoke: Invoke, tmp_path: Path, *, compressed: bool
) -> None:
    parent = org.enable_all_features()
    approved = org.approve(SECOND)
    begun = record("EnableAllFeatures", org.management, parent)
    trail = json.dumps({"Records": [begun, record("AcceptHandshake", SECOND, approved)]}).encode()
    exported = tmp_path / ("trail.json.gz" if compressed else "trail.json")
    exported.write_bytes(gzip.compress(trail, mtime=0) if compressed else trail)
    events = tmp_path / "events.json"
    events.write_text(json.dumps({"Events": [{"CloudTrailEvent": json.dumps(begun)}]}))
    html = tmp_path / "report.html"
    files = ("--evidence", str(exported), "--evidence", str(events))
    told = json.loads(invoke("report", "--html", str(html), *files, "--json").stdout)
    assert told["evidence"] == {"files": [exported.name, "events.json"], "events": 2, "joined": 2}
    data = data_of(html)
    ((called, principal, role, source, id_),) = next(row for row in data["accounts"] if row[0] == SECOND)[11]
    texts = [data["texts"][each].replace(data["ownId"], SECOND) for each in (principal, role, source)]
    assert (called, id_) == ("AcceptHandshake 2026-11-24 10:00 UTC", f"AcceptHandshake-{SECOND}")
    assert texts == [
        f"arn:aws:sts::{SECOND}:assumed-role/Admin/jane",
        f"arn:aws:iam::{SECOND}:role/Admin",
        exported.name,
    ]
    assert "EnableAllFeatures 2026-11-24 10:00 UTC" in html.read_text()
    assert "AKIAEXAMPLE" not in html.read_text()


@pytest.mark.parametrize("scenario", SHOWN)
def test_an_account_that_went_explains_why_fewer_are_asked(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    org.clock.advance(hours=1)
    org.remove_account(SECOND)
    went = org.clock.now().replace(microsecond=0)
    at = f"{went:%Y-%m-%dT%H:%M:%SZ}"
    event = {
        "eventSource": "organizations.amazonaws.com",
        "eventName": "AccountDepartedOrganization",
        "eventTime": at,
        "eventID": "departed",
        "recipientAccountId": org.management,
        "serviceEventDetails": {"accountId": SECOND, "departureMethod": "REMOVED", "departureTime": at},
    }
    events = tmp_path / "trail.json"
    events.write_text(json.dumps({"Events": [{"CloudTrailEvent": json.dumps(event)}]}))
    text = tmp_path / "report.md"
    result = invoke("report", "--markdown", str(text), "--evidence", str(events), "--json")
    told = json.loads(result.stdout)
    assert told["departed_accounts"] == [{"account_id": SECOND, "at": at, "method": "REMOVED"}]
    assert told["joined_accounts"] == []
    assert told["evidence"] == {"files": ["trail.json"], "events": 1, "joined": 1}
    assert (
        "By CloudTrail, 1 account has left the organization since it was begun, and needn't approve: "
        f"{SECOND} (removed by the management account {moment(went)})."
    ) in text.read_text()


@pytest.mark.parametrize("scenario", HIDDEN)
def test_cloudtrail_shows_answers_that_aws_doesnt(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    approved = org.approve(SECOND)
    events = tmp_path / "trail.json"
    events.write_text(json.dumps({"Records": [record("AcceptHandshake", SECOND, approved)]}))
    html = tmp_path / "report.html"
    result = invoke("report", "--html", str(html), "--evidence", str(events))
    assert result.stdout == f"Wrote {html}: 1 of 3 accounts has approved.\n"
    assert [standings(html)[each] for each in (FIRST, SECOND, THIRD)] == ["UNKNOWN", "APPROVED", "UNKNOWN"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{}", "neither `Events` nor `Records`"),
        (b"\x1f\x8bcut off", "can't be read"),
        (gzip.compress(b'{"Records": []}', mtime=0)[:-9], "can't be read"),
        (b"\xff\xfe", "can't be read"),
    ],
)
def test_a_file_that_is_no_evidence_is_refused_before_aws_is_called(
    org: Emulator, invoke: Invoke, tmp_path: Path, content: bytes, told: str
) -> None:
    events = tmp_path / "events.json"
    events.write_bytes(content)
    reference, text = error_of(invoke("report", "--markdown", "--evidence", str(events)))
    assert reference == "evidence-unusable"
    assert events.name in text
    assert told in text
    assert not org.calls


def test_evidence_that_unpacks_without_end_is_refused(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.json.gz"
    bomb.write_bytes(gzip.compress(b" " * (64 * 1024 * 1024 + 1)) * 64)
    began = time.monotonic()
    reference, text = error_of(invoke("report", "--markdown", "--evidence", str(bomb)))
    assert (reference, "holds more than 67,108,864 bytes" in text) == ("evidence-unusable", True)
    assert time.monotonic() - began < 20
    assert not org.calls


@pytest.mark.parametrize(
    "deep",
    ["[" * 100_000, '{"Records": ' + "[" * 5000, '{"Events": [{"CloudTrailEvent": "%s"}]}' % ("[" * 9999)],
)
def test_evidence_that_is_nested_without_end_is_refused(invoke: Invoke, tmp_path: Path, deep: str) -> None:
    events = tmp_path / "events.json"
    events.write_text(deep)
    assert error_of(invoke("report", "--markdown", "--evidence", str(events)))[0] == "evidence-unusable"


def test_evidence_in_many_files_is_bounded_as_a_whole(
    monkeypatch: pytest.MonkeyPatch, invoke: Invoke, tmp_path: Path
) -> None:
    monkeypatch.setattr(report_files, "_LARGEST_IN_ALL", 40)
    files = [tmp_path / f"{number}.json" for number in range(3)]
    for path in files:
        path.write_text('{"Records": []}')
    options = [f"--evidence={path}" for path in files]
    assert error_of(invoke("report", "--markdown", *options))[0] == "evidence-unusable"
    assert invoke("report", "--markdown", *options[:2]).exit_code == 0


def test_a_history_without_end_is_refused(
    monkeypatch: pytest.MonkeyPatch, invoke: Invoke, tmp_path: Path
) -> None:
    monkeypatch.setattr(report_files, "_LARGEST_HISTORY", 1000)
    (tmp_path / "history.jsonl").write_bytes(b" " * 1001)
    history = f"--history={tmp_path / 'history.jsonl'}"
    assert error_of(invoke("report", "--markdown", history))[0] == "history-unusable"


# Files


def test_a_report_is_replaced_and_keeps_its_permissions(invoke: Invoke, tmp_path: Path) -> None:
    html = tmp_path / "report.html"
    html.write_text("an older one")
    html.chmod(0o604)
    assert invoke("report", "--html", str(html)).exit_code == Exit.DONE
    assert html.read_text().startswith("<!DOCTYPE html>")
    assert html.stat().st_mode & 0o777 == 0o604
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_link_stays_one(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "latest.html").symlink_to(tmp_path / "report.html")
    assert invoke("report", "--html", str(tmp_path / "latest.html")).exit_code == Exit.DONE
    assert (tmp_path / "latest.html").is_symlink()
    assert (tmp_path / "report.html").exists()


def test_a_file_that_cant_be_is_refused_before_anything_is_asked(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    reference, text = error_of(invoke("report", "--html", str(tmp_path / "none" / "report.html")))
    assert reference == "file-unusable"
    assert f"there is no folder {tmp_path / 'none'}" in text
    assert not org.calls


def test_a_write_that_fails_leaves_what_was_there(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = tmp_path / "report.html"
    html.write_text("an older one")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    reference, _ = error_of(invoke("report", "--html", str(html)))
    assert (reference, html.read_text()) == ("file-unusable", "an older one")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Choose what to write"),
        (("--organization-id", "o-exampleorg1"), "Choose what to write"),
        (("--markdown", "--json"), "both want stdout"),
        (("--html", "a", "--markdown", "./a"), "--markdown and --html name the same file"),
        (("--html", "a", "--history", "a"), "--history and --html name the same file"),
        (("--html", "events.json", "--evidence", "events.json"), "--html and --evidence name the same file"),
        (("--markdown", "--evidence", "none.json"), "does not exist"),
        (("--html", "."), "is a directory"),
    ],
)
def test_misuse_is_reported_and_aws_isnt_called(
    org: Emulator,
    invoke: Invoke,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.json").write_text("{}")
    result = invoke("report", *arguments)
    assert result.exit_code == Exit.MISUSED, result.output
    assert told in result.stderr
    assert not org.calls


# The page in docs/


def _after(mark: str, heading: str) -> str:
    return mark + pages.section(PAGE, heading).partition(mark)[2].partition("\n\n")[0]


TYPED = [
    line
    for block in pages.blocks("sh", (PAGE,))
    for line in block.text.splitlines()
    if line.startswith("org-features ")
]


@pytest.mark.parametrize("command", TYPED)
def test_the_commands_that_the_page_shows_run(
    org: Emulator, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    org.enable_all_features()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.json").write_text('{"Events": []}')
    result = invoke(*command.split()[1:])
    assert (result.exit_code, result.stderr) == (Exit.DONE, "")


def test_the_options_that_the_page_lists() -> None:
    table = PAGE.read_text().partition("| option | |\n")[2].partition("\n\n")[0]
    listed = {pages.ticked(row[0])[0] for row in pages.rows(f"| option | |\n{table}")}
    options = {option.opts[0] for option in subcommand("report").params}
    shared = {option.opts[0] for option in subcommand("iam-policy").params}
    assert listed == (options - shared) | {"--organization-id"}


def test_the_fields_of_what_it_says_as_json(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    told = json.loads(invoke("report", "--html", str(tmp_path / "report.html"), "--json").stdout)
    rows = pages.rows(_after("| field | |", "As JSON"))
    assert {name for row in rows for name in pages.ticked(row[0])} == set(told)


def test_the_end_of_it() -> None:
    rows = pages.rows(pages.section(PAGE, "How it ends"))
    ends = (Exit.DONE, Exit.FAILED, Exit.MISUSED, Exit.INTERRUPTED)
    assert [row[0] for row in rows] == [f"{code.value} `{code.name}`" for code in ends]


@pytest.mark.parametrize("option", ["--html", "--markdown", "--history"])
def test_a_name_that_is_too_long_is_reported_before_aws_is_asked(
    org: Emulator, invoke: Invoke, tmp_path: Path, option: str
) -> None:
    reference, text = error_of(invoke("report", option, str(tmp_path / ("x" * 300))))
    assert reference == "file-unusable"
    assert "File name too long" in text
    assert not org.calls
