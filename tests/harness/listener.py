"""An engine, as far as a provider talks to it: it hears what is said of resources."""

from __future__ import annotations

from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2_grpc


class Listener(engine_pb2_grpc.EngineServicer):
    """Listens until it vanishes.

    Args:
        idle_ms: After how many milliseconds without a call it ends a connection; without, never.

    Attributes:
        told: What was said.
        address: Where it listens.
    """

    def __init__(self, idle_ms: int | None = None) -> None:
        self.told: list[str] = []
        options = [("grpc.so_reuseport", 0)]
        if idle_ms is not None:
            options.append(("grpc.max_connection_idle_ms", idle_ms))
        self._server = grpc.server(futures.ThreadPoolExecutor(2), options=options)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """Keep what is said."""
        self.told.append(request.message)
        return empty_pb2.Empty()

    def vanish(self) -> None:
        """Listen no more."""
        self._server.stop(None).wait()
