"""Sizes and numbers of policies: User Guide, "Quotas and service limits for AWS Organizations".

Types that the page doesn't name have what most of those that it names have.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of one policy type.

    Attributes:
        size: characters of a policy.
        number: policies of the type in an organization.
        attached: policies of the type at one root, unit or account.
    """

    size: int = 10_000
    number: int = 1000
    attached: int = 10


OF_TYPE: Mapping[str, Quota] = {
    "SERVICE_CONTROL_POLICY": Quota(size=10_240, number=10_000),
    "RESOURCE_CONTROL_POLICY": Quota(size=5120, number=2000, attached=5),
    "AISERVICES_OPT_OUT_POLICY": Quota(size=2500, attached=5),
    "CHATBOT_POLICY": Quota(attached=5),
}


def quota(policy_type: str) -> Quota:
    """The limits of a policy type."""
    return OF_TYPE.get(policy_type, Quota())
