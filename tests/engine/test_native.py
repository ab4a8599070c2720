"""The native provider under the real engine; from YAML, unless a test says otherwise."""

from __future__ import annotations

import json
import re
import shutil
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario
from tests.docs import pages
from tests.engine.processes import PATIENCE_SECONDS, is_gone, kill, plugins, until
from tests.engine.test_state import STORED
from tests.harness.another_organization import AnotherOrganization
from tests.harness.languages import guides_project
from tests.harness.yaml_project import YamlProject
from tests.plugin.cases import CASES
from tools.docs import native_programs

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.plugin.cases import Case


@pytest.fixture(autouse=True, scope="session")
def _the_host_is_here() -> None:
    if shutil.which("pulumi-language-yaml") is None:
        pytest.fail("there is no pulumi-language-yaml on PATH: run the tests with `make test`")


@pytest.fixture
def stack(tmp_path: Path) -> YamlProject:
    return YamlProject(tmp_path)


def status(stack: YamlProject, name: str = "features") -> str:
    return str(stack.state()[name]["outputs"]["status"])


@pytest.mark.exhaustive
def test_an_explicit_provider_acts_by_a_profile(stack: YamlProject, org: Emulator, tmp_path: Path) -> None:
    keys = org.credentials(org.management)
    (tmp_path / "aws-config").write_text(
        f"[profile first]\nregion = us-east-1\nendpoint_url = {org.endpoint}\n"
        f"aws_access_key_id = {keys.access_key_id}\naws_secret_access_key = {keys.secret_access_key}\n"
    )
    stack.set_environment(AWS_CONFIG_FILE=str(tmp_path / "aws-config"))
    stack.take(native_programs.yaml_program("providers"))

    begun = stack.up()

    assert begun.code == 0, begun.text
    assert status(stack) == "AWAITING_APPROVALS"
    assert stack.state()["first"]["inputs"]["profile"] == "first"


@pytest.mark.exhaustive
def test_two_explicit_providers_act_in_two_organizations(stack: YamlProject, org: Emulator) -> None:
    with AnotherOrganization() as another:
        stack.declare("one", org, stack.declare_provider("oneProvider", org))
        stack.declare("two", another, stack.declare_provider("twoProvider", another))

        begun = stack.up()

        assert begun.code == 0, begun.text
        assert [status(stack, name) for name in ("one", "two")] == ["AWAITING_APPROVALS"] * 2
        assert org.writes == {"EnableAllFeatures": 1}
        assert "emulated" not in stack.stored()
        another.approve_all()
        stack.up()
        assert [status(stack, name) for name in ("one", "two")] == ["AWAITING_APPROVALS", "ENABLED"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("approved", [False, True])
def test_another_name_with_another_provider_cancels_nothing(
    stack: YamlProject, org: Emulator, *, approved: bool
) -> None:
    stack.declare("old", org, stack.declare_provider("oneProvider", org), onDestroy="cancel")
    second = stack.declare_provider("twoProvider", org)
    stack.up()
    if approved:
        org.approve(org.invited[0])
    del stack.resources["old"], stack.outputs["oldStatus"]
    stack.declare("new", org, second, onDestroy="cancel")

    renamed = stack.up()

    assert renamed.did("- 1 deleted"), renamed.text
    assert "nothing was canceled: another resource of the program keeps the migration" in renamed.text
    assert org.writes["CancelHandshake"] == 0
    assert status(stack, "new") == "AWAITING_APPROVALS"


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")], ids=["enabled"])
@pytest.mark.parametrize("replaced", [False, True])
def test_another_provider_leaves_a_policy_type_enabled(
    stack: YamlProject, org: Emulator, *, replaced: bool
) -> None:
    given = {"policyType": "TAG_POLICY", "onDestroy": "disable"}
    stack.declare_one("RootPolicyType", "old", org, stack.declare_provider("oneProvider", org), **given)
    second = stack.declare_provider("twoProvider", org)
    assert stack.up().code == 0
    org.reset_calls()
    del stack.resources["old"]
    stack.declare_one("RootPolicyType", "old" if replaced else "new", org, second, **given)

    changed = stack.up(*(["--replace", "**RootPolicyType**"] if replaced else []))

    assert changed.did("+-1 replaced" if replaced else "- 1 deleted"), changed.text
    assert "TAG_POLICY is left as it is: another resource of the program keeps it" in changed.text
    assert org.writes == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("program", "warned"),
    [
        ("gate", "the gate is closed unless all features are enabled by then"),
        ("fails", "this `pulumi up` fails here unless all features are enabled by then"),
    ],
)
def test_dependents_on_all_features_are_held_back(
    stack: YamlProject, org: Emulator, program: str, warned: str
) -> None:
    stack.act_as(org)
    stack.take(native_programs.yaml_program(program))
    assert warned in stack.preview().text

    for _ in range(2):
        held = stack.up()
        assert held.code != 0
        assert "feature-set-not-enabled: o-exampleorg1 doesn't have all features enabled yet" in held.text
        assert set(stack.state()) & {"features", "gate", "tags"} == {"features"}
        assert status(stack) == "AWAITING_APPROVALS"
    assert org.writes == {"EnableAllFeatures": 1}
    org.approve_all()
    opened = stack.up()
    assert opened.code == 0, opened.text
    assert [status(stack), status(stack, "tags")] == ["ENABLED", "ENABLED"]
    org.reset_calls()
    assert stack.preview("--expect-no-changes").code == 0
    assert org.calls == {}


