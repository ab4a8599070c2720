"""Policy types and policies under the feature set's rules, over moto's Organizations backend.

From the User Guide (enabling and disabling policy types) and botocore's model. Which types there are is
`policy_types`' affair; what a policy says, and what it does to requests, is left to others.
"""

import copy
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from moto.organizations import utils
from moto.organizations.exceptions import (
    DuplicatePolicyException,
    PolicyTypeAlreadyEnabledException,
    PolicyTypeNotEnabledException,
)
from moto.organizations.models import (
    FakeOrganization,
    FakeOrganizationalUnit,
    FakePolicy,
    FakeRoot,
    OrganizationsBackend,
)

from aws_org_emulator.exceptions import (
    AttachedAlreadyError,
    InvalidPolicyTypeError,
    LastPolicyError,
    NotAttachedError,
    NotInAllFeaturesModeError,
    PolicyChangesInProgressError,
    PolicyTypeEnabledForServiceError,
    PolicyTypeNotAvailableError,
    ServiceAccessNotEnabledError,
)
from aws_org_emulator.policy_types import known_types
from aws_org_emulator.world import World

SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
CHANGE_TAKES = timedelta(seconds=30)
"""How long a type is pending where the clock drives it. AWS says no more than "in the background"."""
DEFAULTS: Mapping[str, str] = {
    SERVICE_CONTROL: utils.DEFAULT_SCP_POLICY_ID,
    "RESOURCE_CONTROL_POLICY": utils.DEFAULT_RCP_POLICY_ID,
}
"""The policies that AWS attaches everywhere when their type is enabled: User Guide, SCPs and RCPs."""
SERVICES: Mapping[str, str] = {
    "SECURITYHUB_POLICY": "securityhub.amazonaws.com",
    "INSPECTOR_POLICY": "inspector2.amazonaws.com",
    "GUARDDUTY_POLICY": "guardduty.amazonaws.com",
}
"""Types that want a service to be trusted first: SERVICE_ACCESS_NOT_ENABLED in botocore's model. Which
types these are is said in the services' own guides."""

Status = Literal["ENABLED", "PENDING_ENABLE", "PENDING_DISABLE"]
_PENDING = ("PENDING_ENABLE", "PENDING_DISABLE")


def check_type(policy_type: str) -> None:
    """See to it that there is such a type.

    Raises:
        InvalidPolicyTypeError: botocore's model knows none.
    """
    if policy_type not in known_types():
        raise InvalidPolicyTypeError


class Policy(FakePolicy):
    """moto's policy, of any type that botocore knows; moto's constructor takes four of them."""

    def __init__(self, organization: FakeOrganization, **kwargs: Any) -> None:
        self.type = kwargs["Type"]
        self.id = f"p-{secrets.token_hex(5)}"  # moto's are shorter than ARNs of policies allow
        self.name, self.description = kwargs["Name"], kwargs["Description"]
        self.content = kwargs["Content"]
        self.aws_managed = False
        self.region = organization.region
        self.organization_id = organization.id
        self.master_account_id = organization.master_account_id
        self.attachments = []
        self.tags = {tag["Key"]: tag["Value"] for tag in kwargs.get("Tags", [])}
        self._arn_format = f"arn:{{0}}:organizations::{{1}}:policy/{{2}}/{self.type.lower()}/{{3}}"


