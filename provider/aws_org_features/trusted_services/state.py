"""The outputs of a trusted service: what is kept in the state, and what it is read back as.

The names stand in users' state files: changing one needs a migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.model.trusted_services import Declared, Seen, TrustedServiceStatus
from aws_org_features.trusted_services import messages
from aws_org_features.trusted_services.decide import status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUTS: Final = (
    "management_account_id",
    "status",
    "enabled",
    "enabled_by_this_resource",
    "message",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record of an earlier run, in the state.

    Attributes:
        status: Where it stood; None before the first run.
        enabled_here: Whether this resource enabled it.
    """

    status: TrustedServiceStatus | None = None
    enabled_here: bool = False


def outputs(declared: Declared, seen: Seen, *, enabled_here: bool) -> dict[str, Any]:
    """Everything observed, as plain values for the state."""
    status = status_of(declared.service_principal, seen)
    enabled = status is TrustedServiceStatus.ENABLED
    return {
        "management_account_id": seen.organization.management_account_id,
        "status": str(status),
        "enabled": enabled,
        # Nobody has enabled a service that is off.
        "enabled_by_this_resource": enabled_here and enabled,
        "message": messages.message(declared, seen),
    }


def recorded_from(props: Mapping[str, Any]) -> Recorded:
    """Read a state's outputs back."""
    status = props.get("status")
    if not status:
        return Recorded()
    return Recorded(TrustedServiceStatus(status), bool(props.get("enabled_by_this_resource")))
