"""The program that the engine starts: a gRPC server on a free port, which it prints.

An engine can also attach to one that runs already (PULUMI_DEBUG_PROVIDERS), one run after another.

The SDK's own `main` tells every exception with a traceback. A user of pulumi-aws never sees one, so what is
`Refused` is printed in its own words here; any other exception is a mistake of ours, and keeps its traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # as the SDK's
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2_grpc

from tests.fake_pulumi_aws.errors import Refused
from tests.fake_pulumi_aws.provider import StandIn

VERSION: Final = "7.999.0"
"""The engine warns of a plugin that is older than the SDK that asks for it."""

_MOST_BYTES: Final = 400 * 1024 * 1024
_CALLS: Final = (
    "CheckConfig",
    "DiffConfig",
    "Configure",
    "Invoke",
    "Check",
    "Diff",
    "Create",
    "Read",
    "Update",
    "Delete",
)


def _in_its_own_words(name: str) -> Any:
    async def answer(
        self: ProviderServicer, request: Any, context: grpc.aio.ServicerContext[Any, Any]
    ) -> Any:
        try:
            return await getattr(super(Servicer, self), name)(request, context)
        except Exception as error:
            # The SDK raises one of its own while it handles ours.
            if isinstance(error.__context__, Refused):
                await context.abort(grpc.StatusCode.UNKNOWN, str(error.__context__))
            raise

    return answer


class Servicer(ProviderServicer):
    """The SDK's servicer, with short errors."""

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Let an engine begin. It configures next, which connects again.

        An `up --refresh` attaches twice, the second time while the first may still read.
        """
        return empty_pb2.Empty()


for _name in _CALLS:
    setattr(Servicer, _name, _in_its_own_words(_name))


async def _serve(engine: str) -> None:
    options = [
        ("grpc.max_receive_message_length", _MOST_BYTES),
        ("grpc.max_send_message_length", _MOST_BYTES),
    ]
    server = grpc.aio.server(options=options)
    servicer = Servicer([], VERSION, StandIn(), engine_address=engine)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


def main() -> None:
    """Serve until this process is ended; an engine that starts it gives its address as the last argument."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(sys.argv[-1]))
