"""The provider's process, from the engine's side."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from tests import costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 300


class Zygote:
    """The process that provider processes are forked from: one for a run of the tests."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zygote-")
        self._path = str(Path(self._folder.name) / "socket")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self._path)
            listening.listen()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.zygote", str(listening.fileno())],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
            )
        costs.watch(self._process.pid)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        costs.leave(self._process.pid)
        self._process.wait(PATIENCE_SECONDS)
        self._folder.cleanup()

    def command(self) -> str:
        """A program that the engine may start in place of Python: it has its providers forked here."""
        program = Path(self._folder.name) / "python"
        if not program.exists():
            words = [sys.executable, "-IS", str(ROOT / "tests" / "harness" / "forked.py"), self._path]
            program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
            program.chmod(0o700)
        return str(program)

    def environment_in(self, folder: Path) -> None:
        """Make a virtual environment that is this run's, but for its Python, which is such a program."""
        ours = Path(sys.prefix)
        (folder / "bin").mkdir(parents=True)
        for each in (ours / "lib", ours / "pyvenv.cfg"):
            (folder / each.name).symlink_to(each)
        (folder / "bin" / "python").symlink_to(self.command())

    @contextlib.contextmanager
    def fork(self, address: str, environment: Mapping[str, str], folder: Path, output: int) -> Iterator[None]:
        """Have a provider's process, whose output goes to a descriptor."""
        request = {"arguments": [address], "environment": dict(environment), "folder": str(folder)}
        rights = array.array("i", [output, output])
        line = json.dumps(request).encode() + b"\n"
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE_SECONDS)
            client.connect(self._path)
            sent = client.sendmsg([line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            client.sendall(line[sent:])
            with client.makefile("rb") as answers:
                assert answers.readline(), "the process that provider processes are forked from is gone"
                try:
                    yield
                finally:
                    client.shutdown(socket.SHUT_WR)
                    answers.readline()  # it has ended


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
        printed: Gets each line that it prints.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, errors="replace") as output:
        listening = threading.Thread(target=lambda: [printed(line.rstrip("\n")) for line in output])
        with contextlib.ExitStack() as process:
            process.callback(lambda: listening.join(PATIENCE_SECONDS) if listening.ident else None)
            try:
                process.enter_context(zygote.fork(address, environment, folder, writing))
            finally:
                os.close(writing)
            ready, _, _ = select.select([output], [], [], PATIENCE_SECONDS)
            assert ready, "the provider's process doesn't tell its port"
            port = output.readline().strip()
            listening.start()
            # A port that an earlier process had is not taken for that one's.
            options = [*_GRPC_CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1)]
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
                yield provider_pb2_grpc.ResourceProviderStub(channel)
