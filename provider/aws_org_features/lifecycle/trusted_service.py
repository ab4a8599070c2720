"""Check, diff, create, read, update and delete of a service that the organization trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws import ServiceAccess
from aws_org_features.common.ids import SERVICE_PRINCIPAL
from aws_org_features.lifecycle.inputs import connection_problems, organization_id_problems
from aws_org_features.lifecycle.on_off import OnOffLifecycle, on_destroy_of, on_destroy_problems
from aws_org_features.lifecycle.resource import GOAL, Call, connection_of
from aws_org_features.lifecycle.unknown import is_known
from aws_org_features.model.trusted_services import Declared
from aws_org_features.trusted_services import messages
from aws_org_features.trusted_services.reconcile import TrustedServiceReconciler
from aws_org_features.trusted_services.state import recorded_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.common.on_off import Outcome
    from aws_org_features.lifecycle.resource import Problem

INPUTS: Final = ("organization_id", "service_principal", "on_destroy", "connection", GOAL)


class TrustedServiceLifecycle(OnOffLifecycle):
    """The lifecycle of a trusted service, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    inputs = INPUTS
    subject = "service_principal"
    ahead = "which services must be trusted first"

    def __init__(self, call: Call) -> None:
        super().__init__(call, call.run.trusted_services)

    def _problems(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> list[Problem]:
        return [
            *organization_id_problems(before, news.get("organization_id")),
            *service_principal_problems(news.get("service_principal")),
            *on_destroy_problems(news.get("on_destroy")),
            *connection_problems(news.get("connection")),
        ]

    def _doubt(self, subject: str) -> str | None:
        return messages.doubt(subject)

    def _replaced_by(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
        wanted = news.get("service_principal")
        return ("service_principal",) if is_known(wanted) and wanted != kept.get("service_principal") else ()

    def _id(self, props: Mapping[str, Any], outcome: Outcome[Any]) -> str:
        return f"{outcome.seen.organization.id}/{props['service_principal']}"

    def _api(self, props: Mapping[str, Any]) -> ServiceAccess:
        connection = connection_of(self._call, props)
        return ServiceAccess(connection, self._log.progress, paces=self._call.run.paces, warn=self._log.warn)

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> TrustedServiceReconciler:
        return TrustedServiceReconciler(
            self._api(props),
            declared_by(props),
            recorded_from(kept),
            self._log,
            self._call.run.trusted_services,
            over=self._call.is_over,
        )


def declared_by(props: Mapping[str, Any]) -> Declared:
    """Read valid inputs; the outputs hold a copy of them, so this reads a state as well."""
    return Declared(
        organization_id=props["organization_id"],
        service_principal=props["service_principal"],
        on_destroy=on_destroy_of(props),
    )


def service_principal_problems(value: Any) -> Iterator[Problem]:
    """Problems of the form of a service's principal; AWS reports whether there is such a service."""
    if is_known(value) and not (isinstance(value, str) and SERVICE_PRINCIPAL.fullmatch(value)):
        text = f"service_principal is {value!r}, but a service's principal is like guardduty.amazonaws.com"
        yield ("service_principal", text)
