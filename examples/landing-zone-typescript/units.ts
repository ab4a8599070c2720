/** The organizational units below the root. They need no features, so they are there from the first day. */

import * as organizations from "@pulumi/aws/organizations";
import * as pulumi from "@pulumi/pulumi";

const NAMES = ["Security", "Infrastructure", "Workloads", "Sandbox", "PolicyStaging"] as const;

export type UnitName = (typeof NAMES)[number];
export type Units = Record<UnitName, organizations.OrganizationalUnit>;

/** Declare each unit; gives them by name. */
export function declare(parentId: pulumi.Input<string>): Units {
    const declared = NAMES.map((name) => [name, new organizations.OrganizationalUnit(name, { name, parentId })]);
    return Object.fromEntries(declared) as Units;
}

/** The names as they are, unless one is none of ours. */
export function checked(names: string[]): UnitName[] {
    const foreign = names.find((name) => !isOurs(name));
    if (foreign !== undefined) {
        throw new pulumi.RunError(`guardrailsOn names '${foreign}', but there are ${NAMES.join(", ")}`);
    }
    return names.filter(isOurs);
}

function isOurs(name: string): name is UnitName {
    return NAMES.some((ours) => ours === name);
}
