"""The fields of what `--json` prints, by its JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.docs.blocks import table

if TYPE_CHECKING:
    from collections.abc import Mapping


def fields(schema_text: str) -> str:
    """A table of the fields of a schema's first alternative, and of the objects in them."""
    schema = json.loads(schema_text)
    defined = schema["$defs"]
    named = defined[_name(schema["oneOf"][0])]["properties"]
    return table(("field", ""), ((f"`{name}`", _described(field, defined)) for name, field in named.items()))


def _described(field: Mapping[str, Any], defined: Mapping[str, Any]) -> str:
    inner = ", ".join(f"`{name}`" for name in _inner(field, defined))
    return f"{field['description']} {inner}".rstrip()


def _inner(field: Mapping[str, Any], defined: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a field holds, or a list of which."""
    for each in (field, *field.get("anyOf", [])):
        for found in (each, each.get("items", {})):
            properties: Mapping[str, Any] = (
                defined[_name(found)].get("properties", {}) if "$ref" in found else {}
            )
            if properties:
                return properties
    return {}


def _name(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]
