"""IAM as moto has it, and SimulatePrincipalPolicy, which moto lacks.

A simulation is judged by what judges calls (`iam.permissions`), so that the two agree. From botocore's model
of the operation.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse
from moto.organizations.models import organizations_backends

from aws_org_emulator.iam.conditions import UnknownOperatorError
from aws_org_emulator.iam.evaluation import Effect
from aws_org_emulator.iam.reference import arn_format
from aws_org_emulator.operations.caller_permissions import Caller, Permissions
from aws_org_emulator.organization import root_access
from aws_org_emulator.organization.organization import Organizations, management_of
from aws_org_emulator.state.shared import SharedState

_SOURCE: Final = re.compile(
    r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>user|role|group)/(?:.*/)?(?P<name>[^/]+)"
)
_PRINCIPAL: Final = re.compile(r"[\w-]+(\.[\w-]+)+")
_MARKER: Final = re.compile(r"[1-9][0-9]{0,5}")
_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_DOCUMENTS: Final = frozenset({"AssumeRolePolicyDocument", "PolicyDocument"})
_OLDEST: Final = "2008-10-17"
"""A policy's version where it says none."""
_DECISIONS: Final = {
    Effect.DENIED: "explicitDeny",
    Effect.NOT_ALLOWED: "implicitDeny",
    Effect.ALLOWED: "allowed",
}
"""The strictest comes first, which counts where resources differ: botocore's `EvaluationResult`."""
_MOST: Final = 1000
"""Results of a page at most, botocore's `maxItemsType`."""
_USUAL: Final = 100
_UNKNOWN: Final = (
    "CallerArn",
    "PermissionsBoundaryPolicyInputList",
    "PolicyExclusionList",
    "PolicyInputList",
    "ResourceHandlingOption",
    "ResourceOwner",
    "ResourcePolicy",
)
"""Parameters that change the outcome, and that aren't known here."""


class InvalidInputError(ServiceException):
    """AWS's answer to what isn't well-formed."""

    code = "InvalidInput"


class NoSuchEntityError(ServiceException):
    """AWS's answer where there is no such user, role or group."""

    code = "NoSuchEntity"


class PolicyEvaluationError(ServiceException):
    """AWS's answer where a policy can't be judged."""

    code = "PolicyEvaluation"


