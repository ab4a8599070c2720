"""Check, diff, create, read, update and delete of the organization's feature set.

What looks at AWS is `lifecycle/migration.py`, and imported when it is needed: a run with nothing to do once
all features are on loads none of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.lifecycle import inputs
from aws_org_features.lifecycle.resource import (
    GOAL,
    NOT_KNOWN_YET,
    STEPS,
    Call,
    Checked,
    Difference,
    State,
    inputs_differ,
    problem_of,
    settings_problems,
)
from aws_org_features.lifecycle.unknown import all_known
from aws_org_features.model.steps import ALL_ENABLED, NO_STEPS, NOT_KNOWN, as_input, unlike, without_a_look

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.lifecycle.migration import Migration


class FeatureSetLifecycle:
    """The lifecycle of an organization's feature set, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    def __init__(self, call: Call) -> None:
        self._call = call

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Refuse bad inputs and settings by name, and announce all that the run may do.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        goal = {GOAL: inputs.GOAL_REACHED}
        if all_known(news.get("organization_id")):
            # It is in the program: what another of its names leaves behind must not be canceled.
            self._call.run.migrations.keeps(str(news.get("organization_id")), self._call.urn)
        problems = tuple(inputs.find_problems(before, news)) or settings_problems(self._call, news)
        if problems:
            return Checked(problems, goal)
        try:
            steps = self._steps(before, news)
        except OrgFeaturesError as error:
            return Checked((problem_of(error),), goal)
        if not before and steps != as_input(NO_STEPS, ALL_ENABLED):
            self.say_what_will_fail(news)
        return Checked((), {**goal, STEPS: steps})

    def _steps(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
        """All that the run may do; only here can it become an input, by which a saved plan is held.

        Raises:
            OrgFeaturesError: A create is certain to fail.
        """
        same = not inputs_differ(self._call, {**inputs.DEFAULTS, **before}, news, inputs.INPUTS)
        announced = without_a_look(before.get(STEPS), same_inputs=same)
        if announced is not None and not self._is_looked_at(news):
            return announced
        if not all_known(news):
            # A plan that announces nothing must not let the run do anything, so this is no unknown.
            self._call.log.warn("can't preview what this will do: not all its inputs are known yet")
            return as_input(NO_STEPS, NOT_KNOWN)
        if news["observe"] == "refresh":
            from aws_org_features.lifecycle import announce_from_state

            return unlike(before.get(STEPS), announce_from_state.announce(self._call.log, before, news))
        return unlike(before.get(STEPS), self._migration(news).announce(before, news))

    def _is_looked_at(self, news: Mapping[str, Any]) -> bool:
        """Return whether this run has read the organization: then looking again costs no call."""
        seen = self._call.run.migrations.seen
        return any(organization_id == news["organization_id"] for _, organization_id in seen)

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Say whether the next `up` has something to do; while in progress, by looking at AWS.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        if not all_known(news):
            return NOT_KNOWN_YET
        # It stays in the program: what another of its names leaves behind must not be canceled.
        self._call.run.migrations.keeps(news["organization_id"], self._call.urn)
        differ = inputs_differ(self._call, {**inputs.DEFAULTS, **kept}, news, (*inputs.INPUTS, GOAL))
        if kept.get("status") == inputs.GOAL_REACHED:
            return Difference(differ)
        if news["observe"] == "refresh":
            from aws_org_features.lifecycle import announce_from_state

            announce_from_state.tell(self._call.log, kept, news)
            return Difference(differ)
        return Difference(self._migration(news).has_changed(kept, news) or differ)

    def create(self, props: Mapping[str, Any]) -> State:
        """Adopt what is there, or start the migration.

        Args:
            props: The inputs, checked.
        """
        state = self._migration(props).apply({}, props)
        self._call.run.migrations.takes_on(state.id, self._call.urn)
        return _failing_unless_enabled(state, props)

    def read(self, id_: str, props: Mapping[str, Any]) -> State:
        """Reconcile the record with what AWS shows; never writes.

        Args:
            id_: The organization's id.
            props: The outputs in the state; none of a resource that is only read.
        """
        props = {"organization_id": id_, **props}
        return self._migration(props).read(props)

    def update(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Take the migration as far as it will go today.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        return _failing_unless_enabled(self._migration(news).apply(kept, news), news)

    def delete(self, id_: str, props: Mapping[str, Any]) -> None:
        """Leave everything as it is, unless a cancellation was declared and costs nobody's approval.

        Args:
            id_: The organization's id.
            props: The outputs in the state.
        """
        if props.get("on_destroy") != "cancel":
            self._say_what_stays({"organization_id": id_, **props})
        elif why := self._call.run.migrations.why_kept(id_, self._call.urn, "the migration"):
            self._call.log.info(f"nothing was canceled: {why}")
        else:
            self._migration(props).cancel(props)

    def say_what_will_fail(self, news: Mapping[str, Any]) -> None:
        """Say before a run that it fails here, where that is declared and not all features are enabled."""
        if news.get(inputs.FAIL_UNLESS_ENABLED) is True:
            self._call.log.warn(
                "this `pulumi up` fails here unless all features are enabled by then, and what depends on "
                f"this is held back, as {inputs.FAIL_UNLESS_ENABLED} is true"
            )

    def _say_what_stays(self, props: Mapping[str, Any]) -> None:
        """A delete looks like the organization's: say that only the stack forgets."""
        from aws_org_features.model.organizations import PENDING_STATES

        handshake, forgets = (
            props.get("handshake") or {},
            f"removed from the stack only ({props['organization_id']})",
        )
        if props.get("status") == inputs.GOAL_REACHED:
            self._call.log.info(f"{forgets}: the organization and its features are unchanged")
        elif handshake.get("state") in PENDING_STATES:
            goes_on = f"the migration {handshake['id']} continues in AWS, with the approvals given so far"
            self._call.log.info(f"{forgets}: {goes_on} (on_destroy is leave)")
        else:
            self._call.log.info(f"{forgets}: nothing changes in AWS")

    def _migration(self, props: Mapping[str, Any]) -> Migration:
        from aws_org_features.lifecycle.migration import Migration

        return Migration(self._call, props)


def _failing_unless_enabled(state: State, props: Mapping[str, Any]) -> State:
    """Report as a failure that the run hasn't reached `ENABLED`, where the program demands that."""
    status = state.outputs["status"]
    if props.get(inputs.FAIL_UNLESS_ENABLED) is not True or status == inputs.GOAL_REACHED or state.failures:
        return state
    from aws_org_features.lifecycle.gate import not_enabled

    told = {"organization_id": state.id, "status": status, "reason": state.outputs["message"]}
    error = not_enabled(told, "this resource")
    return replace(state, failures=(f"{error.reference}: {error}",))
