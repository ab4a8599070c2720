"""One at a time: a lock on a file that several commands write to."""

from __future__ import annotations

import contextlib
import errno
import sys
import time
from typing import IO, TYPE_CHECKING, Final

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE: Final = 60.0
"""Seconds. What is done under the lock takes far less; a command that Ctrl-Z stopped may hold it for ever."""
_TICK: Final = 0.02
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""Errors by which a file system says that it knows no locks, as some that are shared do."""


@contextlib.contextmanager
def locked(file: IO[bytes], patience: float | None = None) -> Iterator[None]:
    """Hold the lock of an open file; where there are no locks, go on without, as one command alone may.

    Args:
        file: The file.
        patience: How many seconds to wait for it.

    Raises:
        OSError: Another process has held it all the time.
    """
    _take(file, _PATIENCE if patience is None else patience)
    try:
        yield
    finally:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)


def _take(file: IO[bytes], patience: float) -> None:
    end = time.monotonic() + patience
    while not _taken(file):
        if time.monotonic() >= end:
            raise OSError(errno.EBUSY, f"another command has been writing to it for {patience:.0f} s")
        time.sleep(_TICK)


def _taken(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True
