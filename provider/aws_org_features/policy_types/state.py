"""The outputs of a policy type: what is kept in the state, and what it is read back as.

The names stand in users' state files: changing one needs a migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.model.policy_types import Declared, PolicyTypeStatus, Seen
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.decide import status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUTS: Final = (
    "current_root_id",
    "root_arn",
    "management_account_id",
    "status",
    "enabled",
    "enabled_by_this_resource",
    "message",
)

_ON: Final = frozenset({PolicyTypeStatus.ENABLED, PolicyTypeStatus.PENDING_ENABLE})


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of an earlier run, in the state.

    Attributes:
        status: Where the type stood; None before the first run.
        enabled_here: Whether this resource enabled it.
    """

    status: PolicyTypeStatus | None = None
    enabled_here: bool = False


def outputs(declared: Declared, seen: Seen, *, enabled_here: bool) -> dict[str, Any]:
    """Everything observed, as plain values for the state."""
    status = status_of(declared.policy_type, seen)
    return {
        "current_root_id": seen.root.id,
        "root_arn": seen.root.arn,
        "management_account_id": seen.organization.management_account_id,
        "status": str(status),
        "enabled": status is PolicyTypeStatus.ENABLED,
        # Nobody has enabled a type that is off.
        "enabled_by_this_resource": enabled_here and status in _ON,
        "message": messages.message(declared, seen),
    }


def recorded_from(props: Mapping[str, Any]) -> Recorded:
    """Read a state's outputs back."""
    status = props.get("status")
    if not status:
        return Recorded()
    return Recorded(PolicyTypeStatus(status), bool(props.get("enabled_by_this_resource")))
