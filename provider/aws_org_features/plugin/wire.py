"""Property values as the engine sends them, and as the core takes them: names, secrets, what isn't known yet.

Names are translated where the schema has them, `organizationId` to `organization_id` and back, and nowhere
else: the keys of a map, and a name that there isn't, stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

from aws_org_features.lifecycle.unknown import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks one, and is none
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_REFUSED: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    _RESOURCE: "a resource; give one of its outputs",
}
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        _UNKNOWN,  # a text, which stands for any value
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""The stand-ins for values that aren't known yet: one for each kind."""


class Refused(ValueError):  # noqa: N818 - what the engine sent, not what went wrong
    """A value of a kind that no input takes. The text has no value in it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The schema's description of a value.

    Attributes:
        fields: An object's properties, by the names that the engine has for them.
        item: What a list holds, or a map.
        secret: Whether it is one, however it was given.
    """

    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    secret: bool = False

    def within(self, name: str) -> Shape:
        """The description of a part."""
        return self.fields.get(name) or self.item or ANY


ANY: Final = Shape()


def camel(name: str) -> str:
    """A name of the core's, as the schema has it."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def snake(name: str) -> str:
    """A name of the schema's, as the core has it."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)


# -- from the engine -------------------------------------------------------------------------------


def read(struct: struct_pb2.Struct, shape: Shape = ANY) -> dict[str, Any]:
    """Convert a value of the engine's to the core's; secrets bare.

    Raises:
        Refused: There is an asset, an archive or a resource in it.
    """
    return {
        snake(name) if name in shape.fields else name: _read(value, shape.within(name), name)
        for name, value in struct.fields.items()
    }


def _read(value: struct_pb2.Value, shape: Shape, path: str) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            item = shape.item or ANY
            return [_read(each, item, f"{path}[{i}]") for i, each in enumerate(value.list_value.values)]
        case "struct_value":
            return _read_struct(value.struct_value, shape, path)
    return None


def _read_struct(struct: struct_pb2.Struct, shape: Shape, path: str) -> Any:
    signature = _signature(struct)
    if signature in {_SECRET, _OUTPUT}:
        # An output without a value isn't known yet.
        return _read(struct.fields["value"], shape, path) if "value" in struct.fields else UNKNOWN
    if signature:
        raise Refused(f"{path} is {_REFUSED.get(signature, 'of a kind that no input takes')}")
    return {
        snake(name) if name in shape.fields else name: _read(each, shape.within(name), f"{path}.{name}")
        for name, each in struct.fields.items()
    }


def _signature(struct: struct_pb2.Struct) -> str:
    return str(struct.fields[_SIGNATURE].string_value) if _SIGNATURE in struct.fields else ""


def strangers(struct: struct_pb2.Struct, shape: Shape) -> list[tuple[str, str, Shape]]:
    """Names that the schema doesn't have: each with the path to what it was given in, and what that has."""
    return [found for name in struct.fields for found in _strangers_in(struct, shape, name, "")]


def _strangers_in(
    struct: struct_pb2.Struct, shape: Shape, name: str, path: str
) -> Iterator[tuple[str, str, Shape]]:
    if name not in shape.fields:
        yield (path, name, shape)
        return
    here = f"{path}.{name}" if path else name
    for where, value, inner in _objects(struct.fields[name], shape.fields[name], here):
        for each in value.fields:
            yield from _strangers_in(value, inner, each, where)


def _objects(
    value: struct_pb2.Value, shape: Shape, path: str
) -> Iterator[tuple[str, struct_pb2.Struct, Shape]]:
    """The objects in a value of which the schema says what they hold."""
    value = bare(value)
    kind = value.WhichOneof("kind")
    if kind == "list_value" and shape.item:
        for index, each in enumerate(value.list_value.values):
            yield from _objects(each, shape.item, f"{path}[{index}]")
    elif kind == "struct_value" and shape.fields:
        yield (path, value.struct_value, shape)


def bare(value: struct_pb2.Value) -> struct_pb2.Value:
    """A value without the marks of a secret or an output; of one that isn't known, nothing."""
    while value.WhichOneof("kind") == "struct_value":
        if _signature(value.struct_value) not in {_SECRET, _OUTPUT}:
            break
        fields = value.struct_value.fields
        value = fields["value"] if "value" in fields else struct_pb2.Value()
    return value


def renamed(struct: struct_pb2.Struct, shape: Shape) -> struct_pb2.Struct:
    """A record of the dynamic resource, which has the core's names, under those of the schema."""
    core = {snake(name): name for name in shape.fields}
    return struct_pb2.Struct(
        fields={
            core.get(name, name): _renamed(value, shape.within(core.get(name, name)))
            for name, value in struct.fields.items()
        }
    )


