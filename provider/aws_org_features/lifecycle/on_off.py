"""Check, diff, create, read, update and delete of what is on or off in an organization."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, ClassVar

from aws_org_features.aws.caller import is_gone
from aws_org_features.common.errors import CERTAIN, OrgFeaturesError
from aws_org_features.common.on_off import drift
from aws_org_features.lifecycle.resource import (
    GOAL,
    GONE,
    NOT_KNOWN_YET,
    Call,
    Checked,
    Difference,
    State,
    as_read,
    inputs_differ,
    problem_of,
    say_what_differs,
    settings_problems,
    with_inputs,
)
from aws_org_features.lifecycle.unknown import all_known, is_known
from aws_org_features.model.on_off import ENABLED, OnDestroy, Removal, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_org_features.aws.calls import Calls
    from aws_org_features.common.on_off import OnOffReconciler, Outcome
    from aws_org_features.common.run_cache import RunCache
    from aws_org_features.lifecycle.resource import Problem


class OnOffLifecycle(abc.ABC):
    """The lifecycle of what is on or off, in one call of the engine.

    Args:
        call: What the call brings along.
        run: What the run remembers of its kind.
    """

    inputs: ClassVar[Sequence[str]]
    """Its inputs, the computed one among them."""
    subject: ClassVar[str]
    """The input that says what it is."""
    ahead: ClassVar[str]
    """Text that a preview of a create shows, as a clause."""

    def __init__(self, call: Call, run: RunCache[Any]) -> None:
        self._call = call
        self._log = call.log
        self._run = run

    # What each has of its own

    @abc.abstractmethod
    def _problems(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> list[Problem]:
        """Problems of the inputs."""

    @abc.abstractmethod
    def _doubt(self, subject: str) -> str | None:
        """A doubt about the name in a new resource, if there is one, for a person."""

    @abc.abstractmethod
    def _replaced_by(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
        """The inputs that make it another resource."""

    @abc.abstractmethod
    def _id(self, props: Mapping[str, Any], outcome: Outcome[Any]) -> str:
        """The resource's id."""

    @abc.abstractmethod
    def _api(self, props: Mapping[str, Any]) -> Calls:
        """The calls that it takes."""

    @abc.abstractmethod
    def _reconciler(
        self, kept: Mapping[str, Any], props: Mapping[str, Any]
    ) -> OnOffReconciler[Any, Any, Any]:
        """The reconciler that takes it as far as it will go."""

    # What all do alike

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Refuse bad inputs and settings by name, and say what a create is going to do.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        problems = tuple(self._problems(before, news)) or settings_problems(self._call, news)
        if problems or not all_known(news):
            return Checked(problems, {GOAL: ENABLED})
        # It is in the program: what another of its names leaves behind must not be disabled.
        self._run.keeps(self._stands_for(news), self._call.urn)
        if not before:
            if (doubt := self._doubt(news[self.subject])) is not None:
                self._log.warn(doubt)
            problems = self._foretell(news)
        return Checked(problems, {GOAL: ENABLED})

    def _foretell(self, news: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Say before a create what it is going to do; what is certain to fail in it fails here."""
        try:
            outcome = self._reconciler({}, news).look()
        except CERTAIN as error:
            return (problem_of(error),)
        except OrgFeaturesError as error:
            self._log.warn(f"can't preview {self.ahead}: {error.what}")
            return ()
        self._say_what_is_next(outcome)
        return ()

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Say whether the next `up` has something to do; until it is enabled, by looking at AWS.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        if replaces := self._replaced_by(kept, news):
            return Difference(changes=True, replaces=replaces)
        if not all_known(news):
            return NOT_KNOWN_YET
        differ = inputs_differ(self._call, kept, news, self.inputs)
        if kept.get("status") == ENABLED:
            return Difference(differ)
        outcome = self._reconciler(kept, news).look()
        if self._say_what_is_next(outcome):
            return Difference(changes=True)
        short = outcome.words.short
        return Difference(say_what_differs(self._log, kept, outcome.outputs, ENABLED, short) or differ)

    def _say_what_is_next(self, outcome: Outcome[Any]) -> bool:
        """Explain what would be a bare "update"; False if there is nothing to do."""
        if outcome.to_do:
            self._log.info(outcome.words.to_do)
            self._run.announced.add(outcome.words.enabling)
        return outcome.to_do

    def create(self, props: Mapping[str, Any]) -> State:
        """Adopt what is enabled, or enable it; while there aren't all features, wait for them.

        Args:
            props: The inputs, checked.
        """
        state = self._apply({}, props)
        self._run.takes_on(self._stands_for(props), self._call.urn)
        return state

    def update(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Enable it if it isn't.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        return self._apply(kept, news)

    def _apply(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> State:
        outcome = self._reconciler(kept, props).apply()
        self._log.info(outcome.outputs["message"])
        return State(self._id(props, outcome), with_inputs(props, self.inputs, outcome.outputs))

    def read(self, id_: str, props: Mapping[str, Any]) -> State:
        """Reconcile the record with what AWS shows; never writes.

        Args:
            id_: The resource's id.
            props: The outputs in the state.
        """
        try:
            outcome = self._reconciler(props, props).look()
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                self._log.warn(f"organization {props['organization_id']} no longer exists")
                return GONE
            raise
        if outcome.to_do and props.get("status") == ENABLED:
            self._log.warn(outcome.words.disabled_by_hand)
        outputs = with_inputs(props, self.inputs, outcome.outputs)
        if outcome.status == ENABLED:
            outputs[GOAL] = ENABLED
        elif found := drift(props, outcome):
            outputs[GOAL] = found
        return as_read(id_, props, outputs, self.inputs)

    def delete(self, _id: str, props: Mapping[str, Any]) -> None:
        """Disable it if that was declared, this resource enabled it, and nobody would miss it.

        Args:
            props: The outputs in the state.
        """
        removal = self._disable(props)
        if removal.step is Step.DISABLE:
            self._log.info(f"disabled {props[self.subject]}: {removal.reason}")
        else:
            self._log.info(f"{props[self.subject]} is left as it is: {removal.reason}")

    def _disable(self, props: Mapping[str, Any]) -> Removal:
        why_kept = self._run.why_kept(self._stands_for(props), self._call.urn)
        try:
            return self._reconciler(props, props).disable_if_free(why_kept)
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                return Removal(Step.NONE, "the organization no longer exists")
            raise

    def _is_gone(self, props: Mapping[str, Any], error: OrgFeaturesError) -> bool:
        return is_gone(self._api(props), props.get("management_account_id"), error)

    def _stands_for(self, props: Mapping[str, Any]) -> str:
        """The key of what several resources may declare."""
        return f"{props['organization_id']}/{props[self.subject]}"


def on_destroy_of(props: Mapping[str, Any]) -> OnDestroy:
    """The choice for a destroy, by valid inputs."""
    return OnDestroy(props.get("on_destroy") or OnDestroy.REFUSE_IF_USED)


def on_destroy_problems(value: Any) -> Iterator[Problem]:
    """Problems of the choice for a destroy."""
    if is_known(value) and value not in tuple(OnDestroy):
        yield ("on_destroy", f"on_destroy is {value!r}, but must be one of {', '.join(OnDestroy)}")
