"""Check, diff, create, read, update and delete of a member account's approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws import Member
from aws_org_features.common.errors import (
    CERTAIN,
    NoOrganizationError,
    OrganizationMismatchError,
    OrgFeaturesError,
)
from aws_org_features.lifecycle.inputs import connection_problems, organization_id_problems
from aws_org_features.lifecycle.resource import (
    GOAL,
    GONE,
    NOT_KNOWN_YET,
    STEPS,
    Call,
    Checked,
    Difference,
    State,
    as_read,
    connection_of,
    inputs_differ,
    problem_of,
    say_what_differs,
    settings_problems,
    with_inputs,
)
from aws_org_features.lifecycle.unknown import all_known, is_known
from aws_org_features.member_account import messages
from aws_org_features.member_account.reconcile import ApprovalReconciler, Outcome, drift
from aws_org_features.member_account.state import recorded_from
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

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUTS: Final = ("organization_id", "connection", GOAL)

GOAL_REACHED: Final = str(ApprovalStatus.APPROVED)

_NOTHING_ASKED: Final = "the account has no request"


class ApprovalLifecycle:
    """The lifecycle of a member account's approval, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._log = call.log

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Refuse bad inputs and settings by name, and announce the requests that the run may approve.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        goal = {GOAL: GOAL_REACHED}
        problems = (
            *organization_id_problems({}, news.get("organization_id")),
            *connection_problems(news.get("connection")),
        ) or settings_problems(self._call, news)
        if problems:
            return Checked(problems, goal)
        try:
            return Checked((), {**goal, STEPS: unlike(before.get(STEPS), self._steps(before, news))})
        except OrgFeaturesError as error:
            return Checked((problem_of(error),), goal)

    def _steps(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        """The requests that the run may approve, as an input, by which a saved plan is held.

        A create's are reported here: only here does the engine ask before it.

        Raises:
            OrgFeaturesError: A create is certain to fail.
        """
        if (announced := without_a_look(before.get(STEPS), same_inputs=True)) is not None:
            return announced
        if not all_known(news):
            # A plan that announces nothing must not let the run do anything, so this is no unknown.
            self._log.warn("can't preview what this will approve: not all its inputs are known yet")
            return as_input(NO_STEPS, NOT_KNOWN)
        try:
            outcome = self._reconciler({}, news).look()
        except CERTAIN:
            if not before:
                raise
            return as_input(NO_STEPS, NOT_LOOKED)  # the diff that follows looks again, and says why
        except OrgFeaturesError as error:
            if not before:
                self._log.warn(f"can't preview whether there is something to approve: {error.what}")
            return as_input(NO_STEPS, NOT_LOOKED)
        if not before:
            self._say_what_will_be_approved(outcome, news["organization_id"])
        requests = tuple(handshake.id for handshake in outcome.answer.accept)
        nothing = ALL_ENABLED if outcome.feature_set == FEATURE_SET_ALL else _NOTHING_ASKED
        return as_input(Steps(approve=requests), nothing)

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Say whether the next `up` has something to do; until all features are on, by looking at AWS.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        wanted = news.get("organization_id")
        if is_known(wanted) and wanted != kept.get("organization_id"):
            return Difference(changes=True, replaces=("organization_id",))
        if not all_known(news):
            return NOT_KNOWN_YET
        differ = inputs_differ(self._call, kept, news, INPUTS)
        if recorded_from(kept).settled:
            return Difference(differ)
        outcome = self._reconciler(kept, news).look()
        return Difference(self._say_what_differs(kept, outcome) or differ)

    def _say_what_differs(self, kept: Mapping[str, Any], outcome: Outcome) -> bool:
        """Explain what would be a bare "update", and remind of what waits for a person."""
        approval = outcome.answer.approval
        if outcome.answer.accept:
            self._say_what_will_be_approved(outcome, kept["organization_id"])
            return True
        short = messages.short(approval, outcome.feature_set)
        if say_what_differs(self._log, kept, outcome.outputs, GOAL_REACHED, short):
            return True
        if approval.status is ApprovalStatus.DECLINED:
            self._log.warn(outcome.outputs["message"])
        return False

    def _say_what_will_be_approved(self, outcome: Outcome, organization_id: str) -> None:
        for handshake in outcome.answer.accept:
            step = messages.step(handshake, organization_id)
            self._log.warn(f"to do: {step}, which can't be taken back")
            self._call.run.approvals.announced.add(step)

    def create(self, props: Mapping[str, Any]) -> State:
        """Approve what is asked, adopt what was approved before, or wait to be asked.

        Args:
            props: The inputs, checked.
        """
        return self._apply({}, props)

    def update(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Approve what is asked by now.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        return self._apply(kept, news)

    def _apply(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> State:
        announced = (from_input(props.get(STEPS)) or NO_STEPS).approve
        outcome = self._reconciler(kept, props).apply(announced)
        declined = outcome.answer.approval.status is ApprovalStatus.DECLINED
        (self._log.warn if declined else self._log.info)(outcome.outputs["message"])
        id_ = f"{props['organization_id']}/{outcome.outputs['account_id']}"
        return State(id_, _with_inputs(props, outcome), failures=outcome.failures)

    def read(self, id_: str, props: Mapping[str, Any]) -> State:
        """Reconcile the record with what AWS shows; never writes.

        Args:
            id_: The resource's id.
            props: The outputs in the state.
        """
        try:
            outcome = self._reconciler(props, props).look()
        except (NoOrganizationError, OrganizationMismatchError) as error:
            # Only the account itself can tell: the credentials of any other were refused before.
            if recorded_from(props).account_id is None:
                raise
            self._log.warn(f"{id_} is gone: {error.what}")
            return GONE
        outputs = _with_inputs(props, outcome)
        if outcome.answer.approval.status is ApprovalStatus.APPROVED:
            outputs[GOAL] = GOAL_REACHED
        elif found := drift(props, outcome):
            outputs[GOAL] = found
        return as_read(id_, props, outputs, (*INPUTS, STEPS))

    def delete(self, _id: str, props: Mapping[str, Any]) -> None:
        """Forget the record: consent can't be withdrawn, and nothing is declined.

        Args:
            props: The outputs in the state.
        """
        self._log.info(messages.left_behind(recorded_from(props).approval))

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> ApprovalReconciler:
        api = Member(connection_of(self._call, props), self._log.progress, warn=self._log.warn)
        recorded = recorded_from(kept)
        return ApprovalReconciler(
            api, props["organization_id"], recorded, self._log, self._call.run.approvals
        )


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    return with_inputs(props, (*INPUTS, STEPS), outcome.outputs)
