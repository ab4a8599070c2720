"""Credentials that lie in the stack's configuration in plain, which the engine would copy into the state."""

from __future__ import annotations

import pulumi
from pulumi.runtime import config

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.aws_settings import refuse_unknown
from aws_org_features.lifecycle.plain_credentials import _WITHIN, _with_users, credentials_in


def refuse_plain_credentials() -> None:
    """Refuse credentials that aren't encrypted in the stack's configuration, before anything is recorded.

    The engine records the configuration of a program that has dynamic resources as the inputs of their
    provider: secrets encrypted, and anything else as it is. A resource's `connection` doesn't change that.
    Keys that there aren't are refused as well: nobody knows a misspelled secret for one.

    Raises:
        pulumi.RunError: `credentials-in-plain` or `configuration-unsupported`, with the keys' names.
    """
    refuse_unknown_settings()
    names = credentials_in(pulumi.Config("aws").get)
    found = [name for name in names if not pulumi.runtime.is_config_secret(f"aws:{name}")]
    if found:
        keys = [f"aws:{_path(name)}" for name in found]
        commands = " and ".join(f"`pulumi config set --secret --path '{key}'`" for key in keys)
        raise pulumi.RunError(
            f"credentials-in-plain: the stack's configuration has {' and '.join(keys)} in plain text, "
            "and the engine would copy that into the state. Nothing was recorded. Make it a "
            f"secret: {commands} asks for the value. Or let a profile or the environment provide the "
            "credentials."
        )


def refuse_unknown_settings() -> None:
    """Refuse keys of the stack's `aws:` configuration that pulumi-aws doesn't have.

    Raises:
        pulumi.RunError: With the reference `configuration-unsupported`.
    """
    try:
        refuse_unknown({**config.get_config_env(), **config.CONFIG.get()})
    except ConfigurationError as error:
        raise pulumi.RunError(f"{error.reference}: {error}") from None


def _path(name: str) -> str:
    if name == "endpoints":
        return _with_users(pulumi.Config("aws").get(name))[0]
    if name not in _WITHIN:
        return name
    return f"{name}{'[0]' if name.endswith('s') else ''}.{_WITHIN[name]}"
