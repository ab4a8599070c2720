"""Roots, policies, and a policy type's way to being enabled."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.model.on_off import OnDestroy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.model.organizations import Organization


class PolicyTypeStatus(enum.StrEnum):
    """Status of a policy type."""

    WAITING_FOR_ALL_FEATURES = "WAITING_FOR_ALL_FEATURES"
    DISABLED = "DISABLED"
    PENDING_ENABLE = "PENDING_ENABLE"
    PENDING_DISABLE = "PENDING_DISABLE"
    ENABLED = "ENABLED"


PENDING: Final = frozenset({PolicyTypeStatus.PENDING_ENABLE, PolicyTypeStatus.PENDING_DISABLE})
"""AWS is at it, and takes no other change of the root meanwhile."""
_SHOWN: Final = {status.value: status for status in (*PENDING, PolicyTypeStatus.ENABLED)}
"""States in `ListRoots`: `PolicyTypeStatus` in botocore's model."""

SERVICES: Final[Mapping[str, str]] = {
    "GUARDDUTY_POLICY": "guardduty.amazonaws.com",
    "INSPECTOR_POLICY": "inspector2.amazonaws.com",
    "SECURITYHUB_POLICY": "securityhub.amazonaws.com",
}
"""The principals of the services that some types want trusted first, from the Organizations User Guide; of
others AWS says so when it refuses the type (`SERVICE_ACCESS_NOT_ENABLED`)."""


@dataclass(frozen=True, slots=True)
class Root:
    """A root, by `ListRoots`.

    Attributes:
        id: `r-` and 4 to 32 lower-case letters or digits.
        arn: Its ARN.
        policy_types: AWS's status of each policy type; a type that is disabled isn't there.
    """

    id: str
    arn: str
    policy_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a policy.

    Attributes:
        id: Of the root, the unit or the account.
        name: As somebody typed it, so not to be shown as it is (`inert`).
        kind: `ROOT`, `ORGANIZATIONAL_UNIT` or `ACCOUNT`.
    """

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of the customer's own.

    Attributes:
        id: `p-` and more.
        name: As somebody typed it, so not to be shown as it is (`inert`).
        targets: What it is attached to.
    """

    id: str
    name: str
    targets: tuple[Target, ...] = ()

    @property
    def is_guardrail(self) -> bool:
        """Return whether AWS Control Tower made it: its guide shows that guardrails have such names."""
        return self.name.startswith("aws-guardrails-")


@dataclass(frozen=True, slots=True)
class Declared:
    """The program's declaration.

    Attributes:
        organization_id: The only organization that is ever written to.
        policy_type: AWS's name of the type.
        root_id: The root; None has it found.
        on_destroy: What happens to the type when the resource is deleted.
    """

    organization_id: str
    policy_type: str
    root_id: str | None = None
    on_destroy: OnDestroy = OnDestroy.REFUSE_IF_USED


@dataclass(frozen=True, slots=True)
class Seen:
    """AWS's answers.

    Attributes:
        organization: The organization that the credentials lead to.
        root: Its root.
    """

    organization: Organization
    root: Root

    def with_status(self, policy_type: str, status: PolicyTypeStatus) -> Seen:
        """The same, but for where one type stands."""
        types = {each: shown for each, shown in self.root.policy_types.items() if each != policy_type}
        if status is not PolicyTypeStatus.DISABLED:
            types[policy_type] = str(status)
        return replace(self, root=replace(self.root, policy_types=types))
