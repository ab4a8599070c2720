"""A provider that the engine starts in place of Python: forked, it lives as long as that does."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.engine.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.harness.provider import Zygote

NO_ENGINE = "127.0.0.1:9"
"""An address where nobody answers: a provider asks the engine only once it has something to say."""


@contextlib.contextmanager
def started(zygote: Zygote, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A provider as the engine would start it, and the port on which it listens."""
    command = [zygote.command(), "-u", "-m", "pulumi.dynamic", NO_ENGINE]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_what_was_started(zygote: Zygote, tmp_path: Path, number: signal.Signals) -> None:
    with started(zygote, tmp_path) as (process, port):
        assert _listens(port)
        process.send_signal(number)
        process.wait()
        until(lambda: not _listens(port), "the provider is gone")


def test_each_is_a_process_of_its_own(zygote: Zygote, tmp_path: Path) -> None:
    with started(zygote, tmp_path) as (first, port), started(zygote, tmp_path) as (_, another):
        assert port != another
        first.kill()
        first.wait()
        until(lambda: not _listens(port), "the first is gone")
        assert _listens(another), "and the second goes on"


def test_for_all_else_it_is_python(zygote: Zygote, tmp_path: Path) -> None:
    ran = subprocess.run(
        [zygote.command(), "-c", "import sys, pulumi; print(sys.argv); sys.exit(3)", "one two"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "['-c', 'one two']\n", "")
