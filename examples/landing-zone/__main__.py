"""Our landing zone: one organization, its units, and the guardrails on them."""

import guardrails
import pulumi
import services
import units
from organization import adopt

from aws_org_features import AllFeaturesOrganization

config = pulumi.Config()
organization_id = config.require("organizationId")

adopted = adopt(organization_id)
ours = units.declare(adopted.roots[0].id)
all_features = AllFeaturesOrganization(
    "all-features",
    organization_id=organization_id,
    policy_types=guardrails.POLICY_TYPES,
    trusted_services=list(services.TRUSTED.values()),
    # Until everyone has approved a run ends at the gate: what needs no features comes first.
    opts=pulumi.ResourceOptions(depends_on=list(ours.values())),
)
services.declare(all_features.trusted_service_resources, config.require("securityAccountId"))
guardrails.declare(
    all_features.policy_type_resources,
    {name: ours[name] for name in units.checked(config.require_object("guardrailsOn"))},
)

pulumi.export("status", all_features.feature_set.status)
pulumi.export("message", all_features.feature_set.message)
pulumi.export("root", adopted.roots[0].id)
for name, unit in ours.items():
    pulumi.export(name, unit.id)
