"""Values as they cross the protocol, made by hand, and what in them stands bare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from aws_org_features.plugin import wire
from tests.harness.values import SECRET, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def struct(values: Mapping[str, Any] | None = None, /, **more: Any) -> Any:
    """Values as the engine sends them."""
    made = struct_pb2.Struct()
    made.update({**(values or {}), **more})
    return made


def secret(value: Any) -> dict[str, Any]:
    """A value that is marked as a secret."""
    return {SIGNATURE: SECRET, "value": value}


def output(value: Any, *, is_secret: bool = False) -> dict[str, Any]:
    """A value of an output."""
    return {SIGNATURE: OUTPUT, "value": value, "secret": is_secret}


def bared(value: Any, *, within_secret: bool = False) -> set[str]:
    """All texts that stand outside of secrets."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return set() if within_secret else {value.string_value}
    if kind == "list_value":
        return set().union(
            *(bared(each, within_secret=within_secret) for each in value.list_value.values), set()
        )
    if kind != "struct_value":
        return set()
    fields = value.struct_value.fields
    marked = within_secret or wire.is_secret(value)
    return set().union(
        *(bared(each, within_secret=marked) for name, each in fields.items() if name != SIGNATURE), set()
    )


def bared_in(struct: Any) -> set[str]:
    """All texts of an object that stand outside of secrets."""
    return set().union(*(bared(value) for value in struct.fields.values()), set())
