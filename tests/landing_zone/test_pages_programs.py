"""The programs that docs/landing-zone.md shows, as they stand there, on the real engine.

Each row of the page's table of the two ways to gate is shown here for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.docs import pages
from tests.resources.test_guards import assert_clean

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

POLICY = "guardrails"


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(invited=1, created=0)


def program(mark: str) -> str:
    """The page's one program with these words in it."""
    (found,) = (each.text for each in pages.blocks("python", (pages.LANDING_ZONE,)) if mark in each.text)
    return found


def aws_calls(org: Emulator) -> set[str]:
    """Calls of our resources: the stand-in asks about policies and units alone."""
    return set(org.calls) & {"DescribeOrganization", "ListHandshakesForOrganization", "ListRoots"}


def test_what_depends_on_the_gate(stack: Stack, org: Emulator) -> None:
    org.snapshot("before")
    stack.write(program("depends_on=[organization.gate]"))
    assert stack.preview().ops == {"create": 5}, "the policy is shown"
    assert_clean(stack.up(), "feature-set-not-enabled")
    assert POLICY not in stack.resources()
    org.approve_all()
    assert not stack.up().failed
    assert POLICY in stack.resources(), "by the run that finalizes"
    org.reset_calls()
    for command in (stack.preview, stack.up):
        assert not command(expect_no_changes=True).failed
    assert aws_calls(org) == set()

    org.restore("before")
    changed = stack.up(refresh=True)
    assert_clean(changed, "feature-set-not-enabled")
    assert "delete" not in changed.ops


def test_what_is_declared_once_the_answer_is_yes(stack: Stack, org: Emulator) -> None:
    org.snapshot("before")
    stack.write(program("if get_organization_feature_set("))
    assert stack.preview().ops == {"create": 2}, "the policy isn't known"
    assert not stack.up().failed
    org.approve_all()
    assert not stack.up().failed
    assert POLICY not in stack.resources(), "the program asked before"
    assert not stack.up().failed
    assert POLICY in stack.resources()
    org.reset_calls()
    for command in (stack.preview, stack.up):
        assert not command(expect_no_changes=True).failed
    assert aws_calls(org) == {"DescribeOrganization"}

    org.restore("before")
    refused = stack.preview()
    assert refused.failed
    assert f'::{POLICY}" cannot be deleted' in refused.text, "as the program protects it"
    assert POLICY in stack.resources()


def test_next_to_pulumi_awss_own_resource_of_the_organization(stack: Stack, org: Emulator) -> None:
    stack.write(program("policy_types=[") + program("ignore_changes=["))
    assert_clean(stack.up(), "feature-set-not-enabled")
    assert "organization" in stack.resources()
    org.approve_all()
    assert not stack.up().failed
    for command in (stack.preview, stack.refresh, stack.preview, stack.up):
        ran = command(expect_no_changes=True)
        assert not ran.failed, ran.text
    ours = {"EnableAllFeatures": 1, "AcceptHandshake": 1, "EnablePolicyType": 2, "EnableAWSServiceAccess": 1}
    assert org.writes == {**ours, "CreatePolicy": 1, "RegisterDelegatedAdministrator": 1}
    assert not stack.destroy().failed
    assert org.feature_set == "ALL"
    assert org.writes["DeleteOrganization"] == 0


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL", invited=1)])
def test_a_trusted_service_its_policy_type_and_its_administrator(stack: Stack, org: Emulator) -> None:
    stack.write(next(each.text for each in pages.blocks("python", (pages.TRUSTED_SERVICES,))))
    stack.configure_with({"test:organizationId": org.organization_id})
    ran = stack.up()
    assert not ran.failed, ran.text
    assert org.writes == dict.fromkeys(
        ("EnableAWSServiceAccess", "EnablePolicyType", "RegisterDelegatedAdministrator"), 1
    )
    assert not stack.preview(refresh=True, expect_no_changes=True).failed
    destroyed = stack.destroy()
    assert not destroyed.failed, destroyed.text
