"""Credentials that lie in the stack's configuration in plain, which the engine would copy into the state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pulumi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_KEYS: Final = ("secretKey", "token")
_WITHIN: Final = {
    "assumeRole": "externalId",
    "assumeRoles": "externalId",
    "assumeRoleWithWebIdentity": "webIdentityToken",
}


def refuse_plain_credentials() -> None:
    """Refuse credentials that aren't encrypted in the stack's configuration, before anything is recorded.

    The engine records the configuration of a program that has dynamic resources as the inputs of their
    provider: secrets encrypted, and anything else as it is. That is so whatever a resource's `connection`.

    Raises:
        pulumi.RunError: With the reference `credentials-in-plain`; it names the keys.
    """
    names = credentials_in(pulumi.Config("aws").get)
    found = [name for name in names if not pulumi.runtime.is_config_secret(f"aws:{name}")]
    if found:
        keys = [f"aws:{_path(name)}" for name in found]
        commands = " and ".join(f"`pulumi config set --secret --path '{key}'`" for key in keys)
        raise pulumi.RunError(
            f"credentials-in-plain: the stack's configuration has {' and '.join(keys)} in plain, and the "
            "engine copies that into the state. This wasn't recorded. Make a secret of it: "
            f"{commands} asks for the value. Or let a profile or the environment provide the credentials."
        )


def credentials_in(get: Callable[[str], str | None]) -> Iterator[str]:
    """The names of what holds a credential or an external id in the stack's `aws:` configuration.

    Args:
        get: The configuration, by the name after `aws:`; what isn't a text there is JSON.
    """
    for name in _KEYS:
        if (get(name) or "").strip():
            yield name
    for name, key in _WITHIN.items():
        if any(entry.get(key) for entry in _entries(get(name))):
            yield name


def _entries(value: str | None) -> Iterable[dict[str, Any]]:
    try:
        parsed = json.loads(value or "[]")
    except ValueError:
        return ()  # whoever reads it says what is wrong
    listed = parsed if isinstance(parsed, list) else [parsed]
    return [entry for entry in listed if isinstance(entry, dict)]


def _path(name: str) -> str:
    if name not in _WITHIN:
        return name
    return f"{name}{'[0]' if name.endswith('s') else ''}.{_WITHIN[name]}"
