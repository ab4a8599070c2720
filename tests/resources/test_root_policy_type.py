"""Policy types on the root as resources of a real stack, on the real engine."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import botocore
import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import RootPolicyType
from tests.resources.test_guards import assert_clean
from tests.stacks import ORGANIZATION, Project, feature_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_emulator import Emulator

TAG = "TAG_POLICY"
BACKUP = "BACKUP_POLICY"
ALL = Scenario(feature_set="ALL")
OUTPUTS = ("status", "message", "enabled_by_this_resource", "current_root_id", "root_arn")


@pytest.fixture
def scenario() -> Scenario:
    return ALL


def declare(project: Project, policy_type: str = TAG, name: str = "type", **arguments: Any) -> None:
    """Make one policy type the stack's program, with its outputs as the stack's."""

    def program() -> None:
        given = {"organization_id": ORGANIZATION, "policy_type": policy_type, **arguments}
        resource = RootPolicyType(name, **given)
        for output in OUTPUTS:
            pulumi.export(output, getattr(resource, output))

    project.declare(program)


def declare_several(project: Project, types: Sequence[str]) -> None:
    """Make several policy types the stack's program, none of which depends on another."""

    def program() -> None:
        for each in types:
            RootPolicyType(each, organization_id=ORGANIZATION, policy_type=each)

    project.declare(program)


def client(org: Emulator) -> Any:
    return org.client("organizations", org.management)


def root(org: Emulator) -> dict[str, Any]:
    org.clock.advance(seconds=10)  # what the run has left of AWS's rates doesn't matter to who looks
    return dict(client(org).list_roots()["Roots"][0])


def enabled(org: Emulator) -> set[str]:
    return {each["Type"] for each in root(org)["PolicyTypes"] if each["Status"] == "ENABLED"}


def disable(org: Emulator, policy_type: str = TAG) -> None:
    client(org).disable_policy_type(RootId=root(org)["Id"], PolicyType=policy_type)


def attach(org: Emulator, name: str, target: str) -> str:
    made = client(org).create_policy(Name=name, Description="", Type=TAG, Content=json.dumps({"tags": {}}))
    policy_id = str(made["Policy"]["PolicySummary"]["Id"])
    client(org).attach_policy(PolicyId=policy_id, TargetId=target)
    return policy_id


@pytest.mark.engine_too
def test_from_nothing_to_enabled_and_back(project: Project, org: Emulator) -> None:
    declare(project)
    preview = project.preview()
    assert preview.ops["create"] == 2
    assert org.writes == {}
    ran = project.up()
    assert ran.outputs["status"] == "ENABLED", ran.text
    assert ran.outputs["enabled_by_this_resource"] is True
    assert ran.outputs["current_root_id"] == root(org)["Id"]
    assert ran.outputs["root_arn"] == root(org)["Arn"]
    assert project.resources()["type"]["id"] == f"{root(org)['Id']}/{TAG}"
    assert project.resources()["type"]["type"] == "pulumi-python:dynamic/organizations:RootPolicyType"
    assert enabled(org) == {"SERVICE_CONTROL_POLICY", TAG}

    org.reset_calls()
    for command in (project.up, project.preview):
        assert not command(expect_no_changes=True).failed
    assert org.calls == {}, "once enabled, AWS is asked nothing"
    assert not project.refresh(expect_no_changes=True).failed
    assert org.calls == {"DescribeOrganization": 1, "ListRoots": 1}

    destroyed = project.destroy()
    assert "disabled TAG_POLICY: this resource had enabled it" in destroyed.text
    assert enabled(org) == {"SERVICE_CONTROL_POLICY"}


@pytest.mark.parametrize("scenario", [Scenario()])
def test_it_waits_for_all_features_and_the_next_up_goes_on(project: Project, org: Emulator) -> None:
    declare(project)
    first = project.up()
    assert first.outputs["status"] == "WAITING_FOR_ALL_FEATURES", first.text
    for command in (project.up, project.preview, project.refresh):
        assert not command(expect_no_changes=True).failed, "waiting alone is no change"
    assert org.writes == {}

    org.enable_all_features()
    org.approve_all()
    org.finalize()
    preview = project.preview()
    assert f"to do: enabling TAG_POLICY on root {root(org)['Id']}" in preview.text
    assert preview.ops["update"] == 1
    second = project.up()
    assert second.outputs["status"] == "ENABLED"
    assert second.outputs["enabled_by_this_resource"] is True
    assert "somebody disabled" not in second.text


