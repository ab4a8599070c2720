"""Trusted services as resources of a stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario
from aws_org_features import TrustedService
from tests.reconcile.on_off import delegate, trust, trusted
from tests.resources.test_guards import assert_clean
from tests.stacks import ORGANIZATION, Project, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

INSPECTOR = "inspector2.amazonaws.com"
RAM = "ram.amazonaws.com"
OUTPUTS = ("status", "message", "enabled_by_this_resource")


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


def declare(project: Project, principal: str = INSPECTOR, name: str = "service", **arguments: Any) -> None:
    """Make one trusted service the stack's program, with its outputs as the stack's."""

    def program() -> None:
        given = {"organization_id": ORGANIZATION, "service_principal": principal, **arguments}
        resource = TrustedService(name, **given)
        for output in OUTPUTS:
            pulumi.export(output, getattr(resource, output))

    project.declare(program)


@pytest.mark.engine_too
def test_from_nothing_to_trusted_and_back(project: Project, org: Emulator) -> None:
    declare(project)
    preview = project.preview()
    assert preview.ops["create"] == 2
    assert f"to do: enabling trusted access of {INSPECTOR} to organization {ORGANIZATION}" in preview.text
    assert org.writes == {}
    ran = project.up()
    assert ran.outputs["status"] == "ENABLED", ran.text
    assert ran.outputs["enabled_by_this_resource"] is True
    kept = project.resources()["service"]
    assert kept["id"] == f"{ORGANIZATION}/{INSPECTOR}"
    assert kept["type"] == "pulumi-python:dynamic/organizations:TrustedService"
    # Names that stand in users' states.
    inputs = {"organization_id", "service_principal", "on_destroy", "goal", "__provider"}
    assert set(kept["inputs"]) == inputs
    assert set(kept["outputs"]) == {*inputs, "management_account_id", "enabled", *OUTPUTS}
    assert trusted(org) == {INSPECTOR}

    org.reset_calls()
    for command in (project.up, project.preview):
        assert not command(expect_no_changes=True).failed
    assert org.calls == {}, "once enabled, AWS is asked nothing"
    assert not project.refresh(expect_no_changes=True).failed
    assert org.calls == {"DescribeOrganization": 1, "ListAWSServiceAccessForOrganization": 1}

    destroyed = project.destroy()
    assert f"disabled {INSPECTOR}: this resource had enabled it" in destroyed.text
    assert "AWS recommends to disable it by the service's own console or commands first" in destroyed.text
    assert trusted(org) == set()


@pytest.mark.parametrize("scenario", [Scenario()])
def test_it_waits_for_all_features_and_goes_on_in_the_up_that_finalizes(
    project: Project, org: Emulator
) -> None:
    def program() -> None:
        features = feature_set(org)
        early = TrustedService("early", organization_id=ORGANIZATION, service_principal=RAM)
        behind = pulumi.ResourceOptions(depends_on=[features, early])
        TrustedService("late", organization_id=ORGANIZATION, service_principal=INSPECTOR, opts=behind)

    project.declare(program)
    assert not project.up().failed
    assert project.kept("early")["status"] == project.kept("late")["status"] == "WAITING_FOR_ALL_FEATURES"
    for command in (project.up, project.preview, project.refresh):
        assert not command(expect_no_changes=True).failed, "waiting alone is no change"
    assert set(org.writes) == {"EnableAllFeatures"}

    org.approve_all()
    ran = project.up()
    assert not ran.failed, ran.text
    assert project.kept("late")["status"] == "ENABLED", "though another had looked before"
    preview = project.preview()
    assert f"to do: enabling trusted access of {RAM}" in preview.text
    assert preview.ops["update"] == 1
    assert not project.up().failed
    assert trusted(org) == {RAM, INSPECTOR}


def test_drift_is_a_property_difference_and_is_mended(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    trust(org, "disable")
    looked = project.preview(refresh=True, expect_no_changes=True)
    assert looked.failed
    assert f"somebody disabled trusted access of {INSPECTOR}" in looked.text
    refreshed = project.refresh(diff=True)
    assert re.search(r'~ goal +: "ENABLED" => "DISABLED"', refreshed.text), refreshed.text
    assert re.search(r'~ goal +: "DISABLED" => "ENABLED"', project.preview(diff=True).text)
    org.reset_calls()
    fixed = project.up()
    assert (fixed.outputs["status"], fixed.outputs["enabled_by_this_resource"]) == ("ENABLED", True)
    assert org.writes == {"EnableAWSServiceAccess": 1}
    for command in (project.up, project.refresh):
        assert not command(expect_no_changes=True).failed


def test_a_service_with_an_administrator_stays_unless_that_is_declared(
    project: Project, org: Emulator
) -> None:
    declare(project)
    project.up()
    delegate(org)
    org.reset_calls()
    assert_clean(project.destroy(), "trusted-service-in-use", INSPECTOR, org.invited[0])
    assert org.writes == {}
    declare(project, on_destroy="leave")
    assert project.up().ops["update"] == 1
    org.reset_calls()
    assert f"{INSPECTOR} is left as it is: on_destroy is leave" in project.destroy().text
    assert org.calls == {}
    assert trusted(org) == {INSPECTOR}

    # Now it is adopted, and nobody's to disable.
    declare(project, on_destroy="disable")
    ran = project.up()
    assert (ran.outputs["status"], ran.outputs["enabled_by_this_resource"]) == ("ENABLED", False)
    assert "this resource didn't enable it" in project.destroy().text
    assert trusted(org) == {INSPECTOR}


def test_a_rename_disables_nothing_and_another_service_is_another_resource(
    project: Project, org: Emulator
) -> None:
    declare(project)
    project.up()
    declare(project, name="renamed")
    ran = project.up()
    assert "another resource of the program keeps it" in ran.text
    assert set(project.resources()) == {"renamed"}
    assert org.writes == {"EnableAWSServiceAccess": 1}

    declare(project, RAM, name="again")
    project.up()
    declare(project, "iam.amazonaws.com", name="again")
    assert project.preview().ops["replace"] == 1
    ran = project.up()
    assert not ran.failed, ran.text
    assert trusted(org) == {INSPECTOR, "iam.amazonaws.com"}, (
        "the new one came first, and then the old one went"
    )


def test_aws_judges_a_typo_and_a_service_with_its_own_command_is_reported(
    project: Project, org: Emulator
) -> None:
    declare(project, "inspectr2.amazonaws.com")
    preview = project.preview()
    assert not preview.failed, preview.text
    assert f"did you mean {INSPECTOR}? If not, AWS decides" in preview.text
    assert_clean(project.up(), "trusted-service-unknown", f"Did you mean {INSPECTOR}?")

    declare(project, RAM)
    ran = project.up()
    assert "AWS's guide says to run `aws ram enable-sharing-with-aws-organization`" in ran.text
    assert ran.outputs["status"] == "ENABLED", "AWS decides"
    assert trusted(org) == {RAM}


def test_other_credentials_do_not_make_it_gone(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    project.configure(org, org.invited[0])
    assert_clean(project.refresh(run_program=True), "not-management-account", org.invited[0])
    assert project.kept("service")["status"] == "ENABLED"


def test_a_first_preview_without_an_answer_warns_of_services(project: Project, org: Emulator) -> None:
    org.fail("DescribeOrganization", error="ServiceException", nth=1, times=10)
    declare(project)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert "can't preview which services must be trusted first" in preview.text
    assert "policy types" not in preview.text
