"""`org-features iam-policy`: offline where it can be, else about the credentials' organization."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aws_org_features.cli.group import org_features
from aws_org_features.views.iam_policies import PURPOSES, Purpose, policy_for, policy_text
from tests.cli.conftest import error_of

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

IDS = ("--organization-id", "o-exampleorg1", "--management-account-id", "111111111111")


def policy(purpose: Purpose, partition: str = "aws") -> str:
    return policy_text(
        policy_for(
            purpose,
            partition=partition,
            organization_id="o-exampleorg1",
            management_account_id="111111111111",
        )
    )


@pytest.mark.parametrize("purpose", PURPOSES)
def test_with_the_ids_nothing_is_asked(purpose: Purpose) -> None:
    result = CliRunner().invoke(
        org_features, ["iam-policy", "--for", purpose, *IDS], env={"AWS_PROFILE": "none"}
    )
    assert (result.exit_code, result.stdout, result.stderr) == (0, policy(purpose), "")


@pytest.mark.parametrize("arguments", [("read",), ("approve", "--partition", "aws-cn")])
def test_a_policy_without_ids_requires_none(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(
        org_features, ["iam-policy", "--for", *arguments], env={"AWS_PROFILE": "none"}
    )
    assert result.exit_code == 0
    assert ('"arn:aws-cn:iam::*:role/AllFeaturesApprover"' in result.stdout) is (len(arguments) > 1)


@pytest.mark.parametrize("purpose", ["approve", "member", "operate"])
@pytest.mark.parametrize("given", [(), IDS[:2], IDS[2:]])
def test_without_them_aws_is_asked(
    org: Emulator, invoke: Invoke, purpose: Purpose, given: tuple[str, ...]
) -> None:
    result = invoke("iam-policy", "--for", purpose, *given)
    assert (result.exit_code, result.stdout) == (0, policy(purpose))
    assert result.stderr == "for organization o-exampleorg1, management account 111111111111\n"
    assert dict(org.calls) == {"DescribeOrganization": 1}


def test_a_member_can_ask_for_its_own_policy(org: Emulator, invoke: Invoke) -> None:
    assert invoke("iam-policy", "--for", "member", account=org.invited[0]).stdout == policy("member")


@pytest.mark.parametrize(
    "other", [("--organization-id", "o-otherorg99"), ("--management-account-id", "999999999999")]
)
def test_another_organization_is_none(invoke: Invoke, other: tuple[str, str]) -> None:
    reference, text = error_of(invoke("iam-policy", "--for", "member", *other))
    assert (reference, other[1] in text) == ("organization-mismatch", True)


def test_services_may_be_named() -> None:
    named = ("--service-principal", "ram.amazonaws.com", "--service-principal", "iam.amazonaws.com")
    asked = ["iam-policy", "--for", "trusted-services"]
    result = CliRunner().invoke(org_features, [*asked, *named], env={"AWS_PROFILE": "none"})
    condition = json.loads(result.stdout)["Statement"][-1]["Condition"]["StringEquals"]
    assert condition == {"organizations:ServicePrincipal": ["ram.amazonaws.com", "iam.amazonaws.com"]}
    refused = CliRunner().invoke(org_features, [*asked, "--service-principal", "*"])
    assert (refused.exit_code, "service principal" in refused.stderr) == (2, True)


def test_roles_have_the_names_and_paths_that_they_have() -> None:
    names = ("--role-name", "One", "--role-name", "path/Two")
    result = CliRunner().invoke(org_features, ["iam-policy", "--for", "approve", *IDS, *names])
    roles = json.loads(result.stdout)["Statement"][-1]["Resource"]
    assert roles == ["arn:aws:iam::*:role/One", "arn:aws:iam::*:role/path/Two"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--for", "everybody"),
        ("--organization-id", "o-*"),
        ("--management-account-id", "12"),
        ("--partition", "azure"),
        ("--role-name", "*"),
        ("--assume-role", "organization"),
        ("--external-id-env", "NAME"),
        ("--endpoint-url", "https://user:secret@"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_by_name(wrong: tuple[str, str]) -> None:
    result = CliRunner().invoke(org_features, ["iam-policy", "--for", "read", *wrong])
    assert result.exit_code == 2
    assert wrong[0] in result.stderr
    assert "secret" not in result.stderr


def test_as_json() -> None:
    result = CliRunner().invoke(org_features, ["iam-policy", "--for", "member", *IDS, "--json"])
    assert json.loads(result.stdout) == {
        "for": "member",
        "organization_id": "o-exampleorg1",
        "management_account_id": "111111111111",
        "partition": "aws",
        "policy": json.loads(policy("member")),
    }
