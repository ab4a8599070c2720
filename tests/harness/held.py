"""A client of the native provider that holds each answer to the package's schema.

An SDK gives a program what an answer has, in the types of the schema, and looks at nothing: a required output
that isn't there is a missing value where a program's types know of none.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import grpc
from pulumi.runtime.proto import provider_pb2, status_pb2

from aws_org_features.plugin import schema, wire
from tests.harness.values import SECRET, SIGNATURE
from tests.harness.wire import OUTPUT
from tools.docs import plugin_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SCHEMA: Final[dict[str, Any]] = json.loads(schema.text())
COMPUTED: Final = frozenset({"goal", "steps"})
"""Inputs that a check works out, which no program gives or sees."""
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_KINDS: Final = {
    "string": "string_value",
    "boolean": "bool_value",
    "number": "number_value",
    "integer": "number_value",
    "array": "list_value",
    "object": "struct_value",
}


class Broken(AssertionError):  # noqa: N818 - the answer is
    """An answer that the schema doesn't allow."""


class Held:
    """A client of the provider.

    Args:
        stub: That of the protocol.

    Attributes:
        judged: What kinds of answers there were.
    """

    def __init__(self, stub: Any, judged: Counter[str] | None = None) -> None:
        self._stub = stub
        self.judged = Counter() if judged is None else judged

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._stub, name)
        judge = _JUDGES.get(name)
        if judge is None:
            return method

        @functools.wraps(method)
        def held(request: Any, **options: Any) -> Any:
            try:
                answer = method(request, **options)
            except grpc.RpcError as error:
                for failed in half_made(error):
                    self._judge("half made", [*_of_state(_token(request), failed)])
                raise
            for kind, breaches in judge(request, answer):
                self._judge(kind, [*breaches])
            return answer

        held.future = getattr(method, "future", None)  # type: ignore[attr-defined]
        return held

    def _judge(self, kind: str, breaches: list[str]) -> None:
        if breaches:
            raise Broken(f"{kind}: {'; '.join(breaches)}")
        self.judged[kind] += 1


def half_made(error: Any) -> Iterator[Any]:
    """The error of a resource that exists, but isn't as it should be."""
    for name, value in error.trailing_metadata() or ():
        if name == "grpc-status-details-bin":
            failed = provider_pb2.ErrorResourceInitFailed()
            assert status_pb2.Status.FromString(value).details[0].Unpack(failed)
            yield failed


# -- what is held to what ------------------------------------------------------------------------------


def of_inputs(token: str, inputs: Any, *, unknown: bool = False) -> Iterator[str]:
    """Differences between inputs and what the schema says of a resource's."""
    said = SCHEMA["resources"][token]
    yield from _of_object(
        inputs, said["inputProperties"], said["requiredInputs"], "inputs", unknown=unknown, but=COMPUTED
    )


def of_outputs(token: str, outputs: Any, *, unknown: bool = False) -> Iterator[str]:
    """Differences between outputs and what the schema says of a resource's."""
    said = SCHEMA["resources"][token]
    yield from _of_object(
        outputs, _with_words(token, said["properties"]), said["required"], "outputs", unknown=unknown
    )


def _of_state(token: str, answer: Any) -> Iterator[str]:
    yield from of_inputs(token, answer.inputs)
    yield from of_outputs(token, answer.properties)


