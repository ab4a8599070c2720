"""The wire between a client and AWS, as far as botocore knows it: requests are counted, lost or cut short.

Errors that AWS answers are the emulator's affair; what no server can do to order is done here: nobody
listens, an answer comes too late, a page that no service wrote, a process that dies.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, Self

from botocore import exceptions as bc
from botocore.httpsession import URLLib3Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import pytest

    Send = Callable[[URLLib3Session, Any], Any]

_PAGE: Final = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class Killed(BaseException):
    """The process is gone: nothing after this is done, and nothing is recorded."""


class Wire:
    """Counts what is sent while it is entered, and lets one thing happen.

    Args:
        monkeypatch: Puts it between.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent = 0
        self._due: range = range(0)
        self._happens: Callable[[Send, URLLib3Session, Any], Any] | None = None
        self._dead = False
        self._open = False
        self._lock = threading.Lock()
        send = URLLib3Session.send

        def between(session: URLLib3Session, request: Any) -> Any:
            if not self._open:
                return send(session, request)
            with self._lock:
                if self._dead:
                    raise Killed
                self.sent += 1
                due = self.sent in self._due
            return self._happens(send, session, request) if due and self._happens else send(session, request)

        monkeypatch.setattr(URLLib3Session, "send", between)

    def plan(self, what: str, nth: int, times: int = 1) -> None:
        """Let something happen to the Nth request, and to as many from that one on."""
        self._due = range(nth, nth + times)
        self._happens = getattr(self, f"_{what}")

    def __enter__(self) -> Self:
        self.sent, self._dead, self._open = 0, False, True
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        # Threads of a run that is gone mustn't go on beside the next one.
        for thread in threading.enumerate():
            if thread.name.startswith("account"):
                thread.join()
        self._open = False
        self._due = range(0)

    # What happens

    @staticmethod
    def _refused(_send: Send, _session: URLLib3Session, request: Any) -> Any:
        raise bc.EndpointConnectionError(endpoint_url=request.url, error="Connection refused")

    @staticmethod
    def _unconnected(_send: Send, _session: URLLib3Session, request: Any) -> Any:
        raise bc.ConnectTimeoutError(endpoint_url=request.url)

    @staticmethod
    def _lost(_send: Send, _session: URLLib3Session, request: Any) -> Any:
        raise bc.ReadTimeoutError(endpoint_url=request.url)

    @staticmethod
    def _unanswered(send: Send, session: URLLib3Session, request: Any) -> Any:
        send(session, request)
        raise bc.ReadTimeoutError(endpoint_url=request.url)

    @staticmethod
    def _closed(send: Send, session: URLLib3Session, request: Any) -> Any:
        send(session, request)
        raise bc.ConnectionClosedError(endpoint_url=request.url)

    @staticmethod
    def _malformed(send: Send, session: URLLib3Session, request: Any) -> Any:
        answer = send(session, request)
        answer._content = _PAGE
        return answer

    @staticmethod
    def _cut(send: Send, session: URLLib3Session, request: Any) -> Any:
        answer = send(session, request)
        answer._content = answer.content[: len(answer.content) // 2]
        return answer

    def _killed(self, send: Send, session: URLLib3Session, request: Any) -> Any:
        """The request takes effect; its sender never learns."""
        send(session, request)
        with self._lock:
            self._dead = True
        raise Killed

    def _killed_before(self, _send: Send, _session: URLLib3Session, _request: Any) -> Any:
        with self._lock:
            self._dead = True
        raise Killed
