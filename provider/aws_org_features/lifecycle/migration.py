"""The part of the feature set's lifecycle that calls AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aws_org_features.aws import Organizations
from aws_org_features.aws.caller import is_gone
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.lifecycle.inputs import (
    DEFAULTS,
    FAIL_UNLESS_ENABLED,
    GOAL_REACHED,
    INPUTS,
    desired,
)
from aws_org_features.lifecycle.resource import (
    GOAL,
    GONE,
    STEPS,
    State,
    as_read,
    connection_of,
    say_what_differs,
    with_inputs,
)
from aws_org_features.migration import messages
from aws_org_features.migration.announce import as_found
from aws_org_features.migration.reconcile import MigrationReconciler, drift
from aws_org_features.migration.state import recorded_from
from aws_org_features.model.migration import Action, Decision, Status
from aws_org_features.model.steps import ALL_ENABLED, NO_STEPS, NOT_LOOKED, as_input, from_input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.lifecycle.resource import Call
    from aws_org_features.migration.reconcile import Outcome
    from aws_org_features.model.steps import Steps


class Migration:
    """An organization's migration, in one call of the engine.

    Args:
        call: What the call brings along.
        props: The inputs, or the outputs in the state, which hold a copy of them: they say who acts.
    """

    def __init__(self, call: Call, props: Mapping[str, Any]) -> None:
        self._call = call
        self._log = call.log
        self._run = call.run.migrations
        self._connection = connection_of(call, props)

    def announce(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """All that the run may do, as the computed input; before a create, printed as well.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        from aws_org_features.views.plan.look import first_up, next_up

        api, wanted = self._api(), desired(news)
        if before:
            key = (self._connection, wanted.organization_id)
            attempt, last = int(before.get("attempt") or 1), from_input(before.get(STEPS)) or NO_STEPS
            try:
                seen, steps = next_up(api, wanted, attempt, last.cancel, self._run.seen.get(key))
            except OrgFeaturesError:
                return as_input(NO_STEPS, NOT_LOOKED)  # the diff that follows looks again, and says why
            self._run.seen[key] = seen
            return steps
        lines, steps = first_up(api, wanted)
        for line in lines:
            (self._log.warn if line.urgent else self._log.info)(line.text)
        self._run.announced.add(messages.starting())
        return steps

    def has_changed(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
        """Say, to a person as well, whether there is something to do or to record."""
        outcome, wanted = self._reconciler(kept, news).look(), desired(news)
        announced = from_input(news.get(STEPS))
        steps = outcome.steps if announced is None else outcome.steps.within(announced)
        self._run.foreseen[self._call.urn] = steps
        for line in messages.kept_from(outcome.kept_from):
            self._log.warn(line)
        has_step = self._say_what_is_next(outcome)
        if outcome.waits and not has_step:
            self._log.info(f"to do: {messages.waiting(wanted, outcome.now)}")
        for text in messages.then(steps, wanted, outcome.decision.action):
            self._log.warn(text)
        if outcome.waits or has_step:
            return True
        differs = say_what_differs(
            self._log, kept, outcome.outputs, GOAL_REACHED, messages.short(outcome.now)
        )
        if not differs and outcome.decision.blocked:
            self._log.warn(outcome.outputs["message"])
        return differs

    def _say_what_is_next(self, outcome: Outcome) -> bool:
        """Explain what would be a bare "update"; False if there is no step to take."""
        decision = outcome.decision
        if decision.action is Action.NONE:
            return False
        # Starting asks people; all else costs approvals, or can't be undone.
        tell = self._log.info if decision.action is Action.START else self._log.warn
        tell(messages.to_do(decision, outcome.now))
        self._run.announced.add(messages.step(decision, outcome.now))
        return True

    def apply(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> State:
        """Take it as far as it will go today; gives the new state."""
        try:
            outcome = self._reconciler(kept, props, self._announced(kept, props)).apply()
        finally:
            # A resource that waits for all features, and looked before it did, must look again.
            self._call.run.forget_before_all_features(props["organization_id"])
        (self._log.warn if outcome.decision.blocked else self._log.info)(outcome.outputs["message"])
        return State(props["organization_id"], _with_inputs(props, outcome), failures=outcome.failures)

    def read(self, props: Mapping[str, Any]) -> State:
        """Read the resource from AWS."""
        try:
            outcome = self._reconciler(props, props).read()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                self._log.warn(f"organization {props['organization_id']} no longer exists")
                return GONE
            raise
        return _as_read(props, outcome)

    def cancel(self, props: Mapping[str, Any]) -> None:
        """Cancel it where that costs nobody's approval, and say what was done."""
        decision = self._cancel(props)
        if decision.action is Action.NONE:
            self._log.info(f"nothing was canceled: {decision.reason}")
        else:
            self._log.info(f"canceled the migration: {decision.reason}")

    def _cancel(self, props: Mapping[str, Any]) -> Decision:
        try:
            return self._reconciler(props, props).cancel_if_free()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                return Decision(Action.NONE, "the organization no longer exists")
            raise

    def _is_gone(self, props: Mapping[str, Any], error: OrgFeaturesError) -> bool:
        return is_gone(self._api(), props.get("management_account_id"), error)

    def _api(self) -> Organizations:
        return Organizations(self._connection, self._log.progress, warn=self._log.warn)

    def _announced(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> Steps:
        """The steps of this run: by its plan, if there is one, and its own look before."""
        if not kept and self._run.canceled(props["organization_id"]):
            # The engine announced a replacement, of which this is the second half.
            return replace(NO_STEPS, start="asks every invited account again")
        announced, foreseen = from_input(props.get(STEPS)), self._run.foreseen.get(self._call.urn)
        if announced is None:
            return foreseen or NO_STEPS
        return announced if foreseen is None else announced.within(foreseen)

    def _reconciler(
        self, kept: Mapping[str, Any], props: Mapping[str, Any], announced: Steps = NO_STEPS
    ) -> MigrationReconciler:
        return MigrationReconciler(
            self._api(),
            desired(props),
            recorded_from(kept),
            self._log,
            self._run,
            announced=announced,
            refreshed=not _looks(props),
            may_fail_half_way=self._call.may_fail_half_way,
            over=self._call.is_over,
        )


def _looks(props: Mapping[str, Any]) -> bool:
    """Return whether previews and ups read AWS, not only refreshes."""
    return props.get("observe") != "refresh"


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    return with_inputs({**DEFAULTS, **props}, (*INPUTS, GOAL, STEPS), outcome.outputs)


def _as_read(props: Mapping[str, Any], outcome: Outcome) -> State:
    id_ = props["organization_id"]
    if not props.get("status"):
        return State(id_, {"organization_id": id_, **outcome.outputs})
    found = drift(recorded_from(props), props, outcome)
    if props.get(FAIL_UNLESS_ENABLED) is True:
        # It isn't content with waiting, and a read forgets that the last run failed for it.
        found = messages.short(outcome.now)
    outputs = _with_inputs(props, outcome)
    if found:
        outputs[GOAL] = found
    if outcome.now.status is Status.ENABLED:
        outputs |= {GOAL: GOAL_REACHED, STEPS: as_input(NO_STEPS, ALL_ENABLED)}
    elif not _looks(props):
        outputs[STEPS] = as_found(int(outputs["attempt_recorded"]), outcome.now)
    return as_read(id_, props, outputs, (*INPUTS, GOAL, STEPS))
