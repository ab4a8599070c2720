"""Check, diff, create, read, update and delete of a policy type on the root."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.aws import Roots, botocore_version, known_policy_types
from aws_org_features.aws.caller import is_gone
from aws_org_features.common.errors import CERTAIN, OrgFeaturesError
from aws_org_features.lifecycle.inputs import connection_problems, organization_id_problems
from aws_org_features.lifecycle.resource import (
    GOAL,
    GONE,
    NOT_KNOWN_YET,
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
from aws_org_features.model.policy_types import Declared, OnDestroy, PolicyTypeStatus, Removal, Step
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.reconcile import Outcome, PolicyTypeReconciler, drift
from aws_org_features.policy_types.state import recorded_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_features.lifecycle.resource import Problem

INPUTS: Final = ("organization_id", "policy_type", "root_id", "on_destroy", "connection", GOAL)

_GOAL_REACHED: Final = str(PolicyTypeStatus.ENABLED)

_POLICY_TYPE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_ROOT_ID: Final = re.compile(r"r-[0-9a-z]{4,32}")


class PolicyTypeLifecycle:
    """The lifecycle of a policy type on the root, in one call of the engine.

    Args:
        call: What the call brings along.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._log = call.log
        self._run = call.run.policy_types

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Refuse bad inputs and settings by name, and say what a create is going to do.

        Args:
            before: The inputs of the existing resource; empty for a new one.
            news: The inputs of the program.
        """
        problems = tuple(find_problems(before, news)) or settings_problems(self._call, news)
        if not (problems or before) and all_known(news):
            if (doubt := unknown_policy_type(news["policy_type"])) is not None:
                self._log.warn(doubt)
            problems = self._foretell(news)
        return Checked(problems, {GOAL: _GOAL_REACHED})

    def _foretell(self, news: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Say before a create what it is going to do; what is certain to fail in it fails here."""
        try:
            outcome = self._reconciler({}, news).look()
        except CERTAIN as error:
            return (problem_of(error),)
        except OrgFeaturesError as error:
            self._log.warn(f"what is to be enabled couldn't be looked up: {error.what}")
            return ()
        self._say_what_is_next(news, outcome)
        return ()

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Say whether the next `up` has something to do; until the type is enabled, by looking at AWS.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        if all_known(news):
            # It stays in the program: what another of its names leaves behind must not be disabled.
            self._run.keeps(_subject(news), self._call.urn)
        if replaces := _replaced_by(kept, news):
            return Difference(changes=True, replaces=replaces)
        if not all_known(news):
            return NOT_KNOWN_YET
        differ = inputs_differ(self._call, kept, news, INPUTS)
        if kept.get("status") == PolicyTypeStatus.ENABLED:
            return Difference(differ)
        outcome = self._reconciler(kept, news).look()
        if self._say_what_is_next(news, outcome):
            return Difference(changes=True)
        short = messages.short(declared_by(news), outcome.seen)
        return Difference(say_what_differs(self._log, kept, outcome.outputs, _GOAL_REACHED, short) or differ)

    def _say_what_is_next(self, news: Mapping[str, Any], outcome: Outcome) -> bool:
        """Explain what would be a bare "update"; False if there is nothing to do."""
        if outcome.to_do:
            declared = declared_by(news)
            self._log.info(messages.to_do(declared, outcome.seen))
            self._run.announced.add(messages.enabling(declared, outcome.seen))
        return outcome.to_do

    def create(self, props: Mapping[str, Any]) -> State:
        """Adopt what is enabled, or enable it; while there aren't all features, wait for them.

        Args:
            props: The inputs, checked.
        """
        state = self._apply({}, props)
        self._run.created.add(_subject(props))
        return state

    def update(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Enable the type if it isn't.

        Args:
            kept: The outputs in the state.
            news: The inputs, checked.
        """
        return self._apply(kept, news)

    def _apply(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> State:
        outcome = self._reconciler(kept, props).apply()
        self._log.info(outcome.outputs["message"])
        return State(f"{outcome.seen.root.id}/{props['policy_type']}", _with_inputs(props, outcome))

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
        if outcome.to_do and props.get("status") == PolicyTypeStatus.ENABLED:
            self._log.warn(messages.disabled_by_hand(declared_by(props), outcome.seen))
        outputs = _with_inputs(props, outcome)
        if outcome.status is PolicyTypeStatus.ENABLED:
            outputs[GOAL] = _GOAL_REACHED
        elif found := drift(props, outcome):
            outputs[GOAL] = found
        return as_read(id_, props, outputs, INPUTS)

    def delete(self, _id: str, props: Mapping[str, Any]) -> None:
        """Disable the type if that was declared, this resource enabled it, and nobody would miss it.

        Args:
            props: The outputs in the state.
        """
        removal = self._disable(props)
        if removal.step is Step.DISABLE:
            self._log.info(f"disabled {props['policy_type']}: {removal.reason}")
        else:
            self._log.info(f"{props['policy_type']} is left as it is: {removal.reason}")

    def _disable(self, props: Mapping[str, Any]) -> Removal:
        kept = self._run.is_kept_by_another(_subject(props), self._call.urn)
        try:
            return self._reconciler(props, props).disable_if_free(kept_by_another=kept)
        except OrgFeaturesError as error:
            if self._is_gone(props, error):
                return Removal(Step.NONE, "the organization no longer exists")
            raise

    def _is_gone(self, props: Mapping[str, Any], error: OrgFeaturesError) -> bool:
        return is_gone(self._api(props), props.get("management_account_id"), error)

    def _api(self, props: Mapping[str, Any]) -> Roots:
        connection = connection_of(self._call, props)
        return Roots(connection, self._log.progress, paces=self._run.paces, warn=self._log.warn)

    def _reconciler(self, kept: Mapping[str, Any], props: Mapping[str, Any]) -> PolicyTypeReconciler:
        return PolicyTypeReconciler(
            self._api(props),
            declared_by(props),
            recorded_from(kept),
            self._log,
            self._run,
            over=self._call.is_over,
        )


def _subject(props: Mapping[str, Any]) -> str:
    """What several resources may stand for."""
    return f"{props['organization_id']}/{props['policy_type']}"


def _with_inputs(props: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    return with_inputs(props, INPUTS, outcome.outputs)


def declared_by(props: Mapping[str, Any]) -> Declared:
    """What valid inputs declare; the outputs hold a copy of them, so this reads a state as well."""
    return Declared(
        organization_id=props["organization_id"],
        policy_type=props["policy_type"],
        root_id=props.get("root_id"),
        on_destroy=OnDestroy(props.get("on_destroy") or OnDestroy.REFUSE_IF_USED),
    )


def find_problems(recorded: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the inputs: pairs of an input's name, if it may be shown, and a sentence.

    Args:
        recorded: The inputs of the existing resource; empty for a new one.
        given: The inputs of the program.
    """
    return [
        *organization_id_problems(recorded, given.get("organization_id")),
        *policy_type_problems(recorded.get("policy_type"), given.get("policy_type")),
        *_root_id(given.get("root_id")),
        *on_destroy_problems(given.get("on_destroy")),
        *connection_problems(given.get("connection")),
    ]


def policy_type_problems(before: Any, value: Any) -> Iterator[Problem]:
    """What is wrong with the form of a policy type's name; whether AWS has it, AWS tells."""
    if not is_known(value) or (isinstance(value, str) and (value == before or _POLICY_TYPE.fullmatch(value))):
        return
    close = nearest_policy_type(value)
    hint = f": did you mean {close}?" if close else ", like TAG_POLICY"
    yield ("policy_type", f"policy_type is {value!r}, but AWS's policy types are capitals{hint}")


def unknown_policy_type(value: str) -> str | None:
    """What a person should know of a policy type that the installed botocore lacks; None if it has it."""
    if value in known_policy_types():
        return None
    close = nearest_policy_type(value)
    hint = f"Did you mean {close}? If not, AWS" if close else "AWS"
    return f"botocore {botocore_version()} doesn't know {value}. {hint} judges whether there is such a type."


def nearest_policy_type(value: object) -> str | None:
    """The known policy type that a name may have been meant for."""
    wanted = str(value).upper().replace("-", "_")
    return next(iter(difflib.get_close_matches(wanted, known_policy_types(), n=1, cutoff=0.8)), None)


def _root_id(value: Any) -> Iterator[Problem]:
    if value is None or not is_known(value):
        return
    if not isinstance(value, str) or not _ROOT_ID.fullmatch(value):
        text = f"root_id is {value!r}, but a root's id is r- and 4 to 32 lower-case letters or digits"
        yield ("root_id", f"{text}; without it, the root is found by itself")


def on_destroy_problems(value: Any) -> Iterator[Problem]:
    """What is wrong with what is to become of a policy type."""
    if is_known(value) and value not in tuple(OnDestroy):
        yield ("on_destroy", f"on_destroy is {value!r}, but must be one of {', '.join(OnDestroy)}")


def _replaced_by(kept: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs that make it another resource. Naming the root that was found doesn't."""
    replaces = []
    policy_type, root_id = news.get("policy_type"), news.get("root_id")
    if is_known(policy_type) and policy_type != kept.get("policy_type"):
        replaces.append("policy_type")
    if is_known(root_id) and root_id not in {None, kept.get("current_root_id")}:
        replaces.append("root_id")
    return tuple(replaces)
