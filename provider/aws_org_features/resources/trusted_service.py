"""`TrustedService`: one service that the organization trusts, as a resource.

`TrustedServiceProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi  # noqa: TC002 - the engine reads the annotations

from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict, with_secrets
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import LifecycleProvider
from aws_org_features.resources.typed import TypedResource
from aws_org_features.trusted_services.state import OUTPUTS

if TYPE_CHECKING:
    from aws_org_features.lifecycle.resource import Call
    from aws_org_features.lifecycle.trusted_service import TrustedServiceLifecycle


class TrustedServiceProvider(LifecycleProvider):
    """Carries the engine's calls to the lifecycle of a trusted service."""

    def lifecycle(self, call: Call) -> TrustedServiceLifecycle:
        """The lifecycle, for one call."""
        from aws_org_features.lifecycle.trusted_service import TrustedServiceLifecycle

        return TrustedServiceLifecycle(call)


class TrustedService(TypedResource, module="organizations", name="TrustedService"):
    """A service that the organization trusts, so that it can work in all accounts.

    Creating it enables the service's trusted access, or adopts it if it is already enabled. While the
    organization doesn't have all features, it waits for them, which isn't an error: the next `pulumi up`
    after they are enabled continues. Let resources that need the service depend on it: its policy type, its
    delegated administrators.

    Attributes:
        organization_id: The organization, as declared.
        service_principal: AWS's name of the service, as declared.
        management_account_id: The organization's management account, twelve digits.
        status: `ENABLED`; `WAITING_FOR_ALL_FEATURES`; `DISABLED` if a refresh found it disabled.
        enabled: True when `status` is `ENABLED`.
        enabled_by_this_resource: False when it was adopted.
        message: Where it stands, and what happens next.
    """

    organization_id: pulumi.Output[str]
    service_principal: pulumi.Output[str]
    management_account_id: pulumi.Output[str]
    status: pulumi.Output[str]
    enabled: pulumi.Output[bool]
    enabled_by_this_resource: pulumi.Output[bool]
    message: pulumi.Output[str]

    def __init__(  # noqa: PLR0913 - a resource's inputs
        self,
        resource_name: str,
        *,
        organization_id: pulumi.Input[str],
        service_principal: pulumi.Input[str],
        on_destroy: pulumi.Input[str] = "refuse-if-used",
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            organization_id: The only organization that this resource ever writes to. Credentials that lead
                elsewhere are an error before any write.
            service_principal: AWS's name of the service, such as `guardduty.amazonaws.com`. Changing it
                replaces the resource.
            on_destroy: What happens to trusted access, if this resource enabled it. `refuse-if-used`: it is
                disabled unless the service has delegated administrators, which is an error. `disable`: it is
                disabled. `leave`: it stays enabled.
            connection: How to reach the management account, instead of the stack's `aws:` configuration.
            opts: The resource's options; an explicit aws provider is an error, because Pulumi would ignore
                it.

        Raises:
            pulumi.RunError: `opts` names an aws provider (`provider-ignored`), or the stack's configuration
                has credentials in plain text (`credentials-in-plain`).
        """
        refuse_aws_providers(resource_name, opts, connection_given=connection is not None)
        refuse_plain_credentials()
        super().__init__(
            TrustedServiceProvider(),
            resource_name,
            {
                **dict.fromkeys(OUTPUTS),
                "organization_id": organization_id,
                "service_principal": service_principal,
                "on_destroy": on_destroy,
                "connection": with_secrets(connection),
            },
            opts,
        )
