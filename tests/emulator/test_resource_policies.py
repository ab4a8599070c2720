"""The resource policy of an organization: what it may say, and whom it lets do what."""

import json
from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import content, refusal
from tests.emulator.model_check import checked
from tests.emulator.test_callers import acting

MEMBER, MANAGEMENT = "333333333333", "111111111111"
SCP = "SERVICE_CONTROL_POLICY"
JSON, INPUT = "INVALID_RESOURCE_POLICY_JSON", "InvalidInputException"
DENIED = ("AccessDeniedException", None)


def statement(**more: Any) -> dict[str, Any]:
    usual = {
        "Effect": "Allow",
        "Principal": {"AWS": MEMBER},
        "Action": "organizations:ListAccounts",
        "Resource": "*",
    }
    return {name: each for name, each in {**usual, **more}.items() if each is not None}


def policy(*statements: dict[str, Any], **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


NOBODY: tuple[Any, ...] = (
    {},
    [],
    {"Federated": "x"},
    {"AWS": "999999999999"},
    {"AWS": "1"},
    {"AWS": []},
    {"AWS": f"arn:aws:iam::{MEMBER}:role/owned"},
)
"""Principals that nothing can be delegated to."""


class Delegating:
    """The management account's client and a member's."""

    def __init__(self, emulator: Emulator) -> None:
        self.management: Any = checked(emulator.client("organizations", MANAGEMENT))
        self.member: Any = checked(emulator.client("organizations", MEMBER))

    def put(self, *statements: dict[str, Any]) -> None:
        self.management.put_resource_policy(Content=policy(*statements))

    def refused(self, says: str) -> tuple[str, str | None]:
        return refusal(self.management.put_resource_policy, Content=says)[:2]


@pytest.fixture
def it(start: Start) -> Delegating:
    return Delegating(start(feature_set="ALL"))


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("not json", JSON),
        ("[]", JSON),
        ("{}", JSON),
        (policy(), JSON),
        (policy(statement(), other=1), JSON),
        (policy(statement(), Version="2020-01-01"), JSON),
        (policy(statement(Effect="Perhaps")), JSON),
        *(
            (policy(statement(**{name: None})), JSON)
            for name in ("Effect", "Principal", "Action", "Resource")
        ),
        (policy(statement(NotAction="organizations:ListRoots", Action=None)), JSON),
        (policy(statement(NotPrincipal={"AWS": MEMBER}, Principal=None)), JSON),
        (policy(statement(NotResource="*", Resource=None)), JSON),
        *((policy(statement(Principal=principal)), JSON) for principal in NOBODY),
        *(
            (policy(statement(Action=action)), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY")
            for action in (
                "organizations:CreateAccount",
                "organizations:*",
                "organizations:LeaveOrganization",
                "organizations:NoSuchThing",
                "organizations:PutResourcePolicy",
                "iam:ListRoles",
                "*",
                ["organizations:ListRoots", "organizations:EnableAllFeatures"],
            )
        ),
        (policy(statement(Resource="arn:aws:s3:::bucket")), "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY"),
        (policy(statement(Condition=[])), JSON),
        (policy(statement(Condition={"NoSuchOperator": {"aws:PrincipalArn": "*"}})), JSON),
        (policy(statement(Condition={"StringEquals": {"aws:PrincipalArn": [["*"]]}})), JSON),
        (policy(statement(Condition={"StringEquals": {"aws:PrincipalArn": {}}})), JSON),
    ],
)
def test_an_invalid_resource_policy(it: Delegating, says: str, reason: str) -> None:
    assert it.refused(says) == (INPUT, reason)
    gone = refusal(it.management.describe_resource_policy)
    assert (gone.code, gone.message) == (
        "ResourcePolicyNotFoundException",
        "No resource-based policy found.",
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"AWS": MEMBER}, {"AWS": f"arn:aws:iam::{MEMBER}:root"}),
        ({"AWS": f"arn:aws:iam::{MEMBER}:root"}, {"AWS": f"arn:aws:iam::{MEMBER}:root"}),
        ({"AWS": [MEMBER, "*"]}, {"AWS": [f"arn:aws:iam::{MEMBER}:root", "*"]}),
        ("*", "*"),
        ({"Service": "kms.amazonaws.com"}, {"Service": "kms.amazonaws.com"}),
    ],
)
def test_it_is_kept_in_one_form(it: Delegating, given: Any, kept: Any) -> None:
    mixed = {
        "Resource": "*",
        "Principal": given,
        "Action": "organizations:List*",
        "Effect": "Allow",
        "Sid": "a",
    }
    answer = it.management.put_resource_policy(Content=json.dumps({"Statement": mixed}))["ResourcePolicy"]
    expected = {
        "Version": "2008-10-17",
        "Statement": [
            {
                "Sid": "a",
                "Effect": "Allow",
                "Principal": kept,
                "Action": "organizations:List*",
                "Resource": "*",
            }
        ],
    }
    assert answer["Content"] == json.dumps(expected, separators=(",", ":"))
    assert it.management.describe_resource_policy()["ResourcePolicy"] == answer


