"""A stand-in for the package pulumi_aws: as much of its `organizations` as the stand-in's plugin knows.

A program that finds it on its path declares the same resources as with the real one, by the same type tokens.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pulumi

from tests.fake_pulumi_aws.functions import GET_ORGANIZATION
from tests.fake_pulumi_aws.resource_types import ALL


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _camel(name: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def _reachable(value: Any) -> Any:
    """Objects as the real package has them: their members are attributes."""
    if isinstance(value, list):
        return [_reachable(each) for each in value]
    if isinstance(value, dict):
        return SimpleNamespace(**{_snake(name): _reachable(each) for name, each in value.items()})
    return value


class _Resource(pulumi.CustomResource):
    token: str
    outputs: tuple[str, ...]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **inputs: pulumi.Input[Any]
    ) -> None:
        declared = {_camel(name): value for name, value in inputs.items()}
        super().__init__(self.token, resource_name, {**dict.fromkeys(self.outputs), **declared}, opts)

    def translate_output_property(self, prop: str) -> str:
        return _snake(prop)


def _attribute(name: str) -> property:
    return property(lambda self: self.__dict__[name].apply(_reachable))


def _resource_class(token: str, outputs: tuple[str, ...]) -> type:
    attributes = {_snake(name): _attribute(_snake(name)) for name in outputs}
    return type(token.rpartition(":")[2], (_Resource,), {"token": token, "outputs": outputs, **attributes})


def _get_organization(*, return_organization_only: bool | None = None) -> Any:
    asked = {"returnOrganizationOnly": return_organization_only}
    return _reachable(pulumi.runtime.invoke(GET_ORGANIZATION, asked).value)


_classes = [_resource_class(each.schema.token, each.schema.outputs) for each in ALL]
organizations = SimpleNamespace(
    get_organization=_get_organization, **{each.__name__: each for each in _classes}
)
