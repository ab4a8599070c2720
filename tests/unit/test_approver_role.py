"""The template of the role by which the management account may approve."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aws_org_features.views.iam_policies import policy_for
from tests.unit.authorization import problems
from tests.unit.test_approval_kit import kit


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as lists of their name and what follows."""


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> tuple[str, Any]:
    if isinstance(node, yaml.SequenceNode):
        return tag, loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return tag, loader.construct_scalar(node)


Loader.add_multi_constructor("!", _short_form)


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_the_template_makes_a_role_that_may_do_what_a_member_needs_and_nothing_else(partition: str) -> None:
    read = yaml.load(kit(partition=partition)["approver-role.yaml"], Loader)  # noqa: S506 - a safe one
    (role,) = read["Resources"].values()
    assert role["Type"] == "AWS::IAM::Role"
    (policy,) = role["Properties"]["Policies"]
    assert policy["PolicyDocument"] == policy_for(
        "member", partition=partition, organization_id="o-exampleorg1", management_account_id="111111111111"
    )
    assert problems(policy["PolicyDocument"]) == []
    assert not {"ManagedPolicyArns", "PermissionsBoundary"} & set(role["Properties"])
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": ("Ref", "TrustedPrincipalArn")}
    parameters = read["Parameters"]
    assert parameters["TrustedPrincipalArn"]["Default"] == f"arn:{partition}:iam::111111111111:root"
    assert parameters["RoleName"]["Default"] == "AllFeaturesApprover"
    assert parameters["ExternalId"]["NoEcho"] is True
    assert parameters["ExternalId"]["Default"] == ""
    assert read["Outputs"]["RoleArn"]["Value"] == ("GetAtt", "ApproverRole.Arn")


def test_cloudformation_takes_the_template(tmp_path: Path) -> None:
    template = kit()["approver-role.yaml"]
    (tmp_path / "right.yaml").write_text(template)
    (tmp_path / "wrong.yaml").write_text(template.replace("!Ref RoleName", "!Ref Role"))
    program = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "parseable"]
    # Both at once: to load what it knows of CloudFormation takes most of its time.
    program += [str(tmp_path / name) for name in ("right.yaml", "wrong.yaml")]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    told = done.stdout.splitlines()
    assert told, done.stderr
    assert all(line.startswith(str(tmp_path / "wrong.yaml")) for line in told)
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ("arn:aws:iam::111111111111:root", True),
        ("arn:aws:iam::111111111111:role/pipeline/migration", True),
        ("arn:aws:iam::999999999999:root", False),
        ("*", False),
    ],
)
def test_only_principals_of_the_management_account_can_be_trusted(principal: str, *, allowed: bool) -> None:
    read = yaml.load(kit()["approver-role.yaml"], Loader)  # noqa: S506
    pattern = read["Parameters"]["TrustedPrincipalArn"]["AllowedPattern"]
    assert (re.fullmatch(pattern, principal) is not None) is allowed
