"""`OrganizationFeatureSet`: "feature set = ALL" as a resource.

`OrganizationFeatureSetProvider`'s path stands in users' state files: it never moves. What looks at AWS is
`migration`'s, and imported when it is needed: a program that declares the resource, and a run with nothing to
do once all features are on, load little more than Pulumi itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.migration.run_cache import Run
from aws_org_features.model.steps import NO_STEPS, NOT_KNOWN, as_input, unlike, without_a_look
from aws_org_features.resources.approver import ApproverArgs, ApproverArgsDict, with_secret_id
from aws_org_features.resources.connection import (
    ConnectionArgs,
    ConnectionArgsDict,
    with_secrets,
)
from aws_org_features.resources.engine import EngineSay, calling_urn, told
from aws_org_features.resources.inputs import (
    DEFAULTS,
    GOAL,
    GOAL_REACHED,
    INPUTS,
    INPUTS_DECLARED,
    STEPS,
    all_known,
    find_problems,
)
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import ConnectedProvider, differ, failure_of, failures_of
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.resources.migration import Migration

# One process of the provider serves one run of the engine.
_RUN: Final = Run()


class OrganizationFeatureSetProvider(ConnectedProvider):
    """Carries the engine's calls to the core. Holds the stack's configuration and nothing else."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs and configuration by name, before anything is asked or written."""
        failures = failures_of(find_problems(_olds, news))
        if not failures:
            failures = self.configuration_problems(news)
        inputs = {**news, GOAL: GOAL_REACHED}
        if not failures:
            try:
                inputs[STEPS] = self._steps(_olds, news)
            except OrgFeaturesError as error:
                failures = [failure_of(error)]
        return CheckResult(inputs, failures)

    def _steps(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        """All that the run may do; only here can it become an input, by which a saved plan is held.

        Raises:
            OrgFeaturesError: A create is certain to fail.
        """
        same = not differ({**DEFAULTS, **before}, news, INPUTS_DECLARED)
        if (announced := without_a_look(before.get(STEPS), same_inputs=same)) is not None:
            return announced
        if not all_known(news):
            # A plan that announces nothing must not let the run do anything, so this is no unknown.
            EngineSay().warn("what this is going to do can't be told before all its inputs are known")
            return as_input(NO_STEPS, NOT_KNOWN)
        if news["observe"] == "refresh":
            from aws_org_features.resources import by_refresh

            return unlike(before.get(STEPS), by_refresh.announce(before, news))
        return unlike(before.get(STEPS), self._migration(news).announce(before, news))

    @told
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether the next `up` has something to do; while in flight, by looking at AWS."""
        if not all_known(_news):
            return DiffResult()  # the engine compares the inputs by itself
        # It stays in the program: what another of its names leaves behind is not to be canceled.
        _RUN.keeps(_news["organization_id"], calling_urn())
        inputs_differ = differ({**DEFAULTS, **_olds}, _news, INPUTS)
        if _olds.get("status") == "ENABLED" or _news["observe"] == "refresh":
            if _olds.get("status") != "ENABLED":
                from aws_org_features.resources import by_refresh

                by_refresh.tell(_olds, _news)
            return DiffResult(changes=inputs_differ)
        return DiffResult(changes=self._migration(_news).has_changed(_olds, _news) or inputs_differ)

    @told
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Adopt what is there, or start the migration."""
        outputs = self._migration(props).converge({}, props)
        _RUN.created.add(props["organization_id"])
        return CreateResult(props["organization_id"], outputs)

    @told
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Reconcile the record with what AWS shows; never writes."""
        props = {"organization_id": id_, **props}
        return self._migration(props).read(props)

    @told
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Take the migration as far as it will go today."""
        return UpdateResult(self._migration(_news).converge(_olds, _news))

    @told
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Leave everything as it is, unless a cancellation was declared and costs nobody's approval."""
        if _props.get("on_destroy") != "cancel":
            _say_what_stays({"organization_id": _id, **_props})
        elif _RUN.is_kept_by_another(_id, calling_urn()):
            EngineSay().info("nothing was canceled: another resource of the program keeps the migration")
        else:
            self._migration(_props).withdraw(_props)

    def _migration(self, props: Mapping[str, Any]) -> Migration:
        from aws_org_features.resources.migration import Migration

        return Migration(self.connection(props), _RUN, calling_urn())


def _say_what_stays(props: Mapping[str, Any]) -> None:
    """A delete looks like the organization's: say that only the stack forgets."""
    from aws_org_features.model.organizations import PENDING_STATES

    handshake, forgets = props.get("handshake") or {}, f"only this stack forgets {props['organization_id']}"
    if props.get("status") == "ENABLED":
        EngineSay().info(f"{forgets}: the organization keeps all features, which can't be undone")
    elif handshake.get("state") in PENDING_STATES:
        goes_on = f"the migration {handshake['id']} goes on in AWS, with the approvals given so far"
        EngineSay().info(f"{forgets}: {goes_on}, as on_destroy is leave")
    else:
        EngineSay().info(f"{forgets}: nothing changes in AWS")


class OrganizationFeatureSet(TypedResource, module="organizations", name="OrganizationFeatureSet"):
    """An organization with all features enabled.

    Creating it starts the migration, or adopts the one that is in flight; every `pulumi up` takes it as far
    as it will go; once every invited account has approved, it is finalized. What AWS does on the way is told
    in the User Guide's "Enabling all features for an organization".

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
        waiting_for: Accounts that hold it up, those that declined first: account_id, handshake_id, action,
            state; before these those that the approver failed for, with reason and next_step. AWS calls an
            approval that is still to be given `OPEN`. At most 50.
        waiting_for_more: How many more there are.
        attempt_recorded: The attempt under which the present or last migration was begun or adopted.
        started_by_this_resource: False when it was adopted, or when a killed run makes it unknowable.
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
            feature_set: `ALL`; the change is one-way.
            finalize: Accept the parent handshake once everyone has approved. False stops before the one-way
                step, so that flipping it is a change of its own. The id of a migration (`h-…`) finalizes
                this one alone, and none that begins after it.
            attempt: Raise it to begin again after a migration was canceled, or an account declined. The
                recorded migration is canceled then if it is still in flight, which costs every approval
                given; another one is left alone.
            approver: Approve on behalf of member accounts, by assuming a role in each. Every `pulumi up` runs
                it over everyone outstanding; `only` binds it to the accounts that you name.
            wait_until: How long a run stays with it: `requested` doesn't wait; `approved` until everyone has
                responded; `enabled` until all features are.
            timeout: For how long at most, like `45m`. Giving up is no error: the outputs say how far it got.
            on_destroy: `leave`, or `cancel`: cancel a migration that this resource started, if nobody has
                approved yet.
            observe: `diff`: while in flight, previews and ups look at AWS by themselves. `refresh`: only
                `pulumi refresh` looks, for saved plans and previews without credentials.
            connection: How to reach the management account, instead of the stack's `aws:` configuration.
            opts: The resource's options; an explicit aws provider is refused, for Pulumi would ignore it.

        Raises:
            pulumi.RunError: `opts` names an aws provider (`provider-ignored`), or credentials are in the
                stack's configuration in plain (`credentials-in-plain`).
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
