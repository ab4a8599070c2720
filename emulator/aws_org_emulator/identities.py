"""IAM as moto has it, and SimulatePrincipalPolicy, which moto lacks.

A simulation is judged by what judges calls (`iam.permissions`), so that the two agree. From botocore's model
of the operation.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from aws_org_emulator.iam.evaluation import Effect
from aws_org_emulator.iam.permissions import Permissions
from aws_org_emulator.iam.reference import arn_format
from aws_org_emulator.world import World

_SOURCE: Final = re.compile(
    r"arn:[^:]+:iam::(?P<account>\d{12}):(?P<kind>user|role|group)/(?:.*/)?(?P<name>[^/]+)"
)
_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_DECISIONS: Final = {
    Effect.DENIED: "explicitDeny",
    Effect.NOT_ALLOWED: "implicitDeny",
    Effect.ALLOWED: "allowed",
}
"""The strictest comes first, which counts where resources differ: botocore's `EvaluationResult`."""
_MOST: Final = 100


class InvalidInputError(ServiceException):
    """AWS's answer to what isn't well-formed."""

    code = "InvalidInput"


class NoSuchEntityError(ServiceException):
    """AWS's answer where there is no such user, role or group."""

    code = "NoSuchEntity"


class Identities(IamResponse):
    """moto's IAM for one request; `world` is set by the subclass that an emulator serves."""

    world: ClassVar[World]

    def simulate_principal_policy(self) -> ActionResult:
        """SimulatePrincipalPolicy.

        Policies that are given with the request aren't known: one that has any is refused.

        Raises:
            InvalidInputError: the source is no user, role or group; an action or a resource isn't one.
            NoSuchEntityError: there is no such user, role or group.
        """
        source = self._source()
        actions = self._listed("ActionNames", _ACTION.fullmatch, "ActionNames are not in a valid format")
        resources = self._listed("ResourceArns", _is_arn, "ResourceNames are not in a valid ARN format")
        with self.world.present():
            found = [self._result(source, action, resources) for action in actions]
        begin, size = int(self._get_param("Marker") or 0), int(self._get_param("MaxItems") or _MOST)
        page, more = found[begin : begin + size], begin + size < len(found)
        return ActionResult(
            {
                "EvaluationResults": page,
                "IsTruncated": more,
                **({"Marker": str(begin + size)} if more else {}),
            }
        )

    def _source(self) -> str:
        arn: str = self._get_param("PolicySourceArn")
        match = _SOURCE.fullmatch(arn)
        if match is None or match["account"] != self.current_account:
            raise InvalidInputError(
                f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
            )
        for unknown in (
            "PolicyInputList",
            "PermissionsBoundaryPolicyInputList",
            "ResourcePolicy",
            "CallerArn",
        ):
            if self._get_param(unknown):
                raise InvalidInputError(f"The emulator doesn't know {unknown}.")
        try:
            Permissions(self.world).simulate(self.current_account, arn, "iam:GetUser", "*", {})
        except LookupError:
            message = f"The {match['kind']} with name {match['name']} cannot be found."
            raise NoSuchEntityError(message) from None
        return arn

    def _listed(self, name: str, fits: Any, message: str) -> list[str]:
        found: list[str] = self._get_param(name) or []
        for each in found:
            if not fits(each):
                raise InvalidInputError(f"{message}: {each}.")
        return found

    def _result(self, source: str, action: str, resources: list[str]) -> dict[str, Any]:
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

    def _decision(self, source: str, action: str, resource: str) -> str:
        context = dict(self._context())
        effect = Permissions(self.world).simulate(self.current_account, source, action, resource, context)
        return _DECISIONS[effect]

    def _context(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for entry in self._get_param("ContextEntries") or []:
            yield str(entry["ContextKeyName"]).lower(), tuple(map(str, entry.get("ContextKeyValues") or ()))


def _is_arn(text: str) -> bool:
    return text == "*" or text.startswith("arn:")
