"""Whom requests are signed by and for, and how errors look: JSON for Organizations, query XML for STS, IAM.

Of errors, those that moto doesn't render: that are no operation's own.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

ACT_HEADER = "X-Emulator-Act"
"""Marks requests that somebody else is acting by: not counted, no fault meets them, nothing lags for them."""

CONTROL_HEADER = "X-Emulator-Control"
"""Must be on requests that steer the emulator: a web page can't send it to another origin unasked."""

SERVER_ERRORS = 500
"""From this HTTP status on, an error is the service's fault."""
ERRORS = 400
"""From this HTTP status on, an answer is an error."""
_SCOPE = 5
DEEPEST = 64
"""So deep may JSON be nested; what AWS and the emulator are asked isn't by far."""
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_CODE = re.compile(rb"<Code>(\w+)</Code>")


def scope_of(environ: Mapping[str, Any]) -> list[str]:
    """The credential of Signature Version 4: key, date, region, service, aws4_request. Empty if unsigned."""
    _, _, rest = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")
    scope: list[str] = rest.split(",")[0].strip().split("/")
    return scope if len(scope) >= _SCOPE else []


def too_deep(text: bytes) -> bool:
    """Whether JSON is nested deeper than `DEEPEST`, found without reading it."""
    depth = 0
    for found in _STRUCTURE.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found.group(), 0)
        if depth > DEEPEST:
            return True
    return False


def json_error(code: str, message: str, reason: str | None = None) -> str:
    """The body of an error in AWS's JSON protocol."""
    body = {"__type": code, "Message": message}
    if reason is not None:
        body["Reason"] = reason
    return json.dumps(body)


def query_error(code: str, message: str, status: int) -> str:
    """The body of an error in AWS's query protocol."""
    fault = "Sender" if status < SERVER_ERRORS else "Receiver"
    return (
        f"<ErrorResponse><Error><Type>{fault}</Type><Code>{escape(code)}</Code>"
        f"<Message>{escape(message)}</Message></Error>"
        "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
    )


def error_code(status: int, body: bytes) -> str | None:
    """AWS's name for the error that an answer is, in either protocol, or None."""
    if status < ERRORS:
        return None
    try:
        return str(json.loads(body)["__type"]).rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        found = _CODE.search(body)
        return found[1].decode() if found else None