@pytest.mark.parametrize("scenario", [Scenario()])
def test_the_up_that_finalizes_enables_what_waited(project: Project, org: Emulator) -> None:
    def program() -> None:
        features = feature_set(org)
        early = RootPolicyType("early", organization_id=ORGANIZATION, policy_type=BACKUP)
        RootPolicyType(
            "late",
            organization_id=ORGANIZATION,
            policy_type=TAG,
            opts=pulumi.ResourceOptions(depends_on=[features, early]),
        )

    project.declare(program)
    assert not project.up().failed
    assert project.kept("late")["status"] == "WAITING_FOR_ALL_FEATURES"
    org.approve_all()
    ran = project.up()
    assert not ran.failed, ran.text
    assert project.kept()["status"] == "ENABLED"
    assert project.kept("late")["status"] == "ENABLED", "though another had looked before"
    assert not project.up().failed
    assert project.kept("early")["status"] == "ENABLED"


def test_drift_is_a_property_difference_and_is_mended(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    disable(org)
    looked = project.preview(refresh=True, expect_no_changes=True)
    assert looked.failed
    assert "somebody disabled TAG_POLICY on root" in looked.text
    refreshed = project.refresh(diff=True)
    assert re.search(r'~ goal +: "ENABLED" => "DISABLED"', refreshed.text), refreshed.text
    assert re.search(r'~ goal +: "DISABLED" => "ENABLED"', project.preview(diff=True).text)
    assert "to do: enabling TAG_POLICY" in project.preview().text
    org.reset_calls()
    fixed = project.up()
    assert (fixed.outputs["status"], fixed.outputs["enabled_by_this_resource"]) == ("ENABLED", True)
    assert org.writes == {"EnablePolicyType": 1}
    for command in (project.up, project.refresh):
        assert not command(expect_no_changes=True).failed


def test_a_type_in_use_is_not_disabled_unless_that_is_declared(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    policy_id = attach(org, "aws-guardrails-costs", org.invited[0])
    org.reset_calls()
    refused = project.destroy()
    assert_clean(refused, "policy-type-in-use", policy_id, org.invited[0], "a guardrail of AWS Control Tower")
    assert org.writes == {}
    assert TAG in enabled(org)
    declare(project, on_destroy="disable")
    changed = project.up()
    assert changed.ops["update"] == 1
    assert not project.destroy().failed
    assert TAG not in enabled(org)


def test_left_is_left(project: Project, org: Emulator) -> None:
    declare(project, on_destroy="leave")
    project.up()
    org.reset_calls()
    assert "TAG_POLICY is left as it is: on_destroy is leave" in project.destroy().text
    assert org.calls == {}
    assert TAG in enabled(org)


def test_an_adopted_service_is_left(project: Project, org: Emulator) -> None:
    declare(project, "SERVICE_CONTROL_POLICY", on_destroy="disable")
    ran = project.up()
    assert (ran.outputs["status"], ran.outputs["enabled_by_this_resource"]) == ("ENABLED", False)
    assert "this resource didn't enable it" in project.destroy().text
    assert org.writes == {}
    assert "SERVICE_CONTROL_POLICY" in enabled(org)


@pytest.mark.parametrize("on_destroy", ["refuse-if-used", "disable"])
def test_a_rename_disables_nothing(project: Project, org: Emulator, on_destroy: str) -> None:
    declare(project, on_destroy=on_destroy)
    project.up()
    policy_id = attach(org, "costs", root(org)["Id"])
    org.reset_calls()
    declare(project, name="renamed", on_destroy=on_destroy)
    ran = project.up()
    assert not ran.failed, ran.text
    assert "another resource of the program keeps it" in ran.text
    assert set(project.resources()) == {"renamed"}
    assert org.writes == {}
    assert client(org).list_targets_for_policy(PolicyId=policy_id)["Targets"]


def test_a_rename_with_an_alias_keeps_whose_it_is(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="type")])
    declare(project, name="renamed", opts=opts)
    assert not project.up(expect_no_changes=True).failed
    project.destroy()
    assert TAG not in enabled(org)


