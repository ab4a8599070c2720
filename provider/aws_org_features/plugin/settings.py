"""The provider's own settings: pulumi-aws's, in a namespace of its own.

The engine hands over those of a stack's configuration with lists and objects as JSON, as some SDKs do, and
others as they are. Secrets stay as they came, and what is one by the schema becomes one.
"""

from __future__ import annotations

import json
from typing import Any, Final

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]

from aws_org_features.common.errors import ConfigurationError, OrgFeaturesError
from aws_org_features.lifecycle import aws_settings
from aws_org_features.lifecycle.configuration import configured
from aws_org_features.lifecycle.unknown import UNKNOWN, all_known
from aws_org_features.plugin import schema, wire

_OF_THE_ENGINE: Final = (*aws_settings.OF_THE_ENGINE, "__internal", "__defaults")


class Settings:
    """The settings of the provider, as the engine configured it."""

    def __init__(self, given: struct_pb2.Struct | None = None) -> None:
        self._texts = _texts(given) if given is not None else {}

    def get(self, key: str) -> str | None:
        """A setting by pulumi-aws's name for it, `aws:region`; what isn't a text is JSON."""
        return self._texts.get(key.removeprefix(aws_settings.NAMESPACE))


def check(given: struct_pb2.Struct) -> tuple[struct_pb2.Struct, list[str]]:
    """The settings as the state keeps them, and what is wrong with them, a sentence each."""
    kept = struct_pb2.Struct(fields={name: _kept(name, value) for name, value in given.fields.items()})
    parsed = _parsed(given)
    problems = [
        _unknown(path, name, shape) for path, name, shape in wire.strangers(parsed, schema.settings())
    ]
    if not problems:
        problems = [text for text in (_problem(parsed),) if text]
    return kept, problems


def differing(olds: struct_pb2.Struct, news: struct_pb2.Struct) -> dict[str, tuple[Any, Any]]:
    """The settings that differ, with what they were and what they are. Being secret makes no difference."""
    before, after = wire.read(_parsed(olds)), wire.read(_parsed(news))
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return {name: (before.get(name), after.get(name)) for name in names}


def _kept(name: str, value: struct_pb2.Value) -> struct_pb2.Value:
    shape = schema.settings().within(name)
    written = _json_of(value, shape)
    if written is None:
        return wire.with_secrets(struct_pb2.Struct(fields={name: value}), schema.settings()).fields[name]
    marked = wire.with_secrets(struct_pb2.Struct(fields={name: written}), schema.settings()).fields[name]
    # Of JSON, which is one text, all is secret or nothing.
    return value if marked == written else wire.as_secret(value)


def _parsed(given: struct_pb2.Struct) -> struct_pb2.Struct:
    """The settings alone, with lists and objects as such."""
    fields = {}
    for name, value in given.fields.items():
        if name not in _OF_THE_ENGINE:
            fields[name] = _json_of(value, schema.settings().within(name)) or value
    return struct_pb2.Struct(fields=fields)


def _json_of(value: struct_pb2.Value, shape: wire.Shape) -> struct_pb2.Value | None:
    """Parse a text where the schema wants a list or an object; None if it is none, or isn't JSON."""
    text = wire.bare(value)
    if not (shape.item or shape.fields) or text.WhichOneof("kind") != "string_value":
        return None
    if wire.read(struct_pb2.Struct(fields={"it": text}))["it"] is UNKNOWN:
        return None
    try:
        found: struct_pb2.Value = json_format.Parse(text.string_value, struct_pb2.Value())
    except json_format.ParseError:
        return None
    return found


def _texts(given: struct_pb2.Struct) -> dict[str, str]:
    values = wire.read(_parsed(given))
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None and value is not UNKNOWN
    }


def _problem(parsed: struct_pb2.Struct) -> str:
    """Find the first problem of the values, once all are known."""
    values = wire.read(parsed)
    if not all_known(values):
        return ""
    try:
        configured(Settings(parsed).get)
    except OrgFeaturesError as error:
        return schema.in_our_names(f"{error.reference}: {error}")
    return ""


def _unknown(path: str, name: str, shape: wire.Shape) -> str:
    """A setting that there isn't; never with its value, which may be a secret by another name."""
    where = f"{path}.{name}" if path else name
    instead = aws_settings.REFUSED.get(name, "") if not path else ""
    near = aws_settings.nearest(name, shape.fields)
    if instead:
        hint = f"Instead, {instead}."
    elif not path and name in aws_settings.APART:
        hint = "It has nothing to do with these resources: remove it."
    elif near:
        hint = f"Did you mean {near}?"
    else:
        hint = f"It has {', '.join(sorted(shape.fields))}."
    what = f"the provider {schema.PACKAGE} has no setting {where}."
    return schema.in_our_names(f"{ConfigurationError.reference}: {what} {hint}")
