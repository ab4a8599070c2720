"""Status of a migration as JSON: an object whose shape stays; `schemas/status.json` describes it."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.cli.render.output import timestamp
from aws_org_features.common.handshake_output import handshake_output
from aws_org_features.model.migration import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.views.status import Change, Outlook

SCHEMA_ID: Final = "urn:aws-org-features:status:1"
"""A field that is taken away, or comes to mean something else, makes another one; a new field doesn't."""


def schema_text() -> str:
    """The JSON Schema, as it is shipped."""
    return files("aws_org_features.cli").joinpath("schemas", "status.json").read_text("utf-8")


def as_json(outlook: Outlook, changes: Iterable[Change] | None = None) -> dict[str, Any]:
    """An outlook as JSON has it.

    Args:
        outlook: Where it stands.
        changes: What has changed since the last look; None where there was none to compare it with.
    """
    told: dict[str, Any] = {
        "schema": SCHEMA_ID,
        "looked_at": timestamp(outlook.looked_at),
        "organization_id": outlook.organization.id,
        "management_account_id": outlook.organization.management_account_id,
        "feature_set": outlook.organization.feature_set,
        "status": outlook.status,
        "enabled": outlook.status is Status.ENABLED,
        "headline": outlook.headline,
        "handshake": handshake_of(outlook),
        "approvals": asdict(outlook.approvals) if outlook.approvals else None,
        "deadline": timestamp(outlook.deadline),
        "seconds_left": outlook.seconds_left,
        "waiting_for": [_holder(holder) for holder in outlook.holders],
        "next_step": outlook.next_step,
        "actor": outlook.actor,
        "must_act": outlook.to_do,
        "if_nobody_acts": outlook.otherwise,
    }
    if changes is not None:
        told["changes"] = [
            {"what": each.what, "text": each.text, "account_ids": list(each.account_ids)} for each in changes
        ]
    return told


def handshake_of(outlook: Outlook) -> dict[str, str | None] | None:
    """The migration's own handshake; what AWS doesn't say is null."""
    known = handshake_output(outlook.handshake)
    return {name: value or None for name, value in known.items()} if known else None


def _holder(holder: ApprovalRequest) -> dict[str, str | None]:
    told = ("account_id", "name", "account_state", "handshake_id", "action", "state", "why")
    return {name: getattr(holder, name) or None for name in told}
