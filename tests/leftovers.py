"""Checks that a test leaves nothing to later ones: no mock of Pulumi's engine, no thread in code of ours.

Threads of an emulator may stay: where it serves several tests, they wait for a client's next request.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
OURS: Final = tuple(f"{ROOT / name}/" for name in ("tests", "provider"))
SECONDS: Final = 60
"""The time that a thread may take to end after its test."""


@pytest.fixture(autouse=True)
def _no_mock_is_left() -> Iterator[None]:
    """A program of a later test would ask it."""
    yield
    mocks = sys.modules.get("pulumi.runtime.mocks")
    if mocks is not None:
        monitor = sys.modules["pulumi.runtime.settings"].get_monitor()
        assert not isinstance(monitor, mocks.MockMonitor), "a mock of Pulumi's engine is still set"


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """It would use what a later test replaces, as the clock, and take the processor from it."""
    before = set(threading.enumerate())
    yield
    left = still_running(before, SECONDS)
    assert not left, f"threads of this test still run: {', '.join(left)}"


def still_running(before: set[threading.Thread], seconds: float) -> list[str]:
    """Names of the threads that aren't among those before, and don't end within some seconds each."""
    running = [thread for thread in threading.enumerate() if thread not in before and runs_our_code(thread)]
    for thread in running:
        thread.join(seconds)
    return [thread.name for thread in running if runs_our_code(thread)]


def runs_our_code(thread: threading.Thread) -> bool:
    """Return whether a thread is in a function of the tests or the provider; one of an idle pool isn't."""
    if not thread.is_alive():  # another one may have its number by now
        return False
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if frame.f_code.co_filename.startswith(OURS):
            return True
        frame = frame.f_back
    return False
