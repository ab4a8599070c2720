/** Services that may work in all our accounts, each administered by the security account. */

import { AllFeaturesOrganization } from "@aws-org-features/org-features";
import * as organizations from "@pulumi/aws/organizations";

const TRUSTED = { inspector: "inspector2.amazonaws.com" };

export const trustedServices = Object.values(TRUSTED);

/** Declare who administers for each service, once it is trusted. */
export function declare(allFeatures: AllFeaturesOrganization, accountId: string): void {
    for (const [name, servicePrincipal] of Object.entries(TRUSTED)) {
        new organizations.DelegatedAdministrator(
            name,
            { accountId, servicePrincipal },
            { dependsOn: allFeatures.trustedServiceResources[servicePrincipal] },
        );
    }
}
