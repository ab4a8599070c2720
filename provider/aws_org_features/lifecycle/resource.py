"""The engine's calls to a resource, and their answers. Edges translate both, and do nothing else.

Knows neither Pulumi nor gRPC. Values are plain: texts, numbers, booleans, lists, dictionaries, and `UNKNOWN`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from aws_org_features.common.errors import OrgFeaturesError
from aws_org_features.common.state import changed
from aws_org_features.lifecycle.aws_settings import refuse_unknown
from aws_org_features.lifecycle.connection import resolve
from aws_org_features.lifecycle.unknown import all_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aws_org_features.aws import Connection
    from aws_org_features.common.log import Log
    from aws_org_features.lifecycle.run_caches import RunCaches

GOAL: Final = "goal"
"""A computed input: what is declared. A refresh that finds otherwise says so here, as a difference."""

STEPS: Final = "steps"
"""A computed input: what the run may do that can't be undone or costs approvals (`migration/announce.py`)."""

Problem = tuple[str, str]
"""An input's name, if its value may be shown, and a sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings by which somebody acts: the stack's configuration, or a provider's inputs.

    Attributes:
        get: Reads one by its key (`aws:region`); what isn't a text comes as JSON.
        given: All that there are, by key, so that misspelled ones are refused; empty if the edge has checked.
    """

    get: Callable[[str], str | None]
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the engine, beside the resource's values.

    Attributes:
        urn: The resource.
        log: Where to tell a person what happens.
        settings: By which somebody acts, where the resource has no `connection` of its own.
        run: What the run remembers.
        is_over: Whether the run must end early: it was canceled, or the engine is gone.
        provider_changed: Whether another provider than before serves the resource.
        may_fail_half_way: Whether the edge can fail a call and have the state that it reached kept.
    """

    urn: str
    log: Log
    settings: Settings
    run: RunCaches
    is_over: Callable[[], bool] = lambda: False
    provider_changed: bool = False
    may_fail_half_way: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check.

    Attributes:
        problems: What is wrong; nothing is written while there is anything.
        computed: Inputs that the program doesn't give.
    """

    problems: tuple[Problem, ...] = ()
    computed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """The result of a diff.

    Attributes:
        changes: Whether the next `up` has something to do; None lets the engine compare the inputs.
        replaces: The inputs that make it another resource.
    """

    changes: bool | None
    replaces: tuple[str, ...] = ()


NOT_KNOWN_YET: Final = Difference(None)
"""The answer while inputs aren't known: the engine compares them by itself."""


@dataclass(frozen=True, slots=True)
class State:
    """A resource as it goes into the state.

    Attributes:
        id: Its id; empty if it is gone.
        outputs: Its outputs, a copy of its inputs among them: a read and a delete are given no others.
        inputs: Its inputs where they must differ from the ones that are recorded; else None.
        failures: What failed after something had been written, or why this isn't enough, a sentence each. The
            state holds the rest, where an edge can keep it.
    """

    id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None = None
    failures: tuple[str, ...] = ()


GONE: Final = State("", {})


class Lifecycle(Protocol):
    """Check, diff, create, read, update and delete of a resource, in one call of the engine."""

    def check(self, before: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Refuse bad inputs and settings by name, before anything is asked or written."""

    def diff(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Say whether the next `up` has something to do."""

    def create(self, props: Mapping[str, Any]) -> State:
        """Adopt what is there, or begin."""

    def read(self, id_: str, props: Mapping[str, Any]) -> State:
        """Reconcile the record with what AWS shows; never writes."""

    def update(self, kept: Mapping[str, Any], news: Mapping[str, Any]) -> State:
        """Take it as far as it will go today."""

    def delete(self, id_: str, props: Mapping[str, Any]) -> None:
        """Undo what was declared to be undone; else forget the record alone."""


def inputs_differ(call: Call, kept: Mapping[str, Any], news: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Return whether a resource is declared in another way than before, or is another provider's."""
    return call.provider_changed or any(kept.get(name) != news.get(name) for name in names)


def settings_problems(call: Call, news: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Problems with a resource's settings; its own `connection` is valid."""
    if not all_known(news.get("connection")):
        return ()
    try:
        refuse_unknown(call.settings.given)
        connection_of(call, news)
    except OrgFeaturesError as error:
        return (problem_of(error),)
    return ()


def connection_of(call: Call, props: Mapping[str, Any]) -> Connection:
    """The resource's way to AWS: by its own `connection`, or by the settings.

    Raises:
        ConfigurationError: The settings can't be followed.
    """
    return resolve(props.get("connection"), call.settings.get)


def problem_of(error: OrgFeaturesError) -> Problem:
    """An error of a check; it blames no input, whose value would be printed."""
    return ("", f"{error.reference}: {error}")


def with_inputs(props: Mapping[str, Any], names: Iterable[str], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs for a state: a copy of the inputs first, for a read and a delete are given no others."""
    return {**{name: props.get(name) for name in names}, **outputs}


def as_read(id_: str, props: Mapping[str, Any], outputs: dict[str, Any], names: Sequence[str]) -> State:
    """The result of a read; with inputs where a computed one differs, which a preview then shows.

    Args:
        id_: The resource's id.
        props: What the state held.
        outputs: What it holds now.
        names: The inputs, the computed ones among them.
    """
    if all(outputs.get(name) == props.get(name) for name in (GOAL, STEPS) if name in names):
        return State(id_, outputs)
    return State(id_, outputs, {name: outputs[name] for name in names})


def say_what_differs(
    log: Log, kept: Mapping[str, Any], outputs: Mapping[str, Any], goal_reached: str, short: str
) -> bool:
    """Explain an update that does nothing but record; False if there is nothing to record either.

    Args:
        log: Where to tell it.
        kept: The outputs in the state.
        outputs: Those of the look.
        goal_reached: What the input `goal` says once there is nothing left to do.
        short: Where it stands, in a few words.
    """
    if changed(kept, outputs):
        log.info(f"state update only (no AWS write): {short}")
        return True
    if kept.get(GOAL) != goal_reached:
        log.info(f"from the last refresh: {kept.get(GOAL)}")
    return False
