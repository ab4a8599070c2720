"""The organization as pulumi-aws has it: imported, and never deleted."""

import pulumi
import pulumi_aws as aws


def adopt(organization_id: str) -> aws.organizations.Organization:
    """Declare the organization that there is, for its root and its accounts.

    What needs all features is declared elsewhere, so this resource must ignore these fields. As soon as
    its `feature_set` differs it calls EnableAllFeatures by itself, and shows the difference until somebody
    finalizes the migration; policy types that it doesn't list it disables, which detaches their policies.
    """
    return aws.organizations.Organization(
        "organization",
        opts=pulumi.ResourceOptions(
            import_=organization_id,
            ignore_changes=["featureSet", "enabledPolicyTypes", "awsServiceAccessPrincipals"],
            retain_on_delete=True,
        ),
    )
