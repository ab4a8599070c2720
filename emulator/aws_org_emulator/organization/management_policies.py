"""DescribeEffectivePolicy, and the lists of accounts whose effective policy isn't valid.

Whether what comes of merging is a valid policy of its type isn't judged: no account is ever listed.
"""

from typing import Any

from moto.organizations.exceptions import AccountNotFoundException

from aws_org_emulator.organization.policies import Policies
from aws_org_emulator.policy_documents.effective import effective
from aws_org_emulator.protocol.exceptions import EffectivePolicyNotFoundError, TargetNotFoundError
from aws_org_emulator.protocol.invalid_input import TargetNotSupportedError

_ACCOUNT_ID_LENGTH = 12


class ManagementPolicies(Policies):
    """moto's backend with the policies that are in effect."""

    def effective_policy(self, policy_type: str, target_id: str) -> dict[str, Any]:
        """DescribeEffectivePolicy, of an account.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            TargetNotSupportedError: it is no account's id.
            TargetNotFoundError: it is no account of the organization.
            EffectivePolicyNotFoundError: the type isn't enabled.
        """
        self._check_all_features()
        if not (target_id.isdecimal() and len(target_id) == _ACCOUNT_ID_LENGTH):
            raise TargetNotSupportedError
        account = next((each for each in self.accounts if each.id == target_id), None)
        if account is None:
            raise TargetNotFoundError
        self._check_enabled(policy_type)
        levels = [
            [str(policy.content) for policy in each.attached_policies if policy.type == policy_type]
            for each in self.line(account)
        ]
        changed = self.policies_changed or self.shared.clock.now()
        return {
            "PolicyContent": effective(policy_type, levels),
            "LastUpdatedTimestamp": changed.timestamp(),
            "TargetId": target_id,
            "PolicyType": policy_type,
        }

    def effective_policy_errors(self, account_id: str, policy_type: str) -> dict[str, Any]:
        """ListEffectivePolicyValidationErrors.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            AccountNotFoundException: it is no account of the organization.
            EffectivePolicyNotFoundError: the type isn't enabled.
        """
        self._check_all_features()
        if all(account.id != account_id for account in self.accounts):
            raise AccountNotFoundException
        self._check_enabled(policy_type)
        return {"AccountId": account_id, "PolicyType": policy_type, "EffectivePolicyValidationErrors": []}

    def accounts_with_invalid_policy(self, policy_type: str) -> dict[str, Any]:
        """ListAccountsWithInvalidEffectivePolicy.

        Raises:
            NotInAllFeaturesModeError: the organization has consolidated billing alone.
            EffectivePolicyNotFoundError: the type isn't enabled.
        """
        self._check_all_features()
        self._check_enabled(policy_type)
        return {"Accounts": [], "PolicyType": policy_type}

    def _check_enabled(self, policy_type: str) -> None:
        if self._status(policy_type) not in ("ENABLED", "PENDING_DISABLE"):
            raise EffectivePolicyNotFoundError