@pytest.mark.exhaustive
def test_the_up_that_finalizes_enables_what_waited(stack: YamlProject, org: Emulator) -> None:
    stack.act_as(org)
    stack.declare("features", org)
    after = {"dependsOn": ["${features}"]}
    stack.declare_one("RootPolicyType", "tags", org, after, policyType="TAG_POLICY")
    assert stack.up().code == 0
    assert status(stack, "tags") == "WAITING_FOR_ALL_FEATURES"
    assert stack.preview("--expect-no-changes").code == 0
    org.approve_all()

    done = stack.up()

    assert done.did("~ 2 updated"), done.text
    assert "to do: enabling TAG_POLICY on root r-" in done.text
    assert [status(stack), status(stack, "tags")] == ["ENABLED", "ENABLED"]
    assert stack.preview("--expect-no-changes").code == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("on_destroy", ["cancel", "leave"])
@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize("how", ["replace", "delete before replace"])
def test_a_replacement_that_somebody_asks_for_loses_no_approval(
    stack: YamlProject, org: Emulator, how: str, on_destroy: str, *, approved: bool
) -> None:
    stack.act_as(org)
    options = {"deleteBeforeReplace": how == "delete before replace"}
    stack.declare("features", org, options, onDestroy=on_destroy)
    stack.up()
    if approved:
        org.approve(org.invited[0])

    replaced = stack.up("--replace", stack.state()["features"]["urn"])

    assert replaced.code == 0, replaced.text
    assert status(stack) == "AWAITING_APPROVALS"
    if options["deleteBeforeReplace"] and on_destroy == "cancel" and not approved:
        # The user asked for it in so many words; nobody had approved. It goes on by itself.
        assert org.writes == {"EnableAllFeatures": 2, "CancelHandshake": 1}
        return
    assert org.writes == {"EnableAllFeatures": 1}
    assert stack.state()["features"]["outputs"]["approvals"]["accepted"] == int(approved)


@pytest.mark.exhaustive
@pytest.mark.parametrize("on_destroy", ["cancel", "leave"])
@pytest.mark.parametrize(
    "options", [{}, {"replaceOnChanges": ["organizationId"], "deleteBeforeReplace": True}]
)
def test_another_organizations_id_replaces_nothing_and_is_refused_before_it_costs_anything(
    stack: YamlProject, org: Emulator, options: dict[str, Any], on_destroy: str
) -> None:
    stack.act_as(org)
    stack.declare("features", org, options, onDestroy=on_destroy)
    stack.up()
    kept = stack.state()["features"]
    stack.resources["features"]["properties"]["organizationId"] = "o-another1org"

    for refused in (stack.preview(), stack.up()):
        assert refused.code != 0
        told = "configuration-unsupported: organizationId can't be changed (o-exampleorg1 to o-another1org)"
        assert told in refused.text, refused.text
    assert stack.state()["features"]["outputs"] == kept["outputs"]
    assert org.writes == {"EnableAllFeatures": 1}


@pytest.mark.exhaustive
@pytest.mark.parametrize(("approved", "canceled"), [(False, 1), (True, 0)])
def test_a_resource_of_another_organization_keeps_this_ones_migration_for_nobody(
    stack: YamlProject, org: Emulator, *, approved: bool, canceled: int
) -> None:
    """Another name and another organization at once: the old resource is gone, and was declared to cancel."""
    with AnotherOrganization() as another:
        stack.declare("one", org, stack.declare_provider("oneProvider", org), onDestroy="cancel")
        stack.up()
        if approved:
            org.approve(org.invited[0])
        del stack.resources["one"], stack.outputs["oneStatus"]
        options = stack.declare_provider("twoProvider", another)
        stack.declare("two", another, options, onDestroy="cancel")

        moved = stack.up()

        assert moved.code == 0, moved.text
        assert status(stack, "two") == "AWAITING_APPROVALS"
        assert org.writes["CancelHandshake"] == canceled
        assert ("somebody has approved it" in moved.text) is approved


