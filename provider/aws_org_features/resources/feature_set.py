"""`OrganizationFeatureSet`: "feature set = ALL" as a resource.

`OrganizationFeatureSetProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from aws_org_features.resources.approver import ApproverArgs, ApproverArgsDict, with_secret_id
from aws_org_features.resources.connection import ConnectionArgs, ConnectionArgsDict, with_secrets
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import LifecycleProvider
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from aws_org_features.lifecycle.feature_set import FeatureSetLifecycle
    from aws_org_features.lifecycle.resource import Call


class OrganizationFeatureSetProvider(LifecycleProvider):
    """Carries the engine's calls to the lifecycle of the feature set."""

    def lifecycle(self, call: Call) -> FeatureSetLifecycle:
        """The lifecycle, for one call."""
        from aws_org_features.lifecycle.feature_set import FeatureSetLifecycle

        return FeatureSetLifecycle(call)


class OrganizationFeatureSet(TypedResource, module="organizations", name="OrganizationFeatureSet"):
    """An organization with all features enabled.

    Creating it starts the migration, or adopts the one that is in progress; every `pulumi up` takes it as far
    as it can. Once every account that was asked has approved, it is finalized. For AWS's part, see the User
    Guide's "Enabling all features for an organization".

    Attributes:
        organization_id: The organization, as declared.
        organization_arn: Its ARN.
        management_account_id: Its management account, twelve digits.
        current_feature_set: `ALL` or `CONSOLIDATED_BILLING`, as it is in AWS.
        status: `NOT_STARTED`, `AWAITING_APPROVALS`, `DECLINED`, `AWAITING_FINALIZATION`, `EXPIRED`,
            `CANCELED` or `ENABLED`.
        enabled: True when `status` is `ENABLED`.
        handshake: The parent handshake: id, arn, action, state, requested_at, expires_at (RFC 3339, UTC).
        approvals: Counts: required, accepted, pending, declined, expired, canceled, unknown.
        waiting_for: Accounts that block it, those that declined first: account_id, handshake_id, action,
            state; and before these, those that the approver couldn't approve for, with reason and next_step.
            AWS calls an outstanding approval `OPEN`. At most 50.
        waiting_for_more: How many more there are.
        attempt_recorded: The attempt with which the current or last migration was started or adopted.
        started_by_this_resource: False if it was adopted, or if a run was killed so that nobody can know.
        message: Where it stands, what happens next, who must act by when.
    """

    organization_id: pulumi.Output[str]
    organization_arn: pulumi.Output[str]
    management_account_id: pulumi.Output[str]
    current_feature_set: pulumi.Output[str]
    status: pulumi.Output[str]
    enabled: pulumi.Output[bool]
    handshake: pulumi.Output[dict[str, str] | None]
    approvals: pulumi.Output[dict[str, int]]
    waiting_for: pulumi.Output[list[dict[str, str]]]
    waiting_for_more: pulumi.Output[int]
    attempt_recorded: pulumi.Output[int]
    started_by_this_resource: pulumi.Output[bool]
    message: pulumi.Output[str]

    def __init__(  # noqa: PLR0913 - a resource's inputs
        self,
        resource_name: str,
        *,
        organization_id: pulumi.Input[str],
        feature_set: pulumi.Input[str] = "ALL",
        finalize: pulumi.Input[bool | str] = True,
        attempt: pulumi.Input[int] = 1,
        approver: pulumi.Input[ApproverArgs | ApproverArgsDict] | None = None,
        wait_until: pulumi.Input[str] = "requested",
        timeout: pulumi.Input[str] = "30m",
        on_destroy: pulumi.Input[str] = "leave",
        observe: pulumi.Input[str] = "diff",
        connection: pulumi.Input[ConnectionArgs | ConnectionArgsDict] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare it.

        Args:
            resource_name: The resource's name in the program.
            organization_id: The only organization that this resource ever writes to. Credentials that lead
                elsewhere are an error before any write.
            feature_set: `ALL`; the change is irreversible.
            finalize: Accept the parent handshake once everyone has approved. False never takes this
                irreversible step, so that it needs a separate change. The id of a migration (`h-…`) finalizes
                only this one, and none that starts after it.
            attempt: Raise it to start again after a migration was canceled, or an account declined. If the
                recorded migration is still in progress, it is canceled, and all its approvals are lost. No
                other migration is canceled.
            approver: Approve on behalf of member accounts, by assuming a role in each. Every `pulumi up`
                tries all outstanding accounts; `only` limits it to the accounts that you name.
            wait_until: How long a run waits: `requested` not at all; `approved` until everyone has approved;
                `enabled` until all features are enabled. A decline ends the wait.
            timeout: The longest time to wait, such as `45m`. A timeout isn't an error: the outputs say how
                far it got.
            on_destroy: `leave`, or `cancel`: cancel a migration that this resource started, if nobody has
                approved yet.
            observe: When the resource reads AWS while a migration is in progress. `diff`: in every preview
                and `up`. `refresh`: only in `pulumi refresh`, for saved plans and previews without
                credentials.
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
            OrganizationFeatureSetProvider(),
            resource_name,
            {
                **dict.fromkeys(OrganizationFeatureSet.__annotations__),  # the outputs, still unknown
                "organization_id": organization_id,
                "feature_set": feature_set,
                "finalize": finalize,
                "attempt": attempt,
                "approver": with_secret_id(approver),
                "wait_until": wait_until,
                "timeout": timeout,
                "on_destroy": on_destroy,
                "observe": observe,
                "connection": with_secrets(connection),
            },
            opts,
        )

    @staticmethod
    def get(
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
        opts: pulumi.ResourceOptions | None = None,
    ) -> OrganizationFeatureSet:
        """Read one that is managed elsewhere; never writes.

        Args:
            resource_name: The resource's name in this program.
            id: The organization's id.
            opts: The resource's options.
        """
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        return OrganizationFeatureSet(resource_name, organization_id=id, opts=opts)
