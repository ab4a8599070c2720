"""The step that comes next, and what is known after one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from aws_org_features.evidence.probe.facts import told
from aws_org_features.evidence.probe.step import ALL, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_org_features.evidence.probe.step import Outcome, State, Step


class StoppedError(Exception):
    """AWS refused what should have worked: a person must look."""


def begin_undoing(state: State) -> State:
    """From here on, undo."""
    return dataclasses.replace(state, undoing=True)


def next_step(steps: tuple[Step, ...], state: State) -> Step | None:
    """The step that comes next; None once there is none left."""
    left = _to_undo(steps, state) if state.undoing else _to_do(steps, state)
    return next(left, None)


def _to_do(steps: tuple[Step, ...], state: State) -> Iterator[Step]:
    # What was passed over stays so: the organization was another one then.
    passed = max((at for at, step in enumerate(steps, 1) if step.name in state.done), default=0)
    for step in steps[passed:]:
        if step.name == state.begun or _fits(step, state):
            yield step


def _fits(step: Step, state: State) -> bool:
    has_all = state.facts.get("feature_set") == ALL
    if (step.unless_all and has_all) or (step.only_all and not has_all):
        return False
    if (step.unless and _knows(state, step.unless)) or not _knows(state, step.given):
        return False
    # What was deleted because it had all features at once is made again; else there is nothing to make.
    if step.name in {"create again", "created again"} and "delete" not in state.done:
        return False
    return _knows(state, _named(step.request))


def _knows(state: State, facts: Iterable[str]) -> bool:
    return all(each in state.facts for each in facts)


def _to_undo(steps: tuple[Step, ...], state: State) -> Iterator[Step]:
    settled = {each for step in steps if step.name in state.done for each in step.settles}
    for step in reversed(steps):
        undo = step.undo
        happened = step.name in state.done or step.name == state.begun
        if undo is None or not happened or step.name in settled or undo.name in state.undone:
            continue
        if _knows(state, _named(undo.request)):
            yield undo


def plan(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """All that may be called: the steps, and then what undoes them, in reverse."""
    settled = {each for step in steps for each in step.settles if not step.only_all}
    undone = [step.undo for step in reversed(steps) if step.undo and step.name not in settled]
    return (*steps, *undone)


def _named(value: Any) -> Iterator[str]:
    """The facts that a request names."""
    if isinstance(value, str) and value.startswith("{") and value != "{member}":
        yield value[1:-1]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _named(inner)


def request(step: Step, state: State) -> dict[str, Any]:
    """The request of a step, with what is known by now."""
    facts = {**state.facts, "member": state.member}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(inner) for name, inner in value.items()}
        return facts[value[1:-1]] if isinstance(value, str) and value.startswith("{") else value

    return {name: filled(value) for name, value in step.request.items()}


def begin(step: Step, state: State) -> State:
    """The values to remember before a write."""
    if step.kind is Kind.LOOK or state.undoing:
        return state
    return dataclasses.replace(state, begun=step.name)


def lacks(step: Step, state: State, outcome: Outcome) -> str:
    """The values that a step must yield, and doesn't yet: AWS may be asked again. Empty if complete."""
    found = told(step, state, outcome)
    return next((each for each in step.needs if each not in found), "")


def after(step: Step, state: State, outcome: Outcome) -> State:
    """The values that are known after a step.

    Raises:
        StoppedError: It was refused, and not because it was done before, nor for the sake of the refusal.
    """
    if (
        step.kind is not Kind.PROVOKE
        and outcome.refused
        and not step.already & {outcome.code, outcome.reason}
    ):
        why = " ".join(filter(None, (outcome.code, outcome.reason, outcome.message)))
        raise StoppedError(why)
    if state.undoing:
        return dataclasses.replace(state, undone=(*state.undone, step.name))
    known = {} if step.operation == "DeleteOrganization" else state.facts
    if step.operation == "EnableAllFeatures" and step.kind is Kind.WRITE:
        # Those of the migration before.
        known = {name: fact for name, fact in known.items() if name not in {"accepted", "child", "parent"}}
    facts = {**known, **told(step, state, outcome)}
    return dataclasses.replace(state, done=(*state.done, step.name), begun="", facts=facts)
