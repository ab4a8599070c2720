"""`RootPolicyType`: one policy type, enabled on the organization's root, as a resource.

`RootPolicyTypeProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi  # noqa: TC002 - the engine reads the annotations

from aws_org_features.policy_types.state import OUTPUTS
from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict, with_secrets
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import LifecycleProvider
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from aws_org_features.lifecycle.policy_type import PolicyTypeLifecycle
    from aws_org_features.lifecycle.resource import Call


class RootPolicyTypeProvider(LifecycleProvider):
    """Carries the engine's calls to the lifecycle of a policy type."""

    def lifecycle(self, call: Call) -> PolicyTypeLifecycle:
        """The lifecycle, for one call."""
        from aws_org_features.lifecycle.policy_type import PolicyTypeLifecycle

        return PolicyTypeLifecycle(call)


class RootPolicyType(TypedResource, module="organizations", name="RootPolicyType"):
    """A policy type that is enabled on the organization's root, so that policies of it can be attached.

    Creating it enables the type, or adopts it if it is already enabled. While the organization doesn't have
    all features, it waits for them, which isn't an error: the next `pulumi up` after they are enabled
    continues.

    Attributes:
        organization_id: The organization, as declared.
        policy_type: AWS's name of the type, as declared.
        current_root_id: The root's id, whether it was declared or found.
        root_arn: Its ARN.
        management_account_id: The organization's management account, twelve digits.
        status: `ENABLED`; `WAITING_FOR_ALL_FEATURES`; `PENDING_ENABLE` or `PENDING_DISABLE` if AWS took
            longer than a run waits; `DISABLED` if a refresh found it disabled.
        enabled: True when `status` is `ENABLED`.
        enabled_by_this_resource: False when it was adopted.
        message: Where it stands, and what happens next.
    """

    organization_id: pulumi.Output[str]
    policy_type: pulumi.Output[str]
    current_root_id: pulumi.Output[str]
    root_arn: pulumi.Output[str]
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
        policy_type: pulumi.Input[str],
        root_id: pulumi.Input[str] | None = None,
        on_destroy: pulumi.Input[str] = "refuse-if-used",
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            organization_id: The only organization that this resource ever writes to. Credentials that lead
                elsewhere are an error before any write.
            policy_type: AWS's name of the type, such as `SERVICE_CONTROL_POLICY`. Changing it replaces the
                resource.
            root_id: The root's id; by default, the resource finds the organization's root.
            on_destroy: What happens to the type, if this resource enabled it. `refuse-if-used`: it is
                disabled unless policies of the type are attached somewhere, which is an error. `disable`:
                it is disabled, which detaches them all. `leave`: it stays enabled.
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
            RootPolicyTypeProvider(),
            resource_name,
            {
                **dict.fromkeys(OUTPUTS),
                "organization_id": organization_id,
                "policy_type": policy_type,
                "root_id": root_id,
                "on_destroy": on_destroy,
                "connection": with_secrets(connection),
            },
            opts,
        )
