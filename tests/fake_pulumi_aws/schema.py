"""Inputs and outputs of a resource type, and what follows from them alone. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from tests.fake_pulumi_aws.values import UNKNOWN, Values, is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEFAULTS: Final = "__defaults"
"""The input in which the bridge keeps the names of those inputs that nobody declared."""


def _never(_old: Any, _new: Any) -> bool:
    return False


def always(_old: Any, _new: Any) -> bool:
    """Say yes, for an input of which every change makes a new resource."""
    return True


@dataclass(frozen=True)
class Input:
    """One input.

    Attributes:
        kind: `set` is a list whose order means nothing, `json` a text that is compared as what it says.
        required: Whether it must be declared.
        default: What is meant where nothing is declared.
        replaces: Whether a change from an old to a new value makes a new resource.
        problem: What is wrong with a value, if anything.
    """

    kind: Literal["string", "boolean", "set", "map", "json"] = "string"
    required: bool = False
    default: Any = None
    replaces: Callable[[Any, Any], bool] = _never
    problem: Callable[[Any], str | None] = lambda _value: None

    def differs(self, old: Any, new: Any) -> bool:
        """Return whether a value is another one. Terraform can't tell an empty one from none."""
        if not is_known(new):
            return True
        return bool(self._meaning(old) != self._meaning(new))

    def _meaning(self, value: Any) -> Any:
        if not value:
            return None
        if self.kind == "set":
            return sorted(value)
        if self.kind == "json":
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value


_DERIVED: Final = Input("map")


@dataclass(frozen=True)
class Schema:
    """A resource type.

    Attributes:
        token: Its type token.
        inputs: By name.
        outputs: Names of what AWS alone decides.
        autonamed: Whether it gets a name where none is declared.
    """

    token: str
    inputs: Mapping[str, Input]
    outputs: tuple[str, ...] = ()
    autonamed: bool = False


@dataclass(frozen=True)
class Checked:
    """Inputs with what wasn't declared, and what is wrong with them, by the input's name."""

    inputs: Values
    problems: dict[str, str]


def check(schema: Schema, name: str, seed: bytes, olds: Values, news: Values) -> Checked:
    """Complete a resource's inputs, and find what is wrong with them."""
    filled = _defaults(schema, name, seed, olds)
    missing = {key: value for key, value in filled.items() if key not in news}
    inputs = {**news, **missing, DEFAULTS: sorted(missing)}
    return Checked(inputs, dict(_problems(schema, inputs)))


def _defaults(schema: Schema, name: str, seed: bytes, olds: Values) -> Values:
    filled = {key: each.default for key, each in schema.inputs.items() if each.default is not None}
    if schema.autonamed:
        kept = olds.get("name") if "name" in olds.get(DEFAULTS, ()) else None
        filled["name"] = kept or f"{name}-{hashlib.sha256(seed).hexdigest()[:7]}"
    return filled


def _problems(schema: Schema, inputs: Values) -> list[tuple[str, str]]:
    found = [
        (name, f"the stand-in knows no {name} of {schema.token}")
        for name in inputs
        if name not in schema.inputs and name != DEFAULTS
    ]
    for name, each in schema.inputs.items():
        value = inputs.get(name)
        if value is None:
            if each.required:
                found.append((name, f"Missing required argument: {name!r} is required"))
        elif is_known(value) and (problem := each.problem(value)):
            found.append((name, problem))
    return found


@dataclass(frozen=True)
class Difference:
    """The changes of an update.

    Attributes:
        changed: Names of inputs and outputs, each with whether it makes a new resource.
        removed: Those of them that nobody declares any more.
        delete_first: Whether the old resource goes before the new one is made.
    """

    changed: dict[str, bool] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    delete_first: bool = False


def without(ignored: Iterable[str], state: Values, news: Values) -> Values:
    """Inputs, where ignored ones are as the state has them."""
    return {**news, **{name: state.get(name) for name in ignored}}


def difference(schema: Schema, state: Values, news: Values, derived: Values) -> Difference:
    """Compare what is declared with what the state says: outputs, not the inputs of the last time.

    So does the bridge, and so a trait that somebody changed in AWS is set back though no declaration changed.

    Args:
        schema: The resource's type.
        state: Its outputs.
        news: Its inputs now.
        derived: Those outputs that follow from the inputs.
    """
    changed = {
        name: each.replaces(state.get(name), news.get(name))
        for name, each in schema.inputs.items()
        if each.differs(state.get(name), news.get(name))
    }
    for name, value in derived.items():
        if _DERIVED.differs(state.get(name), value):
            changed.setdefault(name, False)
    # A name that was declared can't be had twice at the same time.
    named = schema.autonamed and "name" not in news.get(DEFAULTS, ()) and "name" not in changed
    return Difference(
        changed,
        removed=frozenset(name for name in changed if {**derived, **news}.get(name) is None),
        delete_first=named and any(changed.values()),
    )


def previewed(schema: Schema, state: Values, news: Values, derived: Values) -> Values:
    """A resource's outputs after a change that is only previewed; `state` is empty for a new one."""
    computed = {name: state.get(name) if state else UNKNOWN for name in schema.outputs}
    return {**computed, **declared(news), **derived}


def declared(inputs: Values) -> Values:
    """Inputs without the bridge's own."""
    return {name: value for name, value in inputs.items() if name != DEFAULTS}


def settled(schema: Schema, known: Values, seen: Values) -> Values:
    """The outputs of a state: what AWS shows, in the words known before where they mean the same."""
    own = {name: value for name, value in declared(known).items() if name in schema.inputs}
    same = {
        name: own.get(name)
        for name, each in schema.inputs.items()
        if name in seen and name in own and not each.differs(own[name], seen[name])
    }
    return {**own, **seen, **same}


def inputs_of(schema: Schema, state: Values, olds: Values) -> Values:
    """The inputs that would have made a resource what it is.

    In a refresh, those that there were. In an import, where there were none, all that say more than nothing.
    """
    if olds:
        inputs = {name: state.get(name) for name in declared(olds)}
        defaults = [name for name in olds.get(DEFAULTS, ()) if olds.get(name) == state.get(name)]
        return {**inputs, DEFAULTS: defaults}
    wanted = {
        name: state.get(name)
        for name, each in schema.inputs.items()
        if each.required or (state.get(name) and state[name] != each.default)
    }
    return {**wanted, DEFAULTS: []}