@pytest.mark.exhaustive
def test_an_import_prints_a_program_that_shows_no_change(stack: YamlProject, org: Emulator) -> None:
    stack.act_as(org)
    org.enable_all_features()
    org.reset_calls()

    typed = pages.commands(pages.NATIVE, "Import")[0].split()
    imported = stack.command(*typed[1:], "--yes", "--skip-preview", "--protect=false")

    assert imported.code == 0, imported.text
    assert re.search(r"properties:\n\s+organizationId: o-exampleorg1\n", imported.text), imported.text
    stack.declare("features", org)
    shown = stack.preview("--diff")
    assert "to update" not in shown.text, shown.text
    assert "to create" not in shown.text, shown.text
    assert org.writes == {}
    assert status(stack) == "AWAITING_APPROVALS"


@pytest.mark.exhaustive
def test_an_import_takes_an_explicit_provider(stack: YamlProject, org: Emulator) -> None:
    with AnotherOrganization() as another:
        stack.declare_provider("one", org)
        options = stack.declare_provider("two", another)
        stack.up()
        listed = stack.command("stack", "--show-urns").text
        (urn,) = re.findall(r"URN: (\S+::two)\n", listed)

        imported = stack.command(
            "import",
            "org-features:index:OrganizationFeatureSet",
            "second",
            another.organization_id,
            *("--provider", f"two={urn}", "--yes", "--skip-preview"),
        )

        assert imported.code == 0, imported.text
        assert "provider: ${two}" in imported.text
        stack.declare("second", another, options)
        assert stack.preview("--diff").did("~ 1 to update"), "it starts the migration"
        assert status(stack, "second") == "NOT_STARTED"
        assert org.calls == {}


@pytest.mark.parametrize("approvals", [pytest.param(0, marks=pytest.mark.exhaustive), 2])
def test_the_dynamic_resources_state_is_taken_over_in_place(
    stack: YamlProject, org: Emulator, approvals: int
) -> None:
    begun = org.enable_all_features()
    for account_id in org.invited[:approvals]:
        org.approve(account_id)
    stack.act_as(org)
    stack.restore(json.loads(_stored(org, begun["Id"])))
    stack.declare("org", org, onDestroy="cancel")
    org.reset_calls()

    taken = stack.up()

    assert taken.did("~ 1 updated"), taken.text
    assert org.writes == {}
    kept = stack.state()
    assert kept["org"]["type"] == "org-features:index:OrganizationFeatureSet"
    assert kept["org"]["outputs"]["startedByThisResource"] is True
    assert kept["org"]["outputs"]["approvals"]["accepted"] == approvals
    org.approve_all()
    stack.up()
    assert status(stack, "org") == "ENABLED"
    assert org.writes == {"AcceptHandshake": 1}


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)  # the packages may have to be got
def test_a_program_in_python_moves_from_the_dynamic_resource_to_the_sdk(
    org: Emulator, tmp_path: Path
) -> None:
    begun = org.enable_all_features()
    org.approve(org.invited[0])
    stack = guides_project("python", tmp_path)
    program = stack.folder / "__main__.py"
    program.write_text(program.read_text().replace('"features"', '"org"'))
    stack.act_as(org)
    stack.restore(json.loads(_stored(org, begun["Id"])))
    org.reset_calls()

    taken = stack.up()

    assert taken.did("~ 1 updated"), taken.text
    assert org.writes == {}
    kept = stack.state()["org"]
    assert kept["type"] == "org-features:index:OrganizationFeatureSet"
    assert kept["outputs"]["startedByThisResource"] is True
    assert kept["outputs"]["approvals"]["accepted"] == 1


@pytest.mark.exhaustive
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_waiting_resource_is_taken_over_and_goes_on(stack: YamlProject, org: Emulator, case: Case) -> None:
    stack.act_as(org, case.account_id)
    stack.restore(case.stored_state(org))
    stack.declare_one(case.name, case.stored_name, org, **case.declared)

    taken = stack.up()

    assert taken.did("~ 1 updated"), taken.text
    assert org.writes == {}
    assert stack.state()[case.stored_name]["type"] == case.token
    assert stack.preview("--expect-no-changes").code == 0
    case.comes(org)
    ahead = stack.preview("--diff")
    assert ahead.did("~ 1 to update"), ahead.text
    assert case.to_do in ahead.text
    assert re.search(rf'~ goal *: ".+" => "{case.done}"', ahead.text), ahead.text
    done = stack.up()
    assert done.did("~ 1 updated"), done.text
    assert status(stack, case.stored_name) == case.done
    assert stack.preview("--expect-no-changes").code == 0


