"""The stand-in goes by the stack's `aws:` configuration, and refuses what it doesn't know.

What it makes of each setting is in `tests/unit/test_fake_pulumi_aws.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from tests.resources.test_guards import without_an_interrupted_program

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack

pytestmark = pytest.mark.exhaustive  # with pulumi-aws

PROGRAM = """
    import pulumi
    import pulumi_aws as aws

    found = aws.organizations.get_organization(return_organization_only=True)
    pulumi.export("organization", found.id)
    pulumi.export("feature set", found.feature_set)
    aws.organizations.OrganizationalUnit("unit", parent_id="r-1234")
"""
ROLE = "arn:aws:iam::{}:role/OrganizationAccountAccessRole"


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(invited=0, created=1)


def test_roles_are_assumed_and_accounts_kept_to(stack: Stack, org: Emulator) -> None:
    (member,) = org.created
    role = {"roleArn": ROLE.format(member), "sessionName": "platform", "duration": "15m"}
    stack.configure_with(
        {
            "aws:assumeRoles": [role],
            "aws:allowedAccountIds": [member],
            "aws:skipMetadataApiCheck": "true",
            "aws:defaultTags": {"tags": {"owner": "platform"}},
        }
    )
    stack.write(PROGRAM)
    foreseen = stack.preview()
    assert not foreseen.failed, foreseen.text
    assert org.calls["AssumeRole"] > 0

    # A member may not do what the management account may; AWS says so, and nothing else is said.
    refused = stack.up()
    assert refused.failed
    told = (
        "error: creating Organizations Organizational Unit: AccessDeniedException: You don't have permissions"
    )
    assert told in refused.text
    assert "Traceback" not in without_an_interrupted_program(refused.text)
    assert refused.outputs == {}

    stack.configure_with({"aws:allowedAccountIds": [org.management]})
    assert f"AWS account ID not allowed: {member}" in stack.preview().text


@pytest.mark.parametrize(
    ("config", "program", "told"),
    [
        ({}, 'aws.iam.Role("role", assume_role_policy="{}")', "the stand-in knows no aws:iam/role:Role"),
        (
            {"aws:maxRetries": 3},
            "aws.organizations.get_organization()",
            "the stand-in knows no aws:maxRetries",
        ),
    ],
    ids=["resource", "setting"],
)
def test_what_is_not_known_is_refused_by_name(
    stack: Stack, config: dict[str, object], program: str, told: str
) -> None:
    stack.configure_with(config)
    stack.write(f"""
        import pulumi_aws as aws

        {program}
    """)
    refused = stack.preview()
    assert refused.failed
    assert told in refused.text
    assert "server.py" not in refused.text
