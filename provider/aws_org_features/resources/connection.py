"""`ConnectionArgs`, and the `Connection` that is made of them or of the stack's `aws:` configuration."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - Pulumi reads the annotations
from typing import Any, TypedDict

import pulumi


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
        # Anyone who may assume the role could use an external id like a password.
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
    """The way to the account that a resource acts in, instead of the stack's `aws:` configuration."""

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
            profile: A profile of the AWS configuration files; default: the usual environment.
            region: Selects the partition; requests go to the region in which that partition has AWS
                Organizations.
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
    """A connection, or a part of one, as dictionaries and lists, from any form that it was given."""
    if isinstance(connection, list | tuple):
        return [as_dict(part) for part in connection]
    if isinstance(connection, dict):
        return {name: as_dict(part) for name, part in connection.items()}
    if isinstance(connection, ConnectionArgs | AssumeRoleArgs | EndpointsArgs):
        return {name: as_dict(getattr(connection, name)) for name in type(connection).__annotations__}
    return connection


def with_secrets(connection: Any) -> Any:
    """A connection whose external ids are secret, in any form that it was given."""
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
    # A value that can't be looked into yet is secret as a whole.
    return pulumi.Output.secret(roles)


def _with_secret_id(role: Any) -> Any:
    if isinstance(role, dict):
        external_id = role.get("external_id")
        return role if external_id is None else {**role, "external_id": pulumi.Output.secret(external_id)}
    return role if isinstance(role, AssumeRoleArgs) else pulumi.Output.secret(role)
