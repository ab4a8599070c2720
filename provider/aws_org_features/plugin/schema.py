"""The package's schema, of which the SDKs are made, and what it says of the values on the wire.

`schema.json` is written by `tools/docs/plugin_schema.py` from code and docstrings. A test holds it to them.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.plugin.wire import ANY, Shape, snake

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE: Final = "org-features"
FEATURE_SET: Final = f"{PACKAGE}:index:OrganizationFeatureSet"
APPROVAL: Final = f"{PACKAGE}:index:FeatureSetApproval"
POLICY_TYPE: Final = f"{PACKAGE}:index:RootPolicyType"
TRUSTED_SERVICE: Final = f"{PACKAGE}:index:TrustedService"
GATE: Final = f"{PACKAGE}:index:AllFeaturesGate"
ORGANIZATION: Final = f"{PACKAGE}:index:AllFeaturesOrganization"
GET_FEATURE_SET: Final = f"{PACKAGE}:index:getOrganizationFeatureSet"

_REFERENCE: Final = "#/types/"
_RESOURCES: Final = "#/resources/"
_WORD: Final = re.compile(r"(?<![\w{/-])[a-z]+(?:_[a-z]+)+(?![\w}/-])")
_AS_PULUMI_AWS: Final = re.compile(r"(?<![\w:])aws:(?=[a-zA-Z])")


@functools.cache
def text() -> str:
    """The schema, as the engine gets it."""
    return Path(__file__).with_name("schema.json").read_text(encoding="utf-8")


@functools.cache
def _schema() -> dict[str, Any]:
    return json.loads(text())  # type: ignore[no-any-return]


def version() -> str:
    """The package's version."""
    return str(_schema()["version"])


@functools.cache
def settings() -> Shape:
    """The provider's own settings."""
    return _object(_schema()["provider"]["inputProperties"])


@functools.cache
def inputs(token: str) -> Shape:
    """Inputs of a resource or a function."""
    found = _schema()["resources"].get(token)
    return _object(
        found["inputProperties"] if found else _schema()["functions"][token]["inputs"]["properties"]
    )


def former_types(token: str) -> list[str]:
    """Types under which a state may have a resource."""
    return [each["type"] for each in _schema()["resources"][token].get("aliases", ())]


def defaults(token: str) -> dict[str, Any]:
    """Defaults of a resource's inputs, by the core's names."""
    said = _schema()["resources"][token]["inputProperties"]
    return {snake(name): each["default"] for name, each in said.items() if "default" in each}


@functools.cache
def outputs(token: str) -> Shape:
    """Outputs of a resource or a function."""
    found = _schema()["resources"].get(token)
    return _object(found["properties"] if found else _schema()["functions"][token]["outputs"]["properties"])


def unknown_input(path: str, name: str, shape: Shape) -> str:
    """The error for an unknown input; never with its value."""
    from aws_org_features.common.errors import ConfigurationError
    from aws_org_features.lifecycle.aws_settings import nearest

    where = f"{path}.{name}" if path else name
    near = nearest(name, shape.fields)
    hint = f"Did you mean {near}?" if near else f"There are {', '.join(sorted(shape.fields))}."
    return f"{ConfigurationError.reference}: there is no input {where}. {hint}"


@functools.cache
def _core_names() -> Mapping[str, str]:
    """The core's names that are written in another way here."""
    found: dict[str, str] = {}

    def collect(shape: Shape) -> None:
        for name, inner in shape.fields.items():
            found[snake(name)] = name
            collect(inner)
        if shape.item:
            collect(shape.item)

    for token in (*_schema()["resources"], *_schema()["functions"]):
        collect(inputs(token))
        collect(outputs(token))
    return {core: name for core, name in found.items() if core != name}


def in_our_names(text: str) -> str:
    """A sentence of the core's, which names inputs, outputs and settings as Python's resources have them."""
    text = _WORD.sub(lambda found: _core_names().get(found[0], found[0]), text)
    text = text.replace("The stack's configuration", "The provider's configuration")
    text = text.replace("the stack's configuration", "the provider's configuration")
    return _AS_PULUMI_AWS.sub(f"{PACKAGE}:", text)


def _object(properties: Mapping[str, Any]) -> Shape:
    return Shape(fields={name: _shape(each) for name, each in properties.items()})


def _shape(said: Mapping[str, Any]) -> Shape:
    if said.get("$ref", "").startswith(_RESOURCES):
        return ANY
    if "$ref" in said:
        return _shape(_schema()["types"][said["$ref"].removeprefix(_REFERENCE)])
    fields = _object(said.get("properties", {})).fields
    item = said.get("items") or said.get("additionalProperties")
    return Shape(fields=fields, item=_shape(item) if item else None, secret=said.get("secret", False))
