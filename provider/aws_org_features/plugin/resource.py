"""The common part of all native resources: the engine's values to their lifecycle, and back.

While something is outstanding, each answer asks the engine to read before it compares. So what has changed
in AWS is in the record by then, and what the run does about it in the inputs: `Diff` compares, property by
property.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.resource import GOAL, STEPS, Difference
from aws_org_features.lifecycle.unknown import UNKNOWN, all_known
from aws_org_features.plugin import schema, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.protobuf import struct_pb2  # type: ignore[import-untyped]

    from aws_org_features.lifecycle.resource import Call, Lifecycle, Problem, State

_REFERENCE: Final = re.compile(r"[a-z]+(-[a-z]+)+: ")
_OF_THE_DYNAMIC_RESOURCE: Final = "organization_id"
NO_CHANGE: Final = Difference(changes=False)


@dataclass(frozen=True, slots=True)
class Imported:
    """The values that an id gives for a resource that nobody has recorded yet.

    Attributes:
        inputs: The inputs that a program must give, by the core's names.
        known: What else is known of it, as if it had been recorded.
        is_there: Whether there is something to import, by what was found.
    """

    inputs: Mapping[str, Any]
    known: Mapping[str, Any] = field(default_factory=dict)
    is_there: Callable[[Mapping[str, Any]], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Kind:
    """The own parts of a resource, beside what the schema says of it. All names are the core's.

    Attributes:
        token: Its type.
        lifecycle: What its calls do.
        imported: What an id says; raises where it can't be one.
        computed: The inputs that a check works out,
        goal: and what the one of them that states the goal says once it is reached, as the status does.
        settled: Whether nothing is left to come, so that it needn't be read before it is compared. Unless
            given, by the status, which is the goal then.
        defaults: What an input is that isn't given, where the schema can't say so.
        quiet: Inputs whose difference alone is no change.
        stable: Outputs that no update changes.
        ahead: What the next `up` has to do beside what the inputs say; tells a person, too. Unless given, the
            lifecycle compares: as a read has looked, that asks AWS nothing.
    """

    token: str
    lifecycle: Callable[[Call], Lifecycle]
    imported: Callable[[Call, str], Imported]
    computed: tuple[str, ...] = ()
    goal: str = ""
    settled: Callable[[Mapping[str, Any]], bool] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    stable: tuple[str, ...] = ()
    ahead: Callable[[Call, Mapping[str, Any], Mapping[str, Any]], Difference] | None = None

    def is_settled(self, kept: Mapping[str, Any]) -> bool:
        """Return whether nothing is left to come, by the outputs."""
        return self.settled(kept) if self.settled else kept.get("status") == self.goal


@dataclass(frozen=True, slots=True)
class Made:
    """The result of a call.

    Attributes:
        id: The resource's id; empty if it is gone.
        outputs: What goes into the state.
        inputs: The inputs that go into the state.
        reads_first: Whether the engine is to read it before it compares it the next time.
        failures: Why it isn't as it should be, though it is there.
    """

    id: str = ""
    outputs: struct_pb2.Struct | None = None
    inputs: struct_pb2.Struct | None = None
    reads_first: bool = False
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """The result of a comparison.

    Attributes:
        properties: What each was, and what it is, by the engine's names.
        replaces: Those that make it another resource.
        to_do: Whether the next `up` has something to do that none of them says.
    """

    properties: Mapping[str, tuple[Any, Any]]
    replaces: tuple[str, ...] = ()
    to_do: bool = False


class Resource:
    """All resources of a kind, for one run of the engine.

    Args:
        kind: The kind.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._inputs = schema.inputs(kind.token)
        self._outputs = schema.outputs(kind.token)
        self._given = tuple(map(wire.snake, self._inputs.fields))
        self._found = tuple(
            wire.snake(each) for each in self._outputs.fields if each not in self._inputs.fields
        )
        self._defaults = {**schema.defaults(kind.token), **kind.defaults}
        # An imported resource has no computed inputs, and isn't another thing for that.
        self._unsaid = {**self._defaults, **({GOAL: kind.goal} if kind.goal else {})}
        # What this run has checked, by resource. After a refresh the engine compares as well, with the
        # inputs of another run.
        self._checked: dict[str, Mapping[str, Any]] = {}

    def check(
        self, call: Call, olds: struct_pb2.Struct, news: struct_pb2.Struct
    ) -> tuple[struct_pb2.Struct, list[Problem]]:
        """The inputs as the state keeps them, the computed ones among them; and what is wrong with them."""
        given, defaults = wire.with_secrets(news, self._inputs), self._defaults
        if strangers := wire.strangers(news, self._inputs):
            return given, [("", schema.unknown_input(*stranger)) for stranger in strangers]
        before, declared = self._read(olds), {**defaults, **self._read(news)}
        checked = self._kind.lifecycle(call).check({**defaults, **before} if before else {}, declared)
        left_out = {name: value for name, value in defaults.items() if wire.camel(name) not in news.fields}
        kept = wire.merged(given, tuple(given.fields), {**left_out, **checked.computed}, self._inputs)
        self._checked[call.urn] = self._read(kept)
        return kept, [(wire.camel(name), _told(text)) for name, text in checked.problems]

    def diff(
        self, call: Call, olds: struct_pb2.Struct, old_inputs: struct_pb2.Struct, news: struct_pb2.Struct
    ) -> Differing:
        """The differences, property by property."""
        if _OF_THE_DYNAMIC_RESOURCE in olds.fields:  # an alias has led here
            call.log.info("this takes over the record of the dynamic resource")
            return Differing({"__provider": ("dynamic", None)})
        kind, wanted = self._kind, self._read(news)
        before = {**self._unsaid, **self._read(old_inputs)}
        found = {
            wire.camel(name): (before.get(name), wanted.get(name))
            for name in (*self._given, *kind.computed)
            if before.get(name) != wanted.get(name)
        }
        shown = found if set(found) - {STEPS, *kind.quiet} else {}
        if not all_known(wanted) or wanted != self._checked.get(call.urn):
            return Differing(shown)
        compare = functools.partial(kind.ahead, call) if kind.ahead else kind.lifecycle(call).diff
        ahead = compare({**self._recorded(olds), **before}, wanted)
        if ahead.changes:
            shown = found
        return Differing(
            shown, tuple(map(wire.camel, ahead.replaces)), to_do=bool(ahead.changes) and not found
        )

    def create(self, call: Call, inputs: struct_pb2.Struct, *, preview: bool) -> Made:
        """Adopt what is there, or begin."""
        if preview:
            return Made(outputs=self._with(inputs, dict.fromkeys(self._found, UNKNOWN)))
        props = self._read(inputs)
        return self._made(props, inputs, self._kind.lifecycle(call).create(props))

    def read(self, call: Call, id_: str, olds: struct_pb2.Struct, inputs: struct_pb2.Struct) -> Made:
        """Reconcile the record with what AWS shows, or take a first record of it; never writes."""
        kind, inputs = self._kind, wire.renamed(inputs, self._inputs)
        if not olds.fields:
            return self._import(call, id_, inputs)
        kept = {name: value for name, value in self._recorded(olds).items() if name in self._found}
        props = {**self._unsaid, **self._read(inputs), **kept}
        state = kind.lifecycle(call).read(id_, props)
        computed = {name: state.outputs.get(name) for name in kind.computed}
        left = wire.merged(inputs, tuple(self._inputs.fields), computed, self._inputs)
        return self._made(props, left, state)

    def _import(self, call: Call, id_: str, inputs: struct_pb2.Struct) -> Made:
        """Import a resource with everything that a program must declare, and no more."""
        kind = self._kind
        imported = kind.imported(call, id_)
        props = {**self._unsaid, **imported.inputs, **self._read(inputs), **imported.known}
        state = kind.lifecycle(call).read(id_, props)
        if not state.id or not imported.is_there(state.outputs):
            call.log.info(f"there is nothing to import: {state.outputs.get('message', id_)}")
            return Made()
        left = wire.merged(inputs, tuple(inputs.fields), imported.inputs, self._inputs)
        return self._made(props, left, state)

    def update(self, call: Call, olds: struct_pb2.Struct, news: struct_pb2.Struct, *, preview: bool) -> Made:
        """Take it as far as it will go today."""
        kind, kept = self._kind, self._recorded(olds)
        if preview:
            known = self._found if kind.is_settled(kept) else kind.stable
            ahead = {name: kept.get(name) if name in known else UNKNOWN for name in self._found}
            return Made(outputs=self._with(news, ahead))
        props = self._read(news)
        return self._made(props, news, kind.lifecycle(call).update(kept, props))

    def delete(self, call: Call, id_: str, olds: struct_pb2.Struct, old_inputs: struct_pb2.Struct) -> None:
        """Undo what was declared to be undone; else forget the record alone."""
        props = {**self._defaults, **self._recorded(olds), **self._read(old_inputs)}
        self._kind.lifecycle(call).delete(id_, props)

    def _read(self, inputs: struct_pb2.Struct) -> dict[str, Any]:
        return wire.read(inputs, self._inputs)

    def _recorded(self, olds: struct_pb2.Struct) -> dict[str, Any]:
        """The outputs in the state. Those that the dynamic resource left have the core's names already."""
        return wire.read(olds, self._outputs)

    def _with(self, inputs: struct_pb2.Struct, found: Mapping[str, Any]) -> struct_pb2.Struct:
        """The outputs: the inputs as they came, or what they mean where none came, and what was found.

        An import has none but those that say what it is, and an old record none that are newer: they aren't
        put among the inputs, which the engine makes a program of, and compares.
        """
        given = set(inputs.fields) - set(self._kind.computed)
        left_out = {name: value for name, value in self._defaults.items() if wire.camel(name) not in given}
        return wire.merged(inputs, given, {**left_out, **found}, self._outputs)

    def _made(self, props: Mapping[str, Any], inputs: struct_pb2.Struct, state: State) -> Made:
        if not state.id:
            return Made()
        found = {name: state.outputs.get(name) for name in self._found}
        if "message" in found:
            # Other words are no change, so the core may go on to speak of its own names.
            found["message"] = schema.in_our_names(str(found["message"]))
        return Made(
            id=state.id,
            outputs=self._with(inputs, found),
            inputs=inputs,
            reads_first=not self._kind.is_settled(found) and props.get("observe") != "refresh",
            failures=state.failures,
        )


def _told(text: str) -> str:
    """A sentence with its reference, in the schema's words."""
    text = schema.in_our_names(text)
    return text if _REFERENCE.match(text) else f"{ConfigurationError.reference}: {text}"
