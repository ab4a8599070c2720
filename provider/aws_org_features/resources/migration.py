"""What the provider of `OrganizationFeatureSet` does once AWS is to be asked: carries it to the core.

Apart from the provider, for the sake of all the runs that ask nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.dynamic import ReadResult

from aws_org_features import words
from aws_org_features.aws import Organizations
from aws_org_features.errors import OrgFeaturesError
from aws_org_features.model import Action, Decision
from aws_org_features.observe import is_gone
from aws_org_features.reconcile import Outcome, Reconciler, changed, drift
from aws_org_features.record import recorded_from
from aws_org_features.resources.engine import EngineSay, run_is_over
from aws_org_features.resources.inputs import DEFAULTS, GOAL, GOAL_REACHED, INPUTS, desired

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_org_features.aws import Connection
    from aws_org_features.model import Desired
    from aws_org_features.run import Run


class Migration:
    """An organization's migration, in one call of the engine.

    Args:
        connection: Who acts.
        run: What the run of the engine remembers.
    """

    def __init__(self, connection: Connection, run: Run) -> None:
        self._connection = connection
        self._run = run

    def foretell(self, news: Mapping[str, Any]) -> None:
        """Say what a create is going to do."""
        from aws_org_features.foretell import first_up

        say = EngineSay()
        for line in first_up(self._api(say), desired(news)):
            (say.warn if line.urgent else say.info)(line.text)

    def has_changed(self, kept: dict[str, Any], news: Mapping[str, Any]) -> bool:
        """Say, to a person as well, whether there is something to do or to record."""
        outcome = self._reconciler(kept, news).look()
        return _say_what_differs(kept, desired(news), outcome, self._run)

    def converge(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> dict[str, Any]:
        """Take it as far as it will go today; gives the outputs."""
        from aws_org_features.resources.memory import ROOTS

        try:
            outcome = self._reconciler(kept, props).converge()
        finally:
            # Policy types that looked before it did are to look again.
            ROOTS.forget(props["organization_id"])
        _conclude(outcome)
        return _with_inputs(props, outcome)

    def read(self, props: dict[str, Any]) -> ReadResult:
        """What AWS shows, as a reading of the resource."""
        try:
            outcome = self._reconciler(props, props).look()
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

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> Reconciler:
        say = EngineSay()
        return Reconciler(
            self._api(say), desired(props), recorded_from(kept), say, self._run, over=run_is_over()
        )


def _say_what_differs(kept: dict[str, Any], wanted: Desired, outcome: Outcome, run: Run) -> bool:
    """Explain what would be a bare "update", and remind of what waits for a person."""
    say, decision = EngineSay(), outcome.decision
    for line in words.kept_from(outcome.kept_from):
        say.warn(line)
    if decision.action is not Action.NONE:
        urgent = decision.action is Action.CANCEL or decision.blocked
        (say.warn if urgent else say.info)(words.to_do(decision, outcome.now))
        run.announced.add(words.step(decision, outcome.now))
        return True
    if outcome.waits:
        say.info(f"to do: {words.waiting(wanted, outcome.now)}")
        return True
    if changed(kept, outcome):
        say.info(f"to be recorded: {words.short(outcome.now)}")
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
    return {**{name: props.get(name, DEFAULTS.get(name)) for name in INPUTS}, **outcome.outputs}


def _as_read(props: dict[str, Any], outcome: Outcome) -> ReadResult:
    id_ = props["organization_id"]
    if not props.get("status"):
        return ReadResult(id_, {"organization_id": id_, **outcome.outputs})
    found = drift(recorded_from(props), props, outcome)
    outs = _with_inputs(props, outcome)
    if found is None:
        return ReadResult(id_, outs)
    outs[GOAL] = found
    return ReadResult(id_, outs, {name: outs[name] for name in INPUTS})
