"""The outputs of the feature set: what is kept in the state, and what it is read back as.

The names stand in users' state files: changing one needs a migration.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import AccountNotAllowedError
from aws_org_features.common.handshake_output import handshake_from, handshake_output
from aws_org_features.migration import messages
from aws_org_features.model.migration import (
    IN_FLIGHT,
    Approvals,
    Approver,
    Assessment,
    Desired,
    Recorded,
    Status,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.model.organizations import Organization

OUTPUTS: Final = (
    "organization_arn",
    "management_account_id",
    "current_feature_set",
    "status",
    "enabled",
    "handshake",
    "approvals",
    "waiting_for",
    "waiting_for_more",
    "attempt_recorded",
    "started_by_this_resource",
    "message",
)

NAMED_AT_MOST: Final = 50
"""Entries of `waiting_for`: outputs hold exceptions, not whole populations."""


def carry(desired: Desired, recorded: Recorded, now: Assessment) -> Recorded:
    """The attempt and the starter to record once `now` has been seen."""
    then = recorded.assessment.handshake
    same = (then.id if then else None) == (now.handshake.id if now.handshake else None)
    attempt = recorded.attempt
    if now.status is Status.DECLINED and not same and now.handshake and now.handshake.pending:
        # Adopted as it is: giving it up takes a raise that was made for this one.
        attempt = desired.attempt
    if now.status in IN_FLIGHT or now.status is Status.ENABLED:
        # Nothing stands against it, so there is nothing left for a raised attempt to do.
        attempt = max(attempt, desired.attempt) if same else desired.attempt
    return Recorded(now, attempt, recorded.started and same, recorded.management_account_id)


def without_reasons(recorded: Recorded, approver: Approver | None) -> Recorded:
    """A record that forgets why an approver failed for accounts which are no longer its affair."""
    then = recorded.assessment
    told = tuple(w if _stands(w, approver) else replace(w, reason="", next_step="") for w in then.waiting_for)
    # Only the approver knew of an account whose request AWS shows to nobody.
    kept = tuple(w for w in told if w.handshake_id or w.reason)
    return replace(recorded, assessment=replace(then, waiting_for=kept))


def _stands(waiting: Waiting, approver: Approver | None) -> bool:
    # Each run reports again which accounts the configuration rules out.
    ruled_out = waiting.reason.startswith(f"{AccountNotAllowedError.reference}:")
    return approver is not None and approver.covers(waiting.account_id) and not ruled_out


def outputs(desired: Desired, organization: Organization, recorded: Recorded) -> dict[str, Any]:
    """Everything observed, as plain values for the state."""
    now = recorded.assessment
    return {
        "organization_arn": organization.arn,
        "management_account_id": organization.management_account_id,
        "current_feature_set": organization.feature_set,
        "status": str(now.status),
        "enabled": now.status is Status.ENABLED,
        "handshake": handshake_output(now.handshake),
        "approvals": asdict(now.approvals),
        "waiting_for": [_waiting(waiting) for waiting in now.waiting_for[:NAMED_AT_MOST]],
        "waiting_for_more": max(0, len(now.waiting_for) - NAMED_AT_MOST),
        "attempt_recorded": recorded.attempt,
        "started_by_this_resource": recorded.started,
        "message": messages.message(desired, recorded, now),
    }


def recorded_from(props: Mapping[str, Any]) -> Recorded:
    """Read a state's outputs back. A state without them, as of a resource only read, records nothing."""
    if not props.get("status"):
        return Recorded()
    assessment = Assessment(
        status=Status(props["status"]),
        handshake=handshake_from(props.get("handshake")),
        approvals=_read_approvals(props.get("approvals") or {}),
        waiting_for=tuple(_read_waiting(entry) for entry in props.get("waiting_for") or ()),
    )
    return Recorded(
        assessment=assessment,
        attempt=int(props.get("attempt_recorded") or 1),
        started=bool(props.get("started_by_this_resource")),
        management_account_id=props.get("management_account_id"),
    )


def _waiting(waiting: Waiting) -> dict[str, str]:
    # Without an approver, entries are as they were before there was one.
    return {
        name: value for name, value in asdict(waiting).items() if value or name not in {"reason", "next_step"}
    }


def _read_approvals(kept: Mapping[str, Any]) -> Approvals:
    # The engine hands whole numbers over as floats.
    return Approvals(**{name: int(kept.get(name) or 0) for name in Approvals.__dataclass_fields__})


def _read_waiting(kept: Mapping[str, Any]) -> Waiting:
    return Waiting(**{name: str(kept.get(name) or "") for name in Waiting.__dataclass_fields__})
