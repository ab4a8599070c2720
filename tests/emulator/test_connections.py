"""Connections: one for many requests, closed where something is wrong and at the emulator's end."""

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from aws_org_emulator import Emulator
from tests.emulator.conftest import Start
from tests.emulator.test_process import SIGNED

TARGET = "AWSOrganizationsV20161128.{}"
HEADERS = {"Authorization": SIGNED.format("organizations"), "Content-Type": "application/x-amz-json-1.1"}


@pytest.fixture
def connection(emulator: Emulator) -> Iterator[http.client.HTTPConnection]:
    host, port = emulator.endpoint.removeprefix("http://").split(":")
    opened = http.client.HTTPConnection(host, int(port), timeout=50)
    yield opened
    opened.close()


def asked(connection: http.client.HTTPConnection, operation: str, **headers: str) -> Any:
    """The answer, read to its end."""
    connection.request("POST", "/", b"{}", {**HEADERS, "X-Amz-Target": TARGET.format(operation), **headers})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_one_carries_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    first = connection.sock
    for operation in ("DescribeOrganization", "ListRoots", "EnableAllFeatures", "NoSuchOperation"):
        answer = asked(connection, operation)
        assert answer.getheader("Connection") is None
        assert connection.sock is first, operation
    connection.request("GET", "/_emulator/status")
    assert connection.getresponse().read().startswith(b"{")
    assert connection.sock is first


def test_a_client_calls_on_one_alone(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    connect = socket.socket.connect

    def counted(self: socket.socket, address: Any) -> None:
        opened.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", counted)
    management = emulator.client("organizations", emulator.management)
    for _ in range(5):
        management.describe_organization()
    assert len(opened) == 1


def test_a_client_can_have_the_connection_closed(connection: http.client.HTTPConnection) -> None:
    assert asked(connection, "ListRoots", Connection="close").getheader("Connection") == "close"
    assert connection.sock is None


def test_half_an_answer_is_the_last(emulator: Emulator, connection: http.client.HTTPConnection) -> None:
    emulator.fail("ListRoots", kind="truncate")
    with pytest.raises(http.client.IncompleteRead):
        asked(connection, "ListRoots")
    connection.close()
    assert asked(connection, "ListRoots").status == 200


def test_a_request_that_nobody_reads_is_the_last(connection: http.client.HTTPConnection) -> None:
    assert asked(connection, "ListRoots").status == 200
    connection.request("POST", "/", b"x" * (2 * 1024 * 1024))
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Connection")) == (413, "close")


def test_a_failure_within_is_an_answer_and_no_end(
    emulator: Emulator, connection: http.client.HTTPConnection, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: str) -> None:
        raise LookupError("a mistake of the test's own")

    emulator.before("ListRoots", fail)
    assert asked(connection, "ListRoots").status == 500
    assert asked(connection, "ListRoots").status == 200
    assert caplog.text.count("LookupError: a mistake of the test's own") == 1


def test_the_end_of_an_emulator_is_that_of_its_connections(start: Start) -> None:
    emulator = start()
    host, port = emulator.endpoint.removeprefix("http://").split(":")
    waiting, idle = (http.client.HTTPConnection(host, int(port), timeout=50) for _ in range(2))
    asked(idle, "ListRoots")
    begun = threading.Event()
    emulator.before("ListRoots", lambda *_: begun.set())
    emulator.fail("ListRoots", kind="hang", seconds=60)
    waiting.request("POST", "/", b"{}", {**HEADERS, "X-Amz-Target": TARGET.format("ListRoots")})
    assert begun.wait(50)
    ending = threading.Thread(target=emulator.stop)
    ending.start()
    try:
        assert idle.sock is not None
        assert idle.sock.recv(1) == b""
        waiting.getresponse().read()
        assert waiting.sock is not None
        assert waiting.sock.recv(1) == b""
    finally:
        ending.join()
        waiting.close()
        idle.close()
        emulator.start()  # to be ended by who started it
