"""Web pages, other names, other services, and requests without bounds: nothing of that is obeyed."""

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Scenario, load_scenario
from aws_org_emulator.cli.control_client import ControlClient
from aws_org_emulator.scenario.file import LARGEST, ScenarioFileError, parse
from aws_org_emulator.server.control import MOST_SNAPSHOTS

STEERS = {"X-Emulator-Control": "1", "Content-Type": "application/json"}
SIGNED = "AWS4-HMAC-SHA256 Credential=EMULATOR111111111111/20200101/us-east-1/{}/aws4_request, Signature=0"
AWS = {
    "Authorization": SIGNED.format("organizations"),
    "X-Amz-Target": "AWSOrganizationsV20161128.EnableAllFeatures",
    "Content-Type": "application/x-amz-json-1.1",
}
PAGES = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:3000"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
NAMES = (
    "evil.example",
    "evil.example:{port}",
    "localhost.evil.example:{port}",
    "127.0.0.1.evil.example",
    "evil.example#127.0.0.1",
    "127.0.0.1@evil.example",
    "10.0.0.1",
    "sns.us-east-1.amazonaws.com",
    "",
    "127.0.0.1, evil.example",
)


def asked(
    emulator: Emulator, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes, dict[str, str]]:
    """A request as it stands here, nothing added but its length."""
    port = int(emulator.endpoint.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return (
            response.status,
            response.read(),
            {name.lower(): value for name, value in response.getheaders()},
        )
    finally:
        connection.close()


def untouched(emulator: Emulator) -> bool:
    return not emulator.migrations_started and not emulator.stop_requested.is_set() and not emulator.calls


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_steers_nothing(
    emulator: Emulator, page: dict[str, str], counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "pages and names that asked the emulator, and were refused", 1)
    for path, body in (
        ("actions", b'{"action": "enable_all_features"}'),
        ("stop", b"{}"),
        ("clock", b'{"days": 9}'),
    ):
        now = emulator.clock.elapsed()
        status, said, headers = asked(emulator, "POST", f"/_emulator/{path}", body, STEERS | page)
        assert (status, "page" in json.loads(said)["error"]) == (403, True)
        assert not [name for name in headers if name.startswith("access-control")]
        assert emulator.clock.elapsed() - now < 86_400
    assert untouched(emulator)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_calls_nothing_of_aws(
    emulator: Emulator, page: dict[str, str], counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "pages and names that asked the emulator, and were refused", 1)
    status, said, headers = asked(emulator, "POST", "/", b"{}", AWS | page)
    assert (status, json.loads(said)["__type"]) == (403, "AccessDeniedException")
    assert not [name for name in headers if name.startswith("access-control")]
    iam = {"Authorization": SIGNED.format("iam"), "Content-Type": "application/x-www-form-urlencoded"}
    status, said, _ = asked(emulator, "POST", "/", b"Action=CreateUser&UserName=a", iam | page)
    assert (status, b"<Code>AccessDenied</Code>" in said) == (403, True)
    assert untouched(emulator)


@pytest.mark.parametrize("path", ["/", "/_emulator/stop", "/_emulator/actions"])
def test_a_browsers_preflight_is_refused(emulator: Emulator, path: str) -> None:
    ask = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-emulator-control, content-type",
    }
    status, _, headers = asked(emulator, "OPTIONS", path, b"", ask)
    assert status == 403
    assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize("name", NAMES)
