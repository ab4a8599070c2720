"""Pulumi resources that declare how an AWS organization's features should be, and get there.

The names exported here are the public surface; everything else may change. They are imported when they
are first asked for, so that the command line needn't load Pulumi.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_org_features.resources.all_features_organization import AllFeaturesOrganization
    from aws_org_features.resources.approval import FeatureSetApproval
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
    from aws_org_features.resources.get_feature_set import (
        GetOrganizationFeatureSetResult,
        get_organization_feature_set,
        get_organization_feature_set_output,
    )
    from aws_org_features.resources.root_policy_type import RootPolicyType
    from aws_org_features.resources.trusted_service import TrustedService
else:
    # Not for type checkers: to them a module with a __getattr__ has every name.
    _LAZY_MODULES = {
        "AllFeaturesGate": "resources.gate",
        "AllFeaturesOrganization": "resources.all_features_organization",
        "ApproverArgs": "resources.approver",
        "ApproverArgsDict": "resources.approver",
        "AssumeRoleArgs": "resources.connection",
        "AssumeRoleArgsDict": "resources.connection",
        "ConnectionArgs": "resources.connection",
        "ConnectionArgsDict": "resources.connection",
        "EndpointsArgs": "resources.connection",
        "EndpointsArgsDict": "resources.connection",
        "FeatureSetApproval": "resources.approval",
        "GetOrganizationFeatureSetResult": "resources.get_feature_set",
        "OrganizationFeatureSet": "resources.feature_set",
        "RootPolicyType": "resources.root_policy_type",
        "TrustedService": "resources.trusted_service",
        "get_organization_feature_set": "resources.get_feature_set",
        "get_organization_feature_set_output": "resources.get_feature_set",
    }

    def __getattr__(name):
        """Import a public name."""
        if name not in _LAZY_MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_LAZY_MODULES[name]}"), name)

    def __dir__():
        """Names that completion shows."""
        return sorted({*globals(), *__all__})


__all__ = [
    "AllFeaturesGate",
    "AllFeaturesOrganization",
    "ApproverArgs",
    "ApproverArgsDict",
    "AssumeRoleArgs",
    "AssumeRoleArgsDict",
    "ConnectionArgs",
    "ConnectionArgsDict",
    "EndpointsArgs",
    "EndpointsArgsDict",
    "FeatureSetApproval",
    "GetOrganizationFeatureSetResult",
    "OrganizationFeatureSet",
    "RootPolicyType",
    "TrustedService",
    "get_organization_feature_set",
    "get_organization_feature_set_output",
]
