"""The root's policy types, as the management account sees them, or an account that it delegated them to.

Changes are tried once: the caller looks again before the next try.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from aws_org_features.aws.calls import Calls
from aws_org_features.aws.parse import policy, root, target
from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from types_boto3_organizations.type_defs import PolicySummaryTypeDef

    from aws_org_features.model.policy_types import Policy, Root, Target


@functools.cache
def known_policy_types() -> tuple[str, ...]:
    """The policy types that the installed botocore knows (`PolicyType` in its model), in its order."""
    from botocore.session import get_session

    shape = get_session().get_service_model("organizations").shape_for("PolicyType")
    return tuple(shape.metadata["enum"])


def botocore_version() -> str:
    """The installed botocore's, by which it is known what it can know."""
    import botocore

    return str(botocore.__version__)


class Roots(Calls):
    """The calls that policy types take."""

    def roots(self) -> tuple[Root, ...]:
        """The organization's roots, of which AWS has one (`ListRoots`)."""
        pages = self._pages("ListRoots", self._clients.organizations.list_roots, "Roots", root)
        return tuple(found for page in pages for found in page)

    def enable(self, root_id: str, policy_type: str) -> Root:
        """Enable a policy type, in one try.

        Raises:
            PolicyTypeAlreadyEnabledError: It is enabled.
            PolicyChangesInProgressError: Another change of the root isn't done yet.
            PolicyTypeNotAvailableError: The organization, or its partition, doesn't have it.
            ServiceAccessNotEnabledError: Its service must be trusted first.
        """
        change = functools.partial(self._clients.writer.enable_policy_type, RootId=root_id)
        return self._change("EnablePolicyType", policy_type, change)

    def disable(self, root_id: str, policy_type: str) -> Root:
        """Disable a policy type, which detaches every policy of it, in one try.

        Raises:
            PolicyTypeNotEnabledError: It isn't enabled.
            PolicyChangesInProgressError: Another change of the root isn't done yet.
        """
        change = functools.partial(self._clients.writer.disable_policy_type, RootId=root_id)
        return self._change("DisablePolicyType", policy_type, change)

    def attached_policies(self, policy_type: str) -> tuple[Policy, ...]:
        """The customer's own policies of a type that are attached somewhere.

        By `ListPolicies`, and for each of them `ListTargetsForPolicy`.
        """
        listed = self._clients.organizations.list_policies
        pages = self._pages("ListPolicies", listed, "Policies", _own, Filter=policy_type)
        own = [found for page in pages for found in page if found is not None]
        found = (replace(each, targets=self._targets(each.id)) for each in own)
        return tuple(policy for policy in found if policy.targets)

    def _targets(self, policy_id: str) -> tuple[Target, ...]:
        listed = self._clients.organizations.list_targets_for_policy
        try:
            pages = list(self._pages("ListTargetsForPolicy", listed, "Targets", target, PolicyId=policy_id))
        except errors.PolicyNotFoundError:
            return ()  # deleted meanwhile
        return tuple(found for page in pages for found in page)

    def _change(self, operation: str, policy_type: str, change: Callable[..., Any]) -> Root:
        return self._once(operation, policy_type, lambda: root(change(PolicyType=policy_type)["Root"]))


def _own(shape: PolicySummaryTypeDef) -> Policy | None:
    return None if shape.get("AwsManaged") else policy(shape)
