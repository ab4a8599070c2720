"""Where one policy type stands on the root, which step takes it further, and what a destroy may undo. Pure.

A type can only be enabled once the organization has all features; AWS enables and disables in the background,
one type at a time. Disabling a type detaches every policy of it, and enabling it again brings none back.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.model import Organization


class PolicyTypeStatus(enum.StrEnum):
    """Where a policy type stands."""

    WAITING_FOR_ALL_FEATURES = "WAITING_FOR_ALL_FEATURES"
    DISABLED = "DISABLED"
    PENDING_ENABLE = "PENDING_ENABLE"
    PENDING_DISABLE = "PENDING_DISABLE"
    ENABLED = "ENABLED"


PENDING: Final = frozenset({PolicyTypeStatus.PENDING_ENABLE, PolicyTypeStatus.PENDING_DISABLE})
"""AWS is at it, and takes no other change of the root meanwhile."""


_SHOWN: Final = {status.value: status for status in (*PENDING, PolicyTypeStatus.ENABLED)}
"""What `ListRoots` says: `PolicyTypeStatus` in botocore's model."""


class OnDestroy(enum.StrEnum):
    """What becomes of a policy type that this resource has enabled."""

    REFUSE_IF_USED = "refuse-if-used"
    DISABLE = "disable"
    LEAVE = "leave"


class Step(enum.Enum):
    """What comes next."""

    NONE = enum.auto()
    WAIT = enum.auto()
    ENABLE = enum.auto()
    DISABLE = enum.auto()
    REFUSE = enum.auto()


@dataclass(frozen=True, slots=True)
class Root:
    """What `ListRoots` says of a root.

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
    """What a policy is attached to.

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
        """Whether AWS Control Tower made it: its guide shows that guardrails have such names."""
        return self.name.startswith("aws-guardrails-")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the program declares.

    Attributes:
        organization_id: The only organization that is ever written to.
        policy_type: AWS's name of the type.
        root_id: The root; None has it found.
        on_destroy: What becomes of the type when the resource goes.
    """

    organization_id: str
    policy_type: str
    root_id: str | None = None
    on_destroy: OnDestroy = OnDestroy.REFUSE_IF_USED


@dataclass(frozen=True, slots=True)
class Seen:
    """What AWS showed.

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


@dataclass(frozen=True, slots=True)
class Removal:
    """What a destroy does, and why, for a person, in one clause."""

    step: Step
    reason: str


def status_of(policy_type: str, seen: Seen) -> PolicyTypeStatus:
    """Say where a policy type stands."""
    shown = seen.root.policy_types.get(policy_type)
    if shown is not None:
        # A word that AWS may add one day is something that isn't done yet.
        return _SHOWN.get(shown, PolicyTypeStatus.PENDING_ENABLE)
    if not seen.organization.has_all_features:
        return PolicyTypeStatus.WAITING_FOR_ALL_FEATURES
    return PolicyTypeStatus.DISABLED


def others_pending(policy_type: str, root: Root) -> tuple[str, ...]:
    """Other types that AWS is enabling or disabling."""
    found = (each for each, status in root.policy_types.items() if status in PENDING)
    return tuple(sorted(each for each in found if each != policy_type))


def next_step(policy_type: str, seen: Seen) -> Step:
    """Decide how to get a policy type enabled."""
    status = status_of(policy_type, seen)
    if status in {PolicyTypeStatus.ENABLED, PolicyTypeStatus.WAITING_FOR_ALL_FEATURES}:
        return Step.NONE
    if status in PENDING or others_pending(policy_type, seen.root):
        return Step.WAIT
    return Step.ENABLE


def is_left(on_destroy: OnDestroy, *, enabled_here: bool, kept_by_another: bool) -> str | None:
    """Why a destroy leaves the type as it is, whatever AWS shows; None where it has to look.

    Args:
        on_destroy: What the program declared.
        enabled_here: Whether this resource enabled it.
        kept_by_another: Whether another resource of the same run wants it, as after a rename.
    """
    if not enabled_here:
        return "this resource didn't enable it"
    if kept_by_another:
        return "another resource of the program keeps it"
    if on_destroy is OnDestroy.LEAVE:
        return "on_destroy is leave"
    return None


def next_removal(
    policy_type: str, on_destroy: OnDestroy, seen: Seen, used: tuple[Policy, ...] | None
) -> Removal:
    """Decide how to get rid of a policy type that this resource enabled.

    Args:
        policy_type: The type.
        on_destroy: What the program declared, which isn't to leave it.
        seen: What AWS shows.
        used: The customer's policies of the type that are attached somewhere; None if they weren't asked for.
    """
    status = status_of(policy_type, seen)
    if status in {PolicyTypeStatus.DISABLED, PolicyTypeStatus.WAITING_FOR_ALL_FEATURES}:
        return Removal(Step.NONE, "it isn't enabled any more")
    if status is PolicyTypeStatus.PENDING_DISABLE:
        return Removal(Step.WAIT, "AWS is disabling it")
    if status is PolicyTypeStatus.PENDING_ENABLE or others_pending(policy_type, seen.root):
        return Removal(Step.WAIT, "AWS is changing the root's policy types")
    if on_destroy is OnDestroy.REFUSE_IF_USED and used:
        return Removal(Step.REFUSE, "policies of the type are attached")
    return Removal(Step.DISABLE, "this resource enabled it")
