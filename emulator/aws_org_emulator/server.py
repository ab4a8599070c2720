"""An HTTP server on a thread of its own. What it serves is somebody else's business."""

import socket
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 128


class CannotListenError(OSError):
    """The address can't be had: the port is taken, say."""


class _QuietHandler(MotoRequestHandler):
    """moto's handler without a line on stderr for every request."""

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
        with _listen(host, port) as listening:
            self._server: BaseWSGIServer = make_server(
                host,
                port,
                application,
                threaded=True,
                request_handler=_QuietHandler,
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
