"""The stack of a newcomer: one organization, and where its migration to all features stands."""

import pulumi

from aws_org_features import OrganizationFeatureSet

organization = OrganizationFeatureSet(
    "organization", organization_id=pulumi.Config().require("organizationId")
)
pulumi.export("status", organization.status)
pulumi.export("message", organization.message)
