"""pulumi-aws's settings, which the stack's `aws:` configuration holds: what each means to the resources here.

A test holds the lists to pulumi-aws itself. Any other key is refused: it may be a misspelled one that says
who acts, or a secret that nobody knows for one.
"""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Final

from aws_org_features.common.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NAMESPACE: Final = "aws:"

FOLLOWED: Final[Mapping[str, str]] = {
    "accessKey": "with `secretKey`: keys that win over any profile's",
    "allowedAccountIds": "the only accounts to act in",
    "assumeRole": "`assumeRoles` of one, as older versions of pulumi-aws have it",
    "assumeRoles": "roles to assume one after another: `roleArn`, `externalId`, `sessionName`, `duration`",
    "endpoints": "addresses of `organizations`, `sts` and `iam`; those of other services have no effect",
    "forbiddenAccountIds": "accounts never to act in",
    "profile": "a profile of the AWS configuration files",
    "region": "only selects the partition",
    "secretKey": "must be a secret",
    "skipMetadataApiCheck": "true: the machine's role is never used",
    "token": "the token of a session's keys; must be a secret",
}
"""Settings that are supported, and how."""

GUARDS: Final = ("allowedAccountIds", "forbiddenAccountIds", "skipMetadataApiCheck")
"""Those that hold beside a resource's own `connection` as well."""

SET: Final = "__settings"
"""The input by which the program says which settings the stack has. It isn't recorded."""

