"""A minimal stack: one organization, and the status of its migration."""

import pulumi

from aws_org_features import OrganizationFeatureSet

organization = OrganizationFeatureSet(
    "organization", organization_id=pulumi.Config().require("organizationId")
)
pulumi.export("status", organization.status)
pulumi.export("message", organization.message)
