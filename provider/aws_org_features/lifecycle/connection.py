"""A resource's way to AWS: its own `connection`, or the stack's `aws:` configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints
from aws_org_features.aws.endpoints import refuse_unencrypted
from aws_org_features.common.ids import ROLE_ARN
from aws_org_features.lifecycle.configuration import (
    SERVICES,
    accounts,
    configured,
    endpoint_problems,
    flag,
    role_seconds,
)
from aws_org_features.lifecycle.unknown import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping


def resolve(declared: Mapping[str, Any] | None, get: Callable[[str], str | None]) -> Connection:
    """Make the connection that a resource uses.

    Args:
        declared: The resource's `connection`, already valid; None to use the stack's configuration.
        get: Reads a key of the stack's configuration (`aws:region`); objects come as JSON text.

    Raises:
        ConfigurationError: The stack's configuration can't be followed.
    """
    if declared is not None:
        endpoints = {s: (declared.get("endpoints") or {}).get(s) or None for s in SERVICES}
        for service, url in endpoints.items():
            refuse_unencrypted(service, url)
        return Connection(
            profile=declared.get("profile") or None,
            region=declared.get("region") or None,
            assume_roles=tuple(_declared_role(role) for role in declared.get("assume_roles") or ()),
            endpoints=Endpoints(**endpoints),
            allowed_accounts=accounts(get, "allowedAccountIds"),
            forbidden_accounts=accounts(get, "forbiddenAccountIds"),
            skip_metadata=flag(get, "skipMetadataApiCheck"),
        )
    return configured(get)


def problems(declared: Any) -> list[str]:
    """Problems with a resource's `connection`, a sentence each.

    Args:
        declared: As the engine hands it over; parts may not be known yet in a preview.
    """
    where = "connection"
    if declared is None or not is_known(declared):
        return []
    if not isinstance(declared, dict):
        return [f"{where} must be ConnectionArgs or a dictionary"]
    given = {name: value for name, value in declared.items() if is_known(value) and not _unset(value)}
    found = unknown_keys(where, declared, {"profile", "region", "assume_roles", "endpoints"})
    found += not_texts(where, given, ("profile", "region"))
    roles = given.get("assume_roles", [])
    if not isinstance(roles, list):
        return [*found, f"{where}.assume_roles must be a list of roles"]
    for index, role in enumerate(roles):
        if is_known(role):
            found += _role_problems(f"{where}.assume_roles[{index}]", role)
    endpoints = given.get("endpoints", {})
    if not isinstance(endpoints, dict):
        return [*found, f"{where}.endpoints must be EndpointsArgs or a dictionary of addresses by service"]
    found += unknown_keys(f"{where}.endpoints", endpoints, set(SERVICES))
    for service, url in endpoints.items():
        if is_known(url) and not _unset(url):
            found += endpoint_problems(f"{where}.endpoints.{service}", url)
    return found


def _unset(value: Any) -> bool:
    return value is None or value == ""


def unknown_keys(where: str, given: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """A sentence for each setting that there isn't."""
    odd = sorted(set(given) - set(known))
    return [f"{where} has no setting {name!r}; it has {', '.join(sorted(known))}" for name in odd]


def not_texts(where: str, given: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """A sentence for each setting that should be a text."""
    # Never with the value: it may be an external id.
    odd = [name for name in names if name in given and not isinstance(given[name], str)]
    return [f"{where}.{name} must be a text" for name in odd]


def _role_problems(where: str, role: Any) -> list[str]:
    if not isinstance(role, dict):
        return [f"{where} must be AssumeRoleArgs or a dictionary"]
    given = {name: value for name, value in role.items() if is_known(value) and not _unset(value)}
    found = unknown_keys(where, role, {"role_arn", "external_id", "session_name", "duration"})
    found += not_texts(where, given, ("external_id", "session_name"))
    arn, duration = role.get("role_arn"), given.get("duration")
    if is_known(arn) and not ROLE_ARN.fullmatch(str(arn)):
        found.append(f"{where}.role_arn is {arn!r}, not the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")
    if duration is not None and role_seconds(duration) is None:
        found.append(f"{where}.duration is {duration!r}, not a time from 15m to 12h (like 1h or 90m)")
    return found


def _declared_role(role: Mapping[str, Any]) -> AssumeRole:
    duration = role.get("duration")
    return AssumeRole(
        role_arn=role["role_arn"],
        external_id=role.get("external_id") or None,
        session_name=role.get("session_name") or None,
        duration_seconds=role_seconds(duration) if duration else None,
    )