REFUSED: Final[Mapping[str, str]] = {
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
"""Settings that would change the credentials or the addresses, and what to set instead."""

APART: Final[Mapping[str, str]] = {
    "defaultTags": "these resources have no tags",
    "ignoreTags": "these resources have no tags",
    "maxRetries": "calls have their own retries",
    "retryMode": "calls have their own retries",
    "s3UsEast1RegionalEndpoint": "only for S3",
    "s3UsePathStyle": "only for S3",
    "skipCredentialsValidation": "credentials are checked by using them",
    "skipRegionValidation": "AWS's answer shows if a region doesn't exist",
    "skipRequestingAccountId": "the account id is requested only when needed",
    "tagPolicyCompliance": "these resources have no tags",
    "tokenBucketRateLimiterCapacity": "calls have their own rate limit",
    "userAgents": "the user agent names this package",
}
"""Settings that have nothing to do with the resources here."""

OF_THE_ENGINE: Final = ("version", "pluginDownloadURL", "plugins")
"""Settings that the engine itself takes there."""

KNOWN: Final = frozenset({*FOLLOWED, *REFUSED, *APART, *OF_THE_ENGINE})

ROLE: Final = frozenset({"roleArn", "externalId", "sessionName", "duration", "durationSeconds"})
"""Supported settings of a role to assume; `durationSeconds` as older versions have it."""

_OF_A_ROLE: Final = ROLE | {"policy", "policyArns", "sourceIdentity", "tags", "transitiveTagKeys"}
WITHIN: Final[Mapping[str, frozenset[str]]] = {
    "assumeRole": _OF_A_ROLE,
    "assumeRoles": _OF_A_ROLE,
    "assumeRoleWithWebIdentity": (_OF_A_ROLE | {"webIdentityToken", "webIdentityTokenFile"})
    - {"externalId", "sourceIdentity", "tags", "transitiveTagKeys"},
}
"""pulumi-aws's keys within settings that hold secrets."""

_ALSO: Final[Mapping[str, str]] = {
    "accesskeyid": "accessKey",
    "accountid": "allowedAccountIds",
    "awsaccesskeyid": "accessKey",
    "awsdefaultregion": "region",
    "awssecretaccesskey": "secretKey",
    "awssessiontoken": "token",
    "cabundle": "customCaBundle",
    "duration": "assumeRoles",
    "endpointurl": "endpoints",
    "externalid": "assumeRoles",
    "role": "assumeRoles",
    "rolearn": "assumeRoles",
    "secretaccesskey": "secretKey",
    "securitytoken": "token",
    "sessionname": "assumeRoles",
    "sessiontoken": "token",
    "sharedcredentialsfile": "sharedCredentialsFiles",
    "skipgetec2platforms": "skipMetadataApiCheck",
    "webidentitytoken": "assumeRoleWithWebIdentity",
    "webidentitytokenfile": "assumeRoleWithWebIdentity",
}
"""Names of some of them in other tools, and in older versions."""


def refuse_unknown(configuration: Mapping[str, object]) -> None:
    """Refuse keys that pulumi-aws doesn't have, and within roles as well.

    Args:
        configuration: The stack's, by keys with their namespaces; what isn't a text there is JSON.

    Raises:
        ConfigurationError: It names the key and the nearest right one.
    """
    for key in sorted(key for key in configuration if key.startswith(NAMESPACE)):
        name = key.removeprefix(NAMESPACE)
        if name not in KNOWN:
            raise _unknown(key, _instead(name))
        for index, entry in enumerate(entries(configuration[key]) if name in WITHIN else ()):
            for inner in sorted(set(entry) - WITHIN[name]):
                path = f"{key}{f'[{index}]' if name == 'assumeRoles' else ''}.{inner}"
                near = nearest(inner, WITHIN[name])
                raise _unknown(path, f"Did you mean {near}?" if near else "")


def heeded(get: Callable[[str], object], *, connection_given: bool) -> list[str]:
    """The settings of a stack that matter to who acts, by their whole names.

    Args:
        get: The stack's `aws:` configuration, by the names after `aws:`.
        connection_given: Whether the resource has a `connection` of its own.
    """
    names = GUARDS if connection_given else (*FOLLOWED, *REFUSED)
    return [f"{NAMESPACE}{name}" for name in names if is_set(get(name))]


def unconfigured(name: str, lacking: Sequence[str]) -> str:
    """The error of a resource whose provider lacks settings of the stack's."""
    first = lacking[0]
    return (
        f"provider-unconfigured: the provider of {name} wasn't given {' and '.join(lacking)}, which the "
        "stack's configuration sets. A provider in a resource's options doesn't inherit them, so "
        "other credentials would be used, or an account that is ruled out. Give it these "
        f"settings by their full names: {first!r}: "
        f"pulumi.Config('aws').get_secret({first.removeprefix(NAMESPACE)!r})."
    )


def is_set(value: object) -> bool:
    """Return whether a setting says anything: an empty one is one that isn't there."""
    text = str(value or "").strip()
    if text.lower() in {"", "0", "f", "false", "null"}:
        return False
    try:
        return not is_empty(json.loads(text))
    except ValueError:
        return True


def is_empty(value: object) -> bool:
    """Return whether there is nothing in a value but empty texts."""
    if isinstance(value, dict | list):
        return all(map(is_empty, value.values() if isinstance(value, dict) else value))
    return value is None or value == "" or value is False


def entries(value: object) -> list[dict[str, object]]:
    """The objects that a setting holds: one, or a list; none of anything else, which its reader refuses."""
    try:
        parsed = json.loads(value or "[]") if isinstance(value, str) else value
    except ValueError:
        return []
    listed = parsed if isinstance(parsed, list) else [parsed]
    return [entry for entry in listed if isinstance(entry, dict)]


def _unknown(path: str, instead: str) -> ConfigurationError:
    quoted = f"'{path}'" if "[" in path else path
    option = "--path " if "." in path else ""
    return ConfigurationError(
        f"The stack's configuration sets {path}, which pulumi-aws doesn't have. It would be ignored, and "
        "saved in the state. Nothing was recorded.",
        f"{instead} Remove it with `pulumi config rm {option}{quoted}`.".strip(),
    )


def _instead(name: str) -> str:
    near = nearest(name, KNOWN)
    if near == "assumeRoles":
        return "A role to assume is set with `pulumi config set --path 'aws:assumeRoles[0].roleArn' ARN`."
    return f"Did you mean {NAMESPACE}{near}?" if near else "The settings are listed in docs/settings.md."


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The name that somebody will have meant."""
    squashed = {_squashed(each): each for each in known}
    asked = _squashed(name)
    also = _ALSO.get(asked)
    if also in squashed.values():
        return also
    found = difflib.get_close_matches(asked, squashed, n=1, cutoff=cutoff)
    if not found:
        found = difflib.get_close_matches(asked.removeprefix("aws"), squashed, n=1, cutoff=cutoff)
    return squashed[found[0]] if found else None


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
