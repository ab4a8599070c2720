"""Permissions of `iam-policy`: all that approving from the management account takes, and no more."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import Result

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features.cli.exit_codes import Exit
from aws_org_features.views.iam_policies import DEFAULT_ROLE_NAME
from tests.policies import actions, policy

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

WITHOUT_ITS_ROLE = "700000000001"
CREATED_WITHOUT_ITS_ROLE = "700000000002"


def scenario(handshake_actions: Any = "guide", without: str | None = None) -> Scenario:
    """Accounts whose role may do what a member needs, or less."""
    given: dict[str, Any] = {
        "access_role": DEFAULT_ROLE_NAME,
        "external_id": "an-external-id",
        "access_policy": policy("member", without),
    }
    return Scenario(
        invited=0,
        created=0,
        members=(
            Member("600000000001", **given),
            Member(WITHOUT_ITS_ROLE, service_linked_role=False, **given),
            Member(CREATED_WITHOUT_ITS_ROLE, "CREATED", service_linked_role=False, **given),
        ),
        switches=Switches(handshake_actions=handshake_actions, iam_enforcement=True),
    )


User = Callable[..., Result]


@pytest.fixture
def as_user(org: Emulator, invoke: Invoke) -> User:
    """Runs the command as a user of the management account who may do what is printed, or less."""

    numbers = itertools.count()

    def call(*arguments: str, without: str | None = None) -> Result:
        iam, name = org.client("iam", org.management), f"approver{next(numbers)}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy("approve", without))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return invoke(
            *arguments,
            EXTERNAL_ID="an-external-id",
            AWS_ACCESS_KEY_ID=key["AccessKeyId"],
            AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"],
        )

    return call


APPROVE = ("approve", "--role-name", DEFAULT_ROLE_NAME, "--member-external-id-env", "EXTERNAL_ID", "--json")


@pytest.mark.parametrize("scenario", [scenario("guide"), scenario("model")])
def test_the_two_policies_together_are_enough(org: Emulator, as_user: User) -> None:
    probed = as_user(*APPROVE, "--probe")
    assert probed.exit_code == Exit.DONE, probed.output
    org.enable_all_features()
    assert as_user(*APPROVE).exit_code == Exit.PENDING
    approved = as_user(*APPROVE, "--yes")
    assert approved.exit_code == Exit.DONE, approved.output
    assert json.loads(approved.stdout)["approved"] == [
        "600000000001",
        WITHOUT_ITS_ROLE,
        CREATED_WITHOUT_ITS_ROLE,
    ]
    assert approved.stderr == ""
    assert {child["State"] for child in org.children} == {"ACCEPTED"}


CALLERS = {
    "organizations:DescribeOrganization": (Exit.FAILED, Exit.FAILED),
    "organizations:ListAccounts": (Exit.FAILED, Exit.DONE),  # but without names
    "organizations:ListHandshakesForOrganization": (Exit.FAILED, Exit.FAILED),
    "sts:AssumeRole": (Exit.UNREACHED, Exit.PENDING),
}
ROLES = {
    "organizations:ListHandshakesForAccount": (Exit.UNREACHED, Exit.PENDING, []),
    "organizations:AcceptHandshake": (Exit.DONE, Exit.PENDING, []),
    "iam:CreateServiceLinkedRole": (Exit.DONE, Exit.PENDING, ["600000000001"]),
}
OWNERS = {"organizations:DescribeOrganization"}
"""Permissions that the role itself doesn't need, but the account's owner."""


def test_no_action_is_left_untried() -> None:
    assert list(CALLERS) == actions("approve")
    assert {*ROLES, *OWNERS} == set(actions("member"))


@pytest.mark.parametrize("without", CALLERS)
@pytest.mark.parametrize("scenario", [scenario()])
def test_without_one_of_the_callers_actions_something_fails(
    org: Emulator, as_user: User, without: str
) -> None:
    probed, approved = CALLERS[without]
    assert as_user(*APPROVE, "--probe", without=without).exit_code == probed
    org.enable_all_features()
    assert as_user(*APPROVE, "--yes", without=without).exit_code == approved


@pytest.mark.parametrize(
    ("scenario", "without"),
    [
        (scenario(handshake_actions, without), without)
        for handshake_actions in ("guide", "model")
        for without in ROLES
    ],
)
def test_without_one_of_the_roles_actions_something_fails(org: Emulator, as_user: User, without: str) -> None:
    probed, approved, given = ROLES[without]
    assert as_user(*APPROVE, "--probe").exit_code == probed
    org.enable_all_features()
    result = as_user(*APPROVE, "--yes")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["approved"]) == (approved, given)
    assert {failure["reference"] for failure in told["failed"]} == {"access-denied"}
    assert all(without in failure["next_step"] for failure in told["failed"])


@pytest.mark.parametrize(
    ("scenario", "without"), [(scenario(without=without), without) for without in (None, *OWNERS)]
)
def test_an_owner_needs_each_of_these_permissions(invoke: Invoke, without: str | None) -> None:
    role = f"arn:aws:iam::600000000001:role/{DEFAULT_ROLE_NAME}"
    chain = ("--assume-role", role, "--external-id-env", "EXTERNAL_ID")
    result = invoke("iam-policy", "--for", "member", *chain, EXTERNAL_ID="an-external-id")
    assert result.exit_code == (Exit.FAILED if without else Exit.DONE)
