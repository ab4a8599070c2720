"""The path of every request to its service, as a WSGI application.

Bounds, whose credentials these are, counts, callbacks and faults. What a service answers belongs
to the service.
"""

import json
import re
import socket
import struct
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import uuid4

from werkzeug.wrappers import Response

from aws_org_emulator.iam.conditions import UnknownOperatorError
from aws_org_emulator.operations.caller_permissions import NotAuthorizedError, Permissions
from aws_org_emulator.organization.organization import management_of
from aws_org_emulator.protocol import required, validation
from aws_org_emulator.protocol.errors import error_code, error_response, not_implemented
from aws_org_emulator.protocol.exceptions import AccessDeniedError, OrganizationsError, SerializationError
from aws_org_emulator.protocol.requests import PEOPLE_HEADER, scope_of, too_deep
from aws_org_emulator.server.faults import Call, Fault, Traffic
from aws_org_emulator.server.http_server import MAX_BODY
from aws_org_emulator.server.services import SERVICE_KEY, SERVICES
from aws_org_emulator.state.shared import SharedState

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PEOPLE_KEY = f"HTTP_{PEOPLE_HEADER.upper().replace('-', '_')}"
_ACCOUNT_KEY = "HTTP_X_MOTO_ACCOUNT_ID"  # moto takes the caller's account from this header
_REQUEST_ID = "x-amzn-RequestId"
_OPERATION = re.compile(r"[A-Za-z0-9]{1,128}")
_NO_SUPPORT_PLAN = "Amazon Web Services Premium Support Subscription is required to use this service."
"""Answer of AWS Support to an account with Basic Support, which each account here has."""
_INTERNALS = ("/moto-api", "/latest/", "/favicon.ico")


class RequestPipeline:
    """Stands between the server and the services.

    Args:
        services: the application that answers.
        shared: whose accounts call.
        traffic: where calls are counted, and faults planned.
        stopping: set when the server ends; nothing hangs any longer then.
        served: told each call with its HTTP status, 0 for none, and the error that it ended in.
    """

    def __init__(
        self,
        services: "WSGIApplication",
        shared: SharedState,
        traffic: Traffic,
        stopping: Event,
        served: Callable[[Call, int, str | None], None],
    ) -> None:
        self._services = services
        self._shared = shared
        self._permissions = Permissions(shared)
        self._traffic = traffic
        self._stopping = stopping
        self._served = served

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        refusal = read_body(environ)
        service, access_key_id = _credential(environ)
        refusal = refusal or _other_service(service, environ) or _too_deep(service, environ)
        if refusal is not None:
            return refusal(environ, start_response)
        environ[SERVICE_KEY] = service
        account_id = self._account(access_key_id)
        call = Call(service, _operation(environ), account_id or "")
        environ.pop(_ACCOUNT_KEY, None)
        if account_id is not None:
            environ[_ACCOUNT_KEY] = account_id
        if _PEOPLE_KEY in environ:
            response = self._answer(call, access_key_id, environ)
        else:
            response = self._answer_with_faults(call, access_key_id, environ)
        if _REQUEST_ID not in response.headers:
            response.headers[_REQUEST_ID] = str(uuid4())
        self._served(call, response.status_code, error_code(response.status_code, response.get_data()))
        return response(environ, start_response)

    def _account(self, access_key_id: str | None) -> str | None:
        if access_key_id is None:
            return None
        with self._shared.locked_now():
            return self._shared.accounts.resolve(access_key_id)

    def _answer_with_faults(
        self, call: Call, access_key_id: str | None, environ: "WSGIEnvironment"
    ) -> Response:
        fault, before, after = self._traffic.record(call)
        for callback in before:
            callback(call.operation, call.account_id)
        if fault is not None and fault.when == "before":
            failure = self._fail(fault, call, environ, answer=None)
            if failure is not None:
                return failure
        response = self._throttled(call) or self._answer(call, access_key_id, environ)
        for callback in after:
            callback(call.operation, call.account_id)
        if fault is not None and fault.when == "after":
            return self._fail(fault, call, environ, answer=response) or response
        return response

    def _throttled(self, call: Call) -> Response | None:
        """Wait as long as the network would, and refuse what is asked too often."""
        switches = self._shared.switches
        if call.service != "organizations" or not call.account_id:
            return None
        if switches.latency:
            self._stopping.wait(switches.latency)
        if not switches.throttling:
            return None
        with self._shared.locked_now():
            organization = management_of(call.account_id)
            now = self._shared.clock.elapsed()
            if self._shared.buckets.take(call.operation, call.account_id, organization, now):
                return None
        message = "You have sent too many requests in too short a period of time."
        return error_response(call.service, "TooManyRequestsException", message)

    def _answer(self, call: Call, access_key_id: str | None, environ: "WSGIEnvironment") -> Response:
        if access_key_id is None:
            return _unsigned(call)
        if not call.account_id:
            return _unrecognized(call)
        refusal = _malformed(call, environ)
        if refusal is None and _PEOPLE_KEY not in environ:
            refusal = self._unauthorized(call, access_key_id, environ)
        return refusal or Response.from_app(self._services, environ, buffered=True)

    def _unauthorized(self, call: Call, access_key_id: str, environ: "WSGIEnvironment") -> Response | None:
        """Refuse what the caller's policies don't allow, where they are to decide."""
        if not self._shared.switches.iam_enforcement:
            return None
        around = {"aws:sourceip": (environ["REMOTE_ADDR"],), "aws:requestedregion": (scope_of(environ)[2],)}
        try:
            with self._shared.locked_now():
                self._permissions.check(
                    call.service, call.operation, access_key_id, _parameters(environ), around
                )
        except NotAuthorizedError as error:
            return _not_authorized(call, error)
        except UnknownOperatorError as error:
            message = f"The emulator doesn't know the condition operator {error}."
            return error_response(call.service, "NotImplemented", message, 501)
        return None

    def _fail(
        self, fault: Fault, call: Call, environ: "WSGIEnvironment", *, answer: Response | None
    ) -> Response | None:
        error = error_response(call.service, fault.error, fault.message, fault.status, reason=fault.reason)
        if fault.kind == "error":
            return error
        if fault.kind == "truncate":
            return _truncated(answer or error)
        if fault.kind == "hang":
            self._stopping.wait(fault.seconds)
            return None
        self._served(call, 0, None)
        _reset(environ["werkzeug.socket"])
        raise ConnectionResetError("the emulator was set to close this connection")


