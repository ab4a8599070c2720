"""Services that may work in all our accounts, each administered by the security account."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from aws_org_features import TrustedService

TRUSTED = {"inspector": "inspector2.amazonaws.com"}


def declare(services: Mapping[str, TrustedService], account_id: str) -> None:
    """Declare who administers for each service, once it is trusted."""
    for name, principal in TRUSTED.items():
        aws.organizations.DelegatedAdministrator(
            name,
            account_id=account_id,
            service_principal=principal,
            opts=pulumi.ResourceOptions(depends_on=[services[principal]]),
        )
