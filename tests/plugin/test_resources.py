"""Native resources that wait for somebody: all alike, by the table of `cases.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2

from aws_org_features.plugin import schema, wire
from tests.harness.native import Record
from tests.harness.wire import bared_in, output, secret, struct
from tests.plugin.cases import APPROVAL, CASES, POLICY_TYPE
from tests.rewriting import Rewriting

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.harness.native import Native
    from tests.plugin.cases import Case

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """One after another."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def native(case: Case, org: Emulator) -> Native:
    """A stack with it."""
    return case.native(org)


def test_the_whole_way(native: Native, case: Case, org: Emulator) -> None:
    foreseen = native.preview()
    assert (foreseen.op, foreseen.error) == ("create", "")

    begun = native.up()
    assert (begun.error, begun.outputs["status"]) == ("", case.waits)
    assert native.record is not None
    assert native.record.id == case.ids(org)

    # Only waiting is no failure, and no change.
    assert native.record.init_errors == []
    waiting = native.preview()
    assert (waiting.op, waiting.differing) == ("same", {})
    assert org.writes == {}

    case.comes(org)
    org.reset_calls()
    ahead = native.preview()
    assert (ahead.op, set(ahead.differing) - {"steps"}) == ("update", {"goal"}), ahead
    assert ahead.said(case.to_do)
    assert org.writes == {}

    done = native.up()
    assert (done.op, done.error, done.outputs["status"]) == ("update", "", case.done)
    assert dict(org.writes) == case.writes

    case.settles(org)
    native.up()
    org.reset_calls()
    assert [native.up().op, native.preview().op] == ["same", "same"]
    assert org.calls == {}


def test_a_refreshs_findings_are_a_difference_until_the_next_up(
    native: Native, case: Case, org: Emulator
) -> None:
    native.up()
    case.comes(org)

    found, again = native.refresh(), native.refresh()

    assert (found.op, again.op) == ("refresh", "same")
    assert not found.said("to do")
    assert native.up().outputs["status"] == case.done
    assert (native.refresh().op, native.preview().op) == ("same", "same")


def test_a_preview_of_an_update_knows_what_no_update_changes(
    native: Native, case: Case, org: Emulator
) -> None:
    native.up()
    case.comes(org)

    shown = native.preview().foreseen

    assert all(isinstance(shown[name], str) for name in case.stable)
    assert not isinstance(shown["status"], str)


# -- inputs


@pytest.mark.parametrize(
    ("case", "declared", "blamed", "told"),
    [
        (APPROVAL, {"organizationId": "example"}, "organizationId", "organizationId is 'example', but"),
        (APPROVAL, {"organization_id": "canary"}, "", "Did you mean organizationId?"),
        (APPROVAL, {"odd": "canary"}, "", "there is no input odd. There are connection, organizationId."),
        (POLICY_TYPE, {"policyType": "tag-policy"}, "policyType", "policyType is 'tag-policy', but AWS's"),
        (POLICY_TYPE, {"rootId": "root"}, "rootId", "rootId is 'root', but a root's id"),
        (POLICY_TYPE, {"onDestroy": "keep"}, "onDestroy", "onDestroy is 'keep', but must be one of refuse-"),
        (POLICY_TYPE, {"connection": {"profile": 1}}, "", "connection.profile must be a text"),
    ],
)
def test_a_wrong_input_is_reported_in_one_line_at_its_property(
    case: Case, org: Emulator, declared: dict[str, Any], blamed: str, told: str
) -> None:
    native = case.native(org)
    native.declared.update(declared)

    refused = native.up()

    assert refused.blamed == [blamed]
    assert refused.error.startswith("configuration-unsupported: ")
    assert told in refused.error
    assert "canary" not in refused.error
    assert "\n" not in refused.error
    assert org.calls == {}


def test_an_unknown_value_is_no_mistake(native: Native, org: Emulator) -> None:
    native.declared.update(dict.fromkeys(native.declared, UNKNOWN))

    assert native.preview().error == ""
    assert org.calls == {}


