"""Errors in the form of the protocol that a service speaks, also for services that the emulator hasn't.

A client that is answered in another form than its own dies of that, and never tells what it was answered.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

JSON = "application/x-amz-json-1.1"
"""Content type of Organizations' answers."""
_REST_XML = frozenset({"cloudfront", "route53", "s3", "s3-outposts"})
"""Services that answer XML to a path, by what they are signed for."""
SERVER_ERRORS = 500
"""From this HTTP status on, an error is the service's fault."""
ERRORS = 400
"""From this HTTP status on, an answer is an error."""
_CODE = re.compile(rb"<Code>(\w+)</Code>")


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


def error_response(
    service: str, code: str, message: str, status: int = 400, *, reason: str | None = None
) -> Response:
    """An error as Organizations, IAM or STS answers it: JSON for the first, else query XML."""
    if service == "organizations":
        answer = Response(json_error(code, message, reason), status, content_type=JSON)
        answer.headers["x-amzn-ErrorType"] = code
        return answer
    return Response(query_error(code, message, status), status, content_type="text/xml")


def not_implemented(
    service: str, environ: Mapping[str, Any], form: Mapping[str, Any], message: str
) -> Response:
    """NotImplemented in the protocol that a request to any service is in, as far as the request shows it.

    Args:
        service: what it is signed for.
        environ: the request's headers and path.
        form: its query and body, where those are a form.
        message: what the error says.
    """
    code, status = "NotImplemented", 501
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        answer = Response(
            _cbor({"__type": code, "message": message}), status, content_type="application/cbor"
        )
        answer.headers["smithy-protocol"] = "rpc-v2-cbor"
        return answer
    if service == "ec2":
        return Response(_ec2(code, message), status, content_type="text/xml")
    if service in _REST_XML or "Action" in form:
        return Response(query_error(code, message, status), status, content_type="text/xml")
    asked = environ.get("CONTENT_TYPE", "")
    kind = asked if asked.startswith("application/x-amz-json-") else JSON
    answer = Response(
        json_error(code, message),
        status,
        content_type=kind if "HTTP_X_AMZ_TARGET" in environ else "application/json",
    )
    answer.headers["x-amzn-ErrorType"] = code
    return answer


def _ec2(code: str, message: str) -> str:
    error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    request = "<RequestID>00000000-0000-0000-0000-000000000000</RequestID>"
    return f"<Response><Errors>{error}</Errors>{request}</Response>"


def _cbor(texts: Mapping[str, str]) -> bytes:
    """A map of texts, RFC 8949; of fewer than 24 entries, each shorter than 64 KiB."""
    parts = [bytes([0xA0 | len(texts)])]
    for text in (each for pair in texts.items() for each in pair):
        encoded = text.encode()
        parts.append(b"\x79" + len(encoded).to_bytes(2, "big") + encoded)
    return b"".join(parts)
