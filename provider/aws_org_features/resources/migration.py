"""What the provider of `OrganizationFeatureSet` does once AWS is to be asked: carries it to the core.

Apart from the provider, for the sake of all the runs that ask nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import ReadResult

from aws_org_features.aws import Organizations
from aws_org_features.aws.caller import is_gone
from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.migration import messages
from aws_org_features.migration.announce import as_found
from aws_org_features.migration.reconcile import Outcome, Reconciler, changed, drift
from aws_org_features.migration.state import recorded_from
from aws_org_features.model.migration import Action, Decision, Status
from aws_org_features.model.steps import ALL_ENABLED, NO_STEPS, NOT_LOOKED, as_input, from_input
from aws_org_features.resources.engine import EngineSay, run_is_over
from aws_org_features.resources.inputs import DEFAULTS, GOAL, GOAL_REACHED, INPUTS, STEPS, desired

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.aws import Connection
    from aws_org_features.migration.run_cache import Run
    from aws_org_features.model.migration import Desired
    from aws_org_features.model.steps import Steps


class Migration:
    """An organization's migration, in one call of the engine.

    Args:
        connection: Who acts.
        run: What the run of the engine remembers.
        urn: The resource.
    """

    def __init__(self, connection: Connection, run: Run, urn: str) -> None:
        self._connection = connection
        self._run = run
        self._urn = urn

    def announce(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """All that the run may do, as the computed input; before a create, a person is told it as well.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        from aws_org_features.views.plan.look import first_up, next_up

        say = EngineSay()
        api, wanted = self._api(say), desired(news)
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
            (say.warn if line.urgent else say.info)(line.text)
        return steps

    def has_changed(self, kept: dict[str, Any], news: Mapping[str, Any]) -> bool:
        """Say, to a person as well, whether there is something to do or to record."""
        outcome = self._reconciler(kept, news).look()
        announced = from_input(news.get(STEPS))
        steps = outcome.steps if announced is None else outcome.steps.within(announced)
        self._run.foreseen[self._urn] = steps
        return _say_what_differs(kept, desired(news), outcome, steps, self._run)

    def converge(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> dict[str, Any]:
        """Take it as far as it will go today; gives the outputs."""
        from aws_org_features.resources.memory import ROOTS

        try:
            outcome = self._reconciler(kept, props, self._announced(kept, props)).converge()
        finally:
            # Policy types that looked before it did are to look again.
            ROOTS.forget(props["organization_id"])
        _conclude(outcome)
        return _with_inputs(props, outcome)

    def read(self, props: dict[str, Any]) -> ReadResult:
        """What AWS shows, as a reading of the resource."""
        try:
            outcome = self._reconciler(props, props).read()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                EngineSay().warn(f"organization {props['organization_id']} no longer exists")
                return ReadResult("", {})
            raise
        return _as_read(props, outcome)

    def withdraw(self, props: Mapping[str, Any]) -> None:
        """Cancel it where that costs nobody's approval, and say what was done."""
        decision = self._withdraw(props)
        if decision.action is Action.NONE:
            EngineSay().info(f"nothing was canceled: {decision.reason}")
        else:
            EngineSay().info(f"canceled the migration: {decision.reason}")

    def _withdraw(self, props: Mapping[str, Any]) -> Decision:
        try:
            return self._reconciler(props, props).withdraw()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                return Decision(Action.NONE, "the organization no longer exists")
            raise

    def _is_gone(self, props: Mapping[str, Any], error: OrgFeaturesError) -> bool:
        return is_gone(self._api(EngineSay()), props.get("management_account_id"), error)

    def _api(self, say: EngineSay) -> Organizations:
        return Organizations(self._connection, say.progress, warn=say.warn)

    def _announced(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> Steps:
        """What this run may do: as its plan says, if there is one, and its own look before."""
        if not kept and self._run.canceled:
            # The engine announced a replacement, of which this is the second half.
            return replace(NO_STEPS, start="asks every invited account again")
        announced, foreseen = from_input(props.get(STEPS)), self._run.foreseen.get(self._urn)
        if announced is None:
            return foreseen or NO_STEPS
        return announced if foreseen is None else announced.within(foreseen)

    def _reconciler(
        self, kept: Mapping[str, Any], props: Mapping[str, Any], announced: Steps = NO_STEPS
    ) -> Reconciler:
        say = EngineSay()
        return Reconciler(
            self._api(say),
            desired(props),
            recorded_from(kept),
            say,
            self._run,
            announced=announced,
            refreshed=not _looks(props),
            over=run_is_over(),
        )


def _looks(props: Mapping[str, Any]) -> bool:
    """Whether previews and ups look at AWS by themselves."""
    return props.get("observe") != "refresh"


def _say_what_differs(
    kept: dict[str, Any], wanted: Desired, outcome: Outcome, steps: Steps, run: Run
) -> bool:
    """Explain what would be a bare "update", and remind of what waits for a person."""
    say, decision = EngineSay(), outcome.decision
    for line in messages.kept_from(outcome.kept_from):
        say.warn(line)
    if decision.action is not Action.NONE:
        # Starting asks people; all else costs approvals, or can't be undone.
        (say.info if decision.action is Action.START else say.warn)(messages.to_do(decision, outcome.now))
        run.announced.add(messages.step(decision, outcome.now))
    if outcome.waits and decision.action is Action.NONE:
        say.info(f"to do: {messages.waiting(wanted, outcome.now)}")
    for text in messages.then(steps, wanted, decision.action):
        say.warn(text)
    if outcome.waits or decision.action is not Action.NONE:
        return True
    if changed(kept, outcome):
        say.info(f"to be recorded: {messages.short(outcome.now)}")
        return True
    if kept.get(GOAL) != GOAL_REACHED:
        say.info(f"recorded by the refresh: {kept.get(GOAL)}")
    if decision.blocked:
        say.warn(outcome.outputs["message"])
    return False


def _conclude(outcome: Outcome) -> None:
    say = EngineSay()
    (say.warn if outcome.decision.blocked else say.info)(outcome.outputs["message"])


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The outputs: a copy of the inputs, for `read` and `delete` are given no others, and what was seen."""
    inputs = {name: props.get(name, DEFAULTS.get(name)) for name in INPUTS}
    return {**inputs, STEPS: props.get(STEPS), **outcome.outputs}


def _as_read(props: dict[str, Any], outcome: Outcome) -> ReadResult:
    id_ = props["organization_id"]
    if not props.get("status"):
        return ReadResult(id_, {"organization_id": id_, **outcome.outputs})
    found = drift(recorded_from(props), props, outcome)
    outs = _with_inputs(props, outcome)
    outs[GOAL] = found or outs[GOAL]
    if outcome.now.status is Status.ENABLED:
        outs |= {GOAL: GOAL_REACHED, STEPS: as_input(NO_STEPS, ALL_ENABLED)}
    elif not _looks(props):
        outs[STEPS] = as_found(int(outs["attempt_recorded"]), outcome.now)
    if all(outs[name] == props.get(name) for name in (GOAL, STEPS)):
        return ReadResult(id_, outs)
    return ReadResult(id_, outs, {name: outs[name] for name in (*INPUTS, STEPS)})
