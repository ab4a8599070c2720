"""The endpoint below /_emulator/ by which other processes steer an emulator. JSON both ways.

For what can't be done through AWS's own API (the clock, faults, counts, the truth, the end), and for what
people do there, with the credentials of the account that would do it.

| request | body | answer |
|---|---|---|
| GET status | | the organization, its accounts, the newest migration, the switches |
| GET calls | | counts, counts of writes, the log: time, operation, account, HTTP status, error, seconds |
| DELETE calls | | forgets them |
| POST actions | `{"action": "approve", "account_id": …}` | somebody acts; the handshake, or who was invited |
| POST clock | `{"days": 1.5}`, `hours`, `seconds` | the new present |
| POST accounts | `{"account_id": …, "state": "CLOSED"}` | lets a member be closed, suspended, active again |
| POST faults | the fields of `Fault` | |
| DELETE faults | | drops them |
| POST snapshot | `{"name": …}` | keeps everything as it is |
| POST restore | `{"name": …}` | makes everything what it was |
| POST stop | | asks the program that runs the emulator to end it |

Each has the header `X-Emulator-Control`, of any value, and a body is `application/json` by its header.
A browser sends neither to another origin without asking first, and is refused.
"""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from aws_org_emulator.people.actions import NothingPendingError
from aws_org_emulator.protocol.requests import CONTROL_HEADER, too_deep
from aws_org_emulator.scenario.scenario import Scenario, check_account_id
from aws_org_emulator.server.faults import Fault, LogEntry
from aws_org_emulator.server.request_guard import json_refusal
from aws_org_emulator.server.request_pipeline import read_body
from aws_org_emulator.server.stop_request import StopRequest
from aws_org_emulator.state.accounts import AccountState
from aws_org_emulator.timing.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_emulator/"
MOST_SNAPSHOTS = 100
"""The most that are kept for other processes: each holds a whole organization."""
PEOPLE_ACTIONS = (
    "approve",
    "approve_all",
    "decline",
    "join",
    "leave",
    "enable_all_features",
    "invite",
    "remove_account",
    "cancel",
    "finalize",
)
"""People's actions: methods of `Emulator`."""


class ControlledEmulator(Protocol):
    """Control of an emulator from other processes, besides a method for each of `PEOPLE_ACTIONS`."""

    scenario: Scenario
    stop_requested: StopRequest

    @property
    def endpoint(self) -> str:
        """The URL that clients take as endpoint_url."""

    @property
    def organization_id(self) -> str:
        """The organization's id."""

    @property
    def feature_set(self) -> str | None:
        """CONSOLIDATED_BILLING, ALL, or None without an organization."""

    @property
    def management(self) -> str:
        """The management account's id."""

    @property
    def invited(self) -> tuple[str, ...]:
        """Ids of the members that were invited."""

    @property
    def created(self) -> tuple[str, ...]:
        """Ids of the members that were created."""

    @property
    def standalone(self) -> tuple[str, ...]:
        """Ids of the accounts that are in no organization."""

    @property
    def parent(self) -> dict[str, Any] | None:
        """The newest parent, in boto3's shape."""

    @property
    def children(self) -> list[dict[str, Any]]:
        """All of the migration's children, in boto3's shape."""

    @property
    def migrations_started(self) -> int:
        """Number of migrations that have been started."""

    @property
    def clock(self) -> Clock:
        """The clock that handshakes and accounts go by."""

    @property
    def snapshots(self) -> Collection[str]:
        """The names under which something is kept."""

    @property
    def calls(self) -> Counter[str]:
        """Number of calls of each operation."""

    @property
    def writes(self) -> Counter[str]:
        """Those of `calls` that may change an organization."""

    @property
    def entries(self) -> list[LogEntry]:
        """Each call, with its time and what it was answered."""

    def set_account_state(self, account_id: str, state: AccountState) -> None:
        """Let a member be closed, suspended or reinstated."""

    def snapshot(self, name: str = "default") -> None:
        """Keep everything as it is now, under a name."""

    def restore(self, name: str = "default") -> None:
        """Make everything what it was at a snapshot."""

    def reset_calls(self) -> None:
        """Forget the calls so far."""

    def plan(self, fault: Fault) -> None:
        """Let a fault happen."""

    def clear_faults(self) -> None:
        """Drop all faults and callbacks."""


def status_of(emulator: ControlledEmulator) -> dict[str, Any]:
    """The organization, its accounts, switches, the newest migration: what `GET status` answers."""
    return {
        "endpoint": emulator.endpoint,
        "organization_id": emulator.organization_id,
        "feature_set": emulator.feature_set,
        "management": emulator.management,
        "invited": emulator.invited,
        "created": emulator.created,
        "standalone": emulator.standalone,
        "now": emulator.clock.now(),
        "parent": emulator.parent,
        "children": emulator.children,
        "migrations_started": emulator.migrations_started,
        "switches": asdict(emulator.scenario.switches),
    }


