"""Endpoints that never come to an end: a byte now and then, bytes without end, pages without end, depth."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.parsers import ResponseParserError

from aws_org_features.aws import Connection, Endpoints, Organizations, calls, clients, session
from aws_org_features.aws.bounded_requests import Bounded
from aws_org_features.aws.clients import clients_of
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[socket.socket], None]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"


def _has_asked(connected: socket.socket) -> bool:
    """Return whether a request came, whole."""
    found = b""
    while b"\r\n\r\n" not in found:
        part = connected.recv(65536)
        if not part:
            return False
        found += part
    head, _, body = found.partition(b"\r\n\r\n")
    left = int(head.lower().partition(b"content-length: ")[2].split()[0]) - len(body)
    while left > 0:
        part = connected.recv(left)
        if not part:
            return False
        left -= len(part)
    return True


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server each of whose connections is answered in a way, until the end; then it answers nobody."""
    served: list[tuple[threading.Thread, socket.socket]] = []

    def serve(connected: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while _has_asked(connected):
                answer(connected)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connected, _ = listening.accept()
                thread = threading.Thread(target=serve, args=(connected,), daemon=True)
                served.append((thread, connected))
                thread.start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread, connected in served:
                with contextlib.suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
                thread.join()
                connected.close()


def drip(before: bytes) -> Answer:
    def answer(connected: socket.socket) -> None:
        connected.sendall(before)
        while True:
            connected.sendall(b"a")
            time.sleep(0.05)

    return answer


def whole(body: bytes, *headers: bytes) -> Answer:
    def answer(connected: socket.socket) -> None:
        lines = b"".join(header + b"\r\n" for header in headers)
        connected.sendall(HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    return answer


def endless(connected: socket.socket) -> None:
    connected.sendall(HEAD + b"\r\n")
    while True:
        connected.sendall(b" " * 65536)


def sent(url: str, seconds: float = 20.0) -> Any:
    session = Bounded(URLLib3Session(timeout=5), seconds)
    try:
        return session.send(AWSRequest("POST", url, data=b"{}").prepare())
    finally:
        session.close()


@pytest.mark.parametrize(
    "before", [b"", HEAD, HEAD + b"X-A: ", HEAD + b"Content-Length: 999999\r\n\r\n", HEAD + b"\r\n"], ids=repr
)
def test_a_byte_now_and_then_ends_by_a_time(before: bytes, counted: Callable[[str, str, int], None]) -> None:
    counted("From outside", "endpoints without end, each ended by an error", 1)
    began = time.monotonic()
    with serving(drip(before)) as url, pytest.raises(ReadTimeoutError):
        sent(url, 0.5)
    assert time.monotonic() - began < 60, "only one that never ends takes so long"


def test_an_answer_without_end_ends_by_its_size(counted: Callable[[str, str, int], None]) -> None:
    counted("From outside", "endpoints without end, each ended by an error", 1)
    with serving(endless) as url, pytest.raises(ResponseParserError, match="larger than"):
        sent(url)


def test_an_answer_is_read_whole_and_one_that_is_cut_is_an_error() -> None:
    with serving(whole(b'{"a": 1}')) as url:
        assert sent(url).content == b'{"a": 1}'
    cut = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"

    def close(connected: socket.socket) -> None:
        connected.sendall(cut)
        connected.shutdown(socket.SHUT_RDWR)

    with serving(close) as url, pytest.raises(ConnectionClosedError):
        sent(url)


@contextlib.contextmanager
def asking(answer: Answer) -> Iterator[Organizations]:
    with serving(answer) as url:
        yield Organizations(Connection(keys=StaticKeys("A", "S"), endpoints=Endpoints(url, url, url)))
        clients_of.cache_clear()


def test_every_client_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_READ_WHOLE_SECONDS", 0.3)
    monkeypatch.setattr(clients, "_WRITE_WHOLE_SECONDS", 0.3)
    monkeypatch.setitem(session.RETRIES, "total_max_attempts", 1)
    with asking(drip(HEAD + b"\r\n")) as api:
        for call in (api.organization, api.caller_account, api.enable_all_features):
            with pytest.raises(errors.EndpointUnreachableError):
                call()


@pytest.mark.parametrize("depth", [900, 50_000])
def test_resources_nested_without_end_are_an_error(
    depth: int, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "endpoints without end, each ended by an error", 1)
    nested = '[{"Type": "ACCOUNT", "Resources": ' * depth + "[]" + "}]" * depth
    handshake = f'{{"Id": "h-examplehandshake1", "State": "OPEN", "Resources": {nested}}}'
    body = f'{{"Handshakes": [{handshake}], "Handshake": {handshake}}}'.encode()
    with asking(whole(body)) as api:
        with pytest.raises(errors.ServiceFailedError):
            list(api.handshakes_by_action("ENABLE_ALL_FEATURES"))
        with pytest.raises(errors.ServiceFailedError):
            api.enable_all_features()


@pytest.mark.parametrize("kind", ["empty", "the same", "new"])
def test_tokens_that_go_on_changing_are_an_error(
    monkeypatch: pytest.MonkeyPatch, kind: str, counted: Callable[[str, str, int], None]
) -> None:
    counted("From outside", "endpoints without end, each ended by an error", 1)
    monkeypatch.setattr(calls, "MOST_EMPTY", 20)
    monkeypatch.setattr(calls, "MOST_PAGES", 60)
    asked = 0

    def answer(connected: socket.socket) -> None:
        nonlocal asked
        asked += 1
        account = {"Id": f"{asked if kind == 'new' else 1:012}", "Name": "a"}
        page = {"Accounts": [] if kind == "empty" else [account], "NextToken": str(asked)}
        whole(json.dumps(page).encode())(connected)

    with asking(answer) as api, pytest.raises(errors.ServiceFailedError, match="no end"):
        api.accounts()
    assert asked == (60 if kind == "new" else 20 + (kind == "the same"))


def test_empty_pages_between_others_are_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_EMPTY", 3)
    asked = 0

    def answer(connected: socket.socket) -> None:
        nonlocal asked
        asked += 1
        page: dict[str, Any] = {"Accounts": [] if asked % 3 else [{"Id": f"{asked:012}"}]}
        whole(json.dumps(page | ({"NextToken": str(asked)} if asked < 12 else {})).encode())(connected)

    with asking(answer) as api:
        assert len(api.accounts().details) == 4
