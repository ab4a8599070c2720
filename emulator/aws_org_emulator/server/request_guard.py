"""Guard of the emulator's requests, as a WSGI application in front of all others.

Any program on this machine may, but no web page: a browser sends a page's requests to any address. Its
name for the emulator (`Host`) must be one of a list, or a page could have its own name lead here. What
browsers say of a request's origin must be nothing, or this server itself. There are no CORS headers.
"""

import json
import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Refuse = Callable[[WSGIEnvironment, str], Response]

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::[0-9]{1,5})?", re.IGNORECASE)
_OWN_SITE = frozenset({"same-origin", "none"})


class RequestGuard:
    """Lets requests pass, or refuses them.

    Args:
        inside: the application that answers.
        hosts: names under which the emulator is asked, besides the loopback ones and the address itself.
        refuse: makes the refusal of a request, for a reason.
    """

    def __init__(self, inside: "WSGIApplication", hosts: Iterable[str], refuse: "Refuse") -> None:
        self._inside = inside
        self._hosts = frozenset(host.strip("[]").lower() for host in hosts)
        self._refuse = refuse

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        why = self._foreign_host(environ) or _foreign_origin(environ)
        answer = self._inside if why is None else self._refuse(environ, why)
        return answer(environ, start_response)

    def _foreign_host(self, environ: "WSGIEnvironment") -> str | None:
        asked = environ.get("HTTP_HOST", "")
        found = _HOST.fullmatch(asked)
        name = found[1].strip("[]").lower() if found else ""
        if name and (_is_loopback(name) or name in self._hosts or name == _bound_to(environ)):
            return None
        return f"The emulator isn't asked as {asked!r}: it takes a name beside its own by --allow-host."


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _bound_to(environ: "WSGIEnvironment") -> str | None:
    """The address of this machine that the request came in at."""
    connection = environ.get("werkzeug.socket")
    return None if connection is None else str(connection.getsockname()[0]).lower()


def _foreign_origin(environ: "WSGIEnvironment") -> str | None:
    origin = environ.get("HTTP_ORIGIN")
    own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
    foreign_site = environ.get("HTTP_SEC_FETCH_SITE", "none") not in _OWN_SITE
    if (origin is not None and origin.lower() != own.lower()) or foreign_site:
        return "The emulator doesn't take requests of web pages."
    return None


def json_refusal(why: str, status: int = 403) -> Response:
    """A refusal of a request that isn't AWS's."""
    return Response(json.dumps({"error": why}), status, content_type="application/json")
