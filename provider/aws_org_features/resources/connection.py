"""`ConnectionArgs`, the stack's `aws:` configuration, and the `Connection` that is made of them.

Whoever would be acting by a setting that isn't supported is told so; nothing is silently ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence  # noqa: TC003 - Pulumi reads the annotations
from typing import TYPE_CHECKING, Any, Final, TypedDict
from urllib.parse import urlsplit

import pulumi

from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints, StaticKeys
from aws_org_features.aws.endpoints import refuse_unencrypted
from aws_org_features.declared import ROLE_ARN
from aws_org_features.errors import ConfigurationError
from aws_org_features.resources.durations import seconds

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


_SHORTEST, _LONGEST = 900, 43_200
_SERVICES: Final = ("organizations", "sts", "iam")

# Settings of pulumi-aws that change who acts or where requests go, and what does the same here.
_NOT_FOLLOWED: Final = {
    "assumeRoleWithWebIdentity": "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment",
    "customCaBundle": "set AWS_CA_BUNDLE in the environment",
    "ec2MetadataServiceEndpoint": "set AWS_EC2_METADATA_SERVICE_ENDPOINT in the environment",
    "ec2MetadataServiceEndpointMode": "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE in the environment",
    "httpProxy": "set HTTP_PROXY in the environment",
    "httpsProxy": "set HTTPS_PROXY in the environment",
    "insecure": "set AWS_CA_BUNDLE in the environment to a certificate that vouches for the endpoint",
    "noProxy": "set NO_PROXY in the environment",
    "sharedConfigFiles": "set AWS_CONFIG_FILE in the environment",
    "sharedCredentialsFiles": "set AWS_SHARED_CREDENTIALS_FILE in the environment",
    "stsRegion": "set aws:region to a region of the same partition",
    "useDualstackEndpoint": "set AWS_USE_DUALSTACK_ENDPOINT in the environment",
    "useFipsEndpoint": "set AWS_USE_FIPS_ENDPOINT in the environment",
}
_ROLE_KEYS: Final = {"roleArn", "externalId", "sessionName", "duration", "durationSeconds"}


def resolve(declared: Mapping[str, Any] | None, get: Callable[[str], str | None]) -> Connection:
    """Make the connection that a resource uses.

    Args:
        declared: The resource's `connection`, already valid; None to use the stack's configuration.
        get: Reads a key of the stack's configuration (`aws:region`); objects come as JSON text.

    Raises:
        ConfigurationError: The stack's configuration can't be followed.
    """
    allowed = frozenset(_list(get, "allowedAccountIds"))
    forbidden = frozenset(_list(get, "forbiddenAccountIds"))
    if declared is not None:
        for service, url in (declared.get("endpoints") or {}).items():
            refuse_unencrypted(service, url)
        return Connection(
            profile=declared.get("profile"),
            region=declared.get("region"),
            assume_roles=tuple(_declared_role(role) for role in declared.get("assume_roles") or ()),
            endpoints=Endpoints(**{s: (declared.get("endpoints") or {}).get(s) for s in _SERVICES}),
            allowed_accounts=allowed,
            forbidden_accounts=forbidden,
        )
    _refuse_unsupported(get)
    return Connection(
        profile=get("aws:profile"),
        region=get("aws:region"),
        keys=_keys(get),
        assume_roles=_configured_roles(get),
        endpoints=_configured_endpoints(get),
        allowed_accounts=allowed,
        forbidden_accounts=forbidden,
    )


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
    given = {name: value for name, value in declared.items() if is_known(value) and value is not None}
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
    found += unknown_keys(f"{where}.endpoints", endpoints, set(_SERVICES))
    for service, url in endpoints.items():
        if is_known(url) and url is not None:
            found += _endpoint_problems(f"{where}.endpoints.{service}", url)
    return found


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
    given = {name: value for name, value in role.items() if is_known(value) and value is not None}
    found = unknown_keys(where, role, {"role_arn", "external_id", "session_name", "duration"})
    found += not_texts(where, given, ("external_id", "session_name"))
    arn, duration = role.get("role_arn"), given.get("duration")
    if is_known(arn) and not ROLE_ARN.fullmatch(str(arn)):
        found.append(f"{where}.role_arn is {arn!r}, not the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")
    if duration is not None and _seconds(duration) is None:
        found.append(f"{where}.duration is {duration!r}, not a time from 15m to 12h (like 1h or 90m)")
    return found


def _endpoint_problems(where: str, url: Any) -> list[str]:
    # Never with the value: it may hold a password.
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        sound = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", url):
        return [f"{where} isn't an address like https://HOST[:PORT]"]
    if parts.username or parts.password:
        return [f"{where} holds credentials, which would end up in the state"]
    return []


def _seconds(text: Any) -> int | None:
    """A duration as pulumi-aws writes it (`1h30m`), in seconds; None if it isn't one that AWS takes."""
    total = seconds(text)
    return total if total is not None and _SHORTEST <= total <= _LONGEST else None


