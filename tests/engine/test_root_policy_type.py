"""Policy types on the root as resources of a real stack, on the real engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features import AllFeaturesGate, RootPolicyType
from aws_org_features.aws import known_policy_types
from tests.resources.test_guards import assert_clean
from tests.resources.test_root_policy_type import (
    BACKUP,
    TAG,
    client,
    declare,
    declare_several,
    disable,
    enabled,
)
from tests.stacks import ORGANIZATION, Project, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

_NOT_OFFERED = ("CHATBOT_POLICY", "INSPECTOR_POLICY", "SECURITYHUB_POLICY")
_OFFERED = tuple(each for each in known_policy_types() if each not in _NOT_OFFERED)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "scenario", [Scenario(feature_set="ALL", policy_types=_OFFERED, switches=Switches(throttling=True))]
)
def test_every_type_in_one_stack_goes_at_aws_rate_and_those_not_offered_are_named(
    project: Project, org: Emulator
) -> None:
    client(org).enable_aws_service_access(ServicePrincipal="guardduty.amazonaws.com")
    declare_several(project, known_policy_types())
    ran = project.up(parallel=16, continue_on_error=True)
    for each in _NOT_OFFERED:
        words = f"AWS refuses EnablePolicyType of {each}: ", f"so {each} isn't available in the "
        assert_clean(
            ran, "policy-type-not-available", *words, "Remove the resource from the program", of=each
        )
    assert "TooManyRequests" not in ran.text
    assert "throttled" not in ran.text
    kept = project.resources()
    assert {each for each in known_policy_types() if each in kept} == set(_OFFERED)
    assert {kept[each]["outputs"]["status"] for each in _OFFERED} == {"ENABLED"}
    assert enabled(org) == set(_OFFERED)
    # Each was asked for once, but for the one that was on already.
    assert org.writes == {"EnablePolicyType": len(known_policy_types()) - 1, "EnableAWSServiceAccess": 1}

    disable(org)
    assert re.search(r'~ goal +: "ENABLED" => "DISABLED"', project.refresh(diff=True).text)
    declare_several(project, _OFFERED)
    org.reset_calls()
    fixed = project.up()
    assert not fixed.failed, fixed.text
    assert fixed.ops["update"] == 1
    assert org.writes == {"EnablePolicyType": 1}
    assert enabled(org) == set(_OFFERED)
    org.reset_calls()
    assert not project.preview(expect_no_changes=True).failed
    assert not project.refresh(expect_no_changes=True).failed
    assert org.calls == {"DescribeOrganization": 1, "ListRoots": 1}, "they share a look"


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "scenario", [Scenario(feature_set="ALL", switches=Switches(policy_type_changes="read"))]
)
def test_types_that_aws_enables_in_the_background_do_not_collide(project: Project, org: Emulator) -> None:
    declare_several(project, [TAG, BACKUP, "CHATBOT_POLICY"])
    ran = project.up()
    assert not ran.failed, ran.text
    assert enabled(org) == {"SERVICE_CONTROL_POLICY", TAG, BACKUP, "CHATBOT_POLICY"}
    assert not project.destroy().failed
    assert enabled(org) == {"SERVICE_CONTROL_POLICY"}
    assert org.writes == {"EnablePolicyType": 3, "DisablePolicyType": 3}, "none was refused"


@pytest.mark.parametrize("scenario", [Scenario()])
def test_behind_a_gate(project: Project, org: Emulator) -> None:
    def program() -> None:
        gate = AllFeaturesGate("gate", feature_set=feature_set(org))
        behind = pulumi.ResourceOptions(depends_on=[gate])
        RootPolicyType("type", organization_id=ORGANIZATION, policy_type=TAG, opts=behind)

    project.declare(program)
    assert project.up().failed
    assert "type" not in project.resources()
    org.approve_all()
    assert not project.up().failed
    assert project.kept("type")["status"] == "ENABLED"


def test_another_type_is_another_resource(project: Project, org: Emulator) -> None:
    declare(project)
    project.up()
    declare(project, BACKUP)
    preview = project.preview(diff=True)
    assert preview.ops["replace"] == 1, preview.text
    ran = project.up()
    assert not ran.failed, ran.text
    assert enabled(org) == {"SERVICE_CONTROL_POLICY", BACKUP}
    assert [each for each in org.writes.elements() if "Policy" in each] == [
        "EnablePolicyType",
        "EnablePolicyType",
        "DisablePolicyType",
    ]


def test_types_that_change_places_stay_enabled(project: Project, org: Emulator) -> None:
    def declare_both(first: str, second: str) -> None:
        def program() -> None:
            RootPolicyType("first", organization_id=ORGANIZATION, policy_type=first)
            RootPolicyType("second", organization_id=ORGANIZATION, policy_type=second)

        project.declare(program)

    declare_both(TAG, BACKUP)
    project.up()
    org.reset_calls()
    declare_both(BACKUP, TAG)
    assert not project.up().failed
    assert org.writes == {}
    assert {TAG, BACKUP} <= enabled(org)


@pytest.mark.exhaustive
def test_a_replacement_by_itself_disables_nothing(project: Project, org: Emulator) -> None:
    declare(project, on_destroy="disable")
    project.up()
    org.reset_calls()
    (urn,) = [each["urn"] for each in project.resources().values()]
    ran = project.up(replace=[urn])
    assert not ran.failed, ran.text
    assert org.writes == {}
    assert TAG in enabled(org)


@pytest.mark.exhaustive
def test_a_service_that_must_be_trusted_first(project: Project, org: Emulator) -> None:
    declare_several(project, ["INSPECTOR_POLICY", TAG])
    call = "aws organizations enable-aws-service-access --service-principal inspector2.amazonaws.com"
    assert_clean(project.up(continue_on_error=True), "service-access-not-enabled", "INSPECTOR_POLICY", call)
    client(org).enable_aws_service_access(ServicePrincipal="inspector2.amazonaws.com")
    assert not project.up().failed
    assert {"INSPECTOR_POLICY", TAG} <= enabled(org)
