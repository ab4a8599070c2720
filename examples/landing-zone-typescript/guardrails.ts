/**
 * What holds in our units: policies as files, each attached to one unit after the other.
 *
 * A service control policy can lock everybody out of an account at once, so nothing is attached to the root, and
 * everything to the unit PolicyStaging first.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AllFeaturesOrganization } from "@aws-org-features/org-features";
import * as organizations from "@pulumi/aws/organizations";

import type { UnitName, Units } from "./units";

const POLICIES = join(__dirname, "policies");

interface Guardrail {
    type: string;
    description: string;
}

/** A policy for each file: its name, its type, and what it is for. */
const GUARDRAILS: Record<string, Guardrail> = {
    "baseline": {
        type: "SERVICE_CONTROL_POLICY",
        description: "No LeaveOrganization, nobody works as root, trails stay on",
    },
    "cost-tags": { type: "TAG_POLICY", description: "CostCenter is written one way" },
    "scanning": { type: "INSPECTOR_POLICY", description: "Inspector looks at servers and images" },
};

export const policyTypes = [...new Set(Object.values(GUARDRAILS).map(({ type }) => type))].sort();

/** Declare each policy once its type is on, and its attachment to each of the units. */
export function declare(allFeatures: AllFeaturesOrganization, units: Units, on: UnitName[]): void {
    for (const [name, { type, description }] of Object.entries(GUARDRAILS)) {
        const content = readFileSync(join(POLICIES, `${name}.json`), "utf8");
        const policy = new organizations.Policy(
            name,
            { name, type, description, content },
            { dependsOn: allFeatures.policyTypeResources[type] },
        );
        for (const unit of on) {
            new organizations.PolicyAttachment(`${name}-${unit}`, {
                policyId: policy.id,
                targetId: units[unit].id,
            });
        }
    }
}
