"""`OrganizationFeatureSet`, natively: the engine's values to its lifecycle and back.

While a migration is in flight, each answer asks the engine to read before it compares. So `Diff` asks nobody
anything: what has changed in AWS is in the record by then, and what is to be done about it in the inputs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.errors import ConfigurationError
from aws_org_features.lifecycle.feature_set import FeatureSetLifecycle
from aws_org_features.lifecycle.inputs import GOAL_REACHED, INPUTS, organization_id_problems
from aws_org_features.lifecycle.resource import GOAL, STEPS
from aws_org_features.lifecycle.unknown import UNKNOWN, all_known
from aws_org_features.plugin import schema, wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf import struct_pb2  # type: ignore[import-untyped]

    from aws_org_features.lifecycle.resource import Call, Problem, State

DEFAULTS: Final[Mapping[str, Any]] = {
    "feature_set": "ALL",
    "finalize": True,
    "attempt": 1,
    "wait_until": "requested",
    "timeout": "30m",
    "on_destroy": "leave",
    "observe": "diff",
}

_COMPUTED: Final = (GOAL, STEPS)
_NEVER_CHANGES: Final = ("organization_arn", "management_account_id")
_REFERENCE: Final = re.compile(r"[a-z]+(-[a-z]+)+: ")


@dataclass(frozen=True, slots=True)
class Made:
    """What a call left.

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


@dataclass(slots=True)
class FeatureSet:
    """The resource, for one run of the engine.

    Attributes:
        announced: The steps that this run announced, by resource.
    """

    announced: dict[str, Any] = field(default_factory=dict)

    def check(
        self, call: Call, olds: struct_pb2.Struct, news: struct_pb2.Struct
    ) -> tuple[struct_pb2.Struct, list[Problem]]:
        """The inputs as they are to be kept, the computed ones among them; and what is wrong with them."""
        shape = _inputs()
        given = wire.with_secrets(news, shape)
        if strangers := wire.strangers(news, shape):
            return given, [("", schema.unknown_input(*stranger)) for stranger in strangers]
        before = _read(olds)
        declared = {**DEFAULTS, **wire.read(news, shape)}
        checked = FeatureSetLifecycle(call).check({**DEFAULTS, **before} if before else {}, declared)
        self.announced[call.urn] = checked.computed.get(STEPS)
        left_out = {name: value for name, value in DEFAULTS.items() if wire.camel(name) not in news.fields}
        kept = wire.merged(given, tuple(given.fields), {**left_out, **checked.computed}, shape)
        return kept, [(wire.camel(name), _told(text)) for name, text in checked.problems]

    def diff(
        self, call: Call, olds: struct_pb2.Struct, old_inputs: struct_pb2.Struct, news: struct_pb2.Struct
    ) -> dict[str, tuple[Any, Any]]:
        """What differs, property by property: what it was, and what it is. Asks AWS nothing."""
        if is_of_the_dynamic_resource(olds):
            call.log.info("this takes over the record of the dynamic resource")
            return {"__provider": ("dynamic", None)}
        before, wanted = {**DEFAULTS, GOAL: GOAL_REACHED, **_read(old_inputs)}, _read(news)
        found = {
            wire.camel(name): (before.get(name), wanted.get(name))
            for name in (*INPUTS, GOAL)
            if before.get(name) != wanted.get(name)
        }
        if found and before.get(STEPS) != wanted.get(STEPS):
            found[STEPS] = (before.get(STEPS), wanted.get(STEPS))
        # After a refresh the engine compares as well, with the inputs of another run.
        is_announced = call.urn in self.announced and wanted.get(STEPS) == self.announced[call.urn]
        if found and is_announced and all_known(wanted):
            _tell_what_is_ahead(call, wire.read(olds, _outputs()), wanted)
        return found

    def create(self, call: Call, inputs: struct_pb2.Struct, *, preview: bool) -> Made:
        """Adopt what is there, or start the migration."""
        if preview:
            return Made(outputs=_with(inputs, dict.fromkeys(_found(), UNKNOWN)))
        props = _read(inputs)
        return _made(props, inputs, FeatureSetLifecycle(call).create(props))

    def read(self, call: Call, id_: str, olds: struct_pb2.Struct, inputs: struct_pb2.Struct) -> Made:
        """Reconcile the record with what AWS shows, or take a first record of it; never writes."""
        for _, text in organization_id_problems({}, id_):
            raise ConfigurationError(text, "A feature set is imported by that id.")
        inputs = wire.renamed(inputs, _inputs())
        kept = {name: value for name, value in _recorded(olds).items() if name in _found()}
        props = {**DEFAULTS, "organization_id": id_, GOAL: GOAL_REACHED, **_read(inputs), **kept}
        state = FeatureSetLifecycle(call).read(id_, props)
        if not state.id:
            return Made()
        if not kept:
            # What is imported has what a program is to declare, and no more.
            left = wire.merged(inputs, tuple(inputs.fields), {"organization_id": id_}, _inputs())
        else:
            computed = {name: state.outputs.get(name) for name in _COMPUTED}
            left = wire.merged(inputs, tuple(_inputs().fields), computed, _inputs())
        return _made(props, left, state)

    def update(self, call: Call, olds: struct_pb2.Struct, news: struct_pb2.Struct, *, preview: bool) -> Made:
        """Take the migration as far as it will go today."""
        kept = _recorded(olds)
        if preview:
            settled = _found() if kept.get("status") == GOAL_REACHED else _NEVER_CHANGES
            ahead = {name: kept.get(name) if name in settled else UNKNOWN for name in _found()}
            return Made(outputs=_with(news, ahead))
        props = _read(news)
        return _made(props, news, FeatureSetLifecycle(call).update(kept, props))

    def delete(self, call: Call, id_: str, olds: struct_pb2.Struct, old_inputs: struct_pb2.Struct) -> None:
        """Leave everything as it is, unless a cancellation was declared and costs nobody's approval."""
        inputs = _read(old_inputs)
        FeatureSetLifecycle(call).delete(
            id_, {**DEFAULTS, "organization_id": id_, **_recorded(olds), **inputs}
        )


