"""A process that becomes a provider's, again and again, with all that takes long already loaded.

    python -m tests.harness.zygote SOCKET

For each request, a line of JSON with the engine's address, the environment and the folder, and the descriptor
of what its output goes to, it forks a process that goes on as `python -m pulumi.dynamic ADDRESS` does, and
answers with its id. On an empty line it ends that process, and answers how many seconds of processor it took.
"""

from __future__ import annotations

import array
import contextlib
import gc
import io
import json
import os
import runpy
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE: Final = "pulumi.dynamic"
LOADED_BEFORE: Final = (
    "pulumi.dynamic",
    "pulumi.runtime.proto.provider_pb2_grpc",
    "dill",
    "boto3",
    "aws_org_features.resources.feature_set",
    "aws_org_features.resources.migration",
    "aws_org_features.resources.approval",
    "aws_org_features.resources.root_policy_type",
    "aws_org_features.resources.gate",
)


def main(path: str) -> None:
    """Serve one client, until it goes away."""
    _load()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        serving: int | None = None
        for request, output in _requests(client):
            if request:
                serving = _fork(request, output, client)
                client.sendall(f"{serving}\n".encode())
            elif serving is not None:
                client.sendall(f"{_end(serving)}\n".encode())


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


def _requests(client: socket.socket) -> Iterator[tuple[dict[str, Any], int]]:
    text, descriptors = b"", array.array("i")
    while True:
        data, ancillary, _, _ = client.recvmsg(65536, socket.CMSG_SPACE(descriptors.itemsize))
        if not data:
            return
        for level, kind, received in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(received)
        text += data
        while b"\n" in text:
            line, _, text = text.partition(b"\n")
            yield (json.loads(line), descriptors.pop()) if line else ({}, -1)


def _fork(request: dict[str, Any], output: int, client: socket.socket) -> int:
    pid = os.fork()
    if not pid:
        client.close()
        _become_provider(request, output)
    os.close(output)
    return pid


def _become_provider(request: dict[str, Any], output: int) -> NoReturn:
    """Go on as the SDK's program, whose output the engine reads."""
    code = 1
    with contextlib.suppress(KeyboardInterrupt):
        os.dup2(output, 1)
        os.dup2(output, 2)
        # As of `python -u`, which the engine starts it with.
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.argv = [MODULE, request["address"]]
        runpy.run_module(MODULE, run_name="__main__", alter_sys=True)
        code = 0
    os._exit(code)


def _end(pid: int) -> float:
    os.kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1])
