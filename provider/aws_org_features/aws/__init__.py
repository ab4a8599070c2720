"""The only place that knows boto3: sessions, paging, retries, and AWS's errors as ours.

boto3 is imported when the first call is made, so that a run that asks AWS nothing doesn't pay for it. So are
the names exported here, when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints
    from aws_org_features.aws.member import Member
    from aws_org_features.aws.members import Members
    from aws_org_features.aws.organizations import Organizations
    from aws_org_features.aws.pace import Paces
    from aws_org_features.aws.principal import Principal
    from aws_org_features.aws.root import Roots, botocore_version, policy_types
else:
    # Not for type checkers: to them a module with a __getattr__ has every name.
    _HOMES = {
        "AssumeRole": "connection",
        "Connection": "connection",
        "Endpoints": "connection",
        "Member": "member",
        "Members": "members",
        "Organizations": "organizations",
        "Paces": "pace",
        "Principal": "principal",
        "Roots": "root",
        "botocore_version": "root",
        "policy_types": "root",
    }

    def __getattr__(name):
        """Import a name."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


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
    "botocore_version",
    "policy_types",
]