@pytest.mark.parametrize("wrap", [lambda value: value, secret, output])
def test_external_ids_are_secret_in_the_state_however_they_were_given(
    native: Native, wrap: Callable[[Any], Any]
) -> None:
    role = {"roleArn": "arn:aws:iam::111111111111:role/Deploy", "externalId": wrap("canary-of-the-role")}
    native.declared["connection"] = wrap({"profile": "nobody", "assumeRoles": [role]})

    native.up()
    checked = native.checked

    assert not [each for each in bared_in(checked) if "canary" in each]
    assert wire.read(checked, schema.inputs(native.token))["connection"]["assume_roles"][0] == {
        "role_arn": role["roleArn"],
        "external_id": "canary-of-the-role",
    }


def test_inputs_differ_property_by_property(native: Native, case: Case, org: Emulator) -> None:
    case.comes(org)
    native.up()
    case.settles(org)
    native.up()
    org.reset_calls()
    native.declared["connection"] = {"profile": "another"}

    foreseen = native.preview()

    assert (foreseen.op, set(foreseen.differing)) == ("update", {"connection"})
    assert org.calls == {}
    assert isinstance(foreseen.foreseen["status"], str), "there is nothing to do, so all stays known"


# -- import


def test_an_import_takes_what_is_there_and_the_same_program_shows_no_difference(
    native: Native, case: Case, org: Emulator
) -> None:
    case.comes(org)
    native.up()
    native.state.clear()
    org.reset_calls()

    imported = native.import_(case.ids(org))

    assert (imported.error, imported.differing) == ("", {})
    assert imported.outputs["status"] == case.done
    assert native.record is not None
    assert wire.read(native.record.inputs) == native.declared
    assert org.writes == {}
    assert native.preview().op == "same"


def test_a_missing_resource_cant_be_imported(native: Native, case: Case, org: Emulator) -> None:
    missing = native.import_(case.ids(org))

    assert (missing.op, native.record) == ("delete", None)
    assert missing.said("there is nothing to import: ")


def test_an_invalid_id_is_reported(native: Native) -> None:
    told = native.import_("canary").error

    assert told.startswith("configuration-unsupported: 'canary' isn't the id of ")


# -- moving over


def moved(native: Native, case: Case, org: Emulator) -> dict[str, Any]:
    """Have the state that version 0.1.0 of the dynamic resource left, of one that waits."""
    stored = case.stored_state(org)["resources"]
    (kept,) = (each for each in stored if each["type"].endswith(case.name))
    native.record = Record(kept["id"], struct(kept["inputs"]), struct(kept["outputs"]), reads_first=False)
    return dict(kept["outputs"])


def test_the_dynamic_resources_record_is_taken_over_in_place(
    native: Native, case: Case, org: Emulator
) -> None:
    before = moved(native, case, org)
    assert native.preview().op == "update"

    taken = native.up()

    assert (taken.error, taken.op) == ("", "update")
    assert taken.said("this takes over the record of the dynamic resource")
    assert org.writes == {}
    names = wire.read(native.record.outputs).keys()  # type: ignore[union-attr]
    assert not [name for name in names if "_" in name]
    rewritten = {"__provider", "goal", "message"}  # the message in today's words
    assert {name: taken.outputs.get(name) for name in before if name not in rewritten} == {
        name: value for name, value in before.items() if name not in rewritten
    }
    assert native.preview().op == "same"
    case.comes(org)
    assert native.up().outputs["status"] == case.done


def test_a_record_of_the_dynamic_resource_can_be_refreshed_and_destroyed_too(
    native: Native, case: Case, org: Emulator
) -> None:
    moved(native, case, org)

    assert native.refresh().error == ""
    assert not [name for name in wire.read(native.record.outputs) if "_" in name]  # type: ignore[union-attr]
    assert native.destroy().op == "delete"
    assert org.writes == {}


# -- policy types alone


