"""The JSON of `approve`: one object of a stable shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.cli.render import output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_org_features.approver.approve import Result
    from aws_org_features.cli.account_names import Names
    from aws_org_features.migration.approval_scope import Scope
    from aws_org_features.migration.approve_standalone import Standing
    from aws_org_features.model.migration import Approver, Failure, Waiting
    from aws_org_features.model.organizations import Organization

_HEAD: Final = (
    "mode",
    "organization_id",
    "management_account_id",
    "role_arn_template",
    "status",
    "message",
    "handshake_id",
    "expires_at",
)
_DIVIDED: Final = ("outstanding", "outstanding_elsewhere", "declined", "not_asked", "without_account")
FIELDS: Final = {
    "plan": (*_HEAD, *_DIVIDED),
    "approve": (*_HEAD, "approved", "failed", "interrupted", *_DIVIDED),
    "probe": (*_HEAD, "reached", "unreached", "left", "interrupted"),
}
"""Fields of the object, by its mode."""


class JsonReport:
    """Tells a program; the methods are `TextReport`'s.

    Args:
        organization: Whose migration it is.
        approver: On whose behalf, and by which role.
        names: What the accounts are called.
    """

    def __init__(self, organization: Organization, approver: Approver, names: Names) -> None:
        self._organization = organization
        self._approver = approver
        self._names = names

    def plan(self, standing: Standing) -> None:
        """List the accounts that it would approve for."""
        output.show_json(self._head("plan", standing) | self._divided(standing.scope))

    def approved(
        self, standing: Standing, result: Result, failed: Iterable[Failure], *, interrupted: bool
    ) -> None:
        """Report the outcome of approving."""
        came = {
            "approved": sorted(result.given),
            "failed": self._failed(failed),
            "interrupted": interrupted,
        }
        output.show_json(self._head("approve", standing) | came | self._divided(standing.scope))

    def probed(
        self, standing: Standing, reached: Iterable[str], result: Result, *, interrupted: bool
    ) -> None:
        """Report which accounts can be reached."""
        came = {
            "reached": [{"account_id": each, "name": self._names.of(each)} for each in reached],
            "unreached": self._failed(result.failures),
            "left": sorted(result.left),
            "interrupted": interrupted,
        }
        output.show_json(self._head("probe", standing) | came)

    def _head(self, mode: str, standing: Standing) -> dict[str, Any]:
        handshake = standing.now.handshake
        return {
            "mode": mode,
            "organization_id": self._organization.id,
            "management_account_id": self._organization.management_account_id,
            "role_arn_template": self._approver.role_arn_template,
            "status": standing.now.status,
            "message": standing.message,
            "handshake_id": handshake.id if handshake else None,
            "expires_at": output.timestamp(handshake.expires_at if handshake else None),
        }

    def _divided(self, scope: Scope) -> dict[str, Any]:
        return {
            "outstanding": self._waiting(scope.to_give),
            "outstanding_elsewhere": self._waiting(scope.elsewhere),
            "declined": self._waiting(scope.declined),
            "not_asked": list(scope.not_asked),
            "without_account": scope.nameless,
        }

    def _waiting(self, waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
        return [
            {
                "account_id": each.account_id,
                "name": self._names.of(each.account_id),
                "handshake_id": each.handshake_id or None,
                "action": each.action or None,
                "state": each.state or None,
            }
            | (
                {"reason": each.reason, "next_step": output.of_a_command(each.next_step)}
                if each.reason
                else {}
            )
            for each in waiting
        ]

    def _failed(self, failed: Iterable[Failure]) -> list[dict[str, Any]]:
        return [
            {
                "account_id": failure.account_id,
                "name": self._names.of(failure.account_id),
                "reference": failure.reference,
                "reason": failure.reason,
                "next_step": output.of_a_command(failure.next_step),
            }
            for failure in failed
        ]
