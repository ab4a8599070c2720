"""Centralized root access: IAM's features for organizations, and who may assume a member's root.

From botocore's models of IAM and STS, the IAM User Guide ("Centrally manage root access for member accounts")
and from what AWS was seen to answer. What a session as root may do isn't restricted to its task here.
"""

import re
from typing import Final

from moto.core.exceptions import ServiceException

from aws_org_emulator.organization.organization import Organizations

PRINCIPAL: Final = "iam.amazonaws.com"
CREDENTIALS: Final = "RootCredentialsManagement"
SESSIONS: Final = "RootSessions"
TASKS: Final = frozenset(
    f"arn:aws:iam::aws:policy/root-task/{name}"
    for name in (
        "IAMAuditRootUserCredentials",
        "IAMCreateRootUserPassword",
        "IAMDeleteRootUserCredentials",
        "S3UnlockBucketPolicy",
        "SQSUnlockQueuePolicy",
    )
)
"""Policies that a session as root can have."""
_TARGET: Final = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?")


class ServiceAccessNotEnabledError(ServiceException):
    """The organization doesn't trust IAM."""

    code = "ServiceAccessNotEnabledException"

    def __init__(self, account_id: str) -> None:
        super().__init__(f"Trusted Access for IAM not enabled by organization of input account {account_id}.")


class OrganizationNotFoundError(ServiceException):
    """The caller's account is in no organization."""

    code = "OrganizationNotFoundException"
    message = "The request was rejected because no organization is associated with your account."


class OrganizationNotInAllFeaturesModeError(ServiceException):
    """The organization has consolidated billing alone."""

    code = "OrganizationNotInAllFeaturesModeException"
    message = "The request was rejected because your organization does not have All features enabled."


class NotManagementOrDelegateError(ServiceException):
    """Somebody reads the features who is neither the management nor administers IAM for it."""

    code = "AccountNotManagementOrDelegatedAdministratorException"
    message = (
        "The request was rejected because the account making the request is not the management account or "
        "delegated administrator account for centralized root access."
    )


class NotManagementError(ServiceException):
    """Somebody changes the features who isn't the management account."""

    code = "CallerIsNotManagementAccountException"
    message = (
        "The request was rejected because the account making the request is not the management account for "
        "the organization."
    )


class ValidationError(ServiceException):
    """AWS's answer to a request that makes no sense."""

    code = "ValidationError"


def features(caller: Organizations) -> list[str]:
    """The features that are on, for an account that may read them.

    Raises:
        ServiceException: the account may not, or its organization can't have them.
    """
    management = _management(caller)
    if management is not caller and not administers(management, caller.account_id):
        raise NotManagementOrDelegateError
    return sorted(management.root_features)


def change(caller: Organizations, feature: str, *, on: bool) -> list[str]:
    """Turn a feature on or off.

    Returns:
        The features that are on then.

    Raises:
        ServiceException: the account may not, or its organization can't have them.
    """
    management = _management(caller)
    if management is not caller:
        raise NotManagementError
    management.root_features = management.root_features - {feature} | ({feature} if on else set())
    return sorted(management.root_features)


def administers(management: Organizations, account_id: str) -> bool:
    """Return whether a member administers IAM for its organization."""
    return any(each.account.id == account_id and PRINCIPAL in each.services for each in management.admins)


def target_of(principal: str, task: str) -> str:
    """The account whose root user the caller assumes.

    Raises:
        ValidationError: the principal is no account or its root, or the task no policy for that.
    """
    target = _TARGET.fullmatch(principal)
    if target is None:
        raise ValidationError("Request must contain a valid target principal")
    if task not in TASKS:
        raise ValidationError("Request must contain valid AWS managed task policy ARN")
    return target[1]


def may_assume(caller: Organizations, account_id: str) -> bool:
    """Return whether an account may assume another's root: the management, or IAM's administrator."""
    try:
        management = _management(caller)
    except ServiceException:
        return False
    central = management is caller or administers(management, caller.account_id)
    member = management.management_of(account_id) == management.account_id != account_id
    return central and member and SESSIONS in management.root_features


def _management(caller: Organizations) -> Organizations:
    management_id = caller.management_of(caller.account_id)
    if management_id is None:
        raise OrganizationNotFoundError
    management = caller.management()
    if not management.has_all_features:
        raise OrganizationNotInAllFeaturesModeError
    if PRINCIPAL not in management.trusted():
        raise ServiceAccessNotEnabledError(caller.account_id)
    return management