def _renamed(value: struct_pb2.Value, shape: Shape) -> struct_pb2.Value:
    changed = struct_pb2.Value()
    changed.CopyFrom(value)
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        del changed.list_value.values[:]
        changed.list_value.values.extend(
            _renamed(each, shape.item or ANY) for each in value.list_value.values
        )
    elif kind == "struct_value" and not _signature(value.struct_value):
        changed.struct_value.CopyFrom(renamed(value.struct_value, shape))
    elif kind == "struct_value" and "value" in value.struct_value.fields:
        inner = _renamed(value.struct_value.fields["value"], shape)
        changed.struct_value.fields["value"].CopyFrom(inner)
    return changed


# -- to the engine ---------------------------------------------------------------------------------


def write(values: Mapping[str, Any], shape: Shape = ANY) -> struct_pb2.Struct:
    """Convert a value of the core's to the engine's; None is left out."""
    core = {snake(name): name for name in shape.fields}
    fields = {core.get(name, name): value for name, value in values.items() if value is not None}
    return struct_pb2.Struct(
        fields={name: _write(value, shape.within(name)) for name, value in fields.items()}
    )


def _write(value: Any, shape: Shape) -> struct_pb2.Value:
    written = struct_pb2.Value()
    match value:
        case None:
            written.null_value = struct_pb2.NULL_VALUE
        case Unknown():
            written.string_value = _UNKNOWN
        case bool():
            written.bool_value = value
        case int() | float():
            written.number_value = value
        case str():
            written.string_value = value
        case list() | tuple():
            written.list_value.values.extend(_write(each, shape.item or ANY) for each in value)
            written.list_value.SetInParent()
        case _:
            written.struct_value.CopyFrom(write(value, shape))
    return as_secret(written) if shape.secret else written


def reference(urn: str, id_: str) -> struct_pb2.Value:
    """A resource, as a value."""
    said = {_SIGNATURE: _RESOURCE, "urn": urn, "id": id_}
    fields = {name: struct_pb2.Value(string_value=text) for name, text in said.items()}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def is_secret(value: struct_pb2.Value) -> bool:
    """Return whether a value is marked as a secret."""
    if value.WhichOneof("kind") != "struct_value":
        return False
    fields = value.struct_value.fields
    signature = _signature(value.struct_value)
    return signature == _SECRET or (signature == _OUTPUT and fields["secret"].bool_value)


def as_secret(value: struct_pb2.Value) -> struct_pb2.Value:
    """A value that is marked as a secret; once is enough."""
    if is_secret(value):
        return value
    fields = {_SIGNATURE: struct_pb2.Value(string_value=_SECRET), "value": value}
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def with_secrets(struct: struct_pb2.Struct, shape: Shape) -> struct_pb2.Struct:
    """Values as they came, but what the schema calls a secret is one."""
    return struct_pb2.Struct(
        fields={name: _with_secrets(value, shape.within(name)) for name, value in struct.fields.items()}
    )


def _with_secrets(value: struct_pb2.Value, shape: Shape) -> struct_pb2.Value:
    if shape.secret:
        return as_secret(value)
    marked = struct_pb2.Value()
    marked.CopyFrom(value)
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        del marked.list_value.values[:]
        item = shape.item or ANY
        marked.list_value.values.extend(_with_secrets(each, item) for each in value.list_value.values)
    elif kind == "struct_value" and not _signature(value.struct_value):
        marked.struct_value.CopyFrom(with_secrets(value.struct_value, shape))
    elif kind == "struct_value" and _signature(value.struct_value) == _OUTPUT and not is_secret(value):
        inner = marked.struct_value.fields
        if "value" in inner:
            inner["value"].CopyFrom(_with_secrets(value.struct_value.fields["value"], shape))
    return marked


def merged(
    given: struct_pb2.Struct, names: Collection[str], found: Mapping[str, Any], shape: Shape = ANY
) -> struct_pb2.Struct:
    """Values as they were given, secrets and all, and beside them what the core has found.

    Args:
        given: What the engine sent. It is never read and written again, which would bare its secrets.
        names: Which of these to take, by the engine's names.
        found: What to put beside them, by the core's names.
        shape: What the schema says of the latter.
    """
    struct = write(found, shape)
    for name in names:
        if name in given.fields:
            struct.fields[name].CopyFrom(given.fields[name])
    return struct
