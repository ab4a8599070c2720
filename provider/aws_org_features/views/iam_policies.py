"""IAM policies that allow what somebody needs for one organization's migration, and nothing else. Pure.

Actions, resource types and condition keys are those of AWS's service authorization reference; a test holds
them against it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from aws_org_features.common import ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Statement = dict[str, Any]

Purpose = Literal[
    "approve",
    "member",
    "operate",
    "plan",
    "policy-types",
    "read",
    "read-policy-types",
    "read-trusted-services",
    "trusted-services",
]
"""Readers of a policy: who approves from the management account by assuming a role in each member account;
who approves in a member account; who runs `pulumi up` in the management account; who reviews there what that
will do, and to be denied; who runs it for policy types on the root; who only looks; who only looks at
policy types; who only looks at trusted services; who runs `pulumi up` for those."""

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)

DEFAULT_ROLE_NAME: Final = "AllFeaturesApprover"
"""The role in member accounts, unless it has another name."""

SERVICE_PRINCIPAL: Final = "organizations.amazonaws.com"
_SERVICE_LINKED_ROLE: Final = f"aws-service-role/{SERVICE_PRINCIPAL}/AWSServiceRoleForOrganizations"

# AWS's pages disagree which of the two a member accepts, and which one management does.
_MIGRATION: Final = ("approve_all_features", "enable_all_features")
# For an account that has lost its role. No page shows the ARN of such a request. The others' types are their
# actions in lower case, for which this action is too long: HandshakeArn in botocore's model has room for 32.
_ROLE_REQUEST: Final = "add_organizations_*"

BOUND: Final[frozenset[Purpose]] = frozenset({"member", "operate", "plan", "policy-types"})
"""The purposes whose policy names the organization, so that its ids must be known."""

_ID: Final[Mapping[str, re.Pattern[str]]] = {
    "partition": re.compile(r"aws(-[a-z]+)*"),
    "organization id": ids.ORGANIZATION_ID,
    "account id": ids.ACCOUNT_ID,
    "service principal": ids.SERVICE_PRINCIPAL,
    "role's ARN": re.compile(r"arn:aws(-[a-z]+)*:iam::([0-9]{12}|\*):role/[A-Za-z0-9_+=,.@/-]+"),
}


def _checked(value: str | None, what: str) -> str:
    # A text that isn't an id might hold a wildcard, and allow more than it should.
    if value is None or not _ID[what].fullmatch(value):
        raise ValueError(f"{value!r} is no {what}")
    return value


@dataclass(frozen=True, slots=True)
class _Where:
    """The account of a policy; one that doesn't name the organization needs none."""

    partition: str
    organization_id: str | None
    management_account_id: str | None
    role_arns: tuple[str, ...]
    service_principals: tuple[str, ...] = ()

    def handshakes(self, *types: str) -> list[str]:
        return [self.owned("handshake", f"{each}/h-*") for each in types]

    def identities(self, kind: str) -> str:
        """All users or roles of the management account."""
        management = _checked(self.management_account_id, "account id")
        return f"arn:{self.partition}:iam::{management}:{kind}/*"

    def owned(self, kind: str, within: str) -> str:
        """The organization's own resources of a kind, which its management account owns."""
        organization = _checked(self.organization_id, "organization id")
        management = _checked(self.management_account_id, "account id")
        return f"arn:{self.partition}:organizations::{management}:{kind}/{organization}/{within}"


def policy_for(  # noqa: PLR0913 - whom it is for, and where
    purpose: Purpose,
    *,
    partition: str,
    organization_id: str | None = None,
    management_account_id: str | None = None,
    role_arns: Sequence[str] = (),
    service_principals: Sequence[str] = (),
) -> dict[str, Any]:
    """Make a policy document.

    Args:
        purpose: Who it is for.
        partition: `aws`, `aws-cn`, ...
        organization_id: The one organization that it is about. The purposes in `BOUND` need it.
        management_account_id: Twelve digits. They need it as well.
        role_arns: For `approve`: the roles to be assumed, as ARNs or as `role_pattern` makes them; by default
            those of `DEFAULT_ROLE_NAME` in any account.
        service_principals: For `trusted-services`: the only services to change; by default all.

    Returns:
        The document as the IAM User Guide lays it out (`Version`, `Statement`), always in the same order.

    Raises:
        ValueError: An id isn't one.
    """
    partition = _checked(partition, "partition")
    roles = tuple(_checked(arn, "role's ARN") for arn in role_arns)
    where = _Where(
        partition,
        organization_id,
        management_account_id,
        roles or (role_pattern(partition, DEFAULT_ROLE_NAME),),
        tuple(_checked(each, "service principal") for each in service_principals),
    )
    return {"Version": "2012-10-17", "Statement": _STATEMENTS[purpose](where)}