def test_naming_the_root_that_was_found_replaces_nothing(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    org.reset_calls()
    declare(project, root_id=root(org)["Id"])
    ran = project.up()
    assert ran.ops["update"] == 1, ran.text
    assert org.writes == {}
    declare(project, root_id="r-none")
    assert project.preview().ops["replace"] == 1
    assert_clean(project.up(), "root-not-found", root(org)["Id"], "r-none")
    assert enabled(org) == {"SERVICE_CONTROL_POLICY", TAG}


@pytest.mark.parametrize(
    ("policy_type", "arguments", "words"),
    [
        ("tag-policy", {}, "AWS's policy types are capitals: did you mean TAG_POLICY?"),
        ("Somewhat", {}, "AWS's policy types are capitals, like TAG_POLICY"),
        (TAG, {"root_id": "ou-root-12345678"}, "root_id is 'ou-root-12345678'"),
        (TAG, {"on_destroy": "delete"}, "on_destroy is 'delete', but must be one of refuse-if-used, "),
        (TAG, {"organization_id": "123456789012"}, "organization_id is '123456789012'"),
        (TAG, {"connection": {"regoin": "x"}}, "connection has no setting 'regoin'"),
    ],
)
def test_bad_inputs_are_refused_by_name(
    project: Project, org: Emulator, policy_type: str, arguments: dict[str, Any], words: str
) -> None:
    declare(project, policy_type, **arguments)
    for command in (project.preview, project.up):
        ran = command()
        assert ran.failed
        assert words in ran.text
        assert "Traceback" not in ran.text
    assert org.calls == {}


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
@pytest.mark.parametrize(
    ("policy_type", "hint"),
    [
        ("NEXT_YEARS_POLICY", "AWS decides whether there is such a type"),
        ("SERVICE_CONTROL_POLICIES", "Did you mean SERVICE_CONTROL_POLICY? If not, AWS decides"),
    ],
)
def test_a_type_that_botocore_does_not_know_is_left_to_aws_to_judge(
    project: Project, org: Emulator, policy_type: str, hint: str
) -> None:
    declare(project, policy_type)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert f"botocore {botocore.__version__} doesn't know {policy_type}. {hint}" in preview.text
    assert_clean(project.up(), "policy-type-not-available", policy_type)
    assert policy_type not in enabled(org)


def test_another_organization_is_an_error(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    declare(project, organization_id="o-somebodyelse")
    ran = project.up()
    assert ran.failed
    assert f"organization_id can't be changed ({ORGANIZATION} to o-somebodyelse)" in ran.text
    declare(project, name="other", organization_id="o-somebodyelse")
    assert_clean(project.up(), "organization-mismatch", ORGANIZATION, "o-somebodyelse")
    assert org.writes == {"EnablePolicyType": 1}


def test_other_credentials_do_not_make_it_gone(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    project.configure(org, org.invited[0])
    assert_clean(project.refresh(run_program=True), "not-management-account", org.invited[0])
    assert project.kept("type")["status"] == "ENABLED"


def test_an_explicit_aws_provider_is_an_error(project: Project) -> None:
    class AwsProvider(pulumi.ProviderResource):
        """A provider as a program names it, but unknown to the engine, which would want its plugin."""

        def __init__(self) -> None:
            self.package = "aws"

    declare(project, opts=pulumi.ResourceOptions(provider=AwsProvider()))
    assert_clean(project.up(), "provider-ignored", "the stack's own credentials would be used")


def test_unknown_inputs_in_a_preview(project: Project, org: Emulator) -> None:
    def program() -> None:
        made = RootPolicyType("first", organization_id=ORGANIZATION, policy_type=TAG).message
        RootPolicyType(
            "second",
            organization_id=made.apply(lambda _: ORGANIZATION),
            policy_type=made.apply(lambda _: BACKUP),
            root_id=made.apply(lambda _: root(org)["Id"]),
        )

    project.declare(program)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert preview.ops["create"] == 3
    assert not project.up().failed
    assert {TAG, BACKUP} <= enabled(org)
    assert not project.up(expect_no_changes=True).failed


@pytest.mark.parametrize(
    ("who", "reference"), [("a member", "not-management-account"), ("a stranger", "organization-mismatch")]
)
def test_a_first_preview_fails_on_what_is_certain_to_fail(
    project: Project, org: Emulator, who: str, reference: str
) -> None:
    if who == "a member":
        project.configure(org, org.invited[0])
    organization_id = org.organization_id if who == "a member" else "o-another0001"
    project.declare(lambda: RootPolicyType("type", organization_id=organization_id, policy_type="TAG_POLICY"))
    preview = project.preview()
    assert preview.failed
    assert reference in preview.text
    assert "Traceback" not in preview.text


def test_a_first_preview_without_an_answer_warns(project: Project, org: Emulator) -> None:
    org.fail("DescribeOrganization", error="ServiceException", nth=1, times=10)
    project.declare(
        lambda: RootPolicyType("type", organization_id=org.organization_id, policy_type="TAG_POLICY")
    )
    preview = project.preview()
    assert not preview.failed, preview.text
    assert "can't preview which policy types must be enabled first" in preview.text
