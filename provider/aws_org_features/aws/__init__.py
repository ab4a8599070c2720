"""The only place that knows boto3: sessions, paging, retries, and AWS's errors as ours.

boto3 is imported when the first call is made, so that a run that asks AWS nothing doesn't pay for it. So are
the names exported here, when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints
    from aws_org_features.aws.iam import Principal
    from aws_org_features.aws.member_account import Member
    from aws_org_features.aws.member_sessions import Members
    from aws_org_features.aws.organizations import Organizations
    from aws_org_features.aws.policy_types import Roots, botocore_version, known_policy_types
    from aws_org_features.aws.rate_limit import Paces
    from aws_org_features.aws.trusted_services import ServiceAccess
else:
    # Not for type checkers: to them a module with a __getattr__ has every name.
    _LAZY_MODULES = {
        "AssumeRole": "connection",
        "Connection": "connection",
        "Endpoints": "connection",
        "Member": "member_account",
        "Members": "member_sessions",
        "Organizations": "organizations",
        "Paces": "rate_limit",
        "Principal": "iam",
        "Roots": "policy_types",
        "ServiceAccess": "trusted_services",
        "botocore_version": "policy_types",
        "known_policy_types": "policy_types",
    }

    def __getattr__(name):
        """Import a name."""
        if name not in _LAZY_MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_LAZY_MODULES[name]}"), name)


__all__ = [
    "AssumeRole",
    "Connection",
    "Endpoints",
    "Member",
    "Members",
    "Organizations",
    "Paces",
    "Principal",
    "Roots",
    "ServiceAccess",
    "botocore_version",
    "known_policy_types",
]
