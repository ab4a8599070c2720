"""The caller, and what IAM says that they may do: asked, not tried."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws.calls import MOST_EMPTY, Calls
from aws_org_features.aws.clients import clients_of
from aws_org_features.aws.errors import told
from aws_org_features.aws.parse import MisshapenError
from aws_org_features.aws.parse import arn as arn_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from types_boto3_iam.type_defs import EvaluationResultTypeDef

_ASSUMED_ROLE: Final = re.compile(r"arn:[^:]+:sts::[0-9]{12}:assumed-role/([^/]+)/.+")
_USER: Final = re.compile(r"arn:[^:]+:iam::[0-9]{12}:user/.+")


class Principal(Calls):
    """The calls about the caller."""

    def arn(self) -> str:
        """The ARN of the caller (`sts:GetCallerIdentity`): a user's, the root user's or a session's."""
        clients = clients_of(self._connection)
        return self._call("sts", "GetCallerIdentity", "", lambda: arn_of(clients.sts.get_caller_identity()))

    def policy_source(self, arn: str) -> str | None:
        """The ARN whose policies decide what a caller may do.

        A role's ARN has a path that those of its sessions lack (`GetRole`).

        Args:
            arn: The caller's ARN.

        Returns:
            A user's or a role's ARN; None of a caller who has no policies that could be asked about.

        Raises:
            AccessDeniedError: The caller may not look at its own role.
        """
        if _USER.fullmatch(arn):
            return arn
        session = _ASSUMED_ROLE.fullmatch(arn)
        if session is None:
            return None
        clients, name = clients_of(self._connection), session[1]
        return self._call("iam", "GetRole", name, lambda: arn_of(clients.iam.get_role(RoleName=name)["Role"]))

    def allowed(
        self, policy_source: str, actions: Sequence[str], resources: Sequence[str]
    ) -> dict[str, bool]:
        """Actions that IAM allows on all of some resources (`SimulatePrincipalPolicy`).

        By the policies of the user or role, and its permissions boundary; a session's own policies aren't
        among them.

        Args:
            policy_source: A user's or a role's ARN.
            actions: Like `organizations:EnableAllFeatures`.
            resources: ARNs; empty for actions that know no resource.

        Raises:
            AccessDeniedError: The caller may not ask that.
        """
        found: dict[str, bool] = {}
        for result in self._simulated(policy_source, actions, resources):
            with told("iam", "SimulatePrincipalPolicy"):
                action, allowed = _judged(result)
            found[action] = found.get(action, True) and allowed
        return found

    def _simulated(
        self, policy_source: str, actions: Sequence[str], resources: Sequence[str]
    ) -> Iterator[EvaluationResultTypeDef]:
        iam, marker = clients_of(self._connection).iam, ""
        for _ in range(MOST_EMPTY):
            more: dict[str, Any] = {"Marker": marker} if marker else {}
            if resources:
                more["ResourceArns"] = resources
            page = self._call(
                "iam",
                "SimulatePrincipalPolicy",
                policy_source,
                functools.partial(
                    iam.simulate_principal_policy, PolicySourceArn=policy_source, ActionNames=actions, **more
                ),
            )
            yield from page.get("EvaluationResults", [])
            marker = page.get("Marker", "") if page.get("IsTruncated") else ""
            if not marker:
                return
        with told("iam", "SimulatePrincipalPolicy"):
            raise MisshapenError("there is no end to its pages")


def _judged(result: EvaluationResultTypeDef) -> tuple[str, bool]:
    # In one result an action, as botocore has it now, or in one a resource, as it was before.
    each = [one["EvalResourceDecision"] for one in result.get("ResourceSpecificResults", [])]
    return result["EvalActionName"], set(each or [result["EvalDecision"]]) == {"allowed"}
