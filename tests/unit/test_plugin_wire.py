"""Values on the wire: nothing is lost there, nothing is bared, and no name is guessed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws_org_features.lifecycle.unknown import UNKNOWN
from aws_org_features.plugin import schema, wire
from aws_org_features.plugin.wire import ANY, Shape
from tests.harness.values import SECRET, SIGNATURE
from tests.harness.wire import OUTPUT, bared_in, output, secret, struct

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy."""

SHAPE = Shape(
    fields={
        "roleArn": ANY,
        "externalId": Shape(secret=True),
        "assumeRoles": Shape(item=Shape(fields={"roleArn": ANY, "externalId": Shape(secret=True)})),
        "labels": Shape(item=ANY),
    }
)

TEXTS = st.text(alphabet="aA_1é😀 ", max_size=8)
PLAIN = (
    TEXTS
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda each: not each.is_integer())
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(
    st.sampled_from(["role_arn", "external_id", "labels", "note"]), VALUES, max_size=4
) | st.fixed_dictionaries(
    {"assume_roles": st.lists(st.fixed_dictionaries({"role_arn": PLAIN, "external_id": PLAIN}), max_size=3)}
)

SHAPES = (
    schema.settings(),
    schema.inputs(schema.FEATURE_SET),
    schema.outputs(schema.FEATURE_SET),
    schema.inputs(schema.GET_FEATURE_SET),
    schema.outputs(schema.GET_FEATURE_SET),
)
"""Values that really go over the wire."""


def values_of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values of a shape, by the core's names. Secrets have a canary in them, and nothing else has."""
    if shape.secret:
        return TEXTS.map(lambda text: f"canary{text}")
    if shape.fields:
        parts = {wire.snake(name): values_of(inner) for name, inner in shape.fields.items()}
        return st.fixed_dictionaries({}, optional=parts)
    return st.lists(values_of(shape.item), max_size=2) if shape.item else PLAIN


SHAPED = st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(st.just(shape), values_of(shape)))
MARKS = (
    lambda value: value,
    secret,
    output,
    lambda value: output(value, is_secret=True),
)
"""Marks that an engine may put on a value."""


@st.composite
def marked(draw: st.DrawFn, value: Any) -> Any:
    """A value, any part of which is marked."""
    if isinstance(value, dict):
        value = {name: draw(marked(each)) for name, each in value.items()}
    elif isinstance(value, list):
        value = [draw(marked(each)) for each in value]
    return draw(st.sampled_from(MARKS))(value)


@st.composite
def sent_by_an_engine(draw: st.DrawFn) -> tuple[Shape, dict[str, Any], struct_pb2.Struct]:
    """A shape with secrets in it, values of it, and the same as an engine may send them."""
    shape = draw(st.sampled_from((schema.settings(), schema.inputs(schema.FEATURE_SET))))
    values = draw(values_of(shape))
    plain = json_format.MessageToDict(wire.write(values, _without_secrets(shape)))
    return shape, values, struct({name: draw(marked(value)) for name, value in plain.items()})


def _without_secrets(shape: Shape) -> Shape:
    fields = {name: _without_secrets(inner) for name, inner in shape.fields.items()}
    return Shape(fields=fields, item=_without_secrets(shape.item) if shape.item else None)


def canaries(sent: struct_pb2.Struct) -> list[str]:
    """Secrets that stand bare."""
    return [text for text in bared_in(sent) if "canary" in text]


@PATIENT
@given(SHAPED)
def test_values_read_as_they_were_written_and_no_secret_is_exposed(shaped: tuple[Shape, Any]) -> None:
    shape, values = shaped

    sent = wire.write(values, shape)

    assert wire.read(sent, shape) == values
    assert canaries(sent) == []
    assert wire.strangers(sent, shape) == []


@PATIENT
@given(SHAPED)
def test_any_record_of_a_dynamic_resource_gets_the_schemas_names_once(shaped: tuple[Shape, Any]) -> None:
    shape, values = shaped

    ours = wire.renamed(wire.write(values), shape)

    assert wire.read(ours, shape) == values
    assert wire.strangers(ours, shape) == []
    assert wire.renamed(ours, shape) == ours


@PATIENT
@given(sent_by_an_engine())
def test_however_an_engine_marks_its_values_they_read_the_same_and_no_secret_is_bared(
    sent: tuple[Shape, dict[str, Any], struct_pb2.Struct],
) -> None:
    shape, values, given_ = sent

    kept = wire.with_secrets(given_, shape)

    assert wire.read(given_, shape) == wire.read(kept, shape) == values
    assert wire.with_secrets(kept, shape) == kept
    assert wire.strangers(given_, shape) == wire.strangers(kept, shape) == []
    assert bared_in(kept) <= bared_in(given_)
    assert canaries(kept) == []
    assert wire.merged(kept, tuple(kept.fields), {}, shape) == kept


