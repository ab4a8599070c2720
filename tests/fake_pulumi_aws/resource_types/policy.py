"""`aws:organizations/policy:Policy`, after Terraform's `policy.go`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws import tags
from tests.fake_pulumi_aws.errors import Refused, telling, unless_gone
from tests.fake_pulumi_aws.resource_types.policy_types import policy_type_problem
from tests.fake_pulumi_aws.resource_types.resource_type import ResourceType
from tests.fake_pulumi_aws.schema import Input, Schema, always

if TYPE_CHECKING:
    from tests.fake_pulumi_aws.connection import Aws
    from tests.fake_pulumi_aws.values import Values

_NOT_FOUND: Final = "PolicyNotFoundException"


def _content_problem(content: str) -> str | None:
    try:
        json.loads(content)
    except ValueError as error:
        return f'"content" contains an invalid JSON: {error}'
    return None


class Policy(ResourceType):
    """A policy; its content is compared as JSON, and another type makes a new one."""

    schema = Schema(
        "aws:organizations/policy:Policy",
        inputs={
            "content": Input("json", required=True, problem=_content_problem),
            "description": Input(),
            "name": Input(),
            "skipDestroy": Input("boolean"),
            "tags": Input("map"),
            "type": Input(default="SERVICE_CONTROL_POLICY", replaces=always, problem=policy_type_problem),
        },
        outputs=("arn", "tagsAll"),
        autonamed=True,
    )

    def derived(self, aws: Aws, inputs: Values) -> Values:
        """All its tags."""
        return tags.all_tags(aws.default_tags, inputs)

    def create(self, aws: Aws, inputs: Values) -> str:
        """Make it, with its tags."""
        with telling(f"creating Organizations Policy ({inputs['name']})"):
            made = aws.organizations.create_policy(
                Content=inputs["content"],
                Description=inputs.get("description", ""),
                Name=inputs["name"],
                Type=inputs["type"],
                Tags=tags.given(self.derived(aws, inputs)["tagsAll"]),  # type: ignore[arg-type]  # TypedDicts
            )
        return made["Policy"]["PolicySummary"]["Id"]

    def read(self, aws: Aws, resource_id: str, known: Values) -> Values | None:
        """Look at it and its tags."""
        client = aws.organizations
        with telling(f"reading Organizations Policy ({resource_id})"):
            policy = unless_gone(
                lambda: client.describe_policy(PolicyId=resource_id)["Policy"],
                _NOT_FOUND,
                "AWSOrganizationsNotInUseException",
            )
            if policy is None:
                return None
            summary = policy["PolicySummary"]
            if not known and summary["AwsManaged"]:
                raise Refused(
                    f"AWS-managed Organizations policy ({resource_id}) cannot be imported. "
                    "Use the policy ID directly in your configuration"
                )
            shown = {key.lower(): summary.get(key) for key in ("Arn", "Description", "Name", "Type")}
            labels = tags.shown(client, resource_id, aws.default_tags, known)
            return {"content": policy["Content"], **shown, **labels}

    def update(self, aws: Aws, resource_id: str, state: Values, inputs: Values) -> None:
        """Change what is declared otherwise."""
        changed: dict[str, Any] = {
            name.title(): inputs.get(name, "")
            for name in ("content", "description", "name")
            if self.differs(name, state, inputs)
        }
        with telling(f"updating Organizations Policy ({resource_id})"):
            if changed:
                aws.organizations.update_policy(PolicyId=resource_id, **changed)
            wanted = self.derived(aws, inputs)["tagsAll"]
            tags.change(aws.organizations, resource_id, state.get("tagsAll") or {}, wanted)

    def delete(self, aws: Aws, resource_id: str, state: Values) -> None:
        """Remove it, unless it must stay; AWS refuses while it is attached."""
        if state.get("skipDestroy"):
            return
        with telling(f"deleting Organizations Policy ({resource_id})"):
            unless_gone(lambda: aws.organizations.delete_policy(PolicyId=resource_id), _NOT_FOUND)
