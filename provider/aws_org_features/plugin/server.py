"""`pulumi-resource-org-features`: the process that the engine starts, and asks by gRPC.

Its address is the last argument. The plugin prints its port, and nothing else, on standard output.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

# First, for it decides how pulumi is imported.
from aws_org_features.plugin.protos import provider_pb2_grpc  # isort: skip

import grpc

from aws_org_features.plugin.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Sequence

CALLS_AT_ONCE: Final = 64
"""Creates wait for hours, and `Cancel` must come through beside them."""

_LARGEST: Final = 400 * 1024 * 1024  # as the engine's
_OPTIONS: Final = (
    ("grpc.max_send_message_length", _LARGEST),
    ("grpc.max_receive_message_length", _LARGEST),
    ("grpc.so_reuseport", 0),
)
_TO_END_SECONDS: Final = 0.3
_LOOK_AGAIN_SECONDS: Final = 0.5


def serve(engine_address: str) -> tuple[grpc.Server, Provider, int]:
    """Begin to answer the engine; gives the port as well."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=CALLS_AT_ONCE, thread_name_prefix="call"), options=_OPTIONS
    )
    provider = Provider(engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, provider, port


def _wait(over: SimpleQueue[None]) -> None:
    """Return once something is put in; a signal that comes just as this blocks is only heard afterwards."""
    while True:
        with contextlib.suppress(Empty):
            return over.get(timeout=_LOOK_AGAIN_SECONDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one run of the engine, until it is gone or ends the process."""
    given = [each for each in (sys.argv[1:] if arguments is None else arguments) if not each.startswith("-")]
    # A handler of signals runs in this thread. It could wait forever for an Event's lock, which this thread
    # holds when it is about to wait.
    over: SimpleQueue[None] = SimpleQueue()
    # An interrupt is how the engine ends its plugins. A person's reaches the engine alone, which says Cancel.
    for ends in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends, lambda *_: over.put(None))
    server, provider, port = serve(given[-1] if given else "")
    provider.when_the_engine_is_gone(lambda: over.put(None))
    print(port, flush=True)
    _wait(over)
    provider.cancel()
    server.stop(_TO_END_SECONDS).wait()
    provider.close()
    # A thread may still wait, but nobody is left to record what for.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
