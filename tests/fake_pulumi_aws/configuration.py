"""The provider's configuration: `aws:` of the stack, or the arguments of an explicit provider. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.fake_pulumi_aws.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fake_pulumi_aws.values import Values

_ROLE_KEYS: Final = {"roleArn", "externalId", "sessionName", "duration"}
_TEXTS: Final = ("region", "profile", "accessKey", "secretKey", "token")
_NESTED: Final = (
    "assumeRole",
    "assumeRoles",
    "endpoints",
    "allowedAccountIds",
    "forbiddenAccountIds",
    "defaultTags",
)
# These skip work that isn't done here anyway; the engine adds the others.
_IGNORED: Final = re.compile(r"skip[A-Z]\w*|version|pluginDownloadURL|__\w+")
_UNITS: Final = {"h": 3600, "m": 60, "s": 1}
_DURATION: Final = re.compile(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?")


@dataclass(frozen=True)
class Role:
    """A role to assume."""

    arn: str
    external_id: str | None = None
    session_name: str = "stand-in"
    seconds: int | None = None


@dataclass(frozen=True)
class Configuration:
    """The way to AWS; None or empty values are left to the environment.

    Attributes:
        roles: To be assumed one after another.
        endpoints: URLs by service.
        allowed, forbidden: Account ids.
        default_tags: For all resources that take tags.
    """

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    roles: tuple[Role, ...] = ()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)


def parse(given: Values) -> Configuration:
    """Read a configuration; what is nested in it comes as JSON text.

    Raises:
        Refused: It says what this stand-in doesn't know, or can't be read.
    """
    for key in given:
        if key not in (*_TEXTS, *_NESTED) and not _IGNORED.fullmatch(key):
            raise Refused(f"the stand-in knows no aws:{key}")
    nested = {key: _nested(key, given[key]) for key in _NESTED if key in given}
    roles = [*_listed(nested.get("assumeRoles")), *_listed(nested.get("assumeRole"))]
    texts = {_snake(key): given[key] for key in _TEXTS if given.get(key)}
    return Configuration(
        **texts,
        roles=tuple(_role(each) for each in roles),
        endpoints={name: url for each in _listed(nested.get("endpoints")) for name, url in each.items()},
        allowed=tuple(nested.get("allowedAccountIds") or ()),
        forbidden=tuple(nested.get("forbiddenAccountIds") or ()),
        default_tags=(nested.get("defaultTags") or {}).get("tags") or {},
    )


def _nested(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(f"aws:{key} is no JSON: {value!r}") from None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _snake(key: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key)


def _role(given: Values) -> Role:
    if unknown := sorted(given.keys() - _ROLE_KEYS):
        raise Refused(f"the stand-in knows no {unknown[0]} of a role to assume")
    if not given.get("roleArn"):
        raise Refused("a role to assume has no roleArn")
    return Role(
        given["roleArn"],
        given.get("externalId"),
        given.get("sessionName") or Role.session_name,
        None if given.get("duration") is None else _seconds(given["duration"]),
    )


def _seconds(duration: str) -> int:
    if not duration or not _DURATION.fullmatch(duration):
        raise Refused(f"{duration!r} is no duration such as 1h, 30m or 1h15m")
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))