SIGNED = st.fixed_dictionaries(
    {SIGNATURE: st.sampled_from((SECRET, OUTPUT, "odd", *sorted(wire._REFUSED))) | PLAIN},
    optional={"value": PLAIN | st.lists(PLAIN, max_size=2), "secret": PLAIN, "urn": TEXTS},
)
ANYTHING = st.recursive(
    PLAIN | st.none() | st.sampled_from(sorted(wire._UNKNOWNS)) | SIGNED,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SHAPE.fields, SIGNATURE, "value", "note"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@PATIENT
@given(st.dictionaries(st.sampled_from([*SHAPE.fields, "note"]), ANYTHING, max_size=4))
def test_any_value_is_read_or_refused_by_its_place(values: dict[str, Any]) -> None:
    sent = struct(values)

    wire.strangers(sent, SHAPE)
    answers: list[Any] = []
    for each in (sent, wire.with_secrets(sent, SHAPE)):
        try:
            answers.append(wire.read(each, SHAPE))
        except wire.Refused as refused:
            place = re.split(r"[ .\[]", str(refused))[0]
            answers.append(wire.Refused if place in values else str(refused))
    assert answers[0] == answers[1]
    assert not isinstance(answers[0], str)


@PATIENT
@given(OBJECTS)
def test_written_values_read_the_same(values: dict[str, Any]) -> None:
    assert wire.read(wire.write(values, SHAPE), SHAPE) == values


@PATIENT
@given(VALUES)
def test_a_value_of_which_nothing_is_said_reads_the_same(value: Any) -> None:
    assert wire.read(wire.write({"note": value})) == {"note": value}


@PATIENT
@given(st.text(alphabet="abcxyz_", min_size=1, max_size=8))
def test_the_keys_of_a_map_are_its_owners(key: str) -> None:
    upper = "".join(part.capitalize() for part in key.split("_"))
    labels = {key: "1", upper: "2", f"camel{upper}": "3"}

    assert wire.read(wire.write({"labels": labels}, SHAPE), SHAPE) == {"labels": labels}


def test_names_are_translated_where_the_schema_has_them() -> None:
    sent = struct(assumeRoles=[{"roleArn": "a", "otherName": "b"}], otherName="c")

    assert wire.read(sent, SHAPE) == {
        "assume_roles": [{"role_arn": "a", "otherName": "b"}],
        "otherName": "c",
    }


def test_a_record_of_the_dynamic_resource_gets_our_names_and_keeps_its_secrets() -> None:
    theirs = struct(assume_roles=secret([{"role_arn": "a", "external_id": secret("b")}]), labels={"a_b": "c"})
    ours = struct(assumeRoles=secret([{"roleArn": "a", "externalId": secret("b")}]), labels={"a_b": "c"})

    assert wire.renamed(theirs, SHAPE) == ours
    assert wire.renamed(ours, SHAPE) == ours


@pytest.mark.parametrize("name", ["organization_id", "a", "waiting_for_more", "s3_use_path_style"])
def test_a_name_goes_there_and_back(name: str) -> None:
    assert wire.snake(wire.camel(name)) == name


@pytest.mark.parametrize(
    "sent",
    [
        *sorted(wire._UNKNOWNS),
        {SIGNATURE: OUTPUT},
        {SIGNATURE: OUTPUT, "secret": True},
        secret("04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
    ],
)
def test_a_later_value_is_unknown(sent: Any) -> None:
    assert wire.read(struct(note=[sent]))["note"] == [UNKNOWN]


def test_an_unknown_value_is_sent_as_such() -> None:
    assert wire.read(wire.write({"note": {"inner": UNKNOWN}})) == {"note": {"inner": UNKNOWN}}


@pytest.mark.parametrize(
    ("signature", "kind"),
    [
        ("c44067f5952c0a294b673a41bacd8c17", "an asset"),
        ("0def7320c3a5731c473e5ecbe6d01bc7", "an archive"),
        ("5cf8f73096256a8f31e491e813e4eb8e", "a resource; give one of its outputs"),
        ("anything else", "of a kind that no input takes"),
    ],
)
def test_an_unacceptable_value_is_refused_by_its_place_alone(signature: str, kind: str) -> None:
    sent = struct(assumeRoles=[secret({"roleArn": {SIGNATURE: signature, "text": "canary"}})])

    with pytest.raises(wire.Refused, match=rf"^assumeRoles\[0\]\.roleArn is {kind}$"):
        wire.read(sent, SHAPE)


@pytest.mark.parametrize("wrap", [lambda value: value, secret, output, lambda value: secret(output(value))])
@pytest.mark.parametrize("outer", [lambda value: value, secret, output])
def test_a_secret_is_one_however_it_was_given(wrap: Any, outer: Any) -> None:
    sent = struct(assumeRoles=outer([outer({"roleArn": "arn", "externalId": wrap("canary")})]))

    marked = wire.with_secrets(sent, SHAPE)

    assert "canary" not in bared_in(marked)
    assert wire.read(marked, SHAPE) == {"assume_roles": [{"role_arn": "arn", "external_id": "canary"}]}


def test_outputs_are_secret_where_the_schema_says_so() -> None:
    assert "canary" not in bared_in(wire.write({"external_id": "canary"}, SHAPE))


def test_a_secret_is_marked_once() -> None:
    once = wire.as_secret(struct_pb2.Value(string_value="canary"))

    assert wire.as_secret(once) == once


@PATIENT
@given(VALUES)
def test_inputs_among_the_outputs_stay_as_secret_as_they_came(value: Any) -> None:
    given_ = struct(note=secret(value), roleArn=output("canary", is_secret=True), other="left out")

    outputs = wire.merged(given_, ("note", "roleArn", "labels"), {"labels": {"a": "b"}}, SHAPE)

    assert outputs.fields["note"] == given_.fields["note"]
    assert outputs.fields["roleArn"] == given_.fields["roleArn"]
    assert wire.read(outputs)["labels"] == {"a": "b"}
    assert set(outputs.fields) == {"note", "roleArn", "labels"}


def test_names_that_there_arent_are_found_with_their_places() -> None:
    sent = struct(
        odd=1,
        assumeRoles=secret([{"roleArn": "a"}, secret({"role_arn": "b"})]),
        labels={"any": "thing"},
    )

    found = [(path, name) for path, name, _ in wire.strangers(sent, SHAPE)]

    assert sorted(found) == [("", "odd"), ("assumeRoles[1]", "role_arn")]


def test_a_number_that_is_none_is_no_reason_to_fail() -> None:
    sent = struct(note=float("inf"))

    assert wire.read(sent) == {"note": float("inf")}
