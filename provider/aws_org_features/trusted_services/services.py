"""Facts from AWS's guides about services: for a person's help alone. AWS decides whether one can be trusted.

From the Organizations User Guide ("AWS services that you can use with AWS Organizations", a page for each);
of RAM and the Well-Architected Tool from their own, as they need a role that only they make.
"""

from __future__ import annotations

import difflib
from typing import Final, NamedTuple


class Own(NamedTuple):
    """The service's own wishes: setup by its own API or console, and the cost of ending the trust.

    Attributes:
        enable: What to do in place of EnableAWSServiceAccess; None if that will do.
        leave: What to do before trusted access is disabled.
        loss: What is lost when it is disabled, as a clause; None if nothing is known.
    """

    enable: str | None = None
    leave: str = "disable it by the service's own console or commands"
    loss: str | None = None


_LICENSES: Final = Own(
    "run `aws license-manager update-service-settings --organization-configuration EnableIntegration=true`"
)
_STACK_SETS: Final = Own(
    "run `aws cloudformation activate-organizations-access`",
    "run `aws cloudformation deactivate-organizations-access`",
)
_IPAM: Final = "ipam-organization-admin-account --delegated-admin-account-id ACCOUNT`"

OWN: Final = {
    "cloudtrail.amazonaws.com": Own(loss="its organization trails are deleted in member accounts"),
    "ipam.amazonaws.com": Own(f"run `aws ec2 enable-{_IPAM}", f"run `aws ec2 disable-{_IPAM}"),
    "license-manager.amazonaws.com": _LICENSES,
    "license-manager.member-account.amazonaws.com": _LICENSES,
    "member.org.stacksets.cloudformation.amazonaws.com": _STACK_SETS,
    "networkmanager.amazonaws.com": Own(
        "enable it in Network Manager's console", "disable it in Network Manager's console"
    ),
    "notifications.amazon.com": Own(
        "run `aws notifications enable-notifications-access-for-organization`",
        "run `aws notifications disable-notifications-access-for-organization`",
    ),
    "q.amazonaws.com": Own(
        "enable it in Amazon Q Developer's settings", "disable it in Amazon Q Developer's settings"
    ),
    "ram.amazonaws.com": Own(
        "run `aws ram enable-sharing-with-aws-organization`",
        loss="accounts lose what is shared with the organization",
    ),
    "reporting.trustedadvisor.amazonaws.com": Own(
        "enable it in Trusted Advisor's console", "disable it in Trusted Advisor's console"
    ),
    "securityhub.amazonaws.com": Own(
        leave="have its delegated administrator disable Security Hub in the member accounts"
    ),
    "servicequotas.amazonaws.com": Own(
        "run `aws service-quotas associate-service-quota-template`",
        "run `aws service-quotas disassociate-service-quota-template`",
    ),
    "sso.amazonaws.com": Own(loss="nobody gets into an account by IAM Identity Center any more"),
    "stacksets.cloudformation.amazonaws.com": _STACK_SETS,
    "storage-lens.s3.amazonaws.com": Own(leave="disable it in S3's console, in Storage Lens"),
    "wellarchitected.amazonaws.com": Own("enable it in the Well-Architected Tool's console"),
}
"""The services of which more is known than a name."""

_OTHERS: Final = tuple(
    f"{name}.amazonaws.com"
    for name in (
        *("access-analyzer", "account", "artifact", "auditmanager", "backup", "bcm-data-exports"),
        *("billing-cost-management", "chatbot", "compute-optimizer", "config", "config-multiaccountsetup"),
        *("controltower", "cost-optimization-hub.bcm", "detective", "devops-guru", "ds", "ec2", "fms"),
        *("guardduty", "health", "iam", "inspector2", "license-management.marketplace"),
        *("license-manager-linux-subscriptions", "macie", "malware-protection.guardduty", "mgn"),
        *("observabilityadmin", "private-marketplace.marketplace", "reachabilityanalyzer.networkinsights"),
        *("resiliencehub", "resource-explorer-2", "security-ir", "securitylake"),
        *(
            "selfservicereporting.managedservices",
            "servicecatalog",
            "ssm",
            "ssm-quicksetup",
            "tagpolicies.tag",
        ),
        "user-subscriptions",
    )
)

_NAMES: Final = (*OWN, *_OTHERS)

_NOTHING: Final = Own()


def own(service_principal: str) -> Own:
    """The facts about a service."""
    return OWN.get(service_principal, _NOTHING)


def nearest(name: object) -> str | None:
    """The service that a principal may have been meant for; None if it is one, or like none."""
    if name in _NAMES:
        return None
    wanted = str(name).lower().replace("_", "-").removesuffix(".amazonaws.com").removesuffix(".amazon.com")
    short = {each.removesuffix(".amazonaws.com").removesuffix(".amazon.com"): each for each in _NAMES}
    return next((short[each] for each in difflib.get_close_matches(wanted, short, n=1, cutoff=0.8)), None)
