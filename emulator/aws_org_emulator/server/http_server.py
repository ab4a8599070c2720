"""An HTTP server on a thread of its own. What it serves is somebody else's business."""

import socket
import traceback
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import BaseWSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 128
MAX_BODY = 1024 * 1024
"""The most bytes that a request may carry."""


class CannotListenError(OSError):
    """The address can't be had: the port is taken, say."""


class _Connections:
    """Those that are open, so that a server's end is the end of each."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._ended = False

    def add(self, connection: socket.socket) -> None:
        """Take one down."""
        with self._lock:
            self._open.add(connection)
            if self._ended:
                _hear_no_more(connection)

    def discard(self, connection: socket.socket) -> None:
        """Forget one."""
        with self._lock:
            self._open.discard(connection)

    def end(self) -> None:
        """Let each be closed once the request that it carries, if any, is answered."""
        with self._lock:
            self._ended = True
            for connection in self._open:
                _hear_no_more(connection)


def _hear_no_more(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be closed by now
        connection.shutdown(socket.SHUT_RD)


class _Handler(MotoRequestHandler):
    """moto's handler, for one request after another, and without a line on stderr for each.

    werkzeug closes each connection with the answer, and waits a moment before it does. Most of what a call
    takes is gone with that.
    """

    connections: _Connections
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Begin with a connection."""
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        """End with it."""
        self.connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """Answer a request, and keep the connection if both sides have been heard to the end."""
        if not self._is_plain():
            super().run_wsgi()
            self.close_connection = True
            return
        environ = self.make_environ()
        status = ""
        headers: list[tuple[str, str]] = []
        parts: list[bytes] = []

        def start_response(code: str, named: list[tuple[str, str]], _error: Any = None) -> Any:
            nonlocal status, headers
            status, headers = code, named
            return parts.append

        try:
            parts.extend(self.server.app(environ, start_response))
        except ConnectionError as error:
            self.connection_dropped(error, environ)
            return
        except Exception:  # noqa: BLE001 - every error is logged and answered
            self.server.log("error", f"Error on request:\n{traceback.format_exc()}")
            parts = list(InternalServerError()(environ, start_response))
        self._send(status, headers, b"".join(parts))

    def _is_plain(self) -> bool:
        """Return whether a request's body is read to its end; werkzeug knows how to discard the rest."""
        length = self.headers.get("Content-Length", "0")
        unusual = "Transfer-Encoding" in self.headers or "Expect" in self.headers
        return not unusual and length.isdecimal() and int(length) <= MAX_BODY

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        announced = dict(headers).get("Content-Length")
        if announced != str(len(body)):  # it is cut short on purpose
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the emulator has a log of its own."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002
        """Expect no further request on a connection that is gone."""
        self.close_connection = True

    def handle(self) -> None:
        """Serve, and don't mind when the other side goes away."""
        with suppress(ConnectionError):
            super().handle()


class Server:
    """Serves an application from construction until `stop`.

    Args:
        application: what answers.
        host: where to listen,
        port: and on which port; 0 takes a free one.

    Raises:
        CannotListenError: the address can't be had.
    """

    def __init__(self, application: "WSGIApplication", host: str, port: int) -> None:
        self._connections = _Connections()
        handler = type("Handler", (_Handler,), {"connections": self._connections})
        with _listen(host, port) as listening:
            self._server: BaseWSGIServer = make_server(
                host,
                port,
                application,
                threaded=True,
                request_handler=handler,
                fd=listening.fileno(),
            )
        self.host = host
        self.port: int = self._server.server_address[1]
        options: dict[str, Any] = {"poll_interval": 0.01}
        self._thread = Thread(target=self._server.serve_forever, kwargs=options, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._connections.end()
        self._server.server_close()


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotListenError(f"can't listen on {host}:{port}: {error.strerror}") from error
    return listening
