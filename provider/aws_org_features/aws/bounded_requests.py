"""Requests that end: by a time, and by a size, no matter what answers.

botocore's own read timeout begins again with every byte, and it takes as many as come.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOON: Final = 1.5
"""Seconds after which a person wonders whether anything answers."""

_listening: list[Callable[[str], None]] = []


@contextlib.contextmanager
def telling_of_silence(tell: Callable[[str], None]) -> Iterator[None]:
    """Have somebody told who waits before a terminal, in a sentence, while nothing answers; once."""
    _listening.append(tell)
    try:
        yield
    finally:
        _listening.clear()


def _silent(address: str) -> None:
    parts = urlsplit(address)  # only this is shown: an address may hold a password
    where = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    while _listening:
        _listening.pop()(f"no answer from {where} yet: still trying")


LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer, uncompressed; AWS's pages are a thousandth of that."""


class Bounded:
    """An HTTP session of botocore's whose requests end.

    Args:
        session: The session.
        seconds: The longest that a request may take, from its connection to its answer's last byte.
    """

    def __init__(self, session: Any, seconds: float) -> None:
        self._session = session
        self._seconds = seconds

    def send(self, request: Any) -> Any:
        """Send a request, and read its answer.

        On a thread of its own: nothing else stops a read that goes on getting a byte now and then. One that
        is given up ends with its connection, or with the process.

        Raises:
            ReadTimeoutError: It took too long; whether the request took effect isn't known.
            ResponseParserError: The answer is too large.
        """
        from botocore.exceptions import ReadTimeoutError

        outcome: list[Any] = []
        failure: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(self._sent(request))
            except BaseException as error:  # noqa: BLE001 - raised where it was asked
                failure.append(error)

        thread = threading.Thread(target=run, name="aws-org-features-request", daemon=True)
        thread.start()
        thread.join(min(SOON, self._seconds))
        if thread.is_alive():
            _silent(request.url)
            thread.join(self._seconds - SOON)
        if failure:
            _silent(request.url)  # it is sent again, after a pause
            raise failure[0]
        if not outcome:
            raise ReadTimeoutError(endpoint_url=request.url)
        return outcome[0]

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _sent(self, request: Any) -> Any:
        if request.stream_output:
            return self._session.send(request)
        request.stream_output = True
        response = self._session.send(request)
        if response._content is None:  # noqa: SLF001 - as botocore's own reading leaves it
            response._content = _content(response.raw, request)  # noqa: SLF001
        return response


def _content(raw: Any, request: Any) -> bytes:
    """An answer's body, with errors as botocore's session has them."""
    from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError
    from botocore.parsers import ResponseParserError
    from urllib3 import exceptions as u3

    found = bytearray()
    try:
        for part in raw.stream():
            found += part
            if len(found) > LARGEST:
                break
    except u3.ReadTimeoutError as error:
        raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
    except u3.ProtocolError as error:
        raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
    except Exception as error:
        raise HTTPClientError(error=error) from error
    if len(found) > LARGEST:
        raw.close()
        raise ResponseParserError(f"it is larger than {LARGEST:,} bytes")
    return bytes(found)
