"""The file that answers are recorded to: whole lines, one key, several processes, and nothing that fails."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from aws_org_features.aws import Connection, Organizations
from aws_org_features.aws.clients import clients_of
from aws_org_features.aws.recorder import Recorder
from aws_org_features.evidence.recording import read
from tests.cli.conftest import environment_of
from tests.evidence.recorded import Recorded, recordings

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

ASKING: Final = """
    import sys
    from aws_org_features.aws import Connection, Organizations
    api = Organizations(Connection(record=sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        api.organization()
    print("done", flush=True)
    sys.stdin.read()
"""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording.jsonl"


@pytest.fixture
def acting(org: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The organization, to which the environment leads."""
    for name, value in environment_of(org, org.management).items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    clients_of.cache_clear()
    return org


def asking(org: Emulator, path: Path, times: int) -> subprocess.Popen[str]:
    environment = {name: value for name, value in environment_of(org, org.management).items() if value}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ASKING), str(path), str(times)],
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_each_answer_is_a_line_with_what_was_asked_and_how_it_ended(org: Emulator, path: Path) -> None:
    made = Recorded(org, path)
    made.client().list_handshakes_for_organization(Filter={"ActionType": "INVITE"}, MaxResults=5)
    with pytest.raises(ClientError):
        made.client().describe_handshake(HandshakeId="h-00000000")
    with pytest.raises(ClientError):
        made.client(org.invited[0]).enable_all_features()
    first, second, third = lines(path)
    assert first["t"] == 0
    assert first["operation"] == "ListHandshakesForOrganization"
    assert first["request"] == {"Filter": {"ActionType": "INVITE"}, "MaxResults": 5}
    assert (first["status"], first["answer"], first["caller"]) == (200, {"Handshakes": []}, "management")
    assert (second["status"], second["code"], second["reason"]) == (400, "HandshakeNotFoundException", "")
    assert second["message"] == "You specified a handshake that doesn't exist."
    assert (third["code"], third["caller"]) == ("AccessDeniedException", "member")
    assert 0 <= first["seconds"] < 30


def test_each_attempt_is_a_line_and_so_is_one_without_an_answer(acting: Emulator, path: Path) -> None:
    acting.fail("DescribeOrganization", error="TooManyRequestsException", status=400)
    api = Organizations(Connection(record=str(path)))
    api.organization()
    assert [each.get("code", "") for each in lines(path)] == ["TooManyRequestsException", ""]
    acting.stop()
    client = clients_of(Connection(record=str(path))).writer
    with pytest.raises(EndpointConnectionError):
        client.enable_all_features()
    acting.start()
    assert lines(path)[-1]["unanswered"] == "EndpointConnectionError"
    assert lines(path)[-1]["status"] is None


