"""`FeatureSetApproval`: a member account's consent to all features as a resource.

`FeatureSetApprovalProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi  # noqa: TC002 - the engine reads the annotations

from aws_org_features.member_account.state import OUTPUTS
from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict, with_secrets
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import LifecycleProvider
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from aws_org_features.lifecycle.approval import ApprovalLifecycle
    from aws_org_features.lifecycle.resource import Call


class FeatureSetApprovalProvider(LifecycleProvider):
    """Carries the engine's calls to the lifecycle of an approval."""

    def lifecycle(self, call: Call) -> ApprovalLifecycle:
        """The lifecycle, for one call."""
        from aws_org_features.lifecycle.approval import ApprovalLifecycle

        return ApprovalLifecycle(call)


class FeatureSetApproval(TypedResource, module="organizations", name="FeatureSetApproval"):
    """A member account's approval of its organization's migration to all features.

    For the account's own stack. Creating it approves the account's request. If there is none yet, every later
    `pulumi up` looks again, and approves the request once it exists. It accepts only the declared
    organization's requests for the migration: no invitation, and nothing from another organization. Consent
    can't be withdrawn, so destroying it removes only the record.

    Attributes:
        organization_id: The organization, as declared.
        account_id: The account that approves, twelve digits.
        current_feature_set: The organization's: `ALL` or `CONSOLIDATED_BILLING`; None where the account isn't
            allowed to describe it.
        status: `APPROVED`; `NOT_ASKED` while no request came, or one that a refresh has seen waits for the
            next `up`; `EXPIRED` unanswered; `CANCELED` by the organization; `DECLINED` by hand.
        handshake: The request: id, arn, action, state, requested_at, expires_at (RFC 3339, UTC). AWS calls an
            unanswered one `OPEN`.
        message: How it stands, and what happens next.
    """

    organization_id: pulumi.Output[str]
    account_id: pulumi.Output[str]
    current_feature_set: pulumi.Output[str | None]
    status: pulumi.Output[str]
    handshake: pulumi.Output[dict[str, str] | None]
    message: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        organization_id: pulumi.Input[str],
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            organization_id: The only organization whose requests are approved. Changing it replaces the
                resource; an approval that was given stays.
            connection: How to reach the account, instead of the stack's `aws:` configuration.
            opts: The resource's options; an explicit aws provider is an error, because Pulumi would ignore
                it.

        Raises:
            pulumi.RunError: `opts` names an aws provider (`provider-ignored`), or the stack's configuration
                has credentials in plain text (`credentials-in-plain`).
        """
        refuse_aws_providers(resource_name, opts, connection_given=connection is not None)
        refuse_plain_credentials()
        super().__init__(
            FeatureSetApprovalProvider(),
            resource_name,
            {
                **dict.fromkeys(OUTPUTS),
                "organization_id": organization_id,
                "connection": with_secrets(connection),
            },
            opts,
        )
