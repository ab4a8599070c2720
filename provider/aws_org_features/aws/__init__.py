"""The only place that knows boto3: sessions, paging, retries, and AWS's errors as ours.

boto3 is imported when the first call is made, so that a run that asks AWS nothing doesn't pay for it.
"""

from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints
from aws_org_features.aws.member import Member
from aws_org_features.aws.members import Members
from aws_org_features.aws.organizations import Organizations
from aws_org_features.aws.pace import Paces
from aws_org_features.aws.principal import Principal
from aws_org_features.aws.root import Roots, policy_types

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
    "policy_types",
]