def is_of_the_dynamic_resource(olds: struct_pb2.Struct) -> bool:
    """Whether a record is the dynamic resource's, which an alias has led here."""
    return "organization_id" in olds.fields


def _tell_what_is_ahead(call: Call, kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    if kept.get("status") != GOAL_REACHED:
        from aws_org_features.lifecycle import announce_from_state

        announce_from_state.tell(call.log, kept, wanted)


def _told(text: str) -> str:
    """A sentence with its reference, in the schema's words."""
    text = schema.in_our_names(text)
    return text if _REFERENCE.match(text) else f"{ConfigurationError.reference}: {text}"


def _inputs() -> wire.Shape:
    return schema.inputs(schema.FEATURE_SET)


def _outputs() -> wire.Shape:
    return schema.outputs(schema.FEATURE_SET)


def _found() -> tuple[str, ...]:
    from aws_org_features.migration.state import OUTPUTS

    return OUTPUTS


def _read(inputs: struct_pb2.Struct) -> dict[str, Any]:
    return wire.read(inputs, _inputs())


def _recorded(olds: struct_pb2.Struct) -> dict[str, Any]:
    """The outputs in the state. Those that the dynamic resource left have the core's names already."""
    return wire.read(olds, _outputs())


def _with(inputs: struct_pb2.Struct, found: Mapping[str, Any]) -> struct_pb2.Struct:
    """The outputs: the inputs as they came, and what was found."""
    return wire.merged(inputs, set(inputs.fields) - set(_COMPUTED), found, _outputs())


def _made(props: Mapping[str, Any], inputs: struct_pb2.Struct, state: State) -> Made:
    found = {name: state.outputs.get(name) for name in _found()}
    # Other words are no change, so the core may go on to speak of its own names.
    found["message"] = schema.in_our_names(str(found["message"]))
    return Made(
        id=state.id,
        outputs=_with(inputs, found),
        inputs=inputs,
        reads_first=found["status"] != GOAL_REACHED and props["observe"] == "diff",
        failures=state.failures,
    )
