"""The organization's resource policy, by which its management delegates what else is its own.

What it may say is up to `policy_documents.delegation`, what it allows to `caller_permissions`.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from aws_org_emulator.organization.management_policies import ManagementPolicies
from aws_org_emulator.policy_documents import delegation
from aws_org_emulator.protocol import tagging
from aws_org_emulator.protocol.exceptions import ResourcePolicyNotFoundError, ResourcePolicyTagsError


@dataclass(slots=True)
class ResourcePolicy:
    """The one that an organization has."""

    id: str
    arn: str
    content: str
    tags: dict[str, str] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Describe it in the shape of botocore's `ResourcePolicy`."""
        return {"ResourcePolicySummary": {"Id": self.id, "Arn": self.arn}, "Content": self.content}


class ResourcePolicies(ManagementPolicies):
    """moto's backend with a resource policy."""

    def _reset(self) -> None:
        super()._reset()
        self.resource_policy: ResourcePolicy | None = None

    def put_resource_policy(self, **kwargs: Any) -> dict[str, Any]:
        """PutResourcePolicy.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            ResourcePolicyTagsError: there is one, and tags are given.
            InvalidInputError: it says what it can't; see `delegation.normalized`.
            TooManyTagsError: it would have too many.
        """
        self._check_all_features()
        assert self.org is not None  # noqa: S101 - it has all features
        tags, old = kwargs.get("Tags"), self.resource_policy
        if old is not None and tags:
            raise ResourcePolicyTagsError
        accounts = {account.id for account in self.accounts}
        content = delegation.normalized(kwargs["Content"], self.partition, self.account_id, accounts)
        if old is not None:
            old.content = content
        else:
            new_id = f"rp-{secrets.token_hex(5)}"
            arn = (
                f"arn:{self.partition}:organizations::{self.account_id}:resourcepolicy/{self.org.id}/{new_id}"
            )
            self.resource_policy = ResourcePolicy(new_id, arn, content, tagging.tagged({}, tags))
        return self.describe_resource_policy()

    def describe_resource_policy(self) -> dict[str, Any]:
        """DescribeResourcePolicy.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            ResourcePolicyNotFoundError: there is none.
        """
        self._check_all_features()
        if self.resource_policy is None:
            raise ResourcePolicyNotFoundError
        return {"ResourcePolicy": self.resource_policy.describe()}

    def delete_resource_policy(self) -> None:
        """DeleteResourcePolicy.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            ResourcePolicyNotFoundError: there is none.
        """
        self.describe_resource_policy()
        self.resource_policy = None

    def _taggable(self) -> list[Any]:
        own = [] if self.resource_policy is None else [self.resource_policy]
        return [*super()._taggable(), *own]
