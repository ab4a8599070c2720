"""This account's consent to all features in its AWS organization, given once it is asked for."""

import pulumi

from aws_org_features import FeatureSetApproval

approval = FeatureSetApproval("all-features", organization_id=pulumi.Config().require("organizationId"))

pulumi.export("account", approval.account_id)
pulumi.export("status", approval.status)
pulumi.export("message", approval.message)
