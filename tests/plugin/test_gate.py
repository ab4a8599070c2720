"""The native gate: it fails until all features are on, and says why. AWS is asked nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.plugin import schema, wire
from tests.harness.native import Native, Record
from tests.harness.wire import struct

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CLOSED = {"enabled": False, "status": "AWAITING_APPROVALS", "reason": "0 of 3 approved."}
OPEN = {"enabled": True, "status": "ENABLED", "reason": "All features are enabled."}


@pytest.fixture
def gate(org: Emulator) -> Native:
    """A closed one."""
    native = Native(org, schema.GATE)
    native.declared.update(CLOSED)
    return native


def test_the_whole_way(gate: Native, org: Emulator) -> None:
    foreseen = gate.preview()
    assert foreseen.op == "create"
    assert foreseen.said("the gate is closed: this `pulumi up` fails here")
    assert foreseen.said("pulumi up --exclude '**AllFeaturesGate**:org' --exclude-dependents")

    held = gate.up()
    assert held.error.startswith(
        "feature-set-not-enabled: o-exampleorg1 doesn't have all features enabled yet"
    )
    assert "(AWAITING_APPROVALS): 0 of 3 approved." in held.error
    assert gate.record is None

    gate.declared.update(OPEN)
    opened = gate.up()
    assert (opened.op, opened.error, opened.messages) == ("create", "", [])
    assert [gate.preview().op, gate.refresh().op, gate.destroy().op] == ["same", "same", "delete"]
    assert org.calls == {}


@pytest.mark.parametrize(
    ("declared", "op", "differing", "replaces"),
    [
        ({"reason": "in other words", "status": "ENABLED!"}, "same", set(), []),
        ({"enabled": UNKNOWN, "status": UNKNOWN, "reason": UNKNOWN}, "same", set(), []),
        (CLOSED, "update", {"enabled", "status", "reason"}, []),
        ({"organizationId": "o-anotherorg1"}, "replace", {"organizationId"}, ["organizationId"]),
    ],
)
def test_a_migrations_messages_are_no_change_of_an_open_gate(
    gate: Native, declared: dict[str, Any], op: str, differing: set[str], replaces: list[str]
) -> None:
    gate.declared.update(OPEN)
    gate.up()
    gate.declared.update(declared)

    foreseen = gate.preview()

    assert (foreseen.op, set(foreseen.differing), foreseen.replaces) == (op, differing, replaces)


def test_a_gate_that_closes_again_fails_and_is_kept(gate: Native) -> None:
    gate.declared.update(OPEN)
    gate.up()
    gate.declared.update(CLOSED)

    assert gate.up().error.startswith("feature-set-not-enabled: ")
    assert gate.kept()["enabled"] is True


@pytest.mark.parametrize(
    ("declared", "blamed", "told"),
    [
        ({"enabled": "yes"}, "enabled", "enabled is 'yes', but must be true or false"),
        ({**OPEN, "organizationId": "example"}, "organizationId", "organizationId is 'example', but"),
        ({"featureSet": "canary"}, "", "there is no input featureSet."),
    ],
)
def test_a_wrong_input_is_reported(gate: Native, declared: dict[str, Any], blamed: str, told: str) -> None:
    gate.declared.update(declared)

    refused = gate.up()

    assert refused.blamed == [blamed]
    assert told in refused.error
    assert "canary" not in refused.error


def test_it_cant_be_imported(gate: Native) -> None:
    told = gate.import_("o-exampleorg1").error

    assert told.startswith("import-unsupported: The gate of o-exampleorg1 can't be imported")


def test_the_dynamic_gates_record_is_taken_over(gate: Native) -> None:
    kept = {"organization_id": "o-exampleorg1", "enabled": True, "status": "ENABLED", "reason": "All."}
    gate.record = Record(
        "o-exampleorg1", struct(kept), struct({**kept, "__provider": "…"}), reads_first=False
    )
    gate.declared.update(OPEN)

    taken = gate.up()

    assert (taken.op, taken.error) == ("update", "")
    assert gate.record is not None
    assert set(wire.read(gate.record.outputs)) == {"organizationId", "enabled", "status", "reason"}
    assert gate.preview().op == "same"
