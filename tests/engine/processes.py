"""The processes that a command of the engine consists of, and their end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

PATIENCE_SECONDS = 300
_QUIET_SECONDS = 2


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something.

    Args:
        done: Whether it is so.
        what: What it is, for the failure.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {what}"
        time.sleep(0.02)


def engines() -> list[int]:
    """The engines that this process runs."""
    return [pid for pid in _all() if _parent(pid) == os.getpid() and _command(pid)[0].endswith(b"pulumi")]


def providers() -> list[int]:
    """The providers' processes of these engines."""
    return [pid for pid in _all() if b"pulumi.dynamic" in _command(pid) and _descends_from_us(pid)]


def plugins() -> list[int]:
    """The native providers' processes of these engines."""
    name = b"pulumi-resource-org-features"
    return [
        pid
        for pid in _all()
        if any(word.endswith(name) for word in _command(pid)[:2]) and _descends_from_us(pid)
    ]


def is_gone(pid: int) -> bool:
    """Return whether a process has ended."""
    return _state(pid) in {"", "X", "Z"}


def kill(pids: list[int]) -> None:
    """Kill processes; gives back once they are gone, or nothing but their exit codes is left of them."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until(lambda: all(map(is_gone, pids)), "killed processes are gone")


def end_orphans(orphans: list[int], org: Emulator) -> None:
    """See that providers without an engine stop asking, and end them: they would stay."""
    seen = [(org.calls.total(), time.monotonic())]

    def quiet() -> bool:
        if (now := org.calls.total()) != seen[-1][0]:
            seen.append((now, time.monotonic()))
        return time.monotonic() - seen[-1][1] >= _QUIET_SECONDS

    until(quiet, "a provider without an engine stops asking")
    kill(orphans)


def _all() -> list[int]:
    return [int(each.name) for each in Path("/proc").glob("[0-9]*")]


def _command(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", "0"]


def _state(pid: int) -> str:
    return _stat(pid)[0]


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _descends_from_us(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        pid = _parent(pid)
    return False