def test_there_is_one_with_one_id_until_it_is_deleted(it: Delegating) -> None:
    answers = [
        it.management.put_resource_policy(Content=policy(statement(Effect=effect)))["ResourcePolicy"]
        for effect in ("Allow", "Deny")
    ]
    first, second = (each["ResourcePolicySummary"] for each in answers)
    assert first == second
    tags = [{"Key": "a", "Value": "b"}]
    error = refusal(checked_not(it.management).put_resource_policy, Content=policy(statement()), Tags=tags)
    assert error.reason == "UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED"
    it.management.tag_resource(ResourceId=first["Id"], Tags=tags)
    assert it.management.list_tags_for_resource(ResourceId=first["Id"])["Tags"] == tags
    it.management.delete_resource_policy()
    assert refusal(it.management.delete_resource_policy).code == "ResourcePolicyNotFoundException"
    again = it.management.put_resource_policy(Content=policy(statement()), Tags=tags)["ResourcePolicy"]
    assert again["ResourcePolicySummary"]["Id"] != first["Id"]


def checked_not(client: Any) -> Any:
    """Let a client take a Reason that botocore's model has for another error alone."""
    client.meta.events.unregister("after-call.organizations", unique_id="model-check")
    return client


def test_a_member_may_what_it_allows_and_no_longer(it: Delegating) -> None:
    assert refusal(it.member.list_accounts)[:2] == DENIED
    it.put(statement())
    assert it.member.list_accounts()["Accounts"]
    assert refusal(it.member.list_roots)[:2] == DENIED
    it.put(statement(Principal={"AWS": MANAGEMENT}))
    assert refusal(it.member.list_accounts)[:2] == DENIED
    it.put(statement())
    it.management.delete_resource_policy()
    assert refusal(it.member.list_accounts)[:2] == DENIED


def test_its_denial_holds_for_a_delegated_administrator_too(it: Delegating) -> None:
    service = {"ServicePrincipal": "ssm.amazonaws.com"}
    it.management.enable_aws_service_access(**service)
    it.management.register_delegated_administrator(AccountId=MEMBER, **service)
    assert it.member.list_accounts()["Accounts"]
    it.put(statement(Effect="Deny"))
    assert refusal(it.member.list_accounts)[:2] == DENIED
    assert it.member.list_roots()["Roots"]


def test_a_policy_may_be_made_where_its_type_is_allowed_and_tagged_where_that_is(it: Delegating) -> None:
    of_type = "arn:aws:organizations::111111111111:policy/o-exampleorg1/service_control_policy/*"
    make = {"Name": "theirs", "Description": "", "Type": SCP, "Content": content(SCP)}
    tags = [{"Key": "Team", "Value": "theirs"}]
    condition = {"StringEquals": {"aws:RequestTag/Team": "theirs"}}
    it.put(statement(Action="organizations:CreatePolicy", Resource=of_type))
    assert refusal(it.member.create_policy, **make, Tags=tags)[:2] == DENIED
    other = {**make, "Type": "TAG_POLICY", "Content": content("TAG_POLICY")}
    assert refusal(it.member.create_policy, **other)[:2] == DENIED
    actions = ["organizations:CreatePolicy", "organizations:TagResource"]
    it.put(statement(Action=actions, Resource=of_type, Condition=condition))
    assert refusal(it.member.create_policy, **make)[:2] == DENIED
    assert it.member.create_policy(**make, Tags=tags)["Policy"]["PolicySummary"]["Name"] == "theirs"


def test_both_the_resource_policy_and_ones_own_must_allow(start: Start) -> None:
    owner = Member(MEMBER, joined="CREATED", access_policy=json.dumps({"Statement": []}))
    emulator = start(Switches(iam_enforcement=True), feature_set="ALL", created=0, members=(owner,))
    role = f"arn:aws:iam::{MEMBER}:role/OrganizationAccountAccessRole"
    it = Delegating(emulator)
    it.put(statement())
    sts = emulator.client("sts", MANAGEMENT)
    credentials = sts.assume_role(RoleArn=role, RoleSessionName="owner")["Credentials"]
    with acting(emulator, credentials, "organizations") as limited:
        assert refusal(limited.list_accounts)[:2] == DENIED
    assert it.member.list_accounts()["Accounts"]
