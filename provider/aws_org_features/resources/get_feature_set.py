"""`get_organization_feature_set`: where an organization stands, for a program to decide by. Writes nothing.

It runs in the program itself, not in the provider: its answer is known in previews, and recorded nowhere. In
a unit test with Pulumi's mocks the mock answers, and AWS is asked nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.runtime import invoke
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from aws_org_features.aws import Organizations
from aws_org_features.common.errors import ConfigurationError, OrgFeaturesError
from aws_org_features.common.sanitize import message
from aws_org_features.lifecycle.connection import resolve
from aws_org_features.lifecycle.get_feature_set import find_problems, look
from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict, as_dict
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_unknown_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


FUNCTION: Final = "aws-org-features:organizations:getOrganizationFeatureSet"
"""Name of the function that a mock's `call` gets. Users' tests name it, so it never changes."""


@pulumi.output_type
class GetOrganizationFeatureSetResult(dict[str, Any]):
    """Answer of `get_organization_feature_set`: the outputs of `OrganizationFeatureSet`, except its record.

    Attributes:
        organization_id: The organization, as asked for.
        organization_arn: Its ARN.
        management_account_id: Its management account, twelve digits.
        current_feature_set: `ALL` or `CONSOLIDATED_BILLING`.
        status: `NOT_STARTED`, `AWAITING_APPROVALS`, `DECLINED`, `AWAITING_FINALIZATION`, `EXPIRED`,
            `CANCELED` or `ENABLED`, by what AWS lists: a migration that ended over 30 days ago isn't.
        enabled: True when `status` is `ENABLED`.
        handshake: The parent handshake: id, arn, action, state, requested_at, expires_at (RFC 3339, UTC).
        approvals: Counts: required, accepted, pending, declined, expired, canceled, unknown.
        waiting_for: Accounts that block it: account_id, handshake_id, action, state. At most 50.
        waiting_for_more: How many more there are.
        message: Where it stands, what happens next, who must act by when.
    """

    organization_id: str
    organization_arn: str
    management_account_id: str
    current_feature_set: str
    status: str
    enabled: bool
    handshake: dict[str, str] | None
    approvals: dict[str, int]
    waiting_for: list[dict[str, str]]
    waiting_for_more: int
    message: str

    def __init__(self, **values: Any) -> None:
        """Take the values as they are."""
        for name in type(self).__annotations__:
            pulumi.set(self, name, values[name])


def get_organization_feature_set(
    *,
    organization_id: str,
    connection: ConnectionArgs | ConnectionArgsDict | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetOrganizationFeatureSetResult:
    """Ask AWS, as the program runs: in every preview, every `up`, and before any resource is touched.

    Args:
        organization_id: The organization. Credentials that lead elsewhere are an error.
        connection: How to reach the management account, instead of the stack's `aws:` configuration; plain
            values only.
        opts: The call's options; an aws provider is an error, because Pulumi would ignore it.

    Raises:
        pulumi.RunError: The organization's status is unknown. The text begins with the error's
            reference, as documented for the resource.
    """
    _refuse_providers(opts, connection_given=connection is not None)
    given = as_dict(connection)
    if any(isinstance(value, pulumi.Output) for value in _leaves((organization_id, given))):
        raise pulumi.RunError(
            "plain-values-needed: get_organization_feature_set takes plain values. For outputs of resources "
            "and for secrets there is get_organization_feature_set_output."
        )
    return _get(organization_id, given)


def get_organization_feature_set_output(
    *,
    organization_id: pulumi.Input[str],
    connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
    opts: pulumi.InvokeOptions | pulumi.InvokeOutputOptions | None = None,
) -> pulumi.Output[GetOrganizationFeatureSetResult]:
    """Ask AWS once the inputs are known; in a preview that doesn't know them, the answer is unknown.

    Args:
        organization_id: The organization. Credentials that lead elsewhere are an error.
        connection: How to reach the management account, instead of the stack's `aws:` configuration.
        opts: The call's options. With `depends_on`, AWS is asked after those resources exist.

    Raises:
        pulumi.RunError: `opts` names an aws provider. Other errors fail the program later, as in
            `get_organization_feature_set`.
    """
    _refuse_providers(opts, connection_given=connection is not None)
    first = getattr(opts, "depends_on", None)
    known = pulumi.Output.all(organization_id, _resolved(connection), _made(first))
    # An external id goes in, but nothing of it comes out.
    return pulumi.Output.unsecret(known.apply(_get_beside))


def _get(organization_id: str, connection: Mapping[str, Any] | None) -> GetOrganizationFeatureSetResult:
    if _is_mocked():
        return _answered(organization_id, connection)
    for _, text in find_problems(organization_id, connection):
        raise pulumi.RunError(f"{ConfigurationError.reference}: {message(text)}")
    refuse_unknown_settings()
    try:
        api = Organizations(resolve(connection, pulumi.runtime.get_config), print)
        return GetOrganizationFeatureSetResult(**look(api, organization_id))
    except OrgFeaturesError as error:
        raise pulumi.RunError(f"{error.reference}: {error}") from None


async def _get_beside(known: list[Any]) -> GetOrganizationFeatureSetResult:
    """Ask without keeping the rest of the program waiting."""
    organization_id, connection, _ = known
    if _is_mocked():
        return _get(organization_id, connection)
    return await asyncio.to_thread(_get, organization_id, connection)


def _is_mocked() -> bool:
    return isinstance(get_monitor(), MockMonitor)


def _answered(organization_id: str, connection: Mapping[str, Any] | None) -> GetOrganizationFeatureSetResult:
    """The mock's answer; None for a field that it lacks."""
    asked = {"organization_id": organization_id, **({"connection": connection} if connection else {})}
    answer = {"organization_id": organization_id, **(invoke(FUNCTION, asked).value or {})}
    names = GetOrganizationFeatureSetResult.__annotations__
    if unknown := sorted(set(answer) - set(names)):
        raise pulumi.RunError(
            f"{ConfigurationError.reference}: The mock of {FUNCTION} answers {message(', '.join(unknown))}, "
            f"which the result doesn't have. Have it answer any of {', '.join(names)}."
        )
    return GetOrganizationFeatureSetResult(**{**dict.fromkeys(names), **answer})


def _refuse_providers(opts: pulumi.InvokeOptions | None, *, connection_given: bool) -> None:
    if opts is not None:
        refuse_aws_providers(
            "get_organization_feature_set",
            pulumi.ResourceOptions(parent=opts.parent, provider=opts.provider),
            connection_given=connection_given,
            kind="asked by the program itself",
        )


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value


def _resolved(connection: Any) -> pulumi.Output[Any]:
    """A connection in plain values, however it was nested; what an output holds is taken apart as well."""
    shallow = pulumi.Output.from_input(as_dict(connection))
    return shallow.apply(lambda found: pulumi.Output.from_input(as_dict(found)))


def _made(depends_on: Any) -> pulumi.Output[Any]:
    """Known once these resources, and what they consist of, are made."""
    return pulumi.Output.from_input(depends_on).apply(
        lambda found: pulumi.Output.all(*(each for resource in _listed(found) for each in _marks(resource)))
    )


def _listed(resources: Any) -> list[pulumi.Resource]:
    return [resources] if isinstance(resources, pulumi.Resource) else list(resources or [])


def _marks(resource: pulumi.Resource) -> Iterator[pulumi.Output[str]]:
    yield resource.id if isinstance(resource, pulumi.CustomResource) else resource.urn
    for child in resource._childResources:  # noqa: SLF001 - as the SDK does for `depends_on`
        yield from _marks(child)
