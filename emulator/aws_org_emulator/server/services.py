"""moto's services, with this package's IAM, Organizations and STS in place of moto's.

Nothing of moto is patched: its table of backends is given a subclass while an emulator runs, and
requests for the three services go to subclasses of its response classes.
"""

from typing import TYPE_CHECKING, Any

from flask import Flask
from moto.core.base_backend import BackendDict
from moto.core.responses import BaseResponse
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import HTTP_METHODS, BackendRequest
from moto.organizations.models import OrganizationsBackend, organizations_backends
from werkzeug.wrappers import Response

from aws_org_emulator.operations.iam import IamResponses
from aws_org_emulator.operations.organizations import OrganizationsResponses
from aws_org_emulator.operations.sts import StsResponses
from aws_org_emulator.organization.organization import Organizations
from aws_org_emulator.protocol.errors import error_response
from aws_org_emulator.state.shared import SharedState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SERVICES = ("iam", "organizations", "sts")
"""The services of the emulator: nothing else of moto's answers."""
SERVICE_KEY = "aws_org_emulator.service"
"""The key in a request's environment that says which of them it is for."""


def install(shared: SharedState) -> "WSGIApplication":
    """Empty moto, and let it keep organizations as this package does.

    Args:
        shared: what the organizations live in.

    Returns:
        An application that answers for the `SERVICES`, as `SERVICE_KEY` says.
    """
    uninstall()
    backend = type("Organizations", (Organizations,), {"shared": shared})
    organizations_backends.backend = backend
    ours: dict[str, type[BaseResponse]] = {
        "iam": type("IamResponses", (IamResponses,), {"shared": shared}),
        "organizations": type("OrganizationsResponses", (OrganizationsResponses,), {"shared": shared}),
        "sts": type("StsResponses", (StsResponses,), {"shared": shared}),
    }

    # Made here and not at the first request: making one compiles its routes, and Python 3.11 fails at
    # compiling on two threads at once (python/cpython#106905).
    made = {service: _app(service, responses) for service, responses in ours.items()}

    def dispatch(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        return made[environ[SERVICE_KEY]](environ, start_response)

    return dispatch


def uninstall() -> None:
    """Empty moto, and give it back its own backend."""
    BackendDict.reset()
    organizations_backends.master_accounts.clear()
    organizations_backends.backend = OrganizationsBackend


def backend_of(account_id: str, partition: str = "aws") -> Organizations:
    """The Organizations backend that stands for an account, while an emulator runs."""
    backend: Any = organizations_backends[account_id][partition]
    assert isinstance(backend, Organizations)  # noqa: S101 - an emulator installs no other
    return backend


def _app(service: str, responses: type[BaseResponse]) -> Flask:
    app = Flask("aws_org_emulator")
    app.request_class = BackendRequest
    view = convert_to_flask_response(responses.dispatch)
    app.add_url_rule("/", endpoint="dispatch", methods=HTTP_METHODS, view_func=view)

    def unknown(error: NotImplementedError) -> Response:
        return error_response(service, "NotImplemented", f"The emulator doesn't know that: {error}", 501)

    def failed(error: Exception) -> Response:
        app.logger.exception("the emulator failed", exc_info=error)
        code = "ServiceException" if service == "organizations" else "ServiceFailure"
        return error_response(service, code, f"The emulator failed: {type(error).__name__}.", 500)

    app.register_error_handler(NotImplementedError, unknown)
    app.register_error_handler(Exception, failed)
    return app
