"""Settings of a stack that hold a credential."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_org_features.lifecycle.aws_settings import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEYS: Final = ("secretKey", "token")
_WITHIN: Final = {
    "assumeRole": "externalId",
    "assumeRoles": "externalId",
    "assumeRoleWithWebIdentity": "webIdentityToken",
}
_ADDRESSES: Final = ("ec2MetadataServiceEndpoint", "httpProxy", "httpsProxy")
_USER: Final = re.compile(r"^[^/?#]*(//)?[^/?#]*@")
"""An address with a user in it, which rarely comes without a password; a proxy may come without a scheme."""


def credentials_in(get: Callable[[str], str | None]) -> Iterator[str]:
    """The names of what holds a credential or an external id in the stack's `aws:` configuration.

    So do addresses with a user and a password, followed or not.

    Args:
        get: The configuration, by the name after `aws:`; what isn't a text there is JSON.
    """
    for name in _KEYS:
        if (get(name) or "").strip():
            yield name
    for name, key in _WITHIN.items():
        if any(entry.get(key) for entry in entries(get(name))):
            yield name
    for name in _ADDRESSES:
        if _USER.match((get(name) or "").strip()):
            yield name
    if _with_users(get("endpoints")):
        yield "endpoints"


def _with_users(endpoints: str | None) -> list[str]:
    """The addresses with a user in them, by their paths."""
    return [
        f"endpoints[{index}].{service}"
        for index, entry in enumerate(entries(endpoints))
        for service, url in entry.items()
        if _USER.match(str(url).strip())
    ]