@pytest.mark.parametrize("by", ["an argument", "the environment"])
def test_a_connection_records_without_a_call_more(
    acting: Emulator, path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "the environment":
        monkeypatch.setenv("AWS_ORG_FEATURES_RECORD", str(path))
    told: list[str] = []
    connection = Connection(record=str(path) if by == "an argument" else None)
    Organizations(connection, told.append).organization()
    assert acting.log == [("DescribeOrganization", acting.management)]
    assert [each["operation"] for each in lines(path)] == ["DescribeOrganization"]
    assert told == []


@pytest.mark.usefixtures("acting")
def test_it_knows_who_calls_where_that_was_asked_anyway(path: Path) -> None:
    api = Organizations(Connection(record=str(path)))
    api.caller_account()
    api.organization()
    (line,) = lines(path)
    assert line["account"] == line["answer"]["Organization"]["MasterAccountId"]
    assert line["caller"] == "management"


@pytest.mark.parametrize("where", ["no folder", "a folder", "no permission", "no room"])
def test_a_file_that_cannot_be_written_is_one_warning_and_no_more(
    acting: Emulator, tmp_path: Path, where: str
) -> None:
    named = {"no folder": tmp_path / "nope" / "x", "a folder": tmp_path, "no permission": tmp_path / "dead"}
    named["no room"] = tmp_path / "full"
    links = {"no permission": "/proc/self/mem/x", "no room": "/dev/full"}
    if where in links:
        named[where].symlink_to(links[where])
    told: list[str] = []
    api = Organizations(Connection(record=str(named[where])), told.append)
    for _ in range(3):
        assert api.organization().id == acting.organization_id
    (warning,) = told
    assert warning.startswith(f"The recording {named[where]} can't be written: ")


@pytest.mark.usefixtures("acting")
def test_what_fails_within_is_told_and_the_answer_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("h-canary")

    monkeypatch.setattr(Recorder, "_answered", fail)
    told: list[str] = []
    api = Organizations(Connection(record=str(path)), told.append)
    assert api.organization()
    assert api.organization()
    assert len(told) == 1
    assert "ValueError" in told[0]
    assert "canary" not in told[0]


def test_a_process_that_is_killed_leaves_whole_lines(org: Emulator, path: Path) -> None:
    process = asking(org, path, 5)
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(lines(path)) == 5
    assert path.read_bytes().endswith(b"\n")


def test_what_records_is_not_even_loaded_where_nothing_is_recorded(org: Emulator) -> None:
    code = (
        "import sys\n"
        "from aws_org_features.aws import Connection, Organizations\n"
        "Organizations(Connection()).organization()\n"
        "print(*sys.modules)"
    )
    given = {name: value for name, value in environment_of(org, org.management).items() if value}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    loaded = ran.stdout.split()
    assert "aws_org_features.aws.calls" in loaded
    assert not [each for each in loaded if "recorder" in each or "evidence" in each or "file_lock" in each]


def test_several_processes_write_to_one_file(org: Emulator, path: Path) -> None:
    processes = [asking(org, path, 20) for _ in range(3)]
    for process in processes:
        process.communicate("")
        assert process.returncode == 0
    found = lines(path)
    assert len(found) == 60
    assert len({each["key"] for each in found}) == 1
    assert len({each["answer"]["Organization"]["Id"] for each in found}) == 1


def test_the_key_is_nobody_elses_and_goes_on(org: Emulator, path: Path) -> None:
    for _ in range(2):
        Recorded(org, path)  # another process
        Recorded(org, path).client().describe_organization()
        org.stop()
        org.start()
    key = path.with_name("recording.jsonl.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    first, second = lines(path)
    assert first["answer"] == second["answer"]
    assert json.loads(key.read_text())["key"] not in path.read_text()


def test_a_key_that_is_gone_is_told_and_the_rest_is_another_recording(acting: Emulator, path: Path) -> None:
    Recorded(acting, path).client().describe_organization()
    path.with_name("recording.jsonl.key").unlink()
    told: list[str] = []
    api = Organizations(Connection(record=str(path)), told.append)
    api.organization()
    api.organization()
    assert len(told) == 1
    assert "has other pseudonyms" in told[0]
    first, second = recordings(path)
    assert first.exchanges[0].answer != second.exchanges[0].answer
    assert (len(first.exchanges), len(second.exchanges)) == (1, 2)


def test_a_key_of_another_recording_is_told_and_nothing_fails(acting: Emulator, path: Path) -> None:
    Recorded(acting, path).client().describe_organization()
    other = path.with_name("other.jsonl")
    Organizations(Connection(record=str(other))).organization()
    path.with_name("recording.jsonl.key").write_bytes(other.with_name("other.jsonl.key").read_bytes())
    told: list[str] = []
    api = Organizations(Connection(record=str(path)), told.append)
    for _ in range(3):
        assert api.organization().id == acting.organization_id
    (warning,) = told
    assert "has other pseudonyms" in warning
    assert [len(each.exchanges) for each in recordings(path)] == [1, 3]


def test_a_new_recording_has_a_new_key(org: Emulator, path: Path) -> None:
    seen = []
    for _ in range(2):
        Recorded(org, path).client().describe_organization()
        seen.append(lines(path)[0]["answer"])
        path.unlink()
        org.stop()
        org.start()
    assert seen[0] != seen[1]


def test_a_line_that_was_cut_off_costs_that_line_alone(org: Emulator, path: Path) -> None:
    made = Recorded(org, path)
    made.client().describe_organization()
    with path.open("ab") as file:
        file.write(b'{"v":1,"key":"half of a li')
    made.client().describe_organization()
    (recording,) = read("x", path.read_text().splitlines())
    assert (len(recording.exchanges), recording.unread) == (2, 1)


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{}", "null", '{"v":2}', "x" * 99, "[" * 5000, '{"v":1,"key":"a","t":"b"}', '{"v":1,"t":NaN}'],
)
def test_what_is_no_line_is_counted(line: str) -> None:
    (recording,) = read("x", [line])
    assert (recording.exchanges, recording.unread) == ((), 1 if line else 0)
