"""Services that an organization may trust, and those for which a member may administer.

From the User Guide, "AWS services that you can use with AWS Organizations", and the pages of the services
that it leads to.
"""

DELEGABLE = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "access-analyzer",
        "account",
        "auditmanager",
        "backup",
        "bcm-data-exports",
        "billing-cost-management",
        "cloudtrail",
        "compute-optimizer",
        "config",
        "config-multiaccountsetup",
        "cost-optimization-hub.bcm",
        "detective",
        "devops-guru",
        "ec2",
        "fms",
        "guardduty",
        "health",
        "iam",
        "inspector2",
        "ipam",
        "license-manager",
        "license-manager-linux-subscriptions",
        "macie",
        "malware-protection.guardduty",
        "member.org.stacksets.cloudformation",
        "networkmanager",
        "observabilityadmin",
        "private-marketplace.marketplace",
        "reachabilityanalyzer.networkinsights",
        "reporting.trustedadvisor",
        "resource-explorer-2",
        "security-ir",
        "securityhub",
        "securitylake",
        "servicecatalog",
        "ssm",
        "ssm-quicksetup",
        "sso",
        "storage-lens.s3",
        "tagpolicies.tag",
        "user-subscriptions",
    )
) | {"notifications.amazon.com"}
"""Services for which a member may be registered."""

TRUSTED = DELEGABLE | frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "artifact",
        "aws-artifact-account-sync",  # as the guide had it before
        "chatbot",
        "controltower",
        "dashboard.eks",
        "declarative-policies.ec2",
        "ds",
        "license-management.marketplace",
        "license-manager.member-account",
        "mgn",
        "opsdatasync.ssm",
        "q",
        "ram",
        "resiliencehub",
        "selfservicereporting.managedservices",
        "servicequotas",
        "stacksets.cloudformation",
        "wellarchitected",
    )
)
"""Services that may be trusted."""
