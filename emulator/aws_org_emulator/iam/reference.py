"""Resources and condition keys of each call: the service authorization reference, as tables.

For Organizations, and for what of STS and IAM a migration needs. Operations that aren't listed know no
resources: only a policy for "*" allows them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Parameters = Mapping[str, Any]
Find = Callable[[str], str | None]
"""Finds the ARN of something by its id."""

_BY_HANDSHAKE = ("HandshakeId",)
_BY_ACCOUNT = ("AccountId",)
_BY_ROOT = ("RootId",)
_BY_UNIT = ("OrganizationalUnitId",)
_BY_POLICY = ("PolicyId",)
_BY_PARENT = ("ParentId",)
_BY_TARGET = ("TargetId",)
_BY_RESOURCE = ("ResourceId",)

RESOURCES: Mapping[str, tuple[str, ...]] = {
    "AcceptHandshake": _BY_HANDSHAKE,
    "AttachPolicy": (*_BY_POLICY, *_BY_TARGET),
    "CancelHandshake": _BY_HANDSHAKE,
    "CloseAccount": _BY_ACCOUNT,
    "CreateOrganizationalUnit": _BY_PARENT,
    "DeclineHandshake": _BY_HANDSHAKE,
    "DeleteOrganizationalUnit": _BY_UNIT,
    "DeletePolicy": _BY_POLICY,
    "DeregisterDelegatedAdministrator": _BY_ACCOUNT,
    "DescribeAccount": _BY_ACCOUNT,
    "DescribeEffectivePolicy": _BY_TARGET,
    "DescribeHandshake": _BY_HANDSHAKE,
    "DescribeOrganizationalUnit": _BY_UNIT,
    "DescribePolicy": _BY_POLICY,
    "DetachPolicy": (*_BY_POLICY, *_BY_TARGET),
    "DisablePolicyType": _BY_ROOT,
    "EnablePolicyType": _BY_ROOT,
    "ListAccountsForParent": _BY_PARENT,
    "ListChildren": _BY_PARENT,
    "ListDelegatedServicesForAccount": _BY_ACCOUNT,
    "ListEffectivePolicyValidationErrors": _BY_ACCOUNT,
    "ListOrganizationalUnitsForParent": _BY_PARENT,
    "ListParents": ("ChildId",),
    "ListPoliciesForTarget": _BY_TARGET,
    "ListTagsForResource": _BY_RESOURCE,
    "ListTargetsForPolicy": _BY_POLICY,
    "MoveAccount": (*_BY_ACCOUNT, "SourceParentId", "DestinationParentId"),
    "RegisterDelegatedAdministrator": _BY_ACCOUNT,
    "RemoveAccountFromOrganization": _BY_ACCOUNT,
    "TagResource": _BY_RESOURCE,
    "UntagResource": _BY_RESOURCE,
    "UpdateOrganizationalUnit": _BY_UNIT,
    "UpdatePolicy": _BY_POLICY,
}
"""Parameters of Organizations' operations that name resources, by operation."""

_OWNED = "arn:${Partition}:organizations::${Account}"
_FORMATS: Mapping[tuple[str, ...], str] = {
    (): "*",
    _BY_ACCOUNT: f"{_OWNED}:account/o-${{OrganizationId}}/${{AccountId}}",
    _BY_HANDSHAKE: f"{_OWNED}:handshake/o-${{OrganizationId}}/${{HandshakeType}}/h-${{HandshakeId}}",
    _BY_ROOT: f"{_OWNED}:root/o-${{OrganizationId}}/r-${{RootId}}",
    _BY_UNIT: f"{_OWNED}:ou/o-${{OrganizationId}}/ou-${{OrganizationalUnitId}}",
}
"""Forms of the ARNs of an operation of Organizations, by the parameters that name them."""

_POLICY_TYPE, _SERVICE_PRINCIPAL = "organizations:policytype", "organizations:serviceprincipal"
_KEYS: Mapping[str, Mapping[str, str]] = {
    "CreatePolicy": {"Type": _POLICY_TYPE},
    "DescribeEffectivePolicy": {"PolicyType": _POLICY_TYPE},
    "DisablePolicyType": {"PolicyType": _POLICY_TYPE},
    "EnablePolicyType": {"PolicyType": _POLICY_TYPE},
    "ListPolicies": {"Filter": _POLICY_TYPE},
    "ListPoliciesForTarget": {"Filter": _POLICY_TYPE},
    "DeregisterDelegatedAdministrator": {"ServicePrincipal": _SERVICE_PRINCIPAL},
    "DisableAWSServiceAccess": {"ServicePrincipal": _SERVICE_PRINCIPAL},
    "EnableAWSServiceAccess": {"ServicePrincipal": _SERVICE_PRINCIPAL},
    "ListDelegatedAdministrators": {"ServicePrincipal": _SERVICE_PRINCIPAL},
    "RegisterDelegatedAdministrator": {"ServicePrincipal": _SERVICE_PRINCIPAL},
    "AssumeRole": {"ExternalId": "sts:externalid", "RoleSessionName": "sts:rolesessionname"},
    "CreateServiceLinkedRole": {"AWSServiceName": "iam:awsservicename"},
}
"""Parameters that are condition keys, by operation."""


def resources(operation: str, parameters: Parameters, find: Find) -> Iterator[str]:
    """The resources of a call of Organizations; its caller needs permission for each.

    Args:
        operation: AWS's name.
        parameters: the call's.
        find: finds ARNs. What doesn't exist has none, and then only a policy for "*" allows the call.

    Yields:
        ARNs, or "*" once where the operation knows no resources.
    """
    names = [parameters[each] for each in RESOURCES.get(operation, ()) if parameters.get(each)]
    invited = parameters.get("Target") or {}
    if operation == "InviteAccountToOrganization" and invited.get("Type") == "ACCOUNT":
        names = [invited.get("Id", "")]
    if not names:
        yield "*"
    for name in names:
        yield find(str(name)) or "*"


def made(operation: str, parameters: Parameters) -> str | None:
    """Resources that a call names by no id: the part of their ARN before the organization.

    AWS was seen to judge CreatePolicy by the ARNs that the policy may get.
    """
    if operation == "CreatePolicy":
        return f"policy/{str(parameters.get('Type', '')).lower()}"
    return "resourcepolicy" if operation.endswith("ResourcePolicy") else None


def arn_format(action: str) -> str | None:
    """Formats of an action's ARNs, as the service authorization reference has them.

    Returns:
        "*" where the action knows no resources; None where it isn't one format, or isn't known here.
    """
    service, _, operation = action.partition(":")
    if service != "organizations" or operation.startswith("Invite"):
        return None
    return _FORMATS.get(RESOURCES.get(operation, ()))


def condition_keys(operation: str, parameters: Parameters) -> dict[str, tuple[str, ...]]:
    """The condition keys that a call's parameters stand for, in lower case."""
    return {
        key: (str(parameters[name]),)
        for name, key in _KEYS.get(operation, {}).items()
        if parameters.get(name) is not None
    }
