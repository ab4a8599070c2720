"""Requests that fail, hang or break off on demand; what is counted; who acts in between."""

import json
import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from aws_org_emulator import Emulator, Fault
from tests.emulator.helpers import refusal


@pytest.fixture
def management(emulator: Emulator) -> Any:
    """Unchecked: faults need not be errors that the model declares."""
    return emulator.client("organizations", emulator.management)


@pytest.mark.parametrize(("when", "started"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("kind", ["error", "reset"])
def test_before_or_after_the_effect(
    emulator: Emulator, management: Any, when: Any, started: int, kind: Any
) -> None:
    emulator.fail("EnableAllFeatures", kind=kind, when=when, error="TooManyRequestsException")
    if kind == "error":
        assert refusal(management.enable_all_features).code == "TooManyRequestsException"
    else:
        with pytest.raises(ConnectionClosedError):
            management.enable_all_features()
    assert emulator.migrations_started == started
    assert emulator.calls == {"EnableAllFeatures": 1}


def test_the_nth_call_and_so_many_after_it(emulator: Emulator, management: Any) -> None:
    management.describe_organization()
    emulator.fail("DescribeOrganization", nth=2, times=2)
    outcomes = []
    for _ in range(5):
        try:
            management.describe_organization()
            outcomes.append("done")
        except management.exceptions.ServiceException:
            outcomes.append("failed")
    assert outcomes == ["done", "failed", "failed", "done", "done"]


def test_any_operation_can_be_counted(emulator: Emulator, management: Any) -> None:
    emulator.fail("*", nth=2)
    management.describe_organization()
    refusal(management.list_accounts)
    management.list_accounts()


def test_other_operations_neither_fail_nor_count(emulator: Emulator, management: Any) -> None:
    emulator.fail("ListAccounts", nth=2)
    management.describe_organization()
    management.list_accounts()
    management.describe_organization()
    refusal(management.list_accounts)


def test_an_error_has_the_given_text(emulator: Emulator, management: Any) -> None:
    emulator.fail(
        "EnableAllFeatures",
        error="HandshakeConstraintViolationException",
        reason="LEGACY_PERMISSIONS_STILL_IN_USE",
        message="Legacy permissions.",
    )
    assert refusal(management.enable_all_features) == (
        "HandshakeConstraintViolationException",
        "LEGACY_PERMISSIONS_STILL_IN_USE",
        "Legacy permissions.",
        400,
    )
    emulator.fail("GetCallerIdentity", error="ExpiredToken", status=403, message="<expired>")
    error = refusal(emulator.client("sts", emulator.management).get_caller_identity)
    assert error == ("ExpiredToken", None, "<expired>", 403)
    emulator.fail("ListAccounts", error="ServiceException", status=500)
    assert refusal(management.list_accounts).status == 500


def test_faults_can_be_cleared(emulator: Emulator, management: Any) -> None:
    emulator.fail("DescribeOrganization")
    emulator.before("DescribeOrganization", lambda *_: pytest.fail("must not be called"))
    emulator.clear_faults()
    management.describe_organization()


def test_a_hang_delays_the_answer(emulator: Emulator, management: Any) -> None:
    emulator.fail("DescribeOrganization", kind="hang", seconds=0.3)
    began = time.monotonic()
    management.describe_organization()
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("wrong", [{"kind": "flood"}, {"when": "during"}, {"nth": 0}, {"times": 0}], ids=str)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"a fault|calls are counted"):
        Fault("EnableAllFeatures", **wrong)


def test_somebody_else_acts_between_two_calls(emulator: Emulator, management: Any) -> None:
    seen = []

    def begin(operation: str, account_id: str) -> None:
        seen.append((operation, account_id))
        emulator.enable_all_features()

    emulator.before("EnableAllFeatures", begin)
    error = refusal(management.enable_all_features)
    assert error.reason == "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
    assert seen == [("EnableAllFeatures", emulator.management)]
    assert emulator.migrations_started == 1


def test_a_callback_after_the_effect_comes_before_the_answer(emulator: Emulator, management: Any) -> None:
    states = []

    def look(_operation: str, _account_id: str) -> None:
        assert emulator.parent is not None
        states.append(emulator.parent["State"])
        emulator.cancel()

    emulator.after("EnableAllFeatures", look)
    assert management.enable_all_features()["Handshake"]["State"] == "REQUESTED"
    assert states == ["REQUESTED"]
    assert emulator.parent is not None
    assert emulator.parent["State"] == "CANCELED"


def test_calls_are_counted_and_acts_are_not(emulator: Emulator, management: Any) -> None:
    emulator.enable_all_features()
    emulator.approve_all()
    assert not emulator.calls
    management.describe_organization()
    refusal(management.enable_all_features)
    emulator.client("sts", emulator.invited[0]).get_caller_identity()
    assert emulator.calls == {"DescribeOrganization": 1, "EnableAllFeatures": 1, "GetCallerIdentity": 1}
    assert emulator.writes == {"EnableAllFeatures": 1}
    assert emulator.log == [
        ("DescribeOrganization", emulator.management),
        ("EnableAllFeatures", emulator.management),
        ("GetCallerIdentity", emulator.invited[0]),
    ]
    told = [(each.status, each.error) for each in emulator.entries]
    assert told == [(200, None), (400, "HandshakeConstraintViolationException"), (200, None)]
    emulator.reset_calls()
    assert not emulator.calls
    assert emulator.log == []


def test_the_log_has_calls_without_an_answer(emulator: Emulator, management: Any) -> None:
    emulator.fail("DescribeOrganization", kind="reset")
    seen = []
    emulator.before("DescribeOrganization", lambda *_: seen.append(emulator.entries[-1].status))
    with pytest.raises(ConnectionClosedError):
        management.describe_organization()
    assert seen == [None]
    assert [each.status for each in emulator.entries] == [0]


def test_faults_do_not_meet_acts(emulator: Emulator) -> None:
    emulator.fail("*", times=99)
    emulator.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


# The control endpoint


def control(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    url = f"{emulator.endpoint}/_emulator/{path}"
    headers = {"X-Emulator-Control": "1", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - http
    try:
        with urllib.request.urlopen(request) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_another_process_can_steer(emulator: Emulator, management: Any) -> None:
    before = emulator.clock.now()
    assert control(emulator, "POST", "clock", {"days": 2})[0] == 200
    assert (emulator.clock.now() - before).days == 2
    control(emulator, "POST", "faults", {"operation": "ListAccounts", "error": "TooManyRequestsException"})
    assert refusal(management.list_accounts).code == "TooManyRequestsException"
    control(emulator, "POST", "faults", {"operation": "ListAccounts"})
    control(emulator, "DELETE", "faults")
    management.list_accounts()
    told = control(emulator, "GET", "calls")[1]
    assert (told["calls"], told["writes"]) == ({"ListAccounts": 2}, {})
    entry = {"operation": "ListAccounts", "account_id": emulator.management}
    moments = {"at": None, "seconds": None}
    assert [each | moments for each in told["log"]] == [
        {**entry, **moments, "status": 400, "error": "TooManyRequestsException"},
        {**entry, **moments, "status": 200, "error": None},
    ]
    assert all(0 < each["seconds"] < 5 for each in told["log"])
    assert [datetime.fromisoformat(each["at"]).tzinfo for each in told["log"]] == [UTC, UTC]
    control(emulator, "DELETE", "calls")
    assert not emulator.calls
    emulator.enable_all_features()
    status = control(emulator, "GET", "status")[1]
    assert status["parent"]["State"] == "REQUESTED"
    assert len(status["children"]) == 3
    assert status["standalone"] == []
    assert not emulator.stop_requested.is_set()
    control(emulator, "POST", "stop")
    assert emulator.stop_requested.is_set()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "secrets", None, 404),
        ("POST", "clock", {"days": -1}, 400),
        ("POST", "clock", {"fortnights": 1}, 400),
        ("POST", "clock", [1], 400),
        ("POST", "accounts", {"state": "CLOSED"}, 400),
        ("POST", "restore", {"name": "none"}, 400),
        ("POST", "faults", {"operation": "ListAccounts", "kind": "flood"}, 400),
    ],
)
def test_the_refusals_of_the_control_endpoint(
    emulator: Emulator, method: str, path: str, body: Any, status: int
) -> None:
    answered, answer = control(emulator, method, path, body)
    assert answered == status
    assert answer["error"]


def test_a_reset_is_one(emulator: Emulator) -> None:
    emulator.fail("*", kind="reset")
    host, port = emulator.endpoint.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


@pytest.mark.parametrize(("when", "effect"), [("before", False), ("after", True)])
def test_an_answer_may_end_halfway(emulator: Emulator, when: Any, effect: bool) -> None:
    # Seen on the wire: botocore takes half of an answer for one that says nothing, without an error.
    lengths = []

    def note(http_response: Any, **_: Any) -> None:
        lengths.append((int(http_response.headers["Content-Length"]), len(http_response.content)))

    management = emulator.client("organizations", emulator.management)
    management.meta.events.register("after-call", note)
    emulator.fail("EnableAllFeatures", kind="truncate", when=when)
    if effect:
        assert "Handshake" not in management.enable_all_features()
    else:
        with pytest.raises(ClientError):
            management.enable_all_features()
    ((announced, sent),) = lengths
    assert sent == announced // 2
    assert (emulator.parent is not None) is effect