def test_another_name_is_not_answered(
    emulator: Emulator, name: str, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "pages and names that asked the emulator, and were refused", 1)
    host = {"Host": name.format(port=emulator.endpoint.rpartition(":")[2])}
    assert asked(emulator, "GET", "/_emulator/status", b"", STEERS | host)[0] == 403
    assert asked(emulator, "POST", "/_emulator/stop", b"{}", STEERS | host)[0] == 403
    status, said, _ = asked(emulator, "POST", "/", b"{}", AWS | host)
    assert (status, json.loads(said)["__type"]) == (403, "AccessDeniedException")
    assert untouched(emulator)


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.2:9", "[::1]:4599", "localhost."]
)
def test_the_names_of_this_machine_are_answered(emulator: Emulator, name: str) -> None:
    own = {"Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
    assert asked(emulator, "GET", "/_emulator/status", b"", STEERS | {"Host": name} | own)[0] == 200


def test_a_name_can_be_allowed() -> None:
    with Emulator(allowed_hosts=["emulator", "other.internal"]) as emulator:
        for name, status in {"emulator:4599": 200, "Other.internal": 200, "another": 403}.items():
            assert asked(emulator, "GET", "/_emulator/status", b"", STEERS | {"Host": name})[0] == status


def test_all_addresses_are_answered_by_their_own_names() -> None:
    with Emulator(host="0.0.0.0") as emulator:  # noqa: S104 - that is what this is about
        assert ControlClient(emulator.endpoint).status()["endpoint"] == emulator.endpoint
        assert asked(emulator, "GET", "/_emulator/status", b"", STEERS | {"Host": "127.0.0.1"})[0] == 200
        assert asked(emulator, "GET", "/_emulator/status", b"", STEERS | {"Host": "evil.example"})[0] == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Content-Type": "application/json"}, 403),
        ({"X-Emulator-Control": "", "Content-Type": "application/json"}, 403),
        ({"X-Emulator-Control": "1"}, 415),
        ({"X-Emulator-Control": "1", "Content-Type": "text/plain"}, 415),
        ({"X-Emulator-Control": "1", "Content-Type": "text/plain; application/json"}, 415),
        ({"X-Emulator-Control": "1", "Content-Type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_a_web_form_cannot_steer_it(emulator: Emulator, headers: dict[str, str], status: int) -> None:
    body = b'{"action": "enable_all_features"}'
    assert asked(emulator, "POST", "/_emulator/actions", body, headers)[0] == status
    assert emulator.migrations_started == (status == 200)
    if "X-Emulator-Control" not in headers:
        for method, path in (("GET", "status"), ("GET", "calls"), ("DELETE", "calls"), ("DELETE", "faults")):
            assert asked(emulator, method, f"/_emulator/{path}", b"", headers)[0] == 403


@pytest.mark.parametrize(
    "service", ["sns", "s3", "lambda", "dynamodb", "ec2", "sqs", "events", "secretsmanager"]
)
def test_other_services_say_that_they_are_none(emulator: Emulator, service: str) -> None:
    client = emulator.client(service, emulator.management)
    call = {
        "sns": "list_topics",
        "s3": "list_buckets",
        "lambda": "list_functions",
        "dynamodb": "list_tables",
        "ec2": "describe_instances",
        "sqs": "list_queues",
        "events": "list_rules",
        "secretsmanager": "list_secrets",
    }
    with pytest.raises(ClientError, match=r"organizations|NotImplemented") as caught:
        getattr(client, call[service])()
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": SIGNED.format("SNS")},
        {"Authorization": SIGNED.format("execute-api")},
        {"Authorization": SIGNED.format("organizations"), "Host": "sns.amazonaws.com"},
        {"Host": "sns.us-east-1.amazonaws.com"},
        {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
        {},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/sns_us-east-1/", "/us-east-1_a/.well-known/jwks.json"])
def test_no_way_leads_to_another_service(emulator: Emulator, headers: dict[str, str], path: str) -> None:
    body = b"Action=CreateTopic&Name=a&Version=2010-03-31"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, said, _ = asked(emulator, "POST", path, body, form | headers)
    assert status >= 400
    assert b"TopicArn" not in said


@pytest.mark.parametrize(
    "deep", [b"[" * 900, b'{"a":' * 100_000, b'{"days": ' + b"[" * 80 + b"]" * 80 + b"}"]
)
def test_deep_nesting_is_refused(emulator: Emulator, deep: bytes) -> None:
    for path in ("actions", "clock", "faults", "snapshot"):
        status, said, _ = asked(emulator, "POST", f"/_emulator/{path}", deep, STEERS)
        assert (status, "nested" in json.loads(said)["error"]) == (400, True)
    status, said, _ = asked(emulator, "POST", "/", deep, AWS)
    assert (status, json.loads(said)["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize("days", ["1e308", "9999999", "Infinity", "NaN", "-1"])
def test_no_clock_runs_off_the_calendar(emulator: Emulator, days: str) -> None:
    before = emulator.clock.now()
    body = f'{{"days": {days}}}'.encode()
    assert asked(emulator, "POST", "/_emulator/clock", body, STEERS)[0] == 400
    assert (emulator.clock.now() - before).days == 0


def test_snapshots_are_bounded(emulator: Emulator) -> None:
    client = ControlClient(emulator.endpoint)
    for number in range(MOST_SNAPSHOTS):
        client.snapshot(str(number))
    client.snapshot("0")
    with pytest.raises(ValueError, match="100 snapshots"):
        client.snapshot("another")
    assert asked(emulator, "POST", "/_emulator/snapshot", b'{"name": []}', STEERS)[0] == 400


def test_an_operation_is_logged_by_a_name_only(emulator: Emulator) -> None:
    for name in ("##[add-mask]2", "a\x1b[31m", "x" * 200):
        asked(emulator, "POST", "/", b"{}", AWS | {"X-Amz-Target": f"AWSOrganizationsV20161128.{name}"})
    assert set(emulator.calls) == {""}


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "members: " + "[" * 3000])
def test_a_scenario_nested_deeply_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ScenarioFileError, match="scenario:1: "):
        parse(text)


@pytest.mark.parametrize("source", ["file", "/dev/zero"])
def test_a_scenario_without_end_is_refused(tmp_path: Path, source: str) -> None:
    path = Path(source)
    if source == "file":
        path = tmp_path / "large.yaml"
        path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(ScenarioFileError, match="larger than"):
        load_scenario(path)


@pytest.mark.parametrize(
    "values", [{"invited": 10**12}, {"created": 50_001}, {"invited": 30_000, "created": 20_001}]
)
def test_an_organization_is_bounded(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at most 50,000"):
        Scenario(**values)
