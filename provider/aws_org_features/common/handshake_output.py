"""A handshake as an output, and read back from a state."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from aws_org_features.model.organizations import Handshake

if TYPE_CHECKING:
    from collections.abc import Mapping


def handshake_output(handshake: Handshake | None) -> dict[str, str] | None:
    """A handshake as it is kept."""
    if handshake is None:
        return None
    return {
        "id": handshake.id,
        "arn": handshake.arn,
        "action": handshake.action,
        "state": handshake.state,
        "requested_at": _timestamp(handshake.requested_at),
        "expires_at": _timestamp(handshake.expires_at),
    }


def _timestamp(when: datetime | None) -> str:
    """RFC 3339 to the second, UTC."""
    return when.replace(microsecond=0).isoformat().replace("+00:00", "Z") if when else ""


def handshake_from(kept: Mapping[str, Any] | None) -> Handshake | None:
    """A kept handshake, read back: its links aren't kept."""
    if not kept:
        return None
    return Handshake(
        id=kept["id"],
        arn=kept.get("arn", ""),
        action=kept.get("action", ""),
        state=kept.get("state", ""),
        requested_at=_read_timestamp(kept.get("requested_at")),
        expires_at=_read_timestamp(kept.get("expires_at")),
    )


def _read_timestamp(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
