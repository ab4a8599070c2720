"""`ApproverArgs`: who approves on behalf of member accounts, and the `Approver` that is made of it."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - Pulumi reads the annotations
from typing import Any, TypedDict

import pulumi


@pulumi.input_type
class ApproverArgs:
    """Approves on behalf of member accounts, by assuming a role in each of them."""

    role_name: pulumi.Input[str] | None
    role_arn_template: pulumi.Input[str] | None
    external_id: pulumi.Input[str] | None
    session_name: pulumi.Input[str] | None
    only: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    exclude: pulumi.Input[Sequence[pulumi.Input[str]]] | None
    max_calls_per_second: pulumi.Input[float] | None

    def __init__(  # noqa: PLR0913 - a resource's inputs
        self,
        *,
        role_name: pulumi.Input[str] | None = None,
        role_arn_template: pulumi.Input[str] | None = None,
        external_id: pulumi.Input[str] | None = None,
        session_name: pulumi.Input[str] | None = None,
        only: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        exclude: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        max_calls_per_second: pulumi.Input[float] | None = None,
    ) -> None:
        """Describe it. One of `role_name` and `role_arn_template` is required.

        Args:
            role_name: The role's name, the same in each account, with its path if it has one.
            role_arn_template: The role's ARN instead, with `{account_id}` in it, and `{partition}` if you
                need it: `arn:{partition}:iam::{account_id}:role/NAME`.
            external_id: What the roles' trust policies ask for; kept secret in state and logs.
            session_name: Shown in the accounts' CloudTrail; `aws-org-features` unless given.
            only: Ids of the only accounts to approve for, as 12-digit strings.
            exclude: Ids of accounts never to approve for, as 12-digit strings.
            max_calls_per_second: To AWS Organizations, over all accounts. Unless given, 80 % of AWS's
                published rates, which everybody who asks the organization shares.
        """
        pulumi.set(self, "role_name", role_name)
        pulumi.set(self, "role_arn_template", role_arn_template)
        # Anyone who may assume the role could use an external id like a password.
        pulumi.set(self, "external_id", None if external_id is None else pulumi.Output.secret(external_id))
        pulumi.set(self, "session_name", session_name)
        pulumi.set(self, "only", only)
        pulumi.set(self, "exclude", exclude)
        pulumi.set(self, "max_calls_per_second", max_calls_per_second)


class ApproverArgsDict(TypedDict, total=False):
    """`ApproverArgs` as a dictionary."""

    role_name: pulumi.Input[str]
    role_arn_template: pulumi.Input[str]
    external_id: pulumi.Input[str]
    session_name: pulumi.Input[str]
    only: pulumi.Input[Sequence[pulumi.Input[str]]]
    exclude: pulumi.Input[Sequence[pulumi.Input[str]]]
    max_calls_per_second: pulumi.Input[float]


def with_secret_id(approver: Any) -> Any:
    """An approver whose external id is secret, in any form that it was given."""
    if isinstance(approver, pulumi.Output):
        return pulumi.Output.secret(approver)
    if not isinstance(approver, dict) or approver.get("external_id") is None:
        return approver  # ApproverArgs has seen to it
    return {**approver, "external_id": pulumi.Output.secret(approver["external_id"])}
