"""Policy types and policies under the feature set's rules, over moto's Organizations backend.

From the User Guide (enabling and disabling policy types) and botocore's model. Which types there are is
`policy_types`' affair; what a policy says, and what it does to requests, is left to others.
"""

import copy
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from moto.organizations import utils
from moto.organizations.exceptions import (
    PolicyTypeAlreadyEnabledException,
    PolicyTypeNotEnabledException,
)
from moto.organizations.models import FakeOrganization, FakePolicy, FakeRoot

from aws_org_emulator.organization.trusted_access import TrustedAccess
from aws_org_emulator.policy_documents import checks
from aws_org_emulator.policy_documents.quotas import quota
from aws_org_emulator.protocol import tagging
from aws_org_emulator.protocol.exceptions import (
    AttachedAlreadyError,
    DuplicatePolicyError,
    LastPolicyError,
    NotAttachedError,
    PolicyChangesInProgressError,
    PolicyInUseError,
    PolicyNotFoundError,
    PolicyTypeEnabledForServiceError,
    PolicyTypeNotAvailableError,
    ServiceAccessNotEnabledError,
    TargetNotFoundError,
    TooManyAttachedError,
    TooManyPoliciesError,
)
from aws_org_emulator.protocol.invalid_input import ImmutablePolicyError

SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
CHANGE_TAKES = timedelta(seconds=30)
"""Time for which a type is pending where the clock drives it. AWS says no more than "in the background"."""
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
_EDITABLE = ("Name", "Description")
"""Fields that UpdatePolicy shows of a policy only where they were given."""


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


