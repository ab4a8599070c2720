"""`getOrganizationFeatureSet`, natively: where an organization stands, for a program to decide by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_org_features.lifecycle.connection import problems as connection_problems
from aws_org_features.lifecycle.inputs import organization_id_problems
from aws_org_features.plugin import schema, wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf import struct_pb2  # type: ignore[import-untyped]

    from aws_org_features.lifecycle.resource import Call, Problem


def ask(call: Call, args: struct_pb2.Struct) -> tuple[struct_pb2.Struct, list[Problem]]:
    """What AWS shows, or what is wrong with the question. Writes nothing."""
    shape = schema.inputs(schema.GET_FEATURE_SET)
    strangers = [("", schema.unknown_input(*stranger)) for stranger in wire.strangers(args, shape)]
    given = wire.read(args, shape)
    problems = strangers or [(name, schema.in_our_names(text)) for name, text in _problems(given)]
    if problems:
        return wire.write({}), problems
    return wire.write(_look(call, given), schema.outputs(schema.GET_FEATURE_SET)), []


def _problems(given: Mapping[str, Any]) -> list[Problem]:
    named = [
        (wire.camel(name), text) for name, text in organization_id_problems({}, given.get("organization_id"))
    ]
    return [*named, *(("", text) for text in connection_problems(given.get("connection")))]


def _look(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    from aws_org_features.aws import Organizations
    from aws_org_features.lifecycle.resource import connection_of
    from aws_org_features.migration.assess import assess
    from aws_org_features.migration.observe import observe
    from aws_org_features.migration.state import carry, outputs
    from aws_org_features.model.migration import NOTHING_RECORDED, Desired

    desired = Desired(given["organization_id"])
    api = Organizations(connection_of(call, given), call.log.progress, warn=call.log.warn)
    seen = observe(api, desired, NOTHING_RECORDED)
    found = outputs(
        desired, seen.organization, carry(desired, NOTHING_RECORDED, assess(NOTHING_RECORDED, seen))
    )
    record = {"attempt_recorded", "started_by_this_resource"}
    answer = {name: value for name, value in found.items() if name not in record}
    answer["message"] = schema.in_our_names(answer["message"])
    return {"organization_id": desired.organization_id, **answer}