class Control:
    """Answers requests below `PREFIX`, and lets others pass.

    Args:
        emulator: what is steered.
        otherwise: the application for all other requests.
    """

    def __init__(self, emulator: ControlledEmulator, otherwise: "WSGIApplication") -> None:
        self._emulator = emulator
        self._otherwise = otherwise

        def act(body: dict[str, Any]) -> dict[str, Any]:
            return _act(emulator, body)

        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "status"): lambda _: status_of(emulator),
            ("GET", "calls"): lambda _: _calls(emulator),
            ("DELETE", "calls"): lambda _: emulator.reset_calls(),
            ("POST", "actions"): act,
            ("POST", "acts"): act,  # the former name
            ("POST", "clock"): lambda body: {"now": _called(emulator.clock.advance, body)},
            ("POST", "accounts"): lambda body: _called(emulator.set_account_state, body),
            ("POST", "faults"): lambda body: emulator.plan(_called(Fault, body)),
            ("DELETE", "faults"): lambda _: emulator.clear_faults(),
            ("POST", "snapshot"): lambda body: _snapshot(emulator, body),
            ("POST", "restore"): lambda body: _called(emulator.restore, body),
            ("POST", "stop"): lambda _: emulator.stop_requested.set(),
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._otherwise(environ, start_response)
        response = read_body(environ) or _unmarked(environ) or self._answer(Request(environ))
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None:
            return _json({"error": f"no such thing: {request.method} {request.path}"}, 404)
        try:
            answer = route(_body(request))
        except ClientError as error:
            return _json(_refusal(error), 409)
        except NothingPendingError as error:
            return _json({"error": str(error)}, 409)
        except (ArithmeticError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        return _json(answer if answer is not None else {})


def _unmarked(environ: "WSGIEnvironment") -> Response | None:
    """Refuse what a web page could have sent without being asked: a form, or a request without a header."""
    if not environ.get(f"HTTP_{CONTROL_HEADER.upper().replace('-', '_')}"):
        return json_refusal(f"A control request has the header {CONTROL_HEADER}: 1.")
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    has_body = environ["REQUEST_METHOD"] == "POST" or environ.get("CONTENT_LENGTH") not in {None, "", "0"}
    if has_body and kind != "application/json":
        return json_refusal("A control request has the header Content-Type: application/json.", 415)
    return None


def _snapshot(emulator: ControlledEmulator, body: dict[str, Any]) -> None:
    """Keep everything, under one of so many names.

    Raises:
        ValueError: there are as many already, or the name is none.
    """
    name = body.get("name", "default")
    if not isinstance(name, str):
        raise ValueError("name is a text")  # noqa: TRY004 - told as one
    if name not in emulator.snapshots and len(emulator.snapshots) >= MOST_SNAPSHOTS:
        raise ValueError(f"there are {MOST_SNAPSHOTS} snapshots already: take one of their names")
    _called(emulator.snapshot, body)


def _body(request: Request) -> dict[str, Any]:
    text = request.get_data()
    if too_deep(text):
        raise ValueError("the body is nested too deeply")
    body = json.loads(text or b"{}", parse_constant=_refuse_constant)
    if not isinstance(body, dict):
        raise ValueError("the body is a JSON object")  # noqa: TRY004 - told as one
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _called(function: Callable[..., Any], body: dict[str, Any]) -> Any:
    """Call a function with what a body says, if it says what the function takes.

    Raises:
        ValueError: it doesn't; names the parameter.
    """
    try:
        inspect.signature(function).bind(**body)
    except TypeError as error:
        raise ValueError(str(error)) from error
    return function(**body)


def _calls(emulator: ControlledEmulator) -> dict[str, Any]:
    log = [
        {
            "at": entry.at,
            "operation": entry.call.operation,
            "account_id": entry.call.account_id,
            "status": entry.status,
            "error": entry.error,
            "seconds": entry.seconds,
        }
        for entry in emulator.entries
    ]
    return {"calls": emulator.calls, "writes": emulator.writes, "log": log}


def _act(emulator: ControlledEmulator, body: dict[str, Any]) -> dict[str, Any]:
    """Let somebody act, as the emulator's method of that name does.

    Returns:
        The handshake that it was about, or the account.
    """
    name = body.pop("action", body.pop("act", None))  # the former name
    if name not in PEOPLE_ACTIONS:
        raise ValueError(f"{name!r} is no action: {', '.join(PEOPLE_ACTIONS)} are")
    if body.get("account_id") is not None:
        check_account_id(str(body["account_id"]))
        body["account_id"] = str(body["account_id"])
    done = _called(getattr(emulator, name), body)
    if isinstance(done, dict):
        return {"handshake": done}
    return {} if done is None else {"account_id": done}


def _refusal(error: ClientError) -> dict[str, Any]:
    """AWS's answer when it refuses."""
    said: Mapping[str, Any] = error.response
    reason = {"reason": said["Reason"]} if "Reason" in said else {}
    return {"error": said["Error"]["Message"], "code": said["Error"]["Code"], **reason}


def _in_utc(at: datetime) -> str:
    """A time as AWS gives it; botocore's are in the machine's own zone."""
    return at.astimezone(UTC).isoformat()


def _json(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, default=_in_utc)
    return Response(text, status, content_type="application/json")
