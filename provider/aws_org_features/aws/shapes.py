"""AWS's shapes as our values.

Tolerant of what AWS was seen to do: ids with and without their prefix, parties that are missing, links that
stand only under Resources. Ids are what commands, names of files and policies are made of, so they must have
AWS's form. Other words of AWS's become one line that can only be read; what somebody typed stays as it is.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Final

from aws_org_features.inert import line, message, whole
from aws_org_features.model import AccountDetails, Handshake, Invitation, Organization
from aws_org_features.policy_type import Policy, Root, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from types_boto3_organizations.type_defs import (
        AccountTypeDef,
        HandshakePartyTypeDef,
        HandshakeTypeDef,
        OrganizationTypeDef,
        PolicySummaryTypeDef,
        PolicyTargetSummaryTypeDef,
        RootTypeDef,
    )

    Shape = Mapping[str, object]

_ORGANIZATION_IN_ARN: Final = re.compile(r":handshake/(o-[a-z0-9]+)/")

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
_HANDSHAKE_ID: Final = re.compile(r"(h-)?[0-9a-z]{8,32}")
_ORGANIZATION_ID: Final = re.compile(r"o-[a-z0-9]{10,32}")
_ORGANIZATION_ARN: Final = re.compile(
    r"arn:aws(-[a-z]+)*:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}"
)
_ROOT_ID: Final = re.compile(r"r-[0-9a-z]{4,32}")


class MisshapenError(Exception):
    """An answer isn't of the shape that AWS's model gives it."""


def organization(shape: OrganizationTypeDef) -> Organization:
    """Read `Organization`."""
    return Organization(
        id=_id(shape, "Id", _ORGANIZATION_ID),
        arn=_id(shape, "Arn", _ORGANIZATION_ARN),
        management_account_id=_id(shape, "MasterAccountId", _ACCOUNT_ID),
        feature_set=_needed(shape, "FeatureSet"),
    )


def account(shape: AccountTypeDef) -> AccountDetails:
    """Read `Account`; its `Status` is being retired for `State`."""
    return AccountDetails(
        id=_id(shape, "Id", _ACCOUNT_ID),
        name=_text(shape, "Name"),
        email=_text(shape, "Email"),
        joined=_word(shape, "JoinedMethod"),
        state=_word(shape, "State") or _word(shape, "Status"),
    )


def account_id(shape: Shape) -> str:
    """Read the `Account` of a caller's identity."""
    return _id(shape, "Account", _ACCOUNT_ID)


def arn(shape: Shape) -> str:
    """Read an `Arn`, of whatever; empty if it isn't there."""
    return message(_text(shape, "Arn"))


def handshake(shape: HandshakeTypeDef) -> Handshake:
    """Read `Handshake`."""
    parties, resources = shape.get("Parties", []), shape.get("Resources", [])
    parent = _value(resources, "PARENT_HANDSHAKE")
    organization = _party(parties, "ORGANIZATION") or _value(resources, "ORGANIZATION")
    return Handshake(
        id=_id(shape, "Id", _HANDSHAKE_ID),
        arn=arn(shape),
        action=_word(shape, "Action"),
        state=_needed(shape, "State"),
        requested_at=_utc(shape.get("RequestedTimestamp")),
        expires_at=_utc(shape.get("ExpirationTimestamp")),
        account_id=_account(_party(parties, "ACCOUNT") or _value(resources, "ACCOUNT")),
        parent_id=_prefixed("h-", parent) if parent else None,
        organization_id=_prefixed("o-", organization) if organization else _named_in(arn(shape)),
    )


def invitation(shape: HandshakeTypeDef) -> Invitation:
    """Read the `Handshake` of an invitation."""
    parties, resources = shape.get("Parties", []), shape.get("Resources", [])
    invited = (_party(parties, kind) or _value(resources, kind) for kind in ("ACCOUNT", "EMAIL"))
    return Invitation(
        _id(shape, "Id", _HANDSHAKE_ID), next(filter(None, invited), ""), _needed(shape, "State")
    )


def root(shape: RootTypeDef) -> Root:
    """Read `Root`."""
    types = shape.get("PolicyTypes", [])
    return Root(
        id=_id(shape, "Id", _ROOT_ID),
        arn=arn(shape),
        policy_types={_word(each, "Type"): _word(each, "Status") for each in types},
    )


def policy(shape: PolicySummaryTypeDef) -> Policy:
    """Read `PolicySummary`, without the policy's targets."""
    return Policy(_needed(shape, "Id"), _text(shape, "Name"))


def target(shape: PolicyTargetSummaryTypeDef) -> Target:
    """Read `PolicyTargetSummary`."""
    return Target(_word(shape, "TargetId"), _text(shape, "Name"), _word(shape, "Type"))


def _text(shape: Shape, name: str) -> str:
    """A text, as it was typed; empty if it isn't there."""
    found = shape.get(name, "")
    if not isinstance(found, str):
        raise MisshapenError(f"{name} is no text")
    return whole(found)


def _word(shape: Shape, name: str) -> str:
    """A word of AWS's, as one line that can only be read; empty if it isn't there."""
    return line(_text(shape, name))


def _needed(shape: Shape, name: str) -> str:
    found = _word(shape, name)
    if not found:
        raise MisshapenError(f"{name} is missing")
    return found


def _id(shape: Shape, name: str, pattern: re.Pattern[str]) -> str:
    return _formed(_text(shape, name), name, pattern)


def _formed(text: str, name: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise MisshapenError(f"{name} is {line(text)!r}" if text else f"{name} is missing")
    return text


def _account(found: str | None) -> str | None:
    return _formed(found, "an ACCOUNT", _ACCOUNT_ID) if found else None


def _named_in(arn: str) -> str | None:
    """The organization that a handshake's ARN names: `arn:…:handshake/ORGANIZATION/ACTION/HANDSHAKE`."""
    found = _ORGANIZATION_IN_ARN.search(arn)
    return found[1] if found else None


def _prefixed(prefix: str, value: str) -> str:
    return value if value.startswith(prefix) else prefix + value


def _party(parties: Iterable[HandshakePartyTypeDef], kind: str) -> str | None:
    return next((_text(party, "Id") for party in parties if party.get("Type") == kind), None)


def _value(resources: Iterable[Mapping[str, object]], kind: str) -> str | None:
    """The first resource of a kind; AWS nests them."""
    for resource in resources:
        if resource.get("Type") == kind:
            return _text(resource, "Value")
        nested = resource.get("Resources")
        found = _value(nested, kind) if isinstance(nested, list) else None
        if found is not None:
            return found
    return None


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None