class Policies(OrganizationsBackend):
    """moto's backend, in which policies follow the feature set and the types that are enabled.

    `world` is set by the subclass that an emulator installs.
    """

    world: ClassVar[World]

    def settle_policies(self) -> None:
        """Bring a new organization to what AWS makes: SCPs enabled with ALL, and nothing without."""
        assert self.org is not None  # noqa: S101 - it was just made
        self._root.policy_types = self._from_the_start()
        self.show_available_types()
        for policy in self.policies:
            policy._arn_format = f"arn:{{0}}:organizations::aws:policy/{policy.type.lower()}/{{3}}"  # noqa: SLF001 - AWS owns them
            if self._status(policy.type) is None:
                _detach_everywhere(policy)
        self.policies = [each for each in self.policies if each.type in self.world.policy_types]

    def show_available_types(self) -> None:
        """Let the organization say what botocore's examples do in a field that is deprecated."""
        if self.org is not None:
            self.org.available_policy_types = self._from_the_start()

    def enable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """EnablePolicyType.

        Raises:
            RootNotFoundException: there is no such root.
            InvalidPolicyTypeError: there is no such type.
            PolicyTypeNotAvailableError: the organization has consolidated billing alone, or doesn't offer it.
            PolicyTypeAlreadyEnabledException: it is enabled.
            PolicyChangesInProgressError: another change is in progress.
            ServiceAccessNotEnabledError: the type's service isn't trusted.
        """
        root, policy_type = self._get_root_by_id(kwargs["RootId"]), kwargs["PolicyType"]
        check_type(policy_type)
        self._check_available(policy_type)
        if self._status(policy_type) == "ENABLED":
            raise PolicyTypeAlreadyEnabledException
        self._check_no_change()
        service = SERVICES.get(policy_type)
        if service is not None and service not in self._trusted():
            raise ServiceAccessNotEnabledError
        root.policy_types.append(_typed(policy_type, "PENDING_ENABLE"))
        self._attach_default(policy_type)
        return self._changed(root)

    def disable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """DisablePolicyType: detaches every policy of the type.

        Raises:
            RootNotFoundException: there is no such root.
            InvalidPolicyTypeError: there is no such type.
            PolicyChangesInProgressError: another change is in progress.
            PolicyTypeNotEnabledException: it isn't enabled.
        """
        root, policy_type = self._get_root_by_id(kwargs["RootId"]), kwargs["PolicyType"]
        check_type(policy_type)
        self._check_no_change()
        if self._status(policy_type) is None:
            raise PolicyTypeNotEnabledException
        root.policy_types = [
            _typed(policy_type, "PENDING_DISABLE") if each["Type"] == policy_type else each
            for each in root.policy_types
        ]
        for policy in self.policies:
            if policy.type == policy_type:
                _detach_everywhere(policy)
        return self._changed(root)

    def shown_to_readers(self, roots: Iterable[dict[str, Any]]) -> None:
        """ListRoots has shown these roots, which is what ends a pending change, where the switch says so."""
        pending = any(each["Status"] in _PENDING for root in roots for each in root["PolicyTypes"])
        if pending and self.world.switches.policy_type_changes == "read":
            self.finish_policy_changes()
            self.world.history.note()

    def finish_policy_changes(self, _at: datetime | None = None) -> None:
        """Let the change that is in progress be done."""
        for root in self.ou:
            if isinstance(root, FakeRoot):
                root.policy_types = [
                    _typed(each["Type"], "ENABLED")
                    for each in root.policy_types
                    if each["Status"] != "PENDING_DISABLE"
                ]

    def create_policy(self, **kwargs: Any) -> dict[str, Any]:
        """CreatePolicy.

        Raises:
            InvalidPolicyTypeError: there is no such type.
            PolicyTypeNotAvailableError: the organization has consolidated billing alone, or doesn't offer it.
            DuplicatePolicyException: the name is taken.
        """
        check_type(kwargs["Type"])
        self._check_available(kwargs["Type"])
        if any(policy.name == kwargs["Name"] for policy in self.policies):
            raise DuplicatePolicyException
        assert self.org is not None  # noqa: S101 - it has all features
        policy = Policy(self.org, **kwargs)
        self.policies.append(policy)
        return policy.describe()

    def attach(self, **kwargs: str) -> None:
        """AttachPolicy; `attach_policy` is what moto makes organizations with, and checks nothing.

        Raises:
            PolicyChangesInProgressError: the policy's type is being enabled or disabled.
            PolicyTypeNotEnabledException: its type isn't enabled.
            AttachedAlreadyError: it is attached there.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        self._check_usable(policy.type)
        if any(target.id == kwargs["TargetId"] for target in policy.attachments):
            raise AttachedAlreadyError
        self.attach_policy(**kwargs)

    def detach_policy(self, **kwargs: str) -> None:
        """DetachPolicy.

        Raises:
            PolicyChangesInProgressError: the policy's type is being enabled or disabled.
            PolicyTypeNotEnabledException: its type isn't enabled.
            NotAttachedError: it isn't attached there.
            LastPolicyError: it is the target's last SCP, and one must be left.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        self._check_usable(policy.type)
        target = next((each for each in policy.attachments if each.id == kwargs["TargetId"]), None)
        if target is None:
            raise NotAttachedError
        same = [each for each in target.attached_policies if each.type == policy.type]
        if policy.type == SERVICE_CONTROL and len(same) == 1:
            raise LastPolicyError
        super().detach_policy(**kwargs)

    def create_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """CreateOrganizationalUnit: with the policies that AWS attaches to all."""
        unit = FakeOrganizationalUnit(self.org, **kwargs)  # type: ignore[arg-type] # a caller has one
        self.ou.append(unit)
        self.attach_defaults([unit])
        return unit.describe()

    def enable_aws_service_access(self, **kwargs: str) -> None:
        """EnableAWSServiceAccess, which needs all features: User Guide, trusted access."""
        if self.org is not None and self.org.feature_set != "ALL":
            raise NotInAllFeaturesModeError
        super().enable_aws_service_access(**kwargs)

    def disable_aws_service_access(self, **kwargs: str) -> None:
        """DisableAWSServiceAccess, which a type that needs it prevents."""
        needed = {SERVICES.get(each["Type"]) for each in self._root.policy_types}
        if kwargs["ServicePrincipal"] in needed:
            raise PolicyTypeEnabledForServiceError
        super().disable_aws_service_access(**kwargs)

    def attach_defaults(self, targets: Iterable[Any]) -> None:
        """Attach what AWS attaches to everything, of the types that are enabled."""
        defaults = [
            policy
            for policy in self.policies
            if policy.id in DEFAULTS.values() and self._status(policy.type) in ("ENABLED", "PENDING_ENABLE")
        ]
        for target in targets:
            for policy in defaults:
                target.attached_policies.append(policy)
                policy.attachments.append(target)

    def _attach_default(self, policy_type: str) -> None:
        policy_id = DEFAULTS.get(policy_type)
        if policy_id is None:
            return
        policy = self.get_policy_by_id(policy_id)
        targets: list[Any] = [*self.ou, *self.accounts]
        for target in targets:
            target.attached_policies.append(policy)
            policy.attachments.append(target)

    def _changed(self, root: FakeRoot) -> dict[str, Any]:
        how = self.world.switches.policy_type_changes
        if how == "at_once":
            self.finish_policy_changes()
        elif how == "clock":
            at = self.world.clock.now() + CHANGE_TAKES
            self.world.agenda.add(at, self.finish_policy_changes)
        return {"Root": copy.deepcopy(root.describe())}

    def _get_resource_for_tagging(self, resource_id: str) -> Any:
        found = (policy for policy in self.policies if policy.id == resource_id)
        return next(found, None) or super()._get_resource_for_tagging(resource_id)

    @property
    def _root(self) -> FakeRoot:
        return next(each for each in self.ou if isinstance(each, FakeRoot))

    def _status(self, policy_type: str) -> str | None:
        found = (each["Status"] for each in self._root.policy_types if each["Type"] == policy_type)
        return next(found, None)

    def _trusted(self) -> set[str]:
        return {service["ServicePrincipal"] for service in self.services}

    @property
    def _has_all_features(self) -> bool:
        return self.org is not None and self.org.feature_set == "ALL"

    def _from_the_start(self) -> list[dict[str, str]]:
        has_any = self._has_all_features and SERVICE_CONTROL in self.world.policy_types
        return [_typed(SERVICE_CONTROL, "ENABLED")] if has_any else []

    def _check_available(self, policy_type: str) -> None:
        if not self._has_all_features or policy_type not in self.world.policy_types:
            raise PolicyTypeNotAvailableError

    def _check_no_change(self) -> None:
        if any(each["Status"] in _PENDING for each in self._root.policy_types):
            raise PolicyChangesInProgressError

    def _check_usable(self, policy_type: str) -> None:
        status = self._status(policy_type)
        if status is None:
            raise PolicyTypeNotEnabledException
        if status in _PENDING:
            raise PolicyChangesInProgressError


def _typed(policy_type: str, status: Status) -> dict[str, str]:
    return {"Type": policy_type, "Status": status}


def _detach_everywhere(policy: FakePolicy) -> None:
    for target in policy.attachments:
        target.attached_policies.remove(policy)
    policy.attachments.clear()
