/** The organization as @pulumi/aws has it: imported, and never deleted. */

import * as organizations from "@pulumi/aws/organizations";

/**
 * Declare the organization that there is, for its root and its accounts.
 *
 * What needs all features is declared elsewhere, so this resource must ignore these fields. As soon as its
 * `featureSet` differs it calls EnableAllFeatures by itself, and shows the difference until somebody finalizes the
 * migration; policy types that it doesn't list it disables, which detaches their policies.
 */
export function adopt(organizationId: string): organizations.Organization {
    return new organizations.Organization(
        "organization",
        {},
        {
            import: organizationId,
            ignoreChanges: ["featureSet", "enabledPolicyTypes", "awsServiceAccessPrincipals"],
            retainOnDelete: true,
        },
    );
}
