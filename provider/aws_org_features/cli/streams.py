"""Standard streams that fail: closed ones, a full disk, a reader that has gone. None ends in a traceback.

What is said beside the result is lost where it can't be said, and the work goes on: approvals aren't left
half-way for the sake of a line. A result that can't be printed ends the command.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_STREAMS: Final = 3


class OutputError(Exception):
    """Standard output can't be written to.

    Attributes:
        reason: Why; empty where its reader has gone, and knows why.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _BesideTheResult:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._stream, name)
        return type(self)(found) if name == "buffer" else found

    def write(self, content: str | bytes) -> int:
        """Write."""
        try:
            return int(self._stream.write(content))
        except OSError as error:
            if content:  # click writes nothing, to see what a stream takes
                self._failed(error)
        return len(content)

    def flush(self) -> None:
        """Write what is held back."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def _failed(self, _error: OSError) -> None:
        _discard(self._stream)


class _Result(_BesideTheResult):
    def _failed(self, error: OSError) -> NoReturn:
        _discard(self._stream)
        raise OutputError("" if error.errno == errno.EPIPE else error.strerror or str(error)) from error


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Guard the standard streams of this process; a closed one discards what is written to it.

    Raises:
        OutputError: The result couldn't be written.
    """
    _open_closed()
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", _Result(sys.stdout or _nowhere()))
    sys.stderr = cast("TextIO", _BesideTheResult(sys.stderr or _nowhere()))
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout, sys.stderr = before


def _open_closed() -> None:
    """Keep the numbers of closed streams from being given to files and connections."""
    while (opened := os.open(os.devnull, os.O_RDWR)) < _STREAMS:
        pass
    os.close(opened)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for as long as the process lives


def _discard(stream: Any) -> None:
    """Let what the stream still holds go nowhere, or Python would complain of it as it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
