"""Between the protocol's values and plain ones. Pure.

Plain are strings, booleans, lists and dictionaries. A value that a preview doesn't know yet is `UNKNOWN`,
which is how the protocol itself writes it. Secrets aren't marked: the engine, told that this plugin knows
nothing of them, marks the outputs of secret inputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime import rpc

UNKNOWN = rpc.UNKNOWN

Values = dict[str, Any]


def plain(value: PropertyValue) -> Any:
    """One value, as Python has it."""
    match value.value:
        case Mapping() as fields:
            return {name: plain(each) for name, each in fields.items()}
        case str() as text:
            return text
        case Sequence() as items:
            return [plain(each) for each in items]
        case other:
            return other


def plain_values(values: Mapping[str, PropertyValue]) -> Values:
    """Properties by name, without those that are null."""
    return {name: plain(value) for name, value in values.items() if value.value is not None}


def wrapped(value: Any) -> PropertyValue:
    """One value, as the protocol has it."""
    match value:
        case dict():
            return PropertyValue(wrapped_values(value))
        case list():
            return PropertyValue([wrapped(each) for each in value])
        case int() if not isinstance(value, bool):
            return PropertyValue(float(value))
        case _:
            return PropertyValue(value)


def wrapped_values(values: Values) -> dict[str, PropertyValue]:
    """Properties by name, without those that are null."""
    return {name: wrapped(value) for name, value in values.items() if value is not None}


def is_known(value: Any) -> bool:
    """Return whether nothing in it is left to be found out by an update."""
    match value:
        case dict():
            return all(map(is_known, value.values()))
        case list():
            return all(map(is_known, value))
        case _:
            return bool(value != UNKNOWN)
