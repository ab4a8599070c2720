"""The programs that docs/landing-zone.md shows, as they stand there, on the real engine.

Each row of the page's table of the two ways to gate is shown here for both.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.docs import pages
from tests.landing_zone.conftest import Stack
from tests.landing_zone.typescript import TypeScriptStack
from tests.resources.test_guards import assert_clean

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

POLICY = "guardrails"


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(invited=1, created=0)


def program(mark: str) -> str:
    """The page's one program with these words in it, of those that have no name."""
    text = re.sub(r"<!-- program: .+ -->\n```.*?```", "", pages.LANDING_ZONE.read_text(), flags=re.DOTALL)
    found = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (one,) = (each for each in found if mark in each)
    return str(one)


def named(name: str) -> str:
    """The page's program of this name."""
    text = pages.LANDING_ZONE.read_text()
    (found,) = re.findall(rf"<!-- program: {re.escape(name)} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    return str(found)


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
    stack.write(program("policy_types=[") + named("next to"))
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


@pytest.fixture
def existing_in_python(tmp_path: Path, org: Emulator, with_pulumi_aws: None) -> Stack:  # noqa: ARG001
    return Stack(tmp_path, org)


@pytest.fixture
def existing_in_typescript(tmp_path: Path, org: Emulator, with_npms_packages: None) -> TypeScriptStack:  # noqa: ARG001
    return TypeScriptStack.new(tmp_path, org)


def by_profile_alone(stack: Stack, org: Emulator) -> None:
    """Leave nothing in the configuration of who acts: a profile of the AWS configuration says so."""
    stack.configure_with(dict.fromkeys(stack.configuration))
    told = subprocess.run(
        ["aws-org-emulator", "aws-config", "--endpoint", org.endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    path = stack.folder / "aws-config"
    path.write_text(told.stdout)
    stack.set_environment(AWS_CONFIG_FILE=str(path))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_landing_zone_that_exists(language: str, request: pytest.FixtureRequest, org: Emulator) -> None:
    stack: Stack = request.getfixturevalue(f"existing_in_{language}")
    by_profile_alone(stack, org)
    before, after = (named(f"{language}, {when}") for when in ("before", "after"))
    came_by = {
        "protect=True": f'protect=True, import_="{org.organization_id}"',
        "protect: true": f'protect: true, import: "{org.organization_id}"',
    }
    imported = before
    for protected, with_import in came_by.items():
        imported = imported.replace(protected, with_import)
    assert imported != before
    stack.write(imported)
    ran = stack.up()
    assert not ran.failed, ran.text
    stack.write(before)
    assert not stack.up(expect_no_changes=True).failed
    kept = stack.resources()
    assert set(kept) == {"organization", "workloads"}

    stack.write(after)
    if isinstance(stack, TypeScriptStack):
        assert stack.check() == ""
    writes = Counter(org.writes)
    ahead = stack.preview()
    assert not ahead.failed, ahead.text
    assert set(ahead.ops) == {"create", "same"}, ahead.text
    assert org.writes == writes
    for _ in range(2):
        assert_clean(stack.up(), "feature-set-not-enabled", "0 of 1 approved")
        assert POLICY not in stack.resources()
    assert org.writes - writes == {"EnableAllFeatures": 1}
    org.approve_all()
    ran = stack.up()
    assert not ran.failed, ran.text
    assert POLICY in stack.resources()
    for command in (stack.preview, stack.up):
        ran = command(refresh=True, expect_no_changes=True)
        assert not ran.failed, ran.text
    made = {"EnableAllFeatures": 1, "AcceptHandshake": 1, "EnablePolicyType": 1, "CreatePolicy": 1}
    assert org.writes - writes == made
    assert {name: stack.resources()[name]["id"] for name in kept} == {
        name: each["id"] for name, each in kept.items()
    }


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
