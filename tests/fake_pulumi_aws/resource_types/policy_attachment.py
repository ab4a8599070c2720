"""`aws:organizations/policyAttachment:PolicyAttachment`, after Terraform's `policy_attachment.go`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fake_pulumi_aws.errors import Refused, telling, unless_gone
from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType
from tests.fake_pulumi_aws.schema import Input, Schema, always

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

_NOT_FOUND: Final = ("PolicyNotFoundException", "TargetNotFoundException")
_PARTS: Final = 2


class PolicyAttachment(ResourceType):
    """A policy on a root, a unit or an account; its id is `TARGET:POLICY`."""

    schema = Schema(
        "aws:organizations/policyAttachment:PolicyAttachment",
        inputs={
            "policyId": Input(required=True, replaces=always),
            "skipDestroy": Input("boolean"),
            "targetId": Input(required=True, replaces=always),
        },
    )

    def create(self, aws: Aws, inputs: Values) -> str:
        """Attach it."""
        policy, target = inputs["policyId"], inputs["targetId"]
        resource_id = f"{target}:{policy}"
        with telling(f"creating Organizations Policy Attachment ({resource_id})"):
            aws.organizations.attach_policy(PolicyId=policy, TargetId=target)
        return resource_id

    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:  # noqa: ARG002
        """Look whether the target is among those of the policy."""
        with telling(f"reading Organizations Policy Attachment ({resource_id})"):
            target, policy = _parts(resource_id)
            pages = aws.organizations.get_paginator("list_targets_for_policy").paginate(PolicyId=policy)
            targets = unless_gone(
                lambda: [each["TargetId"] for page in pages for each in page["Targets"]], *_NOT_FOUND
            )
        return {"policyId": policy, "targetId": target} if target in (targets or ()) else None

    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Nothing in AWS: only `skipDestroy` can change."""

    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:
        """Detach it, unless it must stay."""
        if state.get("skipDestroy"):
            return
        target, policy = _parts(resource_id)
        with telling(f"deleting Organizations Policy Attachment ({resource_id})"):
            unless_gone(
                lambda: aws.organizations.detach_policy(PolicyId=policy, TargetId=target), *_NOT_FOUND
            )


def _parts(resource_id: str) -> list[str]:
    parts = resource_id.split(":")
    if len(parts) != _PARTS:
        raise Refused(f"expected ID in format of TARGETID:POLICYID, received: {resource_id}")
    return parts
