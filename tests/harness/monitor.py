"""The engine's two services that a program and a provider talk to, on one address for a run of the tests."""

from __future__ import annotations

import contextlib
from concurrent import futures
from typing import TYPE_CHECKING, Any, Final

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc

from tests.harness.deployment import Failed
from tests.harness.values import received

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.deployment import Deployment

FEATURES: Final = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
)
SEVERITIES: Final = {
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}
_ENDED: Final = "Resource monitor has terminated, shutting down"


class Services(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """The engine's services to a program and a provider, for the command that is at work.

    Attributes:
        address: Where it listens.
    """

    def __init__(self) -> None:
        self._deployment: Deployment | None = None
        self._root = ""
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=_GRPC_CHANNEL_OPTIONS)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def close(self) -> None:
        """Listen no more."""
        self._server.stop(None).wait()

    @contextlib.contextmanager
    def of(self, deployment: Deployment) -> Iterator[None]:
        """Serve one command; one at a time."""
        assert self._deployment is None, "commands at the same time are the engine's: test them there"
        self._deployment, self._root = deployment, ""
        try:
            yield
        finally:
            self._deployment = None

    @property
    def _current(self) -> Deployment:
        assert self._deployment is not None, "a program or a provider goes on after its command"
        return self._deployment

    def GetDeploymentInfo(self, _request: Any, _context: Any) -> Any:
        """Tell what is known here."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def RegisterResource(self, request: Any, context: Any) -> Any:
        """Make what is declared; once something has failed, the program ends."""
        try:
            return self._current.register(request)
        except Failed:
            return context.abort(grpc.StatusCode.UNAVAILABLE, _ENDED)

    def RegisterResourceOutputs(self, request: Any, _context: Any) -> Any:
        """Keep what is exported."""
        self._current.register_outputs(request.urn, received(request.outputs))
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, _request: Any, _context: Any) -> Any:
        """The program has declared all that it declares."""
        return empty_pb2.Empty()

    def GetRootResource(self, _request: Any, _context: Any) -> Any:
        """The stack's URN."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, _context: Any) -> Any:
        """Take the stack's URN down."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def Log(self, request: Any, _context: Any) -> Any:
        """Keep a line of the log, unless it is gone from the screen at once."""
        told = _ENDED not in request.message
        if request.severity in SEVERITIES and not request.ephemeral and told:
            self._current.say(request.urn, SEVERITIES[request.severity], request.message)
        return empty_pb2.Empty()
