"""Holds answers against botocore's service model: shapes of results, names and Reasons of errors.

Independent of the emulator: it sees the bytes on the wire.
"""

import json
import re
from datetime import datetime
from typing import Any

from botocore.client import BaseClient
from botocore.model import OperationModel, Shape, StringShape, StructureShape


def checked(client: Any) -> Any:
    """Let a client fail a test when an answer isn't as the model says."""
    assert isinstance(client, BaseClient)
    client.meta.events.register("after-call.organizations", _check, unique_id="model-check")
    return client


def _check(http_response: Any, model: OperationModel, **_: Any) -> None:
    body = json.loads(http_response.content or b"{}")
    if http_response.status_code >= 300:
        check_error(model, body)
    elif model.output_shape is not None:
        check_shape(model.output_shape, body, model.name)
    else:
        assert body == {}


def check_error(model: OperationModel, body: dict[str, Any]) -> None:
    """An error must be one that the model declares for the operation, with a Reason it knows."""
    declared = {shape.name: shape for shape in model.error_shapes if isinstance(shape, StructureShape)}
    code = body["__type"].rpartition("#")[2]
    assert code in declared, f"{model.name} doesn't declare {code}"
    told = {name: value for name, value in body.items() if name != "__type"}
    if "Reason" in told:
        told["Reason"], _, member = told["Reason"].partition(":")
        assert re.fullmatch("[A-Z0-9_]*", member), member
    check_shape(declared[code], told, code)
    has_reason = "Reason" in declared[code].members
    assert has_reason == ("Reason" in body), f"{code}: Reason missing or unexpected"


def check_shape(shape: Shape, value: Any, where: str) -> None:
    """A JSON value must be what a shape of the model says."""
    if isinstance(shape, StructureShape):
        assert isinstance(value, dict), where
        unknown = set(value) - set(shape.members)
        assert not unknown, f"{where}: the model knows no {unknown}"
        missing = set(shape.required_members) - set(value)
        assert not missing, f"{where}: {missing} missing"
        for key, each in value.items():
            check_shape(shape.members[key], each, f"{where}.{key}")
    elif shape.type_name == "list":
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            check_shape(getattr(shape, "member"), each, f"{where}[{number}]")  # noqa: B009 - untyped
    elif isinstance(shape, StringShape):
        _check_string(shape, value, where)
    elif shape.type_name == "timestamp":
        assert isinstance(value, int | float), where
        assert datetime.fromtimestamp(value).year > 2000, where  # noqa: DTZ006 - only the year


def _check_string(shape: StringShape, value: Any, where: str) -> None:
    assert isinstance(value, str), where
    assert not shape.enum or value in shape.enum, f"{where}: {value} isn't of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    if pattern is not None and "\\p{" in pattern:
        return  # Java's classes of characters: Python's re knows none
    assert pattern is None or re.search(pattern, value), f"{where}: {value} isn't like {pattern}"
