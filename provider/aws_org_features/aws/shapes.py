"""AWS's shapes as our values.

Tolerant of what AWS was seen to do: ids with and without their prefix, parties that are missing, links that
stand only under Resources.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from aws_org_features.model import Handshake, Organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from types_boto3_organizations.type_defs import (
        HandshakePartyTypeDef,
        HandshakeTypeDef,
        OrganizationTypeDef,
    )


def organization(shape: OrganizationTypeDef) -> Organization:
    """Read `Organization`."""
    return Organization(
        id=shape["Id"],
        arn=shape["Arn"],
        management_account_id=shape["MasterAccountId"],
        feature_set=shape["FeatureSet"],
    )


def handshake(shape: HandshakeTypeDef) -> Handshake:
    """Read `Handshake`."""
    resources = shape.get("Resources", [])
    parent = _value(resources, "PARENT_HANDSHAKE")
    return Handshake(
        id=shape["Id"],
        arn=shape.get("Arn", ""),
        action=shape.get("Action", ""),
        state=shape["State"],
        requested_at=_utc(shape.get("RequestedTimestamp")),
        expires_at=_utc(shape.get("ExpirationTimestamp")),
        account_id=_party(shape.get("Parties", []), "ACCOUNT") or _value(resources, "ACCOUNT"),
        parent_id=_prefixed("h-", parent) if parent else None,
    )


def _prefixed(prefix: str, value: str) -> str:
    return value if value.startswith(prefix) else prefix + value


def _party(parties: Iterable[HandshakePartyTypeDef], kind: str) -> str | None:
    return next((party["Id"] for party in parties if party.get("Type") == kind), None)


def _value(resources: Iterable[Mapping[str, object]], kind: str) -> str | None:
    """The first resource of a kind; AWS nests them."""
    for resource in resources:
        if resource.get("Type") == kind:
            return str(resource.get("Value", ""))
        nested = resource.get("Resources")
        found = _value(nested, kind) if isinstance(nested, list) else None
        if found is not None:
            return found
    return None


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None
