"""The endpoint below /_emulator/ by which other processes steer an emulator. JSON both ways.

Only what can't be done through AWS's own API: the clock, faults, counts, the truth, the end.

| request | body | answer |
|---|---|---|
| GET status | | the organization, its accounts, the newest migration, the switches |
| GET calls | | counts, counts of writes, the log |
| DELETE calls | | forgets them |
| POST clock | `{"days": 1.5}`, `hours`, `seconds` | the new present |
| POST accounts | `{"account_id": …, "state": "CLOSED"}` | lets a member be closed, suspended, active again |
| POST faults | the fields of `faults.Fault` | |
| DELETE faults | | drops them |
| POST snapshot | `{"name": …}` | keeps everything as it is |
| POST restore | `{"name": …}` | makes everything what it was |
| POST stop | | asks the program that runs the emulator to end it |
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from werkzeug.wrappers import Request, Response

from aws_org_emulator.faults import Fault
from aws_org_emulator.gateway import bound

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from aws_org_emulator.emulator import Emulator

PREFIX = "/_emulator/"


def status_of(emulator: "Emulator") -> dict[str, Any]:
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

    def __init__(self, emulator: "Emulator", otherwise: "WSGIApplication") -> None:
        self._emulator = emulator
        self._otherwise = otherwise
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
            ("GET", "status"): lambda _: status_of(emulator),
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): lambda _: emulator.reset_calls(),
            ("POST", "clock"): lambda body: {"now": emulator.clock.advance(**body)},
            ("POST", "accounts"): lambda body: emulator.set_account_state(**body),
            ("POST", "faults"): lambda body: emulator.plan(Fault(**body)),
            ("DELETE", "faults"): lambda _: emulator.clear_faults(),
            ("POST", "snapshot"): lambda body: emulator.snapshot(**body),
            ("POST", "restore"): lambda body: emulator.restore(**body),
            ("POST", "stop"): lambda _: emulator.stop_requested.set(),
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._otherwise(environ, start_response)
        response = bound(environ) or self._answer(Request(environ))
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:

        route = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if route is None:
            return _json({"error": f"no such thing: {request.method} {request.path}"}, 404)
        try:
            body = json.loads(request.get_data() or b"{}")
            answer = route(cast("dict[str, Any]", body))
        except (TypeError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        return _json(answer if answer is not None else {})

    def _calls(self, _body: dict[str, Any]) -> dict[str, Any]:
        emulator = self._emulator
        return {"calls": emulator.calls, "writes": emulator.writes, "log": emulator.log}


def _json(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, default=datetime.isoformat)
    return Response(text, status, content_type="application/json")
