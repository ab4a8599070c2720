"""`getOrganizationFeatureSet`, natively: the engine's values to the question and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features.aws import Organizations
from aws_org_features.lifecycle import get_feature_set
from aws_org_features.lifecycle.resource import connection_of
from aws_org_features.plugin import schema, wire

if TYPE_CHECKING:
    from google.protobuf import struct_pb2  # type: ignore[import-untyped]

    from aws_org_features.lifecycle.resource import Call, Problem


def ask(call: Call, args: struct_pb2.Struct) -> tuple[struct_pb2.Struct, list[Problem]]:
    """Ask AWS, or report the problem of the question. Writes nothing."""
    shape = schema.inputs(schema.GET_FEATURE_SET)
    given = wire.read(args, shape)
    problems = [("", schema.unknown_input(*stranger)) for stranger in wire.strangers(args, shape)] or [
        (wire.camel(name), schema.in_our_names(text))
        for name, text in get_feature_set.find_problems(given.get("organization_id"), given.get("connection"))
    ]
    if problems:
        return wire.write({}), problems
    api = Organizations(connection_of(call, given), call.log.progress, warn=call.log.warn)
    answer = get_feature_set.look(api, given["organization_id"])
    answer["message"] = schema.in_our_names(answer["message"])
    return wire.write(answer, schema.outputs(schema.GET_FEATURE_SET)), []
