"""The engine, from the plugin's side: where to tell what happens, and whether anybody is still there."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import grpc

from aws_org_features.common.sanitize import message
from aws_org_features.plugin import schema
from aws_org_features.plugin.protos import engine_pb2, engine_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE_SECONDS: Final = 5
_LOOK_AGAIN_SECONDS: Final = 0.5
_LOCAL: Final = (
    # Behind a proxy the engine is still on this machine.
    ("grpc.enable_http_proxy", 0),
    # Nothing is said for hours while a run waits. That mustn't look as if the engine were gone.
    ("grpc.client_idle_timeout_ms", 2**31 - 1),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1000),
)


class Engine:
    """One run of the engine.

    Args:
        address: Where it listens; empty where a person starts the plugin, and debugs it.
    """

    def __init__(self, address: str = "") -> None:
        self.address = address
        self._channel = grpc.insecure_channel(address, options=_LOCAL) if address else None
        # The generated stub has no annotations.
        self._stub: Any = engine_pb2_grpc.EngineStub(self._channel) if self._channel else None

    def log(self, urn: str, text: str, severity: Any, *, ephemeral: bool = False) -> None:
        """Say something on a resource's own row; no message is worth failing for."""
        text = message(text)
        with contextlib.suppress(Exception):
            if self._stub is None:
                print(text, file=sys.stderr, flush=True)
                return
            request = engine_pb2.LogRequest(severity=severity, message=text, urn=urn, ephemeral=ephemeral)
            self._stub.Log(request, timeout=_PATIENCE_SECONDS)

    def when_gone(self, then: Callable[[], object]) -> None:
        """Call it once, as soon as nobody listens at the engine's address any more.

        An engine that is killed ends none of its plugins. While it is connected, this costs nothing.
        """
        if self._channel is None:
            return
        changed, connected = threading.Event(), threading.Event()

        def hear(state: grpc.ChannelConnectivity) -> None:
            (connected.set if state is grpc.ChannelConnectivity.READY else connected.clear)()
            changed.set()

        def watch() -> None:
            while connected.is_set() or self._listens():
                changed.wait(None if connected.is_set() else _LOOK_AGAIN_SECONDS)
                changed.clear()
            then()

        self._channel.subscribe(hear, try_to_connect=True)
        threading.Thread(target=watch, daemon=True, name="watch on the engine").start()

    def _listens(self) -> bool:
        """A connection may end by itself: only where none can be made the engine is gone."""
        host, _, port = self.address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_SECONDS):
                return True
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Keep no connection to it."""
        if self._channel is not None:
            self._channel.close()


class EngineLog:
    """Says things on the row of the resource that a call is about."""

    def __init__(self, engine: Engine, urn: str) -> None:
        self._engine = engine
        self._urn = urn

    def info(self, text: str) -> None:
        """Something happened."""
        self._log(text, engine_pb2.INFO)

    def warn(self, text: str) -> None:
        """A person should know, or must act."""
        self._log(text, engine_pb2.WARNING)

    def progress(self, text: str) -> None:
        """Show that it goes on; gone from the screen once another message comes."""
        self._log(text, engine_pb2.INFO, ephemeral=True)

    def _log(self, text: str, severity: Any, *, ephemeral: bool = False) -> None:
        self._engine.log(self._urn, schema.in_our_names(text), severity, ephemeral=ephemeral)
