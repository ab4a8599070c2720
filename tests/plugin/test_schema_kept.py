"""The native provider's answers are what its schema says of them, for SDKs hand them on as they come.

Each answer of each test here is held to it, as `Native` asks by a client that does (`tests/harness/held.py`).
These tests see to it that there is one of each kind, of each resource, and that the client notices.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest
from pulumi.runtime.proto import provider_pb2

from aws_org_features.plugin import schema, wire
from tests.harness.held import UNKNOWN, Broken, Held
from tests.harness.native import Native, Record
from tests.harness.wire import output, secret, struct
from tests.plugin.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.plugin.cases import Case

ALL_KINDS: Final = {
    "Check",
    "Create",
    "Create, preview",
    "Read",
    "Read, import",
    "Read, of the dynamic resource",
    "Update",
    "Update, preview",
}
ROLE: Final = {"roleArn": "arn:aws:iam::111111111111:role/Deploy", "externalId": "secret"}


def as_the_dynamic_resource_had_it(native: Native, *left_out: str) -> None:
    """Have its record as one that the dynamic resource left, before it had some of its inputs."""
    kept = native.record
    assert kept is not None

    def renamed(values: Any, shape: wire.Shape) -> Any:
        found = wire.read(values, shape)
        return struct({name: value for name, value in found.items() if name not in left_out})

    inputs = renamed(kept.inputs, schema.inputs(native.token))
    native.record = Record(
        kept.id, inputs, renamed(kept.outputs, schema.outputs(native.token)), reads_first=False
    )


# -- each kind of answer


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_answer_of_a_resource_that_waits(case: Case, org: Emulator) -> None:
    native = case.native(org)
    native.preview()
    native.up()
    native.declared["connection"] = {"region": "us-east-1"}
    native.preview()
    native.up()
    native.declared.pop("connection")
    case.comes(org)
    native.preview()
    native.up()
    as_the_dynamic_resource_had_it(native, "on_destroy", "connection")
    native.refresh()
    native.state.clear()
    native.import_(case.ids(org))

    assert native.record is not None
    assert set(native.judged) == ALL_KINDS


def test_each_answer_of_a_feature_set(native: Native, org: Emulator) -> None:
    native.preview()
    native.up()
    native.declared["approver"] = {"roleName": "Approve", "externalId": "secret"}
    native.declared["finalize"] = native.kept()["handshake"]["id"]
    native.preview()
    native.up()
    newer = ("finalize", "attempt", "approver", "wait_until", "timeout", "observe", "fail_unless_enabled")
    as_the_dynamic_resource_had_it(native, *newer)
    native.refresh()
    assert native.kept()["timeout"] == "30m"
    native.state.clear()
    native.import_(org.organization_id)
    org.approve_all()
    native.up()
    native.ask(organizationId=org.organization_id)

    assert set(native.judged) == {*ALL_KINDS, "Invoke"}


def test_each_answer_of_a_gate(org: Emulator) -> None:
    gate = Native(org, schema.GATE)
    gate.declared.update(enabled=UNKNOWN, status=UNKNOWN, reason=UNKNOWN)
    gate.preview()
    gate.declared.update(enabled=True, status="ENABLED", reason="All.")
    gate.up()
    gate.refresh()
    gate.declared["organizationId"] = "o-another1org"
    gate.preview()
    gate.declared["organizationId"] = org.organization_id
    as_the_dynamic_resource_had_it(gate)
    gate.preview()
    gate.refresh()
    as_the_dynamic_resource_had_it(gate)
    gate.up()

    assert set(gate.judged) == ALL_KINDS - {"Read, import"}


def test_an_answer_of_a_create_that_failed_half_way(native: Native) -> None:
    native.declared["failUnlessEnabled"] = True

    assert native.up().op == "half made"
    assert native.judged["half made"] == 1


# -- what an import means


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_imported_resource_has_what_its_inputs_mean_without_declaring_it(
    case: Case, org: Emulator
) -> None:
    native = case.native(org)
    case.comes(org)
    native.up()
    created = native.kept()
    native.state.clear()

    native.import_(case.ids(org))

    given = {wire.snake(name) for name in schema.inputs(case.token).fields}
    imported = native.kept()
    assert {name: imported.get(name) for name in given} == {name: created.get(name) for name in given}
    assert native.record is not None
    assert wire.read(native.record.inputs) == native.declared
    assert native.up().op == "same"


# -- the client notices


def _without(name: str) -> Callable[[Any], object]:
    return lambda fields: fields.pop(name)


def _with(name: str, value: Any) -> Callable[[Any], object]:
    return lambda fields: fields[name].CopyFrom(struct(it=value).fields["it"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_without("status"), "outputs.status is missing"),
        (_with("message", None), "outputs.message is missing"),
        (_with("waitingForMore", UNKNOWN), "outputs.waitingForMore isn't known"),
        (_with("odd", 1), "outputs.odd isn't in the schema"),
        (_with("goal", "ENABLED"), "outputs.goal isn't in the schema"),
        (_with("enabled", "true"), "outputs.enabled is a string_value, not a boolean"),
        (_with("attempt", 1.5), "outputs.attempt is no whole number"),
        (_with("finalize", 1), "outputs.finalize is a number_value, not a boolean"),
        (_with("status", "DONE"), "outputs.status is 'DONE', which is none of its words"),
        (_with("onDestroy", "keep"), "outputs.onDestroy is 'keep', which is none of its words"),
        (_with("approvals", {"required": 1}), "outputs.approvals.accepted is missing"),
        (_with("waitingFor", [{"odd": ""}]), "outputs.waitingFor[0].odd isn't in the schema"),
        (_with("approver", {"externalId": "bare"}), "outputs.approver.externalId isn't secret"),
        (_with("connection", {"assumeRoles": [ROLE]}), "assumeRoles[0].externalId isn't secret"),
        (_with("approver", secret({"externalId": 1})), "externalId is a number_value, not a string"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_the_schema_doesnt_allow_is_noticed(
    native: Native, change: Callable[[Any], object], told: str
) -> None:
    native.up()
    assert native.record is not None
    made = provider_pb2.CreateResponse(properties=copy.deepcopy(native.record.outputs))

    class Answers:
        def Create(self, _request: Any) -> Any:  # noqa: N802
            return made

    asked = provider_pb2.CreateRequest(urn=native.urn)
    assert Held(Answers()).Create(asked) is made
    change(made.properties.fields)

    with pytest.raises(Broken) as broken:
        Held(Answers()).Create(asked)

    assert told in str(broken.value)


@pytest.mark.parametrize("wrap", [secret, output])
def test_a_part_of_a_secret_is_secret(native: Native, wrap: Callable[..., Any]) -> None:
    options = {"is_secret": True} if wrap is output else {}
    native.declared["approver"] = wrap({"roleName": "Approve", "externalId": "secret"}, **options)

    assert native.up().error == ""
