"""One of many organizations, to have all features; each is a stack of this program."""

import pulumi

from aws_org_features import OrganizationFeatureSet

organization = OrganizationFeatureSet(
    "all-features", organization_id=pulumi.Config().require("organizationId")
)

pulumi.export("status", organization.status)
pulumi.export("message", organization.message)
