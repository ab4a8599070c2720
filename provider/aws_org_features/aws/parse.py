"""AWS's shapes as our values.

Tolerant of what AWS was seen to do: ids with and without their prefix, parties that are missing, links that
stand only under Resources. Ids are what commands, names of files and policies are made of, so they must have
AWS's form. Other words of AWS's become one line that can only be read; what somebody typed stays as it is.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC
from typing import TYPE_CHECKING, Final

from aws_org_features.common import ids
from aws_org_features.common.sanitize import line, message, whole
from aws_org_features.model.organizations import (
    AccountDetails,
    Claim,
    Handshake,
    Invitation,
    Organization,
    Subject,
)
from aws_org_features.model.policy_types import Policy, Root, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from types_boto3_organizations.type_defs import (
        AccountTypeDef,
        DelegatedAdministratorTypeDef,
        EnabledServicePrincipalTypeDef,
        HandshakePartyTypeDef,
        HandshakeTypeDef,
        OrganizationTypeDef,
        PolicySummaryTypeDef,
        PolicyTargetSummaryTypeDef,
        RootTypeDef,
    )

    Shape = Mapping[str, object]

_ORGANIZATION_IN_ARN: Final = re.compile(r":handshake/(o-[a-z0-9]+)/")

_HANDSHAKE_ID: Final = re.compile(r"(h-)?[0-9a-z]{8,32}")
_ORGANIZATION_ARN: Final = re.compile(
    r"arn:aws(-[a-z]+)*:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}"
)
_ROOT_ID: Final = re.compile(r"r-[0-9a-z]{4,32}")


class MisshapenError(Exception):
    """An answer isn't of the shape that AWS's model gives it."""


def organization(shape: OrganizationTypeDef) -> Organization:
    """Read `Organization`."""
    return Organization(
        id=_id(shape, "Id", ids.ORGANIZATION_ID),
        arn=_id(shape, "Arn", _ORGANIZATION_ARN),
        management_account_id=_id(shape, "MasterAccountId", ids.ACCOUNT_ID),
        feature_set=_needed(shape, "FeatureSet"),
    )


def account(shape: AccountTypeDef | DelegatedAdministratorTypeDef) -> AccountDetails:
    """Read `Account`, or `DelegatedAdministrator`; its `Status` is being retired for `State`."""
    return AccountDetails(
        id=_id(shape, "Id", ids.ACCOUNT_ID),
        name=_text(shape, "Name"),
        email=_text(shape, "Email"),
        joined=_word(shape, "JoinedMethod"),
        state=_word(shape, "State") or _word(shape, "Status"),
        joined_at=_utc(shape.get("JoinedTimestamp")),
    )


def account_id(shape: Shape) -> str:
    """Read the `Account` of a caller's identity."""
    return _id(shape, "Account", ids.ACCOUNT_ID)


def arn(shape: Shape) -> str:
    """Read an `Arn`; empty if it isn't there."""
    return message(_text(shape, "Arn"))


def handshake(shape: HandshakeTypeDef) -> Handshake:
    """Read `Handshake`."""
    claims = (*_of_parties(shape.get("Parties", [])), *_of_resources(shape.get("Resources", [])))
    return Handshake(
        id=_id(shape, "Id", _HANDSHAKE_ID),
        arn=arn(shape),
        action=_word(shape, "Action"),
        state=_needed(shape, "State"),
        requested_at=_utc(shape.get("RequestedTimestamp")),
        expires_at=_utc(shape.get("ExpirationTimestamp")),
        account_id=_first(claims, Subject.ACCOUNT),
        parent_id=_first(claims, Subject.PARENT),
        organization_id=_first(claims, Subject.ORGANIZATION) or _named_in(arn(shape)),
        claims=claims,
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


def service_principal(shape: EnabledServicePrincipalTypeDef) -> str:
    """Read the `ServicePrincipal` of `EnabledServicePrincipal`."""
    return _needed(shape, "ServicePrincipal")


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


def _named_in(arn: str) -> str | None:
    """The organization that a handshake's ARN names: `arn:…:handshake/ORGANIZATION/ACTION/HANDSHAKE`."""
    found = _ORGANIZATION_IN_ARN.search(arn)
    return found[1] if found else None


_SUBJECTS: Final = {
    "ORGANIZATION": Subject.ORGANIZATION,
    "ACCOUNT": Subject.ACCOUNT,
    "PARENT_HANDSHAKE": Subject.PARENT,
    "MANAGEMENT_ACCOUNT": Subject.MANAGEMENT,
}
"""Of parties and resources, what tells whose a handshake is."""
_OF_TRANSFERS: Final = re.compile(r"RESPONSIBILITY_TRANSFER|TRANSFER_\w+")
"""Resources that a migration's handshake never has; they decide, even against its action."""


def _of_parties(parties: Iterable[HandshakePartyTypeDef]) -> Iterator[Claim]:
    for party in parties:
        kind = party.get("Type")
        if kind in {"ACCOUNT", "ORGANIZATION"}:
            yield from _claim(_SUBJECTS[kind], _text(party, "Id"), f"its {kind} party")


def _of_resources(resources: Iterable[Mapping[str, object]]) -> Iterator[Claim]:
    """Values that resources name, wherever they stand: AWS nests them."""
    for resource, nested in _walk(resources):
        kind = resource.get("Type")
        if isinstance(kind, str) and kind in _SUBJECTS:
            subject = _SUBJECTS[kind]
            place = f"a {kind} resource within another" if nested else f"its {kind} resource"
            vouches = not nested or subject is not Subject.ORGANIZATION
            yield from _claim(subject, _text(resource, "Value"), place, vouches=vouches)
        elif isinstance(kind, str) and _OF_TRANSFERS.fullmatch(kind):
            yield Claim(Subject.KIND, kind, "a resource")


def _walk(resources: Iterable[Mapping[str, object]]) -> Iterator[tuple[Mapping[str, object], bool]]:
    """Resources, and whether they stand within others: those that don't come first, however deep it goes."""
    left = deque((resource, False) for resource in resources)
    while left:
        resource, nested = left.popleft()
        yield resource, nested
        inner = resource.get("Resources")
        if isinstance(inner, list):
            left.extend((each, True) for each in inner)


def _claim(subject: Subject, value: str, place: str, *, vouches: bool = True) -> Iterator[Claim]:
    if not value:
        return
    if subject is Subject.ACCOUNT:
        _formed(value, "an ACCOUNT", ids.ACCOUNT_ID)
    prefix = {Subject.ORGANIZATION: "o-", Subject.PARENT: "h-"}.get(subject, "")
    yield Claim(subject, _prefixed(prefix, line(value)), place, vouches)


def _first(claims: Iterable[Claim], subject: Subject) -> str | None:
    """The first that is named; a party stands before resources, and they before what stands within them."""
    return next((claim.value for claim in claims if claim.subject is subject), None)


def _prefixed(prefix: str, value: str) -> str:
    return value if value.startswith(prefix) else prefix + value


def _party(parties: Iterable[HandshakePartyTypeDef], kind: str) -> str | None:
    return next((_text(party, "Id") for party in parties if party.get("Type") == kind), None)


def _value(resources: Iterable[Mapping[str, object]], kind: str) -> str | None:
    """The first resource of a kind, outermost first."""
    found = (_text(resource, "Value") for resource, _ in _walk(resources) if resource.get("Type") == kind)
    return next(found, None)


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None
