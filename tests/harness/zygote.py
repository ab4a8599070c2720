"""A process that becomes a provider's, again and again, with all that takes long already loaded.

    python -m tests.harness.zygote DESCRIPTOR

The descriptor is of the socket on which it listens. For each client it forks a process that goes on as
`python -m pulumi.dynamic ADDRESS` does. The client sends a line of JSON with the arguments, the environment
and the folder, and the descriptor of what the process's output goes to. It gets a line with the process's id,
and a line with its exit code once it has ended. A client that goes away has its process killed. All ends when
standard input does.
"""

from __future__ import annotations

import array
import contextlib
import gc
import io
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any, Final, NoReturn

MODULE: Final = "pulumi.dynamic"
LOADED_BEFORE: Final = (
    "pulumi.dynamic",
    "pulumi.runtime.proto.provider_pb2_grpc",
    "dill",
    "boto3",
    "aws_org_features.resources.feature_set",
    "aws_org_features.lifecycle.migration",
    "aws_org_features.resources.approval",
    "aws_org_features.resources.root_policy_type",
    "aws_org_features.resources.trusted_service",
    "aws_org_features.resources.gate",
)
_OUTPUTS: Final = 2
"""Number of descriptors that a client sends: of its standard output and its standard error."""


@dataclass(frozen=True)
class Served:
    """A client, its process, and what tells of that process's end."""

    client: socket.socket
    pid: int
    ended: int


class Zygote:
    """Forks a process for each client that comes to a socket."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._served: list[Served] = []
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(sys.stdin, selectors.EVENT_READ)
        self._waiting.register(listening, selectors.EVENT_READ)

    def serve(self) -> None:
        """Serve until standard input ends."""
        while True:
            for key, _ in self._waiting.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is self._listening:
                    self._take(self._listening.accept()[0])
                elif key.data in self._served:
                    self._end(key.data)

    def close(self) -> None:
        """End all processes."""
        for served in [*self._served]:
            self._end(served)

    def _take(self, client: socket.socket) -> None:
        request, outputs = _received(client)
        if request is None:  # it has gone away meanwhile
            client.close()
            return
        pid = os.fork()
        if not pid:
            self._forget()
            client.close()
            _become_provider(request, *outputs)
        for output in outputs:
            os.close(output)
        served = Served(client, pid, os.pidfd_open(pid))
        self._served.append(served)
        for each in (client, served.ended):
            self._waiting.register(each, selectors.EVENT_READ, served)
        _tell(client, pid)

    def _forget(self) -> None:
        """Close in a fork what is its parent's."""
        self._waiting.close()
        self._listening.close()
        for served in self._served:
            served.client.close()
            os.close(served.ended)

    def _end(self, served: Served) -> None:
        """Take leave of a process that has ended, or whose client has."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(served.pid, signal.SIGKILL)
        _, status = os.waitpid(served.pid, 0)
        for each in (served.client, served.ended):
            self._waiting.unregister(each)
        os.close(served.ended)
        _tell(served.client, os.waitstatus_to_exitcode(status))
        served.client.close()
        self._served.remove(served)


def main(descriptor: str) -> None:
    """Load everything, and serve."""
    _load()
    with socket.socket(fileno=int(descriptor)) as listening:
        zygote = Zygote(listening)
        zygote.serve()
        zygote.close()


def _load() -> None:
    for name in LOADED_BEFORE:
        __import__(name)
    import boto3  # noqa: PLC0415 - what loads long is loaded in here

    from tests.loading import share_models  # noqa: PLC0415

    share_models()
    for service in ("organizations", "sts"):
        # With keys, or it would look for some, on the network at last.
        keys = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), "none")
        boto3.client(service, region_name="us-east-1", **keys)  # type: ignore[call-overload]
    gc.collect()
    gc.freeze()  # so that no collection in a fork touches, and copies, what it shares


def _received(client: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    text, descriptors = b"", array.array("i")
    while not text.endswith(b"\n"):
        data, ancillary, _, _ = client.recvmsg(65536, socket.CMSG_SPACE(_OUTPUTS * descriptors.itemsize))
        for level, kind, received in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(received)
        if not data:
            for each in descriptors:
                os.close(each)
            return None, []
        text += data
    return json.loads(text), list(descriptors)


def _tell(client: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):  # of one that has gone away, the socket tells in its turn
        client.sendall(f"{number}\n".encode())


def _become_provider(request: dict[str, Any], output: int, errors: int) -> NoReturn:
    """Go on as the SDK's program, whose output the engine reads."""
    code = 1
    with contextlib.suppress(KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(errors, 2)
        for each in {output, errors} - {1, 2}:
            os.close(each)
        # As of `python -u`, which the engine starts it with.
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.argv = [MODULE, *request["arguments"]]
        runpy.run_module(MODULE, run_name="__main__", alter_sys=True)
        code = 0
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
