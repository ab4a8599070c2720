/** Our landing zone: one organization, its units, and the guardrails on them. */

import { AllFeaturesOrganization } from "@aws-org-features/org-features";
import * as pulumi from "@pulumi/pulumi";

import * as guardrails from "./guardrails";
import { adopt } from "./organization";
import * as services from "./services";
import * as units from "./units";

const config = new pulumi.Config();
const organizationId = config.require("organizationId");

const adopted = adopt(organizationId);
const ours = units.declare(adopted.roots[0].id);
const allFeatures = new AllFeaturesOrganization(
    "all-features",
    {
        organizationId,
        policyTypes: guardrails.policyTypes,
        trustedServices: services.trustedServices,
    },
    // Until everyone has approved a run ends at the gate: what needs no features comes first.
    { dependsOn: Object.values(ours) },
);
services.declare(allFeatures, config.require("securityAccountId"));
guardrails.declare(allFeatures, ours, units.checked(config.requireObject<string[]>("guardrailsOn")));

export = {
    status: allFeatures.featureSet.status,
    message: allFeatures.featureSet.message,
    root: adopted.roots[0].id,
    ...Object.fromEntries(Object.entries(ours).map(([name, unit]) => [name, unit.id])),
};