def policy_text(document: Mapping[str, Any]) -> str:
    """A document as JSON, to be read and to be compared."""
    return json.dumps(document, indent=2) + "\n"


def role_pattern(partition: str, name: str) -> str:
    """The ARN of a role, with its path if it has one, in any account."""
    return f"arn:{partition}:iam::*:role/{name}"


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str] = (), **more: Any) -> Statement:
    # Actions without a resource type of their own can only be allowed on everything.
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources) or "*",
        **more,
    }


def _read(_where: _Where) -> list[Statement]:
    look = ("DescribeOrganization", "ListAccounts", "ListHandshakesForOrganization")
    return [_allow("LookAtTheMigration", [f"organizations:{action}" for action in look])]


def _operate(where: _Where) -> list[Statement]:
    answer = ("organizations:AcceptHandshake", "organizations:CancelHandshake")
    return [
        *_read(where),
        _allow("StartTheMigration", ["organizations:EnableAllFeatures"]),
        _allow("FinalizeOrCancelTheMigration", answer, where.handshakes(*_MIGRATION)),
    ]


def _plan(where: _Where) -> list[Statement]:
    users, roles = (where.identities(kind) for kind in ("user", "role"))
    return [
        *_read(where),
        # A session doesn't know the path of its role, which stands in the role's ARN.
        _allow("FindTheRole", ["iam:GetRole"], [roles]),
        _allow("AskWhatIsAllowed", ["iam:SimulatePrincipalPolicy"], [roles, users]),
    ]


def _read_policy_types(_where: _Where) -> list[Statement]:
    return [
        _allow("LookAtWhatIsEnabled", ["organizations:DescribeOrganization", "organizations:ListRoots"]),
    ]


def _policy_types(where: _Where) -> list[Statement]:
    look = ("DescribeOrganization", "ListPolicies", "ListRoots")
    change = ("organizations:DisablePolicyType", "organizations:EnablePolicyType")
    return [
        _allow("LookAtTheRoot", [f"organizations:{action}" for action in look]),
        # Only the customer's own policies are looked at: whether any are attached when a type is to go.
        _allow("SeeWhatIsAttached", ["organizations:ListTargetsForPolicy"], [where.owned("policy", "*/p-*")]),
        _allow("EnableAndDisablePolicyTypes", change, [where.owned("root", "r-*")]),
    ]


def _read_trusted_services(_where: _Where) -> list[Statement]:
    look = ("DescribeOrganization", "ListAWSServiceAccessForOrganization")
    return [_allow("LookAtWhatIsTrusted", [f"organizations:{action}" for action in look])]


def _trusted_services(where: _Where) -> list[Statement]:
    of_a_service = ("DisableAWSServiceAccess", "EnableAWSServiceAccess", "ListDelegatedAdministrators")
    trust = _allow("TrustServices", [f"organizations:{action}" for action in of_a_service])
    if where.service_principals:
        named = {"organizations:ServicePrincipal": list(where.service_principals)}
        trust["Condition"] = {"StringEquals": named}
    return [*_read_trusted_services(where), trust]


def _approve(where: _Where) -> list[Statement]:
    return [*_read(where), _allow("ActInMemberAccounts", ["sts:AssumeRole"], where.role_arns)]


def _member(where: _Where) -> list[Statement]:
    look = ("organizations:DescribeOrganization", "organizations:ListHandshakesForAccount")
    return [
        _allow("LookAtTheRequests", look),
        _allow(
            "ApproveAllFeatures",
            ["organizations:AcceptHandshake"],
            where.handshakes(*_MIGRATION, _ROLE_REQUEST),
        ),
        # AWS makes the role with the permissions of the caller who accepts, where the account has lost it.
        _allow(
            "LetTheServiceLinkedRoleBeMadeAgain",
            ["iam:CreateServiceLinkedRole"],
            [role_pattern(where.partition, _SERVICE_LINKED_ROLE)],
            Condition={"StringEquals": {"iam:AWSServiceName": SERVICE_PRINCIPAL}},
        ),
    ]


_STATEMENTS: Final[Mapping[Purpose, Callable[[_Where], list[Statement]]]] = {
    "approve": _approve,
    "member": _member,
    "operate": _operate,
    "plan": _plan,
    "policy-types": _policy_types,
    "read": _read,
    "read-policy-types": _read_policy_types,
    "read-trusted-services": _read_trusted_services,
    "trusted-services": _trusted_services,
}
