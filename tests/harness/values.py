"""Properties as they cross the protocol, and as they are kept: plain, without secrets' wrapping or nulls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime import rpc

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE: Final = rpc._special_sig_key
SECRET: Final = rpc._special_secret_sig


def received(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Values as the engine keeps them: top-level nulls vanish, and a dynamic provider gets no secrets."""
    plain = _revealed(json_format.MessageToDict(properties))
    return {name: value for name, value in plain.items() if value is not None}


def sent(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """The values to send."""
    message = struct_pb2.Struct()
    message.update(dict(properties))
    return message


def _revealed(value: Any) -> Any:
    if isinstance(value, list):
        return [_revealed(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        return _revealed(value["value"])
    return {name: _revealed(each) for name, each in value.items()}
