"""Small things that several tests of the emulator need."""

from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError


class Refusal(NamedTuple):
    """What an error says."""

    code: str
    reason: str | None
    message: str
    status: int


def refusal(call: Any, **parameters: Any) -> Refusal:
    """The error that a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: dict[str, Any] = dict(caught.value.response)
    error = response["Error"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return Refusal(error["Code"], response.get("Reason"), error["Message"], status)


def pages(call: Any, key: str, **parameters: Any) -> list[list[Any]]:
    """All pages of a list, by hand, as botocore's paginators would skip what is odd."""
    found = []
    token: dict[str, str] = {}
    while True:
        page = call(**parameters, **token)
        found.append(page[key])
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


def handshakes(call: Any, **parameters: Any) -> list[dict[str, Any]]:
    """All handshakes of a list."""
    return [each for page in pages(call, "Handshakes", **parameters) for each in page]
