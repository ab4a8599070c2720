"""Standard streams that fail: closed ones, a full disk, a reader that has gone. None ends in a traceback."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO, cast

_STREAMS = 3
_PIPE_CODE = 141
"""Exit code that a shell shows for a program that SIGPIPE has ended; the reader knows why, so no message."""


class OutputError(Exception):
    """Standard output can't be written to.

    Attributes:
        code: the exit code that follows from it.
    """

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


class _Guarded:
    """A stream whose failures are distinguished from those of files and connections."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._stream, name)
        return type(self)(found) if name == "buffer" else found

    def write(self, text: str | bytes) -> int:
        """Write."""
        try:
            return int(self._stream.write(text))
        except OSError as error:
            if text:  # click writes nothing, to see what a stream takes
                self._failed(error)
        return len(text)

    def flush(self) -> None:
        """Write what is held back."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def _failed(self, _error: OSError) -> None:
        """Lose the output beside the result, and let the work go on."""
        _discard(self._stream)


class _Output(_Guarded):
    def _failed(self, error: OSError) -> NoReturn:
        _discard(self._stream)
        if error.errno == errno.EPIPE:
            raise OutputError("", _PIPE_CODE) from error
        raise OutputError(f"can't write to standard output: {error.strerror}", 1) from error


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Guard the standard streams of this process; a closed one discards what is written to it."""
    _open_closed()
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", _Output(sys.stdout or _nowhere()))
    sys.stderr = cast("TextIO", _Guarded(sys.stderr or _nowhere()))
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