def _stored(org: Emulator, handshake_id: str) -> str:
    """The state of version 0.1.0, as if this organization had been there then."""
    stored = STORED.read_text().replace("h-0000000000000000000000000", handshake_id)
    return re.sub(r"http://127\.0\.0\.1:\d+", org.endpoint, stored)


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(invited=0)], ids=["nobody is asked"])
def test_a_create_that_fails_half_way_is_kept_and_healed(stack: YamlProject, org: Emulator) -> None:
    stack.act_as(org)
    stack.declare("features", org)
    org.fail("AcceptHandshake", error="AccessDeniedException", times=9)

    failed = stack.up()

    assert failed.code != 0
    # The engine's own way to list what went wrong with a resource that it keeps.
    assert "error: 1 error occurred:\n    \t* access-denied: AcceptHandshake of h-" in failed.text, (
        failed.text
    )
    assert "Traceback" not in failed.text
    kept = stack.state()["features"]
    assert kept["id"] == org.organization_id
    assert kept["initErrors"][0].startswith("access-denied: ")
    org.clear_faults()
    healed = stack.up()
    assert healed.did("~ 1 updated"), healed.text
    assert "initErrors" not in stack.state()["features"]
    assert status(stack) == "ENABLED"
    assert org.writes["EnableAllFeatures"] == 1


@pytest.mark.exhaustive
def test_mistakes_are_one_line_at_their_place(stack: YamlProject, org: Emulator) -> None:
    stack.act_as(org)
    stack.declare("features", org, timeout="soon", onDestroy="cancel")

    refused = stack.preview()

    told = "property timeout value {soon} has a problem: configuration-unsupported: timeout is 'soon', but"
    assert told in refused.text
    assert "Traceback" not in refused.text
    assert org.calls == {}


@pytest.mark.exhaustive
def test_a_wrong_setting_is_reported_by_name_and_secrets_are_secret(
    stack: YamlProject, org: Emulator
) -> None:
    options = stack.declare_provider("explicit", org)
    properties: dict[str, Any] = stack.resources["explicit"]["properties"]
    properties["token"] = "canary-of-the-session"  # noqa: S105
    properties["assumeRoles"] = [
        {"roleArn": "arn:aws:iam::111111111111:role/Deploy", "externalId": "canary-of-the-role"}
    ]
    stack.declare("features", org, options)

    begun = stack.up()

    assert "canary" not in stack.stored()
    assert "emulated" not in stack.stored()
    assert "canary" not in begun.text
    properties["assumeRoles"][0]["roleArn"] = "Deploy"
    refused = stack.preview()
    assert refused.code != 0
    assert "configuration-unsupported: org-features:assumeRole has roleArn 'Deploy'" in refused.text, (
        refused.text
    )


def waiting(stack: YamlProject, org: Emulator) -> subprocess.Popen[str]:
    """An `up` that waits for approvals."""
    stack.act_as(org)
    stack.declare("features", org, waitUntil="approved", timeout="100h")
    waits = threading.Event()
    org.before("DescribeOrganization", lambda *_: waits.set(), 5)
    running = stack.start("up", "--yes", "--skip-preview")
    assert waits.wait(PATIENCE_SECONDS)
    return running


@pytest.mark.exhaustive
def test_an_interrupt_ends_a_wait_and_keeps_what_was_reached(stack: YamlProject, org: Emulator) -> None:
    running = waiting(stack, org)

    running.send_signal(signal.SIGINT)

    text, _ = running.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in text
    assert status(stack) == "AWAITING_APPROVALS"
    assert "pending_operations" not in stack.stored()
    assert org.writes == {"EnableAllFeatures": 1}


@pytest.mark.exhaustive
def test_a_plugin_whose_engine_is_killed_ends_and_the_next_up_adopts_what_it_began(
    stack: YamlProject, org: Emulator
) -> None:
    running = waiting(stack, org)
    orphans = plugins()
    assert orphans

    kill([running.pid])

    until(lambda: all(map(is_gone, orphans)), "the plugins have ended")
    running.communicate()
    stack.command("cancel", "--yes")
    org.approve_all()
    again = stack.up()
    assert again.code == 0, again.text
    assert status(stack) == "ENABLED"
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 1}