class IamResponses(IamResponse):
    """moto's IAM for one request; `shared` is set by the subclass that an emulator serves."""

    shared: ClassVar[SharedState]

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:
        """A parameter; a policy without a version is of the oldest, which moto refuses and AWS takes."""
        value = super()._get_param(param_name, if_none)
        return _versioned(value) if param_name in _DOCUMENTS and isinstance(value, str) else value

    def create_service_linked_role(self) -> ActionResult:
        """CreateServiceLinkedRole.

        Raises:
            InvalidInputError: no service's principal has such a name.
        """
        name: str = self._get_param("AWSServiceName")
        if not _PRINCIPAL.fullmatch(name):
            raise InvalidInputError(f"Service {name} doesn't support service linked roles.")
        return super().create_service_linked_role()

    def list_organizations_features(self) -> ActionResult:
        """ListOrganizationsFeatures."""
        with self.shared.locked_now():
            return self._features(root_access.features(self._organization()))

    def enable_organizations_root_credentials_management(self) -> ActionResult:
        """EnableOrganizationsRootCredentialsManagement."""
        return self._feature(root_access.CREDENTIALS, on=True)

    def disable_organizations_root_credentials_management(self) -> ActionResult:
        """DisableOrganizationsRootCredentialsManagement."""
        return self._feature(root_access.CREDENTIALS, on=False)

    def enable_organizations_root_sessions(self) -> ActionResult:
        """EnableOrganizationsRootSessions."""
        return self._feature(root_access.SESSIONS, on=True)

    def disable_organizations_root_sessions(self) -> ActionResult:
        """DisableOrganizationsRootSessions."""
        return self._feature(root_access.SESSIONS, on=False)

    def _feature(self, feature: str, *, on: bool) -> ActionResult:
        with self.shared.locked_now():
            return self._features(root_access.change(self._organization(), feature, on=on))

    def _features(self, names: list[str]) -> ActionResult:
        management = management_of(self.current_account)
        organization = None if management is None else organizations_backends[management][self.partition].org
        return ActionResult(
            {"OrganizationId": str(organization and organization.id), "EnabledFeatures": names}
        )

    def _organization(self) -> Organizations:
        backend = organizations_backends[self.current_account][self.partition]
        assert isinstance(backend, Organizations)  # noqa: S101 - an emulator installs no other
        return backend

    def delete_role(self) -> ActionResult:
        """DeleteRole; of a service-linked role, with the policy that its service gave it."""
        with self.shared.locked_now():
            self._detach_what_a_service_attached()
            return super().delete_role()

    def delete_service_linked_role(self) -> ActionResult:
        """DeleteServiceLinkedRole, with the policy that its service gave it."""
        with self.shared.locked_now():
            self._detach_what_a_service_attached()
            return super().delete_service_linked_role()

    def _detach_what_a_service_attached(self) -> None:
        """Detach what moto would refuse to delete a service-linked role for."""
        for role in self.shared.accounts.iam(self.current_account).roles.values():
            if role.name == self._get_param("RoleName") and role.path.startswith("/aws-service-role/"):
                for policy in list(role.managed_policies.values()):
                    policy.detach_from(role)

    def simulate_principal_policy(self) -> ActionResult:
        """SimulatePrincipalPolicy.

        Policies that are given with the request aren't known: one that has any is refused.

        Raises:
            InvalidInputError: the source is no user, role or group; an action or a resource isn't one; there
                is no such page.
            NoSuchEntityError: there is no such user, role or group.
            PolicyEvaluationError: a policy has a condition operator that isn't known here.
        """
        source = self._source()
        actions = self._listed("ActionNames", _ACTION.fullmatch, "ActionNames are not in a valid format")
        resources = self._listed("ResourceArns", _is_arn, "ResourceNames are not in a valid ARN format")
        with self.shared.locked_now():
            found = [self._result(source, action, resources) for action in actions]
        begin, end = self._page(len(found))
        more = {"Marker": str(end)} if end < len(found) else {}
        return ActionResult({"EvaluationResults": found[begin:end], "IsTruncated": bool(more), **more})

    def _page(self, number: int) -> tuple[int, int]:
        """First and last index of the page that is asked for."""
        marker, size = self._get_param("Marker"), int(self._get_param("MaxItems") or _USUAL)
        if not 1 <= size <= _MOST:
            raise InvalidInputError(f"MaxItems must be from 1 to {_MOST}: {size}.")
        if marker is None:
            return 0, size
        # This gave the number of results before the page.
        if not _MARKER.fullmatch(marker) or int(marker) >= number:
            raise InvalidInputError(f"Invalid Marker: {marker}.")
        return int(marker), int(marker) + size

    def _source(self) -> Caller:
        arn: str = self._get_param("PolicySourceArn")
        match = _SOURCE.fullmatch(arn)
        if match is None or match["account"] != self.current_account:
            raise InvalidInputError(
                f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
            )
        for unknown in _UNKNOWN:
            if self._get_param(unknown):
                raise InvalidInputError(f"The emulator doesn't know {unknown}.")
        try:
            return Permissions(self.shared).source(self.current_account, arn)
        except LookupError:
            message = f"The {match['kind']} with name {match['name']} cannot be found."
            raise NoSuchEntityError(message) from None

    def _listed(self, name: str, fits: Any, message: str) -> list[str]:
        found: list[str] = self._get_param(name) or []
        for each in found:
            if not fits(each):
                raise InvalidInputError(f"{message}: {each}.")
        return found

    def _result(self, source: Caller, action: str, resources: list[str]) -> dict[str, Any]:
        decisions = {each: self._decision(source, action, each) for each in resources or ["*"]}
        overall = next(each for each in _DECISIONS.values() if each in decisions.values())
        known = arn_format(action)
        result: dict[str, Any] = {
            "EvalActionName": action,
            **({"EvalResourceName": known} if known else {}),
            "EvalDecision": overall,
        }
        if resources:
            result["ResourceSpecificResults"] = [
                {"EvalResourceName": name, "EvalResourceDecision": decision}
                for name, decision in decisions.items()
            ]
        return result

    def _decision(self, source: Caller, action: str, resource: str) -> str:
        context = {**source.context, **dict(self._context())}
        try:
            return _DECISIONS[source.may(action, resource, context)]
        except UnknownOperatorError as error:
            message = f"The emulator doesn't know the condition operator {error}."
            raise PolicyEvaluationError(message) from None

    def _context(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for entry in self._get_param("ContextEntries") or []:
            yield str(entry["ContextKeyName"]).lower(), tuple(map(str, entry.get("ContextKeyValues") or ()))


def _versioned(text: str) -> str:
    """A policy with the version that moto wants; what isn't one is left to moto to refuse."""
    try:
        document = json.loads(text)
    except ValueError:
        return text
    if not isinstance(document, dict) or document.get("Version", _OLDEST) != _OLDEST:
        return text
    return json.dumps({**document, "Version": "2012-10-17"})


def _is_arn(text: str) -> bool:
    return text == "*" or text.startswith("arn:")
