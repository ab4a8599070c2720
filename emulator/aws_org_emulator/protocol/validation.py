"""Validation of requests by botocore's model of Organizations, in front of all operations.

Pure. What AWS says of what isn't was seen: the first member that is wrong is named, as in
`INPUT_REQUIRED:TAGS_1_MEMBER_VALUE`. Rules that the model doesn't have belong to the operations.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StringShape, StructureShape

from aws_org_emulator.protocol import tagging
from aws_org_emulator.protocol.exceptions import SerializationError, UnknownOperationError
from aws_org_emulator.protocol.invalid_input import (
    InputRequiredError,
    InvalidEnumError,
    InvalidPatternError,
    InvalidPolicyTypeError,
    TextTooLongError,
    TextTooShortError,
    ValueTooLargeError,
    ValueTooSmallError,
)
from aws_org_emulator.scenario.policy_types import known_types

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SPACES = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Unicode's category Z."""
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": _SPACES}
"""Java's classes of characters, in which Python's `re` differs."""
_CHECKED_BY_ITSELF = frozenset({"HandshakeParty"})
"""The party that is invited: AWS has a Reason for what is wrong with that, and names no member."""
_KINDS: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "list": (list,),
    "string": (str,),
    "structure": (dict,),
    "timestamp": (int, float),
}
_TIMES = (-62_135_596_800, 253_402_300_799)
"""Seconds of the years from 1 to 9999."""


@cache
def model() -> ServiceModel:
    """Botocore's model of Organizations."""
    return ServiceModel(create_loader().load_service_model("organizations", "service-2"), "organizations")


@cache
def _operation(name: str) -> OperationModel | None:
    return model().operation_model(name) if name in model().operation_names else None


def check(operation: str, request: Any) -> None:
    """See to it that a request may be handed to an operation.

    Args:
        operation: AWS's name.
        request: the body, read.

    Raises:
        UnknownOperationError: the model knows no such operation.
        SerializationError: something is of another kind than the model says, a text in place of a list, say.
        InvalidInputError: something is missing, or no value of its kind.
    """
    found = _operation(operation)
    if found is None:
        raise UnknownOperationError
    if not isinstance(request, dict):
        raise SerializationError
    if isinstance(found.input_shape, StructureShape):
        _check_members(found.input_shape, request, ())
    tagging.check_keys(request.get("Tags"))


def _is_of_kind(shape: Shape, value: Any) -> bool:
    kinds = _KINDS.get(shape.type_name, (object,))
    fits = isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds)
    return fits and (shape.type_name != "timestamp" or _TIMES[0] <= value <= _TIMES[1])


def _check(shape: Shape, value: Any, path: tuple[str, ...]) -> None:
    if not _is_of_kind(shape, value):
        raise SerializationError
    if shape.name in _CHECKED_BY_ITSELF:
        return
    if isinstance(shape, StructureShape):
        _check_members(shape, value, path)
    elif isinstance(shape, ListShape):
        _check_length(shape, value, path)
        for number, each in enumerate(value, start=1):
            inside = (*path, str(number), "Member")
            if each is None:
                raise InputRequiredError(_named(inside))
            _check(shape.member, each, inside)
    elif isinstance(shape, StringShape):
        _check_text(shape, value, path)
    elif shape.type_name == "integer":
        _check_number(shape, value, path)


def _check_members(shape: StructureShape, value: dict[str, Any], path: tuple[str, ...]) -> None:
    """Members in the model's order; one that the model doesn't know is ignored, as AWS does."""
    for name, member in shape.members.items():
        inside = (*path, name)
        if value.get(name) is not None:
            _check(member, value[name], inside)
        elif name in shape.required_members:
            raise _missing(member, inside)


def _missing(member: Shape, path: tuple[str, ...]) -> Exception:
    if member.name in _CHECKED_BY_ITSELF:
        return InvalidPatternError()
    return InputRequiredError(_named(path))


def _check_text(shape: StringShape, value: str, path: tuple[str, ...]) -> None:
    if shape.enum:
        if value in shape.enum:
            return
        of_another_operation = shape.name == "EffectivePolicyType" and value in known_types()
        raise InvalidPolicyTypeError if of_another_operation else InvalidEnumError(_named(path))
    _check_length(shape, value, path)
    pattern = shape.metadata.get("pattern")
    if pattern is not None and not _compiled(pattern).fullmatch(value):
        raise InvalidPatternError(_named(path))


def _check_length(shape: Shape, value: str | list[Any], path: tuple[str, ...]) -> None:
    if len(value) < shape.metadata.get("min", 0):
        raise TextTooShortError(_named(path))
    if len(value) > shape.metadata.get("max", len(value)):
        raise TextTooLongError(_named(path))


def _check_number(shape: Shape, value: int, path: tuple[str, ...]) -> None:
    if value < shape.metadata.get("min", value):
        raise ValueTooSmallError(_named(path))
    if value > shape.metadata.get("max", value):
        raise ValueTooLargeError(_named(path))


def _named(path: tuple[str, ...]) -> str:
    """A member as AWS writes it: Tags, 1, Member, Key become TAGS_1_MEMBER_KEY."""
    return "_".join(_CAPITAL.sub("_", name) for name in path).upper()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern)