class Policies(TrustedAccess):
    """moto's backend, in which policies follow the feature set and the types that are enabled."""

    def _reset(self) -> None:
        super()._reset()
        self.policies_changed: datetime | None = None
        """Time of the last change of policies, or of what they are attached to."""

    def set_up_policies(self) -> None:
        """Bring a new organization to what AWS makes: SCPs enabled with ALL, and nothing without."""
        assert self.org is not None  # noqa: S101 - it was just made
        self._root.policy_types = self._from_the_start()
        self.show_available_types()
        for policy in self.policies:
            policy._arn_format = f"arn:{{0}}:organizations::aws:policy/{policy.type.lower()}/{{3}}"  # noqa: SLF001 - AWS owns them
            policy.content = json.dumps(json.loads(str(policy.content)), indent=2)  # as AWS shows them
            if self._status(policy.type) is None:
                _detach_everywhere(policy)
        self.policies = [each for each in self.policies if each.type in self.shared.policy_types]

    def show_available_types(self) -> None:
        """Let the organization say what botocore's examples do in a field that is deprecated."""
        if self.org is not None:
            self.org.available_policy_types = self._from_the_start()

    def enable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """EnablePolicyType.

        Raises:
            RootNotFoundException: there is no such root.
            PolicyTypeNotAvailableError: the organization has consolidated billing alone, or doesn't offer it.
            PolicyTypeAlreadyEnabledException: it is enabled.
            PolicyChangesInProgressError: another change is in progress.
            ServiceAccessNotEnabledError: the type's service isn't trusted.
        """
        root, policy_type = self._get_root_by_id(kwargs["RootId"]), kwargs["PolicyType"]
        self._check_available(policy_type)
        if self._status(policy_type) == "ENABLED":
            raise PolicyTypeAlreadyEnabledException
        self._check_no_change()
        service = SERVICES.get(policy_type)
        if service is not None and service not in self.trusted():
            raise ServiceAccessNotEnabledError
        root.policy_types = sorted(
            [*root.policy_types, _typed(policy_type, "PENDING_ENABLE")], key=lambda each: each["Type"]
        )
        self._attach_default(policy_type)
        return self._changed(root)

    def disable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """DisablePolicyType: detaches every policy of the type.

        Raises:
            RootNotFoundException: there is no such root.
            PolicyChangesInProgressError: another change is in progress.
            PolicyTypeNotEnabledException: it isn't enabled.
        """
        root, policy_type = self._get_root_by_id(kwargs["RootId"]), kwargs["PolicyType"]
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

    def end_changes_once_listed(self, roots: Iterable[dict[str, Any]]) -> None:
        """ListRoots has shown these roots, which is what ends a pending change, where the switch says so."""
        pending = any(each["Status"] in _PENDING for root in roots for each in root["PolicyTypes"])
        if pending and self.shared.switches.policy_type_changes == "read":
            self.finish_policy_changes()
            self.shared.read_lag.record()

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
            PolicyTypeNotAvailableError: the organization has consolidated billing alone, or doesn't offer it.
            PolicyTooLargeError: it has too many characters.
            MalformedPolicyDocumentError: it is no policy of the type.
            DuplicatePolicyError: another of the type has the name.
            TooManyPoliciesError: there are as many of the type as may be.
            TooManyTagsError: it would have too many.
        """
        policy_type = kwargs["Type"]
        self._check_available(policy_type)
        checks.check(policy_type, kwargs["Content"])
        self._check_policy_name(kwargs["Name"], policy_type)
        own = [each for each in self.policies if each.type == policy_type and not each.aws_managed]
        if len(own) >= quota(policy_type).number:
            raise TooManyPoliciesError
        tagging.tagged({}, kwargs.get("Tags"))
        assert self.org is not None  # noqa: S101 - it has all features
        policy = Policy(self.org, **kwargs)
        self.policies.append(policy)
        return policy.describe()

    def get_policy_by_id(self, policy_id: str) -> FakePolicy:
        """A policy by its id.

        Raises:
            PolicyNotFoundError: there is none.
        """
        found = next((policy for policy in self.policies if policy.id == policy_id), None)
        if found is None:
            raise PolicyNotFoundError
        return found

    def describe_policy(self, **kwargs: Any) -> dict[str, Any]:
        """DescribePolicy.

        Raises:
            PolicyNotFoundError: there is no such policy.
        """
        return self.get_policy_by_id(kwargs["PolicyId"]).describe()

    def update_policy(self, **kwargs: Any) -> dict[str, Any]:
        """UpdatePolicy: an empty description changes nothing, as AWS was seen to do.

        Returns:
            The policy; of its name and description, only what the request gave, in the request's words.

        Raises:
            PolicyNotFoundError: there is no such policy.
            ImmutablePolicyError: it is AWS's.
            PolicyTooLargeError: it would have too many characters.
            MalformedPolicyDocumentError: it would be no policy of its type.
            DuplicatePolicyError: another of its type has the name.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        given = {name: kwargs[name] for name in ("Name", "Description") if kwargs.get(name) is not None}
        if policy.aws_managed:
            raise ImmutablePolicyError
        if kwargs.get("Content") is not None:
            checks.check(policy.type, kwargs["Content"])
        if given.get("Name", policy.name) != policy.name:
            self._check_policy_name(given["Name"], policy.type)
        policy.content = kwargs.get("Content") or policy.content
        policy.name = given.get("Name") or policy.name
        policy.description = given.get("Description") or policy.description
        self._note_change()
        summary = {**policy.describe()["Policy"]["PolicySummary"], **given}
        shown = {name: each for name, each in summary.items() if name in given or name not in _EDITABLE}
        return {"Policy": {"PolicySummary": shown, "Content": policy.content}}

    def delete_policy(self, **kwargs: Any) -> None:
        """DeletePolicy.

        Raises:
            PolicyNotFoundError: there is no such policy.
            ImmutablePolicyError: it is AWS's.
            PolicyInUseError: it is attached somewhere.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        if policy.aws_managed:
            raise ImmutablePolicyError
        if policy.attachments:
            raise PolicyInUseError
        self.policies.remove(policy)

    def targets_of(self, policy_id: str) -> list[dict[str, Any]]:
        """ListTargetsForPolicy.

        Raises:
            PolicyNotFoundError: there is no such policy.
        """
        return [
            {"TargetId": each.id, "Arn": each.arn, "Name": each.name, "Type": each.type}
            for each in self.get_policy_by_id(policy_id).attachments
        ]

    def attach(self, **kwargs: str) -> None:
        """AttachPolicy; `attach_policy` is what moto makes organizations with, and checks nothing.

        Raises:
            PolicyNotFoundError: there is no such policy.
            TargetNotFoundError: there is no such target.
            PolicyChangesInProgressError: the policy's type is being enabled or disabled.
            PolicyTypeNotEnabledException: its type isn't enabled.
            AttachedAlreadyError: it is attached there.
            TooManyAttachedError: as many of its type are attached there as may be.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        target = self.target(kwargs["TargetId"])
        self._check_usable(policy.type)
        if target in policy.attachments:
            raise AttachedAlreadyError
        if len(_of_type(target, policy.type)) >= quota(policy.type).attached:
            raise TooManyAttachedError
        _attach(policy, target)
        self._note_change()

    def detach_policy(self, **kwargs: str) -> None:
        """DetachPolicy.

        Raises:
            PolicyNotFoundError: there is no such policy.
            TargetNotFoundError: there is no such target.
            PolicyChangesInProgressError: the policy's type is being enabled or disabled.
            PolicyTypeNotEnabledException: its type isn't enabled.
            NotAttachedError: it isn't attached there.
            LastPolicyError: it is the target's last SCP, and one must be left.
        """
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        target = self.target(kwargs["TargetId"])
        self._check_usable(policy.type)
        if target not in policy.attachments:
            raise NotAttachedError
        if policy.type == SERVICE_CONTROL and len(_of_type(target, policy.type)) == 1:
            raise LastPolicyError
        target.attached_policies.remove(policy)
        policy.attachments.remove(target)
        self._note_change()

    def create_organizational_unit(self, **kwargs: Any) -> dict[str, Any]:
        """CreateOrganizationalUnit: with the policies that AWS attaches to all."""
        made = super().create_organizational_unit(**kwargs)
        self.attach_defaults([self.ou[-1]])
        return made

    def disable_aws_service_access(self, **kwargs: str) -> None:
        """DisableAWSServiceAccess, which a type that needs it prevents.

        Raises:
            PolicyTypeEnabledForServiceError: one is enabled.
        """
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
                _attach(policy, target)

    def _attach_default(self, policy_type: str) -> None:
        policy_id = DEFAULTS.get(policy_type)
        if policy_id is None:
            return
        policy = self.get_policy_by_id(policy_id)
        for target in self._everything():
            _attach(policy, target)

    def _changed(self, root: FakeRoot) -> dict[str, Any]:
        self._note_change()
        how = self.shared.switches.policy_type_changes
        if how == "at_once":
            self.finish_policy_changes()
        elif how == "clock":
            at = self.shared.clock.now() + CHANGE_TAKES
            self.shared.scheduler.add(at, self.finish_policy_changes)
        return {"Root": copy.deepcopy(root.describe())}

    def _get_resource_for_tagging(self, resource_id: str) -> Any:
        found = next((each for each in self._taggable() if each.id == resource_id), None)
        if found is None:
            raise TargetNotFoundError
        return found

    def _taggable(self) -> list[Any]:
        return [*self._everything(), *self.policies]

    def tag_resource(self, **kwargs: Any) -> None:
        """TagResource.

        Raises:
            TargetNotFoundError: there is nothing with this id.
            TooManyTagsError: it would have too many.
        """
        resource = self._get_resource_for_tagging(kwargs["ResourceId"])
        resource.tags = tagging.tagged(resource.tags, kwargs["Tags"])

    @property
    def _root(self) -> FakeRoot:
        return next(each for each in self.ou if isinstance(each, FakeRoot))

    def _status(self, policy_type: str) -> str | None:
        found = (each["Status"] for each in self._root.policy_types if each["Type"] == policy_type)
        return next(found, None)

    def _note_change(self) -> None:
        self.policies_changed = self.shared.clock.now()

    def _check_policy_name(self, name: str, policy_type: str) -> None:
        if any(policy.name == name and policy.type == policy_type for policy in self.policies):
            raise DuplicatePolicyError

    def _from_the_start(self) -> list[dict[str, str]]:
        has_any = self.has_all_features and SERVICE_CONTROL in self.shared.policy_types
        return [_typed(SERVICE_CONTROL, "ENABLED")] if has_any else []

    def _check_available(self, policy_type: str) -> None:
        if not self.has_all_features or policy_type not in self.shared.policy_types:
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


def _of_type(target: Any, policy_type: str) -> list[FakePolicy]:
    return [each for each in target.attached_policies if each.type == policy_type]


def _attach(policy: FakePolicy, target: Any) -> None:
    target.attached_policies.append(policy)
    policy.attachments.append(target)


def _detach_everywhere(policy: FakePolicy) -> None:
    for target in policy.attachments:
        target.attached_policies.remove(policy)
    policy.attachments.clear()
