"""The provider's process, from the engine's side."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from tests import costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 120


class Zygote:
    """The process that provider processes are forked from: one for a run of the tests."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zygote-")
        path = str(Path(self._folder.name) / "socket")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen(1)
            listening.settimeout(1)
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            command = [sys.executable, "-m", "tests.harness.zygote", path]
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
            self._socket = self._accept(listening)
        self._socket.settimeout(PATIENCE_SECONDS)
        self._answers = self._socket.makefile("rb")

    def _accept(self, listening: socket.socket) -> socket.socket:
        until = time.monotonic() + PATIENCE_SECONDS
        while self._process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                return listening.accept()[0]
        raise RuntimeError("what provider processes are forked from doesn't come up: see its stderr")

    def close(self) -> None:
        """End it."""
        self._answers.close()
        self._socket.close()
        self._process.wait(PATIENCE_SECONDS)
        self._folder.cleanup()

    def fork(self, address: str, environment: Mapping[str, str], folder: Path, output: int) -> None:
        """Have a provider's process begin, whose output goes to a descriptor."""
        request = {"address": address, "environment": dict(environment), "folder": str(folder)}
        rights = array.array("i", [output])
        line = json.dumps(request).encode() + b"\n"
        sent = self._socket.sendmsg([line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        self._socket.sendall(line[sent:])
        self._answer()

    def end(self) -> None:
        """End the provider's process."""
        self._socket.sendall(b"\n")
        costs.count(float(self._answer()))

    def _answer(self) -> bytes:
        line = self._answers.readline()
        assert line, "the process that provider processes are forked from is gone"
        return line


@contextlib.contextmanager
def serving(
    zygote: Zygote,
    address: str,
    environment: Mapping[str, str],
    folder: Path,
    printed: Callable[[str], object],
) -> Iterator[Any]:
    """A provider's process of one command, as a client of it.

    Args:
        zygote: What it is forked from.
        address: Of the engine, for its messages.
        environment: The process's.
        folder: Where it runs.
        printed: Is told each line that it prints.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, errors="replace") as output:
        try:
            zygote.fork(address, environment, folder, writing)
        finally:
            os.close(writing)
        listening = threading.Thread(target=lambda: [printed(line.rstrip("\n")) for line in output])
        try:
            ready, _, _ = select.select([output], [], [], PATIENCE_SECONDS)
            assert ready, "the provider's process doesn't tell its port"
            port = output.readline().strip()
            listening.start()
            # A port that an earlier process had is not taken for that one's.
            options = [*_GRPC_CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1)]
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
                yield provider_pb2_grpc.ResourceProviderStub(channel)
        finally:
            zygote.end()
            if listening.ident:
                listening.join(PATIENCE_SECONDS)
