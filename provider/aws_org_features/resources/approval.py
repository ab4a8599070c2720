"""`FeatureSetApproval`: a member account's consent to all features as a resource.

`FeatureSetApprovalProvider`'s path stands in users' state files: it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi  # noqa: TC002 - the engine reads the annotations
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from aws_org_features.aws import Member
from aws_org_features.common.errors import (
    CERTAIN,
    NoOrganizationError,
    OrganizationMismatchError,
    OrgFeaturesError,
)
from aws_org_features.member_account import messages
from aws_org_features.member_account.reconcile import MemberReconciler, Outcome, Run, changed, drift
from aws_org_features.member_account.state import OUTPUTS, recorded_from
from aws_org_features.model.approval import ApprovalStatus
from aws_org_features.model.organizations import FEATURE_SET_ALL
from aws_org_features.model.steps import (
    ALL_ENABLED,
    NO_STEPS,
    NOT_KNOWN,
    NOT_LOOKED,
    Steps,
    as_input,
    from_input,
    unlike,
    without_a_look,
)
from aws_org_features.resources.connection import (
    ConnectionArgs,
    ConnectionArgsDict,
    problems,
    with_secrets,
)
from aws_org_features.resources.engine import EngineSay, told
from aws_org_features.resources.inputs import GOAL, STEPS, all_known, is_known, organization_id_problems
from aws_org_features.resources.options import refuse_aws_providers
from aws_org_features.resources.plain_credentials import refuse_plain_credentials
from aws_org_features.resources.provider import ConnectedProvider, differ, failure_of, failures_of
from aws_org_features.resources.typed import TypedResource

if TYPE_CHECKING:
    from collections.abc import Mapping

GOAL_REACHED: Final = str(ApprovalStatus.APPROVED)

INPUTS: Final = ("organization_id", "connection", GOAL)

NOTHING_ASKED: Final = "nothing is asked of the account"

# One process of the provider serves one run of the engine.
_RUN: Final = Run()


class FeatureSetApprovalProvider(ConnectedProvider):
    """Carries the engine's calls to the core. Holds the stack's configuration and nothing else."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs and configuration by name, before anything is asked or written."""
        found = [
            *organization_id_problems({}, news.get("organization_id")),
            # The engine prints the value of the property that it blames, and a connection may hold secrets.
            *(("", text) for text in problems(news.get("connection"), is_known)),
        ]
        failures = failures_of(found) or self.configuration_problems(news)
        inputs = {**news, GOAL: GOAL_REACHED}
        if not failures:
            try:
                inputs[STEPS] = unlike(_olds.get(STEPS), self._steps(_olds, news))
            except OrgFeaturesError as error:
                failures = [failure_of(error)]
        return CheckResult(inputs, failures)

    def _steps(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        """The requests that the run may approve, as an input, by which a saved plan is held.

        A create's are told here: only here does the engine ask before it.

        Raises:
            OrgFeaturesError: A create is certain to fail.
        """
        if (announced := without_a_look(before.get(STEPS), same_inputs=True)) is not None:
            return announced
        if not all_known(news):
            # A plan that announces nothing must not let the run do anything, so this is no unknown.
            EngineSay().warn("what this is going to approve can't be told before all its inputs are known")
            return as_input(NO_STEPS, NOT_KNOWN)
        try:
            outcome = self._reconciler({}, news).look()
        except CERTAIN:
            if not before:
                raise
            return as_input(NO_STEPS, NOT_LOOKED)  # the diff that follows looks again, and says why
        except OrgFeaturesError as error:
            if not before:
                EngineSay().warn(f"whether there is something to approve couldn't be looked up: {error.what}")
            return as_input(NO_STEPS, NOT_LOOKED)
        if not before:
            _say_what_is_to_be_approved(outcome, news["organization_id"])
        requests = tuple(handshake.id for handshake in outcome.answer.accept)
        nothing = ALL_ENABLED if outcome.feature_set == FEATURE_SET_ALL else NOTHING_ASKED
        return as_input(Steps(approve=requests), nothing)

    @told
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether the next `up` has something to do; until all features are on, by looking at AWS."""
        wanted = _news.get("organization_id")
        if is_known(wanted) and wanted != _olds.get("organization_id"):
            return DiffResult(changes=True, replaces=["organization_id"])
        if not all_known(_news):
            return DiffResult()  # the engine compares the inputs by itself
        inputs_differ = differ(_olds, _news, INPUTS)
        if recorded_from(_olds).settled:
            return DiffResult(changes=inputs_differ)
        outcome = self._reconciler(_olds, _news).look()
        return DiffResult(changes=_say_what_differs(_olds, outcome) or inputs_differ)

    @told
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Approve what is asked, adopt what was approved before, or wait to be asked."""
        outcome = self._reconciler({}, props).converge(_announced(props))
        _conclude(outcome)
        id_ = f"{props['organization_id']}/{outcome.outputs['account_id']}"
        return CreateResult(id_, _with_inputs(props, outcome))

    @told
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Reconcile the record with what AWS shows; never writes."""
        try:
            outcome = self._reconciler(props, props).look()
        except (NoOrganizationError, OrganizationMismatchError) as error:
            # Only the account itself can tell: the credentials of any other were refused before.
            if recorded_from(props).account_id is None:
                raise
            EngineSay().warn(f"{id_} is gone: {error.what}")
            return ReadResult("", {})
        return _as_read(id_, props, outcome)

    @told
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Approve what is asked by now."""
        outcome = self._reconciler(_olds, _news).converge(_announced(_news))
        _conclude(outcome)
        return UpdateResult(_with_inputs(_news, outcome))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Forget the record: consent can't be withdrawn, and nothing is declined."""
        EngineSay().info(messages.left_behind(recorded_from(_props).approval))

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> MemberReconciler:
        say = EngineSay()
        api = Member(self.connection(props), say.progress, warn=say.warn)
        return MemberReconciler(api, props["organization_id"], recorded_from(kept), say, _RUN)


def _say_what_differs(kept: dict[str, Any], outcome: Outcome) -> bool:
    """Explain what would be a bare "update", and remind of what waits for a person."""
    say, approval = EngineSay(), outcome.answer.approval
    if outcome.answer.accept:
        _say_what_is_to_be_approved(outcome, kept["organization_id"])
        return True
    if changed(kept, outcome):
        say.info(f"to be recorded: {messages.short(approval, outcome.feature_set)}")
        return True
    if kept.get(GOAL) != GOAL_REACHED:
        say.info(f"recorded by the refresh: {kept.get(GOAL)}")
    if approval.status is ApprovalStatus.DECLINED:
        say.warn(outcome.outputs["message"])
    return False


def _say_what_is_to_be_approved(outcome: Outcome, organization_id: str) -> None:
    for handshake in outcome.answer.accept:
        step = messages.step(handshake, organization_id)
        EngineSay().warn(f"to do: {step}, which can't be taken back")
        _RUN.announced.add(step)


def _announced(props: Mapping[str, Any]) -> tuple[str, ...]:
    """The requests that this run may approve."""
    return (from_input(props.get(STEPS)) or NO_STEPS).approve


def _conclude(outcome: Outcome) -> None:
    say = EngineSay()
    declined = outcome.answer.approval.status is ApprovalStatus.DECLINED
    (say.warn if declined else say.info)(outcome.outputs["message"])


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The outputs: a copy of the inputs, for `read` and `delete` are given no others, and what was seen."""
    return {**{name: props.get(name) for name in (*INPUTS, STEPS)}, **outcome.outputs}


def _as_read(id_: str, props: dict[str, Any], outcome: Outcome) -> ReadResult:
    outs, found = _with_inputs(props, outcome), drift(props, outcome)
    if found is None and outcome.answer.approval.status is ApprovalStatus.APPROVED:
        found = GOAL_REACHED
    if found in {None, props.get(GOAL)}:
        return ReadResult(id_, outs)
    outs[GOAL] = found
    return ReadResult(id_, outs, {name: outs[name] for name in (*INPUTS, STEPS)})


class FeatureSetApproval(TypedResource, module="organizations", name="FeatureSetApproval"):
    """A member account's approval of its organization's migration to all features.

    For the account's own stack. Creating it approves the request that the account has; where there is none
    yet, every later `pulumi up` looks again, and approves once it comes. Only the declared organization's
    requests are ever accepted: no invitation, and nothing that anybody else asks. Consent can't be withdrawn,
    so destroying it removes the record alone.

    Attributes:
        organization_id: The organization, as declared.
        account_id: The account that approves, twelve digits.
        current_feature_set: The organization's: `ALL` or `CONSOLIDATED_BILLING`; None where the account isn't
            allowed to describe it.
        status: `APPROVED`; `NOT_ASKED` while no request came, or one that a refresh has seen waits for the
            next `up`; `EXPIRED` unanswered; `CANCELED` by the organization; `DECLINED` by hand.
        handshake: The request: id, arn, action, state, requested_at, expires_at (RFC 3339, UTC). AWS calls
            one that is still to be answered `OPEN`.
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
            organization_id: The only organization whose requests are approved. Another one makes it another
                resource; what was approved stays so.
            connection: How to reach the account, instead of the stack's `aws:` configuration.
            opts: The resource's options; an explicit aws provider is refused, for Pulumi would ignore it.

        Raises:
            pulumi.RunError: `opts` names an aws provider (`provider-ignored`), or credentials are in the
                stack's configuration in plain (`credentials-in-plain`).
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
