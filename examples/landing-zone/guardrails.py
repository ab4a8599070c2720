"""Policies of our units: each a file, attached to one unit after the other.

A service control policy can lock everybody out of an account at once, so nothing is attached to the root, and
everything to the unit PolicyStaging first.
"""

from collections.abc import Mapping
from pathlib import Path

import pulumi
import pulumi_aws as aws

from aws_org_features import RootPolicyType

POLICIES = Path(__file__).parent / "policies"

# A policy for each file: its name, its type, and what it is for.
GUARDRAILS = {
    "baseline": ("SERVICE_CONTROL_POLICY", "No LeaveOrganization, nobody works as root, trails stay on"),
    "cost-tags": ("TAG_POLICY", "CostCenter is written one way"),
    "scanning": ("INSPECTOR_POLICY", "Inspector looks at servers and images"),
}
POLICY_TYPES = sorted({policy_type for policy_type, _ in GUARDRAILS.values()})


def declare(
    policy_types: Mapping[str, RootPolicyType],
    units: Mapping[str, aws.organizations.OrganizationalUnit],
) -> None:
    """Declare each policy once its type is on, and its attachment to each of the units."""
    for name, (policy_type, description) in GUARDRAILS.items():
        policy = aws.organizations.Policy(
            name,
            name=name,
            type=policy_type,
            description=description,
            content=(POLICIES / f"{name}.json").read_text(),
            opts=pulumi.ResourceOptions(depends_on=[policy_types[policy_type]]),
        )
        for unit, made in units.items():
            aws.organizations.PolicyAttachment(f"{name}-{unit}", policy_id=policy.id, target_id=made.id)
