"""`ConnectionArgs`, and the `Connection` that is made of them or of the stack's `aws:` configuration."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - Pulumi reads the annotations
from typing import TYPE_CHECKING, Any, TypedDict

import pulumi

from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints
from aws_org_features.aws.endpoints import refuse_unencrypted
from aws_org_features.common.ids import ROLE_ARN
from aws_org_features.resources.configuration import (
    SERVICES,
    accounts,
    configured,
    endpoint_problems,
    flag,
    role_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@pulumi.input_type
class AssumeRoleArgs:
    """A role to assume on the way to that account."""

    role_arn: pulumi.Input[str]
    external_id: pulumi.Input[str] | None
    session_name: pulumi.Input[str] | None
    duration: pulumi.Input[str] | None

    def __init__(
        self,
        *,
        role_arn: pulumi.Input[str],
        external_id: pulumi.Input[str] | None = None,
        session_name: pulumi.Input[str] | None = None,
        duration: pulumi.Input[str] | None = None,
    ) -> None:
        """Describe the role.

        Args:
            role_arn: `arn:PARTITION:iam::ACCOUNT:role/NAME`.
            external_id: What its trust policy asks for; kept secret in state and logs.
            session_name: Shown in CloudTrail; `aws-org-features` unless given.
            duration: How long a session lasts: `15m` to `12h`.
        """
        pulumi.set(self, "role_arn", role_arn)
        # An external id is as good as a password to whoever may assume the role.
        pulumi.set(self, "external_id", None if external_id is None else pulumi.Output.secret(external_id))
        pulumi.set(self, "session_name", session_name)
        pulumi.set(self, "duration", duration)


class AssumeRoleArgsDict(TypedDict, total=False):
    """`AssumeRoleArgs` as a dictionary."""

    role_arn: pulumi.Input[str]
    external_id: pulumi.Input[str]
    session_name: pulumi.Input[str]
    duration: pulumi.Input[str]


@pulumi.input_type
class EndpointsArgs:
    """Addresses to use instead of AWS's own."""

    organizations: pulumi.Input[str] | None
    sts: pulumi.Input[str] | None
    iam: pulumi.Input[str] | None

    def __init__(
        self,
        *,
        organizations: pulumi.Input[str] | None = None,
        sts: pulumi.Input[str] | None = None,
        iam: pulumi.Input[str] | None = None,
    ) -> None:
        """Name the addresses: `https://HOST[:PORT]`, without credentials."""
        pulumi.set(self, "organizations", organizations)
        pulumi.set(self, "sts", sts)
        pulumi.set(self, "iam", iam)


class EndpointsArgsDict(TypedDict, total=False):
    """`EndpointsArgs` as a dictionary."""

    organizations: pulumi.Input[str]
    sts: pulumi.Input[str]
    iam: pulumi.Input[str]


@pulumi.input_type
class ConnectionArgs:
    """How to reach the account that a resource acts in, instead of the stack's `aws:` configuration."""

    profile: pulumi.Input[str] | None
    region: pulumi.Input[str] | None
    assume_roles: pulumi.Input[Sequence[pulumi.Input[AssumeRoleArgs | AssumeRoleArgsDict]]] | None
    endpoints: pulumi.Input[EndpointsArgs | EndpointsArgsDict] | None

    def __init__(
        self,
        *,
        profile: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        assume_roles: pulumi.Input[Sequence[pulumi.Input[AssumeRoleArgs | AssumeRoleArgsDict]]] | None = None,
        endpoints: pulumi.Input[EndpointsArgs | EndpointsArgsDict] | None = None,
    ) -> None:
        """Describe the connection.

        Args:
            profile: A profile of the AWS configuration files; else the usual environment.
            region: Decides the partition; requests go to its home of Organizations.
            assume_roles: Roles to assume, one after another.
            endpoints: Addresses to use instead of AWS's own.
        """
        pulumi.set(self, "profile", profile)
        pulumi.set(self, "region", region)
        pulumi.set(self, "assume_roles", _with_secret_ids(assume_roles))
        pulumi.set(self, "endpoints", endpoints)


class ConnectionArgsDict(TypedDict, total=False):
    """`ConnectionArgs` as a dictionary."""

    profile: pulumi.Input[str]
    region: pulumi.Input[str]
    assume_roles: pulumi.Input[Sequence[pulumi.Input[AssumeRoleArgs | AssumeRoleArgsDict]]]
    endpoints: pulumi.Input[EndpointsArgs | EndpointsArgsDict]


def as_dict(connection: Any) -> Any:
    """A connection, or a part of one, as dictionaries and lists, in whichever form it was given."""
    if isinstance(connection, list | tuple):
        return [as_dict(part) for part in connection]
    if isinstance(connection, dict):
        return {name: as_dict(part) for name, part in connection.items()}
    if isinstance(connection, ConnectionArgs | AssumeRoleArgs | EndpointsArgs):
        return {name: as_dict(getattr(connection, name)) for name in type(connection).__annotations__}
    return connection


def with_secrets(connection: Any) -> Any:
    """A connection whose external ids are secret, in whichever form it was given."""
    if isinstance(connection, pulumi.Output):
        return pulumi.Output.secret(connection)
    if not isinstance(connection, dict):
        return connection  # ConnectionArgs has seen to it
    return {**connection, "assume_roles": _with_secret_ids(connection.get("assume_roles"))}


def _with_secret_ids(roles: Any) -> Any:
    if roles is None:
        return None
    if isinstance(roles, list | tuple):
        return [_with_secret_id(role) for role in roles]
    # What can't be looked into yet is secret as a whole.
    return pulumi.Output.secret(roles)


def _with_secret_id(role: Any) -> Any:
    if isinstance(role, dict):
        external_id = role.get("external_id")
        return role if external_id is None else {**role, "external_id": pulumi.Output.secret(external_id)}
    return role if isinstance(role, AssumeRoleArgs) else pulumi.Output.secret(role)


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


def problems(declared: Any, is_known: Callable[[Any], bool]) -> list[str]:
    """What is wrong with a resource's `connection`, a sentence each; empty when nothing is.

    Args:
        declared: As the engine hands it over; parts may not be known yet in a preview.
        is_known: Tells a value from a placeholder.
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
            found += _role_problems(f"{where}.assume_roles[{index}]", role, is_known)
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


def unknown_keys(where: str, given: Mapping[str, Any], known: set[str]) -> list[str]:
    """A sentence for each setting that there isn't."""
    odd = sorted(set(given) - known)
    return [f"{where} has no setting {name!r}; it has {', '.join(sorted(known))}" for name in odd]


def not_texts(where: str, given: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """A sentence for each setting that should be a text."""
    # Never with the value: it may be an external id.
    odd = [name for name in names if name in given and not isinstance(given[name], str)]
    return [f"{where}.{name} must be a text" for name in odd]


def _role_problems(where: str, role: Any, is_known: Callable[[Any], bool]) -> list[str]:
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