@pytest.fixture
def policy_type(org: Emulator) -> Native:
    """One that is enabled."""
    POLICY_TYPE.comes(org)
    native = POLICY_TYPE.native(org)
    native.up()
    org.reset_calls()
    return native


@pytest.mark.parametrize(
    ("declared", "op", "replaces"),
    [
        ({"policyType": "BACKUP_POLICY"}, "replace", ["policyType"]),
        ({"rootId": "r-another"}, "replace", ["rootId"]),
        ({"onDestroy": "leave"}, "update", []),
        ({"onDestroy": "refuse-if-used"}, "same", []),
    ],
)
def test_inputs_that_make_it_another_policy_type(
    policy_type: Native, declared: dict[str, Any], op: str, replaces: list[str]
) -> None:
    policy_type.declared.update(declared)

    foreseen = policy_type.preview()

    assert (foreseen.op, foreseen.replaces) == (op, replaces)
    kinds = provider_pb2.PropertyDiff
    assert {name: each.kind for name, each in foreseen.differing.items()} == {
        name: kinds.ADD_REPLACE if name == "rootId" else kinds.UPDATE_REPLACE if replaces else kinds.UPDATE
        for name in declared
        if op != "same"
    }


def test_another_type_is_enabled_before_the_old_one_is_disabled(policy_type: Native, org: Emulator) -> None:
    policy_type.declared["policyType"] = "BACKUP_POLICY"

    assert policy_type.up().outputs["status"] == "ENABLED"

    assert [call for call, _ in org.log if call.endswith("PolicyType")] == [
        "EnablePolicyType",
        "DisablePolicyType",
    ]


def test_naming_the_root_that_was_found_replaces_nothing(policy_type: Native, org: Emulator) -> None:
    policy_type.declared["rootId"] = policy_type.kept()["current_root_id"]

    assert policy_type.up().op == "update"
    assert policy_type.preview().op == "same"
    assert org.writes == {}


def test_an_imported_type_was_enabled_by_somebody_else(policy_type: Native, org: Emulator) -> None:
    policy_type.state.clear()
    policy_type.import_(POLICY_TYPE.ids(org))

    assert policy_type.destroy().said("is left as it is: this resource didn't enable it")
    assert org.writes == {}


# -- approvals alone


def test_another_organization_makes_another_approval_of_it(org: Emulator) -> None:
    native = APPROVAL.native(org)
    native.up()
    native.declared["organizationId"] = "o-somebodyelse"

    foreseen = native.preview()

    assert (foreseen.op, foreseen.replaces) == ("replace", ["organizationId"])
    assert foreseen.error.startswith("organization-mismatch: ")


def test_an_approval_belongs_to_its_account(org: Emulator) -> None:
    native = APPROVAL.native(org)
    org.enable_all_features()

    told = native.import_("o-exampleorg1/222222222223").error

    assert told.startswith("account-mismatch: ")


def test_consent_that_was_given_is_kept_though_another_request_fails(
    org: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    native, answers = APPROVAL.native(org), Rewriting(monkeypatch)
    org.enable_all_features()

    def ask_twice(body: dict[str, Any]) -> None:
        (asked,) = body["Handshakes"]
        other = {"Id": f"h-{'z' * 25}", "State": "OPEN"}
        body["Handshakes"] += [{**asked, **other, "Arn": asked["Arn"].replace(asked["Id"], other["Id"])}]

    answers.changes["ListHandshakesForAccount"] = ask_twice

    failed = native.up()

    assert (failed.op, failed.error.partition(":")[0]) == ("half made", "handshake-not-found")
    assert native.record is not None
    assert native.record.init_errors == [failed.error]
    assert native.record.id == APPROVAL.ids(org)
    answers.changes.clear()
    healed = native.up()
    assert (healed.error, healed.outputs["status"]) == ("", "APPROVED")
    assert native.record.init_errors == []
    assert dict(org.writes) == {"AcceptHandshake": 2}, "of which one was refused"
