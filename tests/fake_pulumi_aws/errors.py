"""Errors in one line, instead of a traceback."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Refused(Exception):  # noqa: N818 - an answer, not a mishap
    """Nothing more is done; the text says why."""


def code_of(error: ClientError) -> str:
    """The name that AWS gives an error."""
    return error.response["Error"]["Code"]


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Tell what AWS answers as Terraform's provider does: what was being done, the error, AWS's own words.

    Raises:
        Refused: AWS refused, or wasn't reached.
    """
    try:
        yield
    except ClientError as error:
        raise Refused(f"{doing}: {code_of(error)}: {error.response['Error']['Message']}") from error
    except BotoCoreError as error:
        raise Refused(f"{doing}: {error}") from error


def unless_gone(call: Callable[[], Any], *codes: str) -> Any | None:
    """The result of a call; None if AWS answers that there is no such thing."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) not in codes:
            raise
        return None