def _declared_role(role: Mapping[str, Any]) -> AssumeRole:
    duration = role.get("duration")
    return AssumeRole(
        role_arn=role["role_arn"],
        external_id=role.get("external_id"),
        session_name=role.get("session_name"),
        duration_seconds=_seconds(duration) if duration else None,
    )


def _refuse_unsupported(get: Callable[[str], str | None]) -> None:
    for name, instead in _NOT_FOLLOWED.items():
        if get(f"aws:{name}") not in {None, "", "false", "[]", "{}"}:
            raise ConfigurationError(
                f"The stack's configuration sets aws:{name}, which would change who acts or where requests "
                "go, and isn't supported here.",
                f"Instead, {instead}; or give the resource a `connection` of its own.",
            )


def _keys(get: Callable[[str], str | None]) -> StaticKeys | None:
    access, secret, token = (_key(get, name) for name in ("accessKey", "secretKey", "token"))
    if bool(access) != bool(secret):
        missing = "aws:secretKey" if access else "aws:accessKey"
        raise ConfigurationError(
            f"The stack's configuration has half of a key pair: {missing} is missing.",
            "Set both, or neither.",
        )
    return StaticKeys(access, secret, token or None) if access and secret else None


def _key(get: Callable[[str], str | None], name: str) -> str:
    # A secret that a pipeline reads from a file often ends with a line break.
    return str(get(f"aws:{name}") or "").strip()


def _json(get: Callable[[str], str | None], name: str) -> Any:
    text = get(f"aws:{name}")
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise _misshapen(name) from None


def _misshapen(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"aws:{name} of the stack's configuration isn't what pulumi-aws takes there.",
        f"Set it with `pulumi config set --path 'aws:{name}…'`, as pulumi-aws documents.",
    )


def _list(get: Callable[[str], str | None], name: str) -> list[str]:
    value = _json(get, name) or []
    if not isinstance(value, list) or not all(isinstance(entry, str | int) for entry in value):
        raise _misshapen(name)
    return [str(entry).zfill(12) for entry in value]


def _configured_roles(get: Callable[[str], str | None]) -> tuple[AssumeRole, ...]:
    one, several = _json(get, "assumeRole"), _json(get, "assumeRoles")
    if one and several:
        raise ConfigurationError(
            "The stack's configuration sets both aws:assumeRole and aws:assumeRoles.", "Keep one of them."
        )
    if several and not isinstance(several, list):
        raise _misshapen("assumeRoles")
    roles = several or ([one] if one else [])
    if not all(isinstance(role, dict) for role in roles):
        raise _misshapen("assumeRoles" if several else "assumeRole")
    return tuple(_configured_role(role) for role in roles)


def _configured_role(role: Mapping[str, Any]) -> AssumeRole:
    odd = sorted(name for name, value in role.items() if value and name not in _ROLE_KEYS)
    if odd:
        raise ConfigurationError(
            f"aws:assumeRole sets {', '.join(odd)}, which would change who acts and isn't supported here.",
            "Remove it, or give the resource a `connection` of its own.",
        )
    arn, duration = str(role.get("roleArn") or ""), role.get("duration") or role.get("durationSeconds")
    if not ROLE_ARN.fullmatch(arn):
        raise ConfigurationError(
            f"aws:assumeRole has roleArn {arn!r}, which isn't the ARN of a role.",
            "It looks like arn:aws:iam::ACCOUNT:role/NAME.",
        )
    lasts = _seconds(f"{duration}s" if str(duration).isdigit() else str(duration)) if duration else None
    if duration and lasts is None:
        raise ConfigurationError(
            f"aws:assumeRole has duration {duration!r}.",
            "It must be a time from 15m to 12h (like 1h or 90m).",
        )
    external_id, session_name = role.get("externalId"), role.get("sessionName")
    return AssumeRole(
        arn, str(external_id) if external_id else None, str(session_name) if session_name else None, lasts
    )


def _configured_endpoints(get: Callable[[str], str | None]) -> Endpoints:
    value = _json(get, "endpoints") or []
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        raise _misshapen("endpoints")
    merged: dict[str, str] = {}
    for entry in entries:
        merged.update({service: entry[service] for service in _SERVICES if entry.get(service)})
    for service, url in merged.items():
        for problem in _endpoint_problems(f"aws:endpoints: {service}", url):
            raise ConfigurationError(f"{problem}.", "Fix it in the stack's configuration.")
        refuse_unencrypted(service, url)
    return Endpoints(**merged)
