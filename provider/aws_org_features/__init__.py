"""Pulumi resources that declare how an AWS organization's features should be, and get there.

The names exported here are the public surface; everything else may change.
"""

from aws_org_features.resources.approver import ApproverArgs, ApproverArgsDict
from aws_org_features.resources.connection import (
    AssumeRoleArgs,
    AssumeRoleArgsDict,
    ConnectionArgs,
    ConnectionArgsDict,
    EndpointsArgs,
    EndpointsArgsDict,
)
from aws_org_features.resources.feature_set import OrganizationFeatureSet
from aws_org_features.resources.gate import AllFeaturesGate

__all__ = [
    "AllFeaturesGate",
    "ApproverArgs",
    "ApproverArgsDict",
    "AssumeRoleArgs",
    "AssumeRoleArgsDict",
    "ConnectionArgs",
    "ConnectionArgsDict",
    "EndpointsArgs",
    "EndpointsArgsDict",
    "OrganizationFeatureSet",
]
