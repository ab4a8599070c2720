"""The stack's `aws:` configuration, read as pulumi-aws reads it.

An unsupported setting that affects credentials is an error; nothing is silently ignored. An empty setting
counts as absent.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aws_org_features.aws.connection import AssumeRole, Connection, Endpoints, StaticKeys
from aws_org_features.aws.endpoints import refuse_unencrypted
from aws_org_features.common.errors import ConfigurationError
from aws_org_features.common.ids import ROLE_ARN
from aws_org_features.lifecycle.aws_settings import REFUSED, ROLE, is_empty, is_set, nearest
from aws_org_features.lifecycle.durations import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Get = Callable[[str], Any]

SERVICES: Final = ("organizations", "sts", "iam")
_SHORTEST, _LONGEST = 900, 43_200
_TRUE, _FALSE = {"1", "t", "true"}, {"0", "f", "false"}
_NEARLY: Final = 0.8
"""Likeness from which a service's name is taken for a misspelled one of ours."""


def configured(get: Get) -> Connection:
    """Make the connection that the stack's configuration describes.

    Args:
        get: Reads a key of it (`aws:region`); objects come as JSON text.

    Raises:
        ConfigurationError: It can't be followed.
    """
    _refuse_unsupported(get)
    return Connection(
        profile=_text(get, "profile") or None,
        region=_text(get, "region") or None,
        keys=_keys(get),
        assume_roles=_roles(get),
        endpoints=_endpoints(get),
        allowed_accounts=accounts(get, "allowedAccountIds"),
        forbidden_accounts=accounts(get, "forbiddenAccountIds"),
        skip_metadata=flag(get, "skipMetadataApiCheck"),
    )


def flag(get: Get, name: str) -> bool:
    """A setting that is on or off, as pulumi-aws takes it.

    Raises:
        ConfigurationError: It is neither.
    """
    text = _text(get, name)
    if not text or text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ConfigurationError(
        f"aws:{name} of the stack's configuration is {text!r}, neither true nor false.",
        f"Set it with `pulumi config set aws:{name} true`.",
    )


def role_seconds(text: Any) -> int | None:
    """A duration as pulumi-aws writes it (`1h30m`), in seconds; None if it isn't one that AWS takes."""
    total = seconds(text)
    return total if total is not None and _SHORTEST <= total <= _LONGEST else None


def endpoint_problems(where: str, url: Any) -> list[str]:
    """Problems with an address."""
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


def _refuse_unsupported(get: Get) -> None:
    for name, instead in REFUSED.items():
        if is_set(get(f"aws:{name}")):
            raise ConfigurationError(
                f"The stack's configuration sets aws:{name}, which would change the credentials or the "
                "endpoint, and isn't supported here.",
                f"Instead, {instead}; or give the resource a `connection` of its own.",
            )


def _text(get: Get, name: str) -> str:
    # A value that a pipeline reads from a file often ends with a line break.
    return str(get(f"aws:{name}") or "").strip()


def _keys(get: Get) -> StaticKeys | None:
    access, secret, token = (_text(get, name) for name in ("accessKey", "secretKey", "token"))
    if bool(access) != bool(secret):
        missing = "aws:secretKey" if access else "aws:accessKey"
        raise ConfigurationError(
            f"The stack's configuration has half of a key pair: {missing} is missing.",
            "Set both, or neither.",
        )
    return StaticKeys(access, secret, token or None) if access and secret else None


def _json(get: Get, name: str) -> Any:
    text = _text(get, name)
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


def accounts(get: Get, name: str) -> frozenset[str]:
    """A list of account ids.

    Raises:
        ConfigurationError: It is none.
    """
    value = _json(get, name) or []
    if not isinstance(value, list) or not all(isinstance(entry, str | int) for entry in value):
        raise _misshapen(name)
    return frozenset(str(entry).strip().zfill(12) for entry in value if str(entry).strip())


def _roles(get: Get) -> tuple[AssumeRole, ...]:
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
    return tuple(_role(role) for role in roles if not is_empty(role))


def _role(role: Mapping[str, Any]) -> AssumeRole:
    odd = sorted(name for name, value in role.items() if value and name not in ROLE)
    if odd:
        raise ConfigurationError(
            f"aws:assumeRole sets {', '.join(odd)}, which would change the credentials and isn't supported "
            "here.",
            "Remove it, or give the resource a `connection` of its own.",
        )
    arn, duration = str(role.get("roleArn") or ""), role.get("duration") or role.get("durationSeconds")
    if not ROLE_ARN.fullmatch(arn):
        raise ConfigurationError(
            f"aws:assumeRole has roleArn {arn!r}, which isn't the ARN of a role.",
            "It looks like arn:aws:iam::ACCOUNT:role/NAME.",
        )
    lasts = role_seconds(f"{duration}s" if str(duration).isdigit() else str(duration)) if duration else None
    if duration and lasts is None:
        raise ConfigurationError(
            f"aws:assumeRole has duration {duration!r}.",
            "It must be a time from 15m to 12h (like 1h or 90m).",
        )
    external_id, session_name = role.get("externalId"), role.get("sessionName")
    return AssumeRole(
        arn, str(external_id) if external_id else None, str(session_name) if session_name else None, lasts
    )


def _refuse_misspelt_services(endpoints: Mapping[str, Any]) -> None:
    for name in sorted(set(endpoints) - set(SERVICES)):
        near = nearest(name, SERVICES, _NEARLY)
        if near:
            raise ConfigurationError(
                f"aws:endpoints sets {name}, which pulumi-aws doesn't have: requests would go to AWS's own "
                "address.",
                f"Did you mean {near}?",
            )


def _endpoints(get: Get) -> Endpoints:
    value = _json(get, "endpoints") or []
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        raise _misshapen("endpoints")
    merged: dict[str, str] = {}
    for entry in entries:
        _refuse_misspelt_services(entry)
        merged.update({service: entry[service] for service in SERVICES if entry.get(service)})
    for service, url in merged.items():
        for problem in endpoint_problems(f"aws:endpoints: {service}", url):
            raise ConfigurationError(f"{problem}.", "Fix it in the stack's configuration.")
        refuse_unencrypted(service, url)
    return Endpoints(**merged)
