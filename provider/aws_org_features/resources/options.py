"""Resource options that dynamic resources can't honor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from aws_org_features.lifecycle.aws_settings import heeded, unconfigured

if TYPE_CHECKING:
    from collections.abc import Iterable

_AWS = "aws"


def refuse_aws_providers(
    name: str,
    opts: pulumi.ResourceOptions | None,
    *,
    connection_given: bool,
    kind: str = "a dynamic resource",
) -> None:
    """Refuse an aws provider that Pulumi would silently ignore, so that nobody acts as somebody else.

    One that a parent hands down is harmless where there is a `connection`.

    Args:
        name: What the options were given to: a resource's name, or a function's.
        opts: The options.
        connection_given: Whether it has a `connection` of its own.
        kind: What it is, which is why Pulumi ignores the provider.

    Raises:
        pulumi.RunError: With the reference `provider-ignored`.
    """
    if opts is None:
        return
    given = [*_listed(opts.providers), *([opts.provider] if opts.provider else [])]
    inherited = [] if opts.parent is None or connection_given else _handed_down(opts.parent)
    if any(_is_aws(provider) for provider in (*given, *inherited)):
        raise pulumi.RunError(
            f"provider-ignored: {name} is {kind}, for which Pulumi ignores explicit "
            "providers: the stack's own credentials would be used. Pass the provider's settings as "
            "`connection={'profile': …, 'region': …, 'assume_roles': [{'role_arn': …}]}`, named as for "
            "aws.Provider, or configure `aws:` in the stack; and leave the provider out of its options. With "
            "a `connection`, a provider that a parent component passes down does no harm."
        )


def refuse_import(name: str, opts: pulumi.ResourceOptions) -> None:
    """Refuse to import: the SDK can't find a dynamic resource's provider then, and fails in itself.

    Raises:
        pulumi.RunError: With the reference `import-unsupported`.
    """
    if opts.import_:
        raise pulumi.RunError(
            f"import-unsupported: {name} can't be imported: Pulumi can't import dynamic "
            "resources. Leave import_ out of its options: creating it adopts what exists in AWS, and starts "
            "nothing twice."
        )


def refuse_unconfigured(name: str, provider: pulumi.ProviderResource, *, connection_given: bool) -> None:
    """Refuse a provider of Pulumi's for dynamic resources that lacks what the stack's configuration says.

    It gets nothing of that by itself: neither who acts nor which accounts are ruled out.

    Args:
        name: The resource's name.
        provider: The one that the resource will have.
        connection_given: Whether the resource has a `connection` of its own.

    Raises:
        pulumi.RunError: With the reference `provider-unconfigured`; it names the settings.
    """
    wanted = heeded(pulumi.Config(_AWS).get, connection_given=connection_given)
    # Pulumi keeps what a provider was given under the same names.
    lacking = [each for each in wanted if each not in vars(provider)]
    if lacking:
        raise pulumi.RunError(unconfigured(name, lacking))


def _listed(providers: object) -> Iterable[object]:
    if isinstance(providers, dict):
        return providers.values()
    return providers if isinstance(providers, list | tuple) else ()


def _handed_down(parent: pulumi.Resource) -> Iterable[object]:
    # Pulumi keeps what a component hands to its children nowhere else.
    return getattr(parent, "_providers", {}).values()


def _is_aws(provider: object) -> bool:
    return isinstance(provider, pulumi.ProviderResource) and provider.package == _AWS
