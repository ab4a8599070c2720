"""The emulator as a part of a process: starting, stopping, many clients at once, strange requests."""

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any

import pytest
from moto.organizations.models import OrganizationsBackend, organizations_backends

from aws_org_emulator import CannotListenError, Clock, Emulator, Scenario, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import made_account

CLIENTS = 16


def test_sixteen_owners_approve_at_once_and_nothing_is_lost(start: Start) -> None:
    emulator = start(invited=CLIENTS * 3)
    emulator.enable_all_features()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(emulator.approve, emulator.invited))
    assert {child["State"] for child in emulator.children} == {"ACCEPTED"}
    assert emulator.parent is not None
    assert emulator.parent["State"] == "OPEN"


def test_of_sixteen_that_start_a_migration_one_does(emulator: Emulator) -> None:
    management = emulator.client("organizations", emulator.management)

    def begin(_: int) -> bool:
        try:
            management.enable_all_features()
        except management.exceptions.HandshakeConstraintViolationException:
            return False
        return True

    with ThreadPoolExecutor(CLIENTS) as pool:
        began = list(pool.map(begin, range(CLIENTS)))
    assert began.count(True) == emulator.migrations_started == 1
    assert emulator.calls == {"EnableAllFeatures": CLIENTS}


def test_sixteen_that_create_and_remove_keep_the_books_straight(emulator: Emulator) -> None:
    management = emulator.client("organizations", emulator.management)

    def create(number: int) -> str:
        return made_account(management, Email=f"new{number}@example.com", AccountName=str(number))

    with ThreadPoolExecutor(CLIENTS) as pool:
        created = list(pool.map(create, range(CLIENTS)))
        assert len(set(created)) == CLIENTS
        list(pool.map(emulator.remove_account, created))
    assert len(emulator.created) == 2


def test_a_request_waits_while_another_changes_the_world(emulator: Emulator) -> None:
    management = emulator.client("organizations", emulator.management)
    with ThreadPoolExecutor(1) as pool:
        with emulator._shared.locked_now():
            waiting = pool.submit(management.enable_all_features)
            assert not wait([waiting], timeout=0.3).done
            assert emulator.migrations_started == 0
        assert waiting.result(timeout=60)["Handshake"]["State"] == "REQUESTED"


def test_it_can_be_started_again_from_the_beginning() -> None:
    emulator = Emulator()
    for _ in range(2):
        with emulator:
            emulator.enable_all_features()
            emulator.invite()
            assert emulator.migrations_started == 1
            assert emulator.standalone == ("444444444444",)


def test_two_in_one_process_are_refused(emulator: Emulator) -> None:
    with pytest.raises(RuntimeError, match="running in this process already"):
        Emulator().start()
    assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_moto_is_left_as_it_was(emulator: Emulator) -> None:
    assert organizations_backends.backend is not OrganizationsBackend
    emulator.stop()
    assert organizations_backends.backend is OrganizationsBackend
    assert not organizations_backends.master_accounts
    assert type(organizations_backends["111111111111"]["aws"]) is OrganizationsBackend
    emulator.start()


def test_a_port_that_is_taken_is_reported_and_does_no_harm() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=f"127.0.0.1:{port}: Address already in use"):
            Emulator(port=port).start()
    assert organizations_backends.backend is OrganizationsBackend
    with Emulator() as emulator:
        assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_motos_override_of_all_accounts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    with pytest.raises(RuntimeError, match="MOTO_ACCOUNT_ID"):
        Emulator().start()


