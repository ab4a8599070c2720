"""Resource options that dynamic resources can't honour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

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
            "providers: the stack's own credentials would act. Configure `aws:` in the stack, or pass "
            "`connection=ConnectionArgs(…)`, and leave the aws provider out of its options."
        )


def _listed(providers: object) -> Iterable[object]:
    if isinstance(providers, dict):
        return providers.values()
    return providers if isinstance(providers, list | tuple) else ()


def _handed_down(parent: pulumi.Resource) -> Iterable[object]:
    # Pulumi keeps what a component hands to its children nowhere else.
    return getattr(parent, "_providers", {}).values()


def _is_aws(provider: object) -> bool:
    return isinstance(provider, pulumi.ProviderResource) and provider.package == _AWS
