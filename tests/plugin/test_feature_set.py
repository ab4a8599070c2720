"""The native feature set, from the first `up` to the last: what it writes, says, keeps and shows."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2

from aws_org_emulator import Scenario
from aws_org_features.plugin import schema, wire
from tests.harness.native import Native, Ran, Record
from tests.harness.wire import bared_in, output, secret, struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

STORED = Path(__file__).parents[1] / "engine" / "stored_state.json"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_the_whole_way(native: Native, org: Emulator) -> None:
    foreseen = native.preview()
    assert (foreseen.op, foreseen.error) == ("create", "")
    assert foreseen.said("AWS asks the owners of 3 accounts to approve")
    assert org.writes == {}

    begun = native.up()
    assert begun.error == ""
    assert begun.outputs["status"] == "AWAITING_APPROVALS"
    assert begun.outputs["started_by_this_resource"] is True
    assert dict(org.writes) == {"EnableAllFeatures": 1}

    # Only waiting is no change.
    waiting = native.preview()
    assert (waiting.op, waiting.differing) == ("same", {})

    org.approve_all()
    ahead = native.preview()
    assert ahead.op == "update"
    assert set(ahead.differing) == {"goal", "steps"}
    assert ahead.said("IRREVERSIBLE: `pulumi up` enables all features by finalizing h-")
    assert org.feature_set == "CONSOLIDATED_BILLING"

    done = native.up()
    assert (done.op, done.error) == ("update", "")
    assert done.outputs["status"] == "ENABLED"
    assert org.feature_set == "ALL"

    # With nothing left to do, AWS is asked nothing.
    org.reset_calls()
    assert [native.up().op, native.preview().op, native.destroy().op] == ["same", "same", "delete"]
    assert org.calls == {}


def test_the_next_up_acts_on_a_refreshs_findings(native: Native, org: Emulator) -> None:
    native.up()
    org.approve_all()

    found = native.refresh()
    again = native.refresh()

    assert (found.op, again.op) == ("refresh", "same")
    assert not found.said("to do")  # the steps of the run before aren't this one's
    assert found.outputs["status"] == "AWAITING_FINALIZATION"
    assert wire.read(native.record.inputs)["goal"].startswith("AWAITING_FINALIZATION")  # type: ignore[union-attr]
    assert native.up().outputs["status"] == "ENABLED"


def test_a_finalization_that_was_announced_and_didnt_come_about_is_announced_again(
    native: Native, org: Emulator
) -> None:
    native.up()
    org.approve_all()
    org.fail("AcceptHandshake", error="InvalidHandshakeTransitionException")
    refused = native.up()
    assert (refused.error, refused.outputs["status"]) == ("", "AWAITING_FINALIZATION")

    done = native.up()

    assert done.outputs["status"] == "ENABLED", done.messages


def test_its_messages_use_the_schemas_names(native: Native) -> None:
    native.declared["approver"] = {"roleName": "NobodyHasIt"}

    ran = native.up()

    said = [ran.outputs["message"], *(text for _, text in ran.messages)]
    assert any("see `waitingFor`" in text for text in said), said
    assert not [text for text in said if "waiting_for" in text]
    # And that is no difference, once a refresh has recorded that the approver has work to do.
    native.refresh()
    assert native.refresh().op == "same"


# -- inputs


@pytest.mark.parametrize(
    ("declared", "blamed", "told"),
    [
        ({"organizationId": "exampleorg"}, "organizationId", "organizationId is 'exampleorg', but"),
        ({"featureSet": "CONSOLIDATED_BILLING"}, "featureSet", "featureSet can only be ALL"),
        ({"finalize": "yes"}, "finalize", "finalize is 'yes'"),
        ({"attempt": 1.5}, "attempt", "must be a whole number"),
        ({"waitUntil": "done"}, "waitUntil", "waitUntil is 'done', but must be one of requested"),
        ({"timeout": "soon"}, "timeout", "must be a time from 1s to 168h"),
        ({"onDestroy": "keep"}, "onDestroy", "onDestroy is 'keep'"),
        (
            {"failUnlessEnabled": "yes"},
            "failUnlessEnabled",
            "failUnlessEnabled is 'yes', but must be true or",
        ),
        (
            {"organization_id": "o-exampleorg1"},
            "",
            "there is no input organization_id. Did you mean organizationId?",
        ),
        ({"odd": "canary"}, "", "there is no input odd. There are approver, "),
        ({"approver": {"roleNam": "canary"}}, "", "no input approver.roleNam. Did you mean roleName?"),
        ({"approver": {"externalId": "canary"}}, "", "approver needs either roleName or roleArnTemplate"),
        (
            {"connection": {"assumeRoles": [{"roleArn": "odd"}]}},
            "",
            "connection.assumeRoles[0].roleArn is 'odd'",
        ),
    ],
)
def test_a_wrong_input_is_reported_in_one_line_at_its_property(
    native: Native, org: Emulator, declared: dict[str, Any], blamed: str, told: str
) -> None:
    native.declared.update(declared)

    refused = native.up()

    assert refused.blamed == [blamed]
    assert refused.error.startswith("configuration-unsupported: ")
    assert told in refused.error
    assert "canary" not in refused.error
    assert "\n" not in refused.error
    assert org.calls == {}


def test_an_unknown_value_is_no_mistake(native: Native, org: Emulator) -> None:
    native.declared.update(organizationId=UNKNOWN, approver=UNKNOWN, timeout=UNKNOWN)

    foreseen = native.preview()

    assert foreseen.error == ""
    assert foreseen.said("not all its inputs are known yet")
    assert org.calls == {}


def test_an_asset_or_a_resource_is_refused_by_its_place(native: Native) -> None:
    reference = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": "canary"}
    native.declared["organizationId"] = reference

    assert (
        native.up().error
        == "configuration-unsupported: organizationId is a resource; give one of its outputs"
    )


@pytest.mark.parametrize(
    ("declared", "differing"),
    [
        ({}, set()),
        ({"timeout": "45m"}, {"timeout"}),
        ({"timeout": "30m", "waitUntil": "requested", "finalize": True, "featureSet": "ALL"}, set()),
        ({"onDestroy": "cancel", "timeout": "1h"}, {"onDestroy", "timeout"}),
        ({"approver": {"roleName": "Approve"}}, {"approver"}),
    ],
)
@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
def test_inputs_differ_property_by_property(
    native: Native, org: Emulator, declared: dict[str, Any], differing: set[str]
) -> None:
    native.up()
    org.reset_calls()
    native.declared.update(declared)

    foreseen = native.preview()

    assert set(foreseen.differing) - {"steps"} == differing
    assert all(each.inputDiff for each in foreseen.differing.values())
    assert org.calls == {}


def test_a_change_that_asks_nothing_of_aws_leaves_known_what_is_known(native: Native, org: Emulator) -> None:
    org.enable_all_features()
    native.up()
    native.declared["timeout"] = "45m"

    assert native.preview().op == "update"
    assert native.up().op == "update"
    assert native.preview().op == "same"


def test_a_resource_stays_with_its_organization(native: Native) -> None:
    native.up()
    native.declared["organizationId"] = "o-anotherorg1"

    refused = native.up()

    assert refused.blamed == ["organizationId"]
    assert "organizationId can't be changed (o-exampleorg1" in refused.error


# -- secrets


@pytest.mark.parametrize("wrap", [lambda value: value, secret, output])
def test_external_ids_are_secret_in_the_state_however_they_were_given(
    native: Native, org: Emulator, wrap: Callable[[Any], Any]
) -> None:
    native.declared["approver"] = wrap({"roleName": "Approve", "externalId": wrap("canary-of-the-approver")})

    def bared() -> list[str]:
        record = native.record
        assert record is not None
        return [each for each in (*bared_in(record.inputs), *bared_in(record.outputs)) if "canary" in each]

    native.up()
    assert bared() == []
    native.refresh()
    assert bared() == []
    org.approve_all()
    native.up()
    assert bared() == []
    assert native.kept()["approver"]["external_id"] == "canary-of-the-approver"


# -- import


def _untouched(_org: Emulator) -> None:
    """Nobody has begun anything."""


def _in_flight(org: Emulator) -> None:
    org.enable_all_features()


def _enabled(org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    org.finalize()


@pytest.mark.parametrize(
    ("before", "status"),
    [(_untouched, "NOT_STARTED"), (_in_flight, "AWAITING_APPROVALS"), (_enabled, "ENABLED")],
)
def test_an_import_takes_what_is_there_and_the_same_program_shows_no_difference(
    native: Native, org: Emulator, before: Callable[[Emulator], None], status: str
) -> None:
    before(org)
    org.reset_calls()

    imported = native.import_(org.organization_id)

    assert (imported.error, imported.differing) == ("", {})
    assert imported.outputs["status"] == status
    assert imported.outputs["started_by_this_resource"] is False
    assert wire.read(native.record.inputs) == {"organizationId": org.organization_id}  # type: ignore[union-attr]
    assert org.writes == {}
    assert native.preview().op == ("update" if status == "NOT_STARTED" else "same")


@pytest.mark.parametrize(
    ("id_", "told"),
    [
        ("exampleorg1", "configuration-unsupported: organizationId is 'exampleorg1', but"),
        ("o-anotherorg1", "organization-mismatch: "),
    ],
)
def test_an_import_of_what_isnt_there_says_so(native: Native, id_: str, told: str) -> None:
    assert native.import_(id_).error.startswith(told)


# -- failures


@pytest.mark.parametrize("scenario", [Scenario(invited=0)], ids=["nobody is asked"])
def test_a_create_that_fails_half_way_keeps_its_state_and_the_next_up_goes_on(
    native: Native, org: Emulator
) -> None:
    org.fail("AcceptHandshake", error="AccessDeniedException", times=9)

    failed = native.up()

    assert failed.op == "half made"
    assert failed.error.startswith("access-denied: ")
    assert "\n" not in failed.error
    assert native.record is not None
    assert native.record.init_errors == [failed.error]
    assert failed.outputs["started_by_this_resource"] is True
    org.clear_faults()

    healed = native.up()

    assert (healed.error, healed.op) == ("", "update")
    assert healed.outputs["status"] == "ENABLED"
    assert native.record.init_errors == []
    assert org.writes["EnableAllFeatures"] == 1


def test_an_update_that_cancels_and_fails_to_start_keeps_that_and_the_next_up_starts(
    native: Native, org: Emulator
) -> None:
    native.up()
    org.decline(org.invited[0])
    native.declared["attempt"] = 2
    org.fail("EnableAllFeatures", error="AccessDeniedException", times=9)

    failed = native.up()

    assert failed.op == "half made"
    assert failed.said("the migration was canceled, but the next step failed: EnableAllFeatures was denied")
    assert (failed.outputs["status"], failed.outputs["attempt_recorded"]) == ("CANCELED", 1)
    assert failed.outputs["message"].endswith(
        "`attempt` was raised to 2, so the next `pulumi up` starts another."
    )
    org.clear_faults()
    foreseen = native.preview()
    assert (foreseen.op, foreseen.error) == ("update", "")
    assert foreseen.said("to do: starting a migration")

    healed = native.up()

    assert (healed.error, healed.outputs["status"]) == ("", "AWAITING_APPROVALS")
    assert native.record is not None
    assert native.record.init_errors == []
    assert org.migrations_started == 2


def test_a_create_that_fails_before_anything_is_written_keeps_nothing(native: Native, org: Emulator) -> None:
    org.fail("EnableAllFeatures", error="AccessDeniedException", times=9)

    failed = native.up()

    assert failed.error.startswith("access-denied: ")
    assert native.record is None


def test_a_timeout_is_no_failure(native: Native, org: Emulator) -> None:
    native.declared.update(waitUntil="approved", timeout="1s")

    ran = native.up()

    assert ran.error == ""
    assert native.record is not None
    assert native.record.init_errors == []
    assert org.writes == {"EnableAllFeatures": 1}
    # It is asked for, so the next run waits again.
    assert native.preview().op == "update"


@pytest.mark.parametrize("ends", ["Cancel", "the call"])
def test_a_wait_ends_early_and_is_recorded(native: Native, org: Emulator, ends: str) -> None:
    native.declared.update(waitUntil="approved", timeout="100h")
    waits = threading.Event()
    org.before("DescribeOrganization", lambda *_: waits.set(), 4)
    ran = Ran()
    with native.serving(ran) as client:
        client.Configure(provider_pb2.ConfigureRequest(args=struct(native.settings)))
        request = provider_pb2.CheckRequest(urn=native.urn, news=struct(native.declared))
        inputs = client.Check(request).inputs
        creating = client.Create.future(provider_pb2.CreateRequest(urn=native.urn, properties=inputs))
        assert waits.wait(60)
        if ends == "Cancel":
            client.Cancel(empty_pb2.Empty())
            made = creating.result(60)
            assert wire.read(made.properties)["status"] == "AWAITING_APPROVALS"
        else:
            creating.cancel()
    assert org.writes == {"EnableAllFeatures": 1}


def test_more_creates_wait_than_a_machine_has_processors(native: Native) -> None:
    """Let more creates wait, and Cancel come through."""
    native.declared.update(waitUntil="approved", timeout="100h")
    with native.serving(Ran()) as client:
        client.Configure(provider_pb2.ConfigureRequest(args=struct(native.settings)))
        request = provider_pb2.CheckRequest(urn=native.urn, news=struct(native.declared))
        inputs = client.Check(request).inputs
        creating = [
            client.Create.future(provider_pb2.CreateRequest(urn=f"{native.urn}{n}", properties=inputs))
            for n in range(40)
        ]
        client.Cancel(empty_pb2.Empty())

        made = [each.result(60) for each in creating]

    assert {wire.read(each.properties)["status"] for each in made} == {"AWAITING_APPROVALS"}


# -- holding back


def test_it_fails_until_all_features_are_enabled_where_that_is_declared(
    native: Native, org: Emulator
) -> None:
    native.declared["failUnlessEnabled"] = True
    warned = "this `pulumi up` fails here unless all features are enabled by then"
    assert native.preview().said(warned)

    failed = native.up()

    assert (failed.op, failed.error.partition(":")[0]) == ("half made", "feature-set-not-enabled")
    assert "(AWAITING_APPROVALS): 0 of 3 approved." in failed.error
    assert "What depends on this resource is held back" in failed.error
    assert native.record is not None
    assert native.record.id == org.organization_id
    assert failed.outputs["started_by_this_resource"] is True
    # A read forgets that it failed, and yet it goes on to.
    for _ in range(2):
        foreseen = native.preview()
        assert (foreseen.op, set(foreseen.differing) - {"steps"}) == ("update", {"goal"})
        assert foreseen.said(warned)
        assert native.refresh().error == ""
        again = native.up()
        assert (again.op, again.error) == ("half made", failed.error)
    assert dict(org.writes) == {"EnableAllFeatures": 1}

    org.approve_all()
    done = native.up()
    assert (done.op, done.error, done.outputs["status"]) == ("update", "", "ENABLED")
    org.reset_calls()
    quiet = native.preview()
    assert (quiet.op, quiet.messages) == ("same", [])
    assert org.calls == {}


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
def test_it_says_nothing_of_failing_where_all_features_are_enabled(native: Native) -> None:
    native.declared["failUnlessEnabled"] = True

    assert not native.preview().said("fails here")
    assert (native.up().error, native.preview().op) == ("", "same")


@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_it_may_wait_without_failing_from_now_on(native: Native, observe: str) -> None:
    native.declared.update(failUnlessEnabled=True, observe=observe)
    native.up()
    assert native.up().op == "half made"
    native.declared["failUnlessEnabled"] = False

    content = native.up()

    assert (content.op, content.error) == ("update", "")
    assert native.record is not None
    assert native.record.init_errors == []
    assert native.preview().op == "same"


# -- the end


@pytest.mark.parametrize(
    ("on_destroy", "approved", "canceled"),
    [("leave", False, False), ("cancel", False, True), ("cancel", True, False)],
)
def test_a_destroy_cancels_only_what_costs_no_approval(
    native: Native, org: Emulator, on_destroy: str, *, approved: bool, canceled: bool
) -> None:
    native.declared["onDestroy"] = on_destroy
    native.up()
    if approved:
        org.approve(org.invited[0])
    org.reset_calls()

    destroyed = native.destroy()

    assert dict(org.writes) == ({"CancelHandshake": 1} if canceled else {})
    assert destroyed.said(
        "canceled the migration"
        if canceled
        else "removed from the stack only"
        if on_destroy == "leave"
        else "nothing"
    )


# -- moving over


def moved(native: Native, org: Emulator) -> dict[str, Any]:
    """Have the state that version 0.1.0 of the dynamic resource left, of a migration that waits."""
    begun = org.enable_all_features()
    stored = json.loads(STORED.read_text().replace("h-0000000000000000000000000", begun["Id"]))
    (kept,) = (r for r in stored["resources"] if r["type"].endswith("OrganizationFeatureSet"))
    native.record = Record(kept["id"], struct(kept["inputs"]), struct(kept["outputs"]), reads_first=False)
    native.declared["onDestroy"] = "cancel"
    org.reset_calls()
    return dict(kept["outputs"])


def test_the_dynamic_resources_record_is_taken_over_in_place(native: Native, org: Emulator) -> None:
    before = moved(native, org)
    assert native.preview().op == "update"

    taken = native.up()

    assert (taken.error, taken.op) == ("", "update")
    assert taken.said("this takes over the record of the dynamic resource")
    assert org.writes == {}
    for name in ("started_by_this_resource", "attempt_recorded", "status", "organization_id", "on_destroy"):
        assert taken.outputs[name] == before[name], name
    assert native.record is not None
    names = {*native.record.inputs.fields, *native.record.outputs.fields}
    assert not [name for name in names if "_" in name]
    assert native.preview().op == "same"
    org.approve_all()
    assert native.up().outputs["status"] == "ENABLED"


def test_a_record_of_the_dynamic_resource_can_be_refreshed_and_destroyed_too(
    native: Native, org: Emulator
) -> None:
    moved(native, org)
    refreshed = native.refresh()
    assert refreshed.error == ""
    assert refreshed.outputs["started_by_this_resource"] is True
    assert native.record is not None
    assert not [n for n in (*native.record.inputs.fields, *native.record.outputs.fields) if "_" in n]

    assert native.destroy().said("canceled the migration")
    assert org.writes == {"CancelHandshake": 1}


# -- the function


def asked(native: Native, token: str = schema.GET_FEATURE_SET, **args: Any) -> Any:
    with native.serving(Ran()) as client:
        client.Configure(provider_pb2.ConfigureRequest(args=struct(native.settings)))
        return client.Invoke(provider_pb2.InvokeRequest(tok=token, args=struct(args)))


def test_the_function_tells_where_an_organization_stands(native: Native, org: Emulator) -> None:
    org.enable_all_features()
    org.reset_calls()

    answer = asked(native, organizationId=org.organization_id)

    said = json.loads(schema.text())["functions"][schema.GET_FEATURE_SET]["outputs"]
    found = wire.read(getattr(answer, "return"))
    assert set(said["required"]) <= set(found) <= set(said["properties"])
    assert found["status"] == "AWAITING_APPROVALS"
    assert org.writes == {}


@pytest.mark.parametrize(
    ("args", "blamed", "told"),
    [
        ({}, "organizationId", "organizationId is None"),
        ({"organizationId": "odd"}, "organizationId", "organizationId is 'odd'"),
        ({"organizationId": "o-exampleorg1", "odd": "canary"}, "", "there is no input odd"),
        (
            {"organizationId": "o-exampleorg1", "connection": {"profile": 1}},
            "",
            "connection.profile must be a text",
        ),
    ],
)
def test_a_wrong_question_is_reported(native: Native, args: dict[str, Any], blamed: str, told: str) -> None:
    (failure,) = asked(native, **args).failures

    assert failure.property == blamed
    assert told in failure.reason
    assert "canary" not in failure.reason