def refused(environ: "WSGIEnvironment", why: str) -> Response:
    """A request that may not be made at all, refused in the form of its service."""
    service, _ = _credential(environ)
    code = "AccessDeniedException" if service == "organizations" else "AccessDenied"
    return error_response(service, code, why, 403)


def _other_service(service: str, environ: "WSGIEnvironment") -> Response | None:
    """Refuse requests for other services, in the forms in which those answer."""
    if service in SERVICES or not service:
        return None
    if service == "support":
        return error_response("organizations", "SubscriptionRequiredException", _NO_SUPPORT_PLAN)
    message = f"The emulator has no {service[:64]}: it has {', '.join(SERVICES)}, and no other service."
    return not_implemented(service, environ, _form(environ), message)


def _too_deep(service: str, environ: "WSGIEnvironment") -> Response | None:
    if environ.get("HTTP_X_AMZ_TARGET") and too_deep(environ["wsgi.input"].getvalue()):
        return error_response(service, "SerializationException", "The body is nested too deeply.")
    return None


def _malformed(call: Call, environ: "WSGIEnvironment") -> Response | None:
    """Refuse what isn't a request of its service, by its model."""
    if call.service != "organizations":
        if not required.is_operation(call.service, call.operation):
            message = f"Could not find operation {call.operation}."
            return error_response(call.service, "InvalidAction", message)
        lacking = required.missing(call.service, call.operation, _form(environ))
        return error_response(call.service, "ValidationError", lacking) if lacking else None
    try:
        validation.check(call.operation, _read(environ))
    except OrganizationsError as error:
        return _refusal(error)
    return None


def _read(environ: "WSGIEnvironment") -> Any:
    try:
        return json.loads(environ["wsgi.input"].getvalue() or b"{}")
    except ValueError:
        raise SerializationError from None


def _refusal(error: OrganizationsError) -> Response:
    return error_response("organizations", error.code, error.message, reason=error.reason)


def _truncated(response: Response) -> Response:
    """The first half of an answer that announces all of it; the server then closes the connection."""
    body = response.get_data()
    half = Response(body[: len(body) // 2], response.status_code, response.headers)
    half.headers["Content-Length"] = str(len(body))  # after the body, which sets its own
    return half


def _unrecognized(call: Call) -> Response:
    message = "The security token included in the request is invalid."
    if call.service == "organizations":
        return error_response(call.service, "UnrecognizedClientException", message)
    return error_response(call.service, "InvalidClientTokenId", message, 403)


def _not_authorized(call: Call, error: NotAuthorizedError) -> Response:
    if call.service == "organizations":  # which says the same for every refusal
        return _refusal(AccessDeniedError())
    return error_response(call.service, "AccessDenied", str(error), 403)


def _unsigned(call: Call) -> Response:
    message = "Request is missing Authentication Token"
    return error_response(call.service, "MissingAuthenticationToken", message, 403)


def read_body(environ: "WSGIEnvironment") -> Response | None:
    """Read the body, unless it is too large, and keep to paths that are a service's."""
    if environ.get("wsgi.input_terminated"):
        return Response("A Content-Length is required.\n", 411)
    declared = environ.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal():
        return Response("A Content-Length is a number.\n", 400)
    length = int(declared)
    if length > MAX_BODY:
        return Response(f"At most {MAX_BODY} bytes.\n", 413)
    environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
    if environ["PATH_INFO"].startswith(_INTERNALS):
        return Response("There is nothing here.\n", 404)
    return None


def _credential(environ: "WSGIEnvironment") -> tuple[str, str | None]:
    """The service that a request is signed for, and its access key: Signature Version 4."""
    scope = scope_of(environ)
    if not scope:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        return ("organizations" if target.startswith("AWSOrganizations") else ""), None
    return scope[3].lower(), scope[0]


def _operation(environ: "WSGIEnvironment") -> str:
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    found = target.rpartition(".")[2] if target else str(_form(environ).get("Action", ""))
    # It is counted, and printed: only what could be an operation's name.
    return found if _OPERATION.fullmatch(found) else ""


def _parameters(environ: "WSGIEnvironment") -> dict[str, Any]:
    """A call's parameters, in either protocol; none where they can't be read, which its service will tell."""
    if not environ.get("HTTP_X_AMZ_TARGET"):
        return _form(environ)
    try:
        found = json.loads(environ["wsgi.input"].getvalue() or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _form(environ: "WSGIEnvironment") -> dict[str, Any]:
    body: BytesIO = environ["wsgi.input"]
    form = parse_qs(environ.get("QUERY_STRING", "")) | parse_qs(body.getvalue().decode("utf-8", "replace"))
    return {name: values[0] for name, values in form.items()}


def _reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees a reset, not an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())  # at once: the handler would send an end first