def _with_words(token: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs' types, with the enums that the schema leaves to the texts."""
    return {**properties, **plugin_schema.words(token)}


def _token(request: Any) -> str:
    return str(request.urn.split("::")[2].rpartition("$")[2])


def _check(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    if not answer.failures:
        yield "Check", of_inputs(_token(request), answer.inputs, unknown=UNKNOWN in str(request.news))


def _create(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    kind = "Create, preview" if request.preview else "Create"
    yield kind, of_outputs(_token(request), answer.properties, unknown=request.preview)


def _update(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    kind = "Update, preview" if request.preview else "Update"
    yield kind, of_outputs(_token(request), answer.properties, unknown=request.preview)


def _read(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    if answer.id:
        olds = request.properties.fields
        kind = (
            "Read, import"
            if not olds
            else "Read, of the dynamic resource"
            if "organization_id" in olds
            else "Read"
        )
        yield kind, _of_state(_token(request), answer)


def _invoke(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    if not answer.failures:
        said = SCHEMA["functions"][request.tok]["outputs"]
        found = getattr(answer, "return")
        properties = _with_words(request.tok, said["properties"])
        yield "Invoke", _of_object(found, properties, said["required"], "outputs", unknown=False)


def _construct(request: Any, answer: Any) -> Iterator[tuple[str, Iterator[str]]]:
    yield "Construct", of_outputs(request.type, answer.state)


_JUDGES: Final[dict[str, Callable[[Any, Any], Iterator[tuple[str, Iterator[str]]]]]] = {
    "Check": _check,
    "Create": _create,
    "Update": _update,
    "Read": _read,
    "Invoke": _invoke,
    "Construct": _construct,
}


# -- values and types ----------------------------------------------------------------------------------


def _of_object(
    struct: Any,
    properties: Mapping[str, Any],
    required: list[str],
    path: str,
    *,
    unknown: bool,
    but: frozenset[str] = frozenset(),
) -> Iterator[str]:
    there = {name: value for name, value in struct.fields.items() if not _is_missing(value)}
    yield from (f"{path}.{name} is missing" for name in required if name not in there)
    for name, value in there.items():
        if name in properties:
            yield from _of_value(value, properties[name], f"{path}.{name}", unknown=unknown)
        elif name not in but:
            yield f"{path}.{name} isn't in the schema"


def _is_missing(value: Any) -> bool:
    return value.WhichOneof("kind") in {None, "null_value"}


def _of_value(value: Any, said: Mapping[str, Any], path: str, *, unknown: bool) -> Iterator[str]:
    if "oneOf" in said:
        tried = [[*_of_value(value, each, path, unknown=unknown)] for each in said["oneOf"]]
        if all(tried):
            yield from tried[0]
        return
    marked = wire.is_secret(value)
    if said.get("secret") and not marked:
        yield f"{path} isn't secret"
    value, is_known = _bare(value)
    if not is_known:
        if not unknown:
            yield f"{path} isn't known"
        return
    reference = said.get("$ref", "")
    if reference.startswith("#/resources/"):
        if not _is_resource(value):
            yield f"{path} is no resource"
        return
    if reference:
        said = SCHEMA["types"][reference.removeprefix("#/types/")]
    yield from _of_kind(value, said, path, unknown=unknown, secret=marked)


def _of_kind(value: Any, said: Mapping[str, Any], path: str, *, unknown: bool, secret: bool) -> Iterator[str]:
    kind = value.WhichOneof("kind")
    if kind != _KINDS[said["type"]]:
        yield f"{path} is a {kind}, not a {said['type']}"
    elif said["type"] == "integer" and not value.number_value.is_integer():
        yield f"{path} is no whole number"
    elif "enum" in said and value.string_value not in [each["value"] for each in said["enum"]]:
        yield f"{path} is {value.string_value!r}, which is none of its words"
    elif kind == "list_value":
        for index, each in enumerate(value.list_value.values):
            yield from _of_value(
                each, _within(said["items"], secret=secret), f"{path}[{index}]", unknown=unknown
            )
    elif kind == "struct_value" and "additionalProperties" in said:
        for name, each in value.struct_value.fields.items():
            yield from _of_value(each, said["additionalProperties"], f"{path}[{name}]", unknown=unknown)
    elif kind == "struct_value":
        properties = {name: _within(each, secret=secret) for name, each in said["properties"].items()}
        yield from _of_object(value.struct_value, properties, said.get("required", []), path, unknown=unknown)


def _within(said: Mapping[str, Any], *, secret: bool) -> Mapping[str, Any]:
    """The schema's description of a part; in a secret, it needn't be marked again."""
    return {name: each for name, each in said.items() if name != "secret"} if secret else said


def _bare(value: Any) -> tuple[Any, bool]:
    """A value without the marks of a secret or an output, and whether it is known."""
    while value.WhichOneof("kind") == "struct_value":
        fields = value.struct_value.fields
        signature = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
        if signature not in {SECRET, OUTPUT}:
            break
        if "value" not in fields:
            return value, False
        value = fields["value"]
    return value, value.string_value != UNKNOWN


def _is_resource(value: Any) -> bool:
    fields = value.struct_value.fields
    return (
        SIGNATURE in fields
        and fields[SIGNATURE].string_value == _RESOURCE
        and bool(fields["urn"].string_value)
    )
