"""Small things that several tests of the emulator need."""

from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError


class Refusal(NamedTuple):
    """The contents of an error."""

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


def made_account(management: Any, **parameters: Any) -> str:
    """The id of an account that CreateAccount makes."""
    asked = management.create_account(**parameters)["CreateAccountStatus"]["Id"]
    status = management.describe_create_account_status(CreateAccountRequestId=asked)["CreateAccountStatus"]
    return str(status["AccountId"])


STATEMENTS = '{"Version": "2012-10-17", "Statement": []}'
CONTENTS = {
    "AISERVICES_OPT_OUT_POLICY": '{"services": {}}',
    "BACKUP_POLICY": '{"plans": {}}',
    "RESOURCE_CONTROL_POLICY": STATEMENTS,
    "SERVICE_CONTROL_POLICY": STATEMENTS,
    "TAG_POLICY": '{"tags": {}}',
}


def content(policy_type: str) -> str:
    """A policy of a type that says nothing."""
    return CONTENTS.get(policy_type, "{}")


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
