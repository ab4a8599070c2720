"""Operations of policies, effective policies and the resource policy."""

import json
from typing import Any

from aws_org_emulator.operations.base import Operations
from aws_org_emulator.protocol.exceptions import AccessDeniedError


class PolicyOperations(Operations):
    """Policies of every type that botocore knows."""

    def attach_policy(self) -> str:
        """AttachPolicy."""
        self.organizations_backend.attach(**self.request_params)
        return "{}"

    def list_policies(self) -> str:
        """ListPolicies."""
        wanted = self._get_param("Filter")
        found = [each for each in self.organizations_backend.policies if each.type == wanted]
        return self._policies(found)

    def list_policies_for_target(self) -> str:
        """ListPoliciesForTarget."""
        wanted = self._get_param("Filter")
        target = self.organizations_backend.target(self._get_param("TargetId"))
        return self._policies([each for each in target.attached_policies if each.type == wanted])

    def list_targets_for_policy(self) -> str:
        """ListTargetsForPolicy."""
        return self._paged("Targets", self.organizations_backend.targets_of(self._get_param("PolicyId")))

    def describe_effective_policy(self) -> str:
        """DescribeEffectivePolicy: an account's own; others' for those who may read the organization."""
        target_id = self._get_param("TargetId") or self.current_account
        if target_id != self.current_account and not self._may_read_all():
            raise AccessDeniedError
        backend = self.organizations_backend
        return json.dumps(
            {"EffectivePolicy": backend.effective_policy(self._get_param("PolicyType"), target_id)}
        )

    def list_effective_policy_validation_errors(self) -> str:
        """ListEffectivePolicyValidationErrors."""
        account_id = self._get_param("AccountId")
        found = self.organizations_backend.effective_policy_errors(account_id, self._get_param("PolicyType"))
        key = "EffectivePolicyValidationErrors"
        return self._paged(key, found.pop(key), **found)

    def list_accounts_with_invalid_effective_policy(self) -> str:
        """ListAccountsWithInvalidEffectivePolicy."""
        found = self.organizations_backend.accounts_with_invalid_policy(self._get_param("PolicyType"))
        return self._paged("Accounts", found.pop("Accounts"), **found)

    def put_resource_policy(self) -> str:
        """PutResourcePolicy."""
        return json.dumps(self.organizations_backend.put_resource_policy(**self.request_params))

    def describe_resource_policy(self) -> str:
        """DescribeResourcePolicy."""
        return json.dumps(self.organizations_backend.describe_resource_policy())

    def delete_resource_policy(self) -> str:
        """DeleteResourcePolicy."""
        self.organizations_backend.delete_resource_policy()
        return "{}"

    def _may_read_all(self) -> bool:
        own = self._callers_own()
        management = own.management()
        return management is own or management.is_delegated_administrator(self.current_account)

    def _policies(self, policies: list[Any]) -> str:
        return self._paged("Policies", policies, lambda each: each.describe()["Policy"]["PolicySummary"])
