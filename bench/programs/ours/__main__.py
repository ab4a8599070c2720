"""The resource that is measured."""

import os

from aws_org_features import OrganizationFeatureSet

OrganizationFeatureSet("organization", organization_id=os.environ["ORGANIZATION_ID"])
