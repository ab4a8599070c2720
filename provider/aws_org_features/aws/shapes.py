"""AWS's shapes as our values.

Tolerant of what AWS was seen to do: ids with and without their prefix, parties that are missing, links that
stand only under Resources.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Final

from aws_org_features.model import AccountDetails, Handshake, Invitation, Organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from types_boto3_organizations.type_defs import (
        AccountTypeDef,
        HandshakePartyTypeDef,
        HandshakeTypeDef,
        OrganizationTypeDef,
    )

_ORGANIZATION_IN_ARN: Final = re.compile(r":handshake/(o-[a-z0-9]+)/")


def organization(shape: OrganizationTypeDef) -> Organization:
    """Read `Organization`."""
    return Organization(
        id=shape["Id"],
        arn=shape["Arn"],
        management_account_id=shape["MasterAccountId"],
        feature_set=shape["FeatureSet"],
    )


def account(shape: AccountTypeDef) -> AccountDetails:
    """Read `Account`; its `Status` is being retired for `State`."""
    return AccountDetails(
        id=shape["Id"],
        name=shape.get("Name", ""),
        email=shape.get("Email", ""),
        joined=shape.get("JoinedMethod", ""),
        state=shape.get("State") or shape.get("Status") or "",
    )


def handshake(shape: HandshakeTypeDef) -> Handshake:
    """Read `Handshake`."""
    parties, resources = shape.get("Parties", []), shape.get("Resources", [])
    parent = _value(resources, "PARENT_HANDSHAKE")
    organization = _party(parties, "ORGANIZATION") or _value(resources, "ORGANIZATION")
    return Handshake(
        id=shape["Id"],
        arn=shape.get("Arn", ""),
        action=shape.get("Action", ""),
        state=shape["State"],
        requested_at=_utc(shape.get("RequestedTimestamp")),
        expires_at=_utc(shape.get("ExpirationTimestamp")),
        account_id=_party(parties, "ACCOUNT") or _value(resources, "ACCOUNT"),
        parent_id=_prefixed("h-", parent) if parent else None,
        organization_id=_prefixed("o-", organization) if organization else _named_in(shape.get("Arn", "")),
    )


def invitation(shape: HandshakeTypeDef) -> Invitation:
    """Read the `Handshake` of an invitation."""
    parties, resources = shape.get("Parties", []), shape.get("Resources", [])
    invited = (_party(parties, kind) or _value(resources, kind) for kind in ("ACCOUNT", "EMAIL"))
    return Invitation(shape["Id"], next(filter(None, invited), ""), shape["State"])


def _named_in(arn: str) -> str | None:
    """The organization that a handshake's ARN names: `arn:…:handshake/ORGANIZATION/ACTION/HANDSHAKE`."""
    found = _ORGANIZATION_IN_ARN.search(arn)
    return found[1] if found else None


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