def test_the_environment_is_nothing_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "nowhere")
    for name in ("AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Emulator() as emulator:
        emulator.enable_all_features()
        assert emulator.client("organizations", emulator.management).list_accounts()["Accounts"]


def test_a_hanging_request_does_not_delay_the_end(emulator: Emulator) -> None:
    emulator.fail("DescribeOrganization", kind="hang", seconds=60)
    management = emulator.client("organizations", emulator.management)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(management.describe_organization)
        while not emulator.calls:
            pass
        emulator._stopping.set()
        assert pending.result(timeout=60)


def raw(emulator: Emulator, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    host, port = emulator.endpoint.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        connection.request(method, path, body, {key.replace("_", "-"): headers[key] for key in headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


SIGNED = "AWS4-HMAC-SHA256 Credential=EMULATOR111111111111/20200101/us-east-1/{}/aws4_request, Signature=0"


@pytest.mark.parametrize(
    "path", ["/moto-api/reset", "/moto-api/recorder/start-recording", "/latest/api/token"]
)
def test_motos_own_endpoints_are_out_of_reach(emulator: Emulator, path: str) -> None:
    assert raw(emulator, "POST", path, Authorization=SIGNED.format("organizations"))[0] == 404
    assert emulator.feature_set == "CONSOLIDATED_BILLING"


def test_bodies_are_bounded(emulator: Emulator) -> None:
    length = str(2 * 1024 * 1024)
    for path in ("/", "/_emulator/faults"):
        assert raw(emulator, "POST", path, Content_Length=length)[0] == 413
        assert raw(emulator, "POST", path, Transfer_Encoding="chunked")[0] == 411
        assert raw(emulator, "POST", path, Content_Length="-1")[0] == 400


def test_nobody_can_say_by_a_header_who_he_is(emulator: Emulator) -> None:
    status, body = raw(
        emulator,
        "POST",
        "/",
        b"{}",
        Authorization=SIGNED.format("organizations").replace("1" * 12, "2" * 12),
        X_Amz_Target="AWSOrganizationsV20161128.EnableAllFeatures",
        X_Moto_Account_Id="111111111111",
    )
    assert (status, b"AccessDeniedException" in body) == (400, True)


@pytest.mark.parametrize(
    ("account_id", "operation", "error"),
    [
        ("111111111111", "DescribeOrganization", None),
        ("111111111111", "LeaveOrganization", "MasterCannotLeaveOrganizationException"),
        ("111111111111", "DescribeHandshake", "InvalidInputException"),
        ("111111111111", "NoSuchThing", "UnknownOperationException"),
        ("222222222222", "ListAccounts", "AccessDeniedException"),
        ("999999999999", "ListAccounts", "UnrecognizedClientException"),
    ],
)
def test_every_answer_says_what_it_is_and_to_which_request(
    emulator: Emulator, account_id: str, operation: str, error: str | None
) -> None:
    connection = http.client.HTTPConnection(emulator.endpoint.removeprefix("http://"), timeout=30)
    headers = {
        "Authorization": SIGNED.format("organizations").replace("111111111111", account_id),
        "X-Amz-Target": f"AWSOrganizationsV20161128.{operation}",
    }
    ids = set()
    for _ in range(2):
        connection.request("POST", "/", b"{}", headers)
        response = connection.getresponse()
        response.read()
        assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
        assert response.headers["x-amzn-ErrorType"] == error
        ids.add(response.headers["x-amzn-RequestId"])
    connection.close()
    assert len(ids - {None}) == 2


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", b"InvalidInputException"),
        (b"{}", b"InvalidInputException"),
        (b"not json", b"SerializationException"),
        (b"[]", b"SerializationException"),
        (b'"HandshakeId"', b"SerializationException"),
    ],
)
@pytest.mark.parametrize("operation", ["AcceptHandshake", "DescribeHandshake", "InviteAccountToOrganization"])
def test_a_request_without_parameters_is_answered(
    emulator: Emulator, operation: str, body: bytes, error: bytes
) -> None:
    target = f"AWSOrganizationsV20161128.{operation}"
    signed = SIGNED.format("organizations")
    status, answer = raw(emulator, "POST", "/", body, Authorization=signed, X_Amz_Target=target)
    assert (status, error in answer) == (400, True)


def test_the_clock_stands_or_runs_and_only_goes_forward() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    clock = Clock(moment)
    assert clock.advance(days=1, hours=2, seconds=3) == datetime(2026, 1, 2, 2, 0, 3, tzinfo=UTC)
    assert clock.now() == clock.now()
    running = Clock()
    assert abs((running.now() - datetime.now(UTC)).total_seconds()) < 5
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(days=-1)
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the mistake


@pytest.mark.parametrize(
    "wrong",
    [{"organization_id": "exampleorg1"}, {"organization_id": "o-short"}, {"management_id": "12"}],
    ids=str,
)
def test_a_scenario_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no"):
        Scenario(**wrong)


def test_policy_types_are_not_one_name() -> None:
    with pytest.raises(ValueError, match=r"^policy_types is a list of policy types, not 'TAG_POLICY'$"):
        Scenario(policy_types="TAG_POLICY")  # type: ignore[arg-type]  # that is the mistake


def test_ids_do_not_depend_on_how_many_others_there_are(start: Start) -> None:
    emulator = start(Switches(), invited=2, created=1)
    assert emulator.invited == ("222222222222", "222222222223")
    assert emulator.created == ("333333333333",)
