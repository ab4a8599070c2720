"""SimulatePrincipalPolicy: what a user or role may do, found out without doing it."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import refusal
from tests.emulator.test_callers import foreign

ENFORCED = Switches(iam_enforcement=True)
HANDSHAKE = "arn:aws:organizations::111111111111:handshake/o-exampleorg1/enable_all_features/h-00000000"
OTHERS = "arn:aws:organizations::111111111111:handshake/o-another0001/enable_all_features/h-00000000"
ACCEPT, START = "organizations:AcceptHandshake", "organizations:EnableAllFeatures"


def statement(effect: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def user(emulator: Emulator, *statements: dict[str, Any]) -> str:
    iam = emulator.client("iam", emulator.management)
    made = iam.create_user(UserName="somebody", Path="/people/")["User"]
    if statements:
        iam.put_user_policy(UserName="somebody", PolicyName="only", PolicyDocument=document(*statements))
    return str(made["Arn"])


def simulated(emulator: Emulator, source: str, *actions: str, **more: Any) -> list[dict[str, Any]]:
    iam = emulator.client("iam", emulator.management)
    found: list[dict[str, Any]] = iam.simulate_principal_policy(
        PolicySourceArn=source, ActionNames=actions, **more
    )["EvaluationResults"]
    return found


@pytest.mark.parametrize(
    ("statements", "decision", "of_each"),
    [
        ([], "implicitDeny", ["implicitDeny", "implicitDeny"]),
        ([statement("Allow", "organizations:*")], "allowed", ["allowed", "allowed"]),
        ([statement("Allow", ACCEPT, HANDSHAKE)], "implicitDeny", ["allowed", "implicitDeny"]),
        (
            [statement("Allow", "*"), statement("Deny", ACCEPT, OTHERS)],
            "explicitDeny",
            ["allowed", "explicitDeny"],
        ),
    ],
)
def test_each_resource_has_its_decision_and_the_action_the_strictest(
    emulator: Emulator, statements: list[dict[str, Any]], decision: str, of_each: list[str]
) -> None:
    source = user(emulator, *statements)
    (result,) = simulated(emulator, source, ACCEPT, ResourceArns=[HANDSHAKE, OTHERS])
    assert result["EvalDecision"] == decision
    assert [
        (each["EvalResourceName"], each["EvalResourceDecision"]) for each in result["ResourceSpecificResults"]
    ] == [*zip([HANDSHAKE, OTHERS], of_each, strict=True)]
    assert result["EvalResourceName"].endswith("/${HandshakeType}/h-${HandshakeId}")


def test_without_a_resource_it_is_about_all(emulator: Emulator) -> None:
    source = user(emulator, statement("Allow", ACCEPT, HANDSHAKE), statement("Allow", START))
    accept, start = simulated(emulator, source, ACCEPT, START)
    assert (accept["EvalDecision"], start["EvalDecision"]) == ("implicitDeny", "allowed")
    assert start["EvalResourceName"] == "*"
    assert not accept.get("ResourceSpecificResults")


def test_conditions_hold_by_the_context_that_is_given(emulator: Emulator) -> None:
    key = "organizations:PolicyType"
    condition = {"StringEquals": {key: "TAG_POLICY"}}
    source = user(emulator, statement("Allow", "organizations:EnablePolicyType", Condition=condition))
    for value, decision in (("TAG_POLICY", "allowed"), ("BACKUP_POLICY", "implicitDeny")):
        entry = {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        (result,) = simulated(emulator, source, "organizations:EnablePolicyType", ContextEntries=[entry])
        assert result["EvalDecision"] == decision
    (result,) = simulated(emulator, source, "organizations:EnablePolicyType")
    assert result["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize("kind", ["user", "role", "group", "user of a group"])
def test_policies_of_users_of_their_groups_and_of_roles_count(emulator: Emulator, kind: str) -> None:
    iam = emulator.client("iam", emulator.management)
    text = document(statement("Allow", START))
    if kind == "role":
        trust = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
        source = iam.create_role(RoleName="r", Path="/x/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName="r", PolicyName="only", PolicyDocument=text)
    elif kind == "user":
        source = user(emulator, statement("Allow", START))
    else:
        source = iam.create_group(GroupName="g")["Group"]["Arn"]
        iam.put_group_policy(GroupName="g", PolicyName="only", PolicyDocument=text)
        if kind != "group":
            source = user(emulator)
            iam.add_user_to_group(GroupName="g", UserName="somebody")
    start, accept = simulated(emulator, source, START, ACCEPT)
    assert (start["EvalDecision"], accept["EvalDecision"]) == ("allowed", "implicitDeny")


def test_results_come_in_pages(emulator: Emulator) -> None:
    source = user(emulator)
    iam = emulator.client("iam", emulator.management)
    actions = [START, ACCEPT, "organizations:ListRoots"]
    pages = list(
        iam.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=source, ActionNames=actions, PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["EvaluationResults"]) for page in pages] == [2, 1]
    assert [r["EvalActionName"] for page in pages for r in page["EvaluationResults"]] == actions


@pytest.mark.parametrize(
    ("source", "more", "code", "message"),
    [
        (
            "arn:aws:sts::111111111111:assumed-role/admin/me",
            {},
            "InvalidInput",
            "Invalid Entity Arn: arn:aws:sts::111111111111:assumed-role/admin/me does not clearly define "
            "entity type and name.",
        ),
        ("arn:aws:iam::111111111111:root", {}, "InvalidInput", "does not clearly define"),
        ("arn:aws:iam::111111111111:user/a", {}, "NoSuchEntity", "The user with name a cannot be found."),
        ("arn:aws:iam::111111111111:role/a", {}, "NoSuchEntity", "The role with name a cannot be found."),
        (
            None,
            {"ResourceArns": ["h-1"]},
            "InvalidInput",
            "ResourceNames are not in a valid ARN format: h-1.",
        ),
        (None, {"PolicyInputList": ["{}"]}, "InvalidInput", "The emulator doesn't know PolicyInputList."),
        (
            None,
            {"ResourceOwner": "arn:aws:iam::111111111111:root"},
            "InvalidInput",
            "The emulator doesn't know ResourceOwner.",
        ),
        (None, {"MaxItems": 1001}, "InvalidInput", "MaxItems must be from 1 to 1000: 1001."),
        (None, {"Marker": "further"}, "InvalidInput", "Invalid Marker: further."),
        (None, {"Marker": "-1"}, "InvalidInput", "Invalid Marker: -1."),
        (None, {"Marker": "1"}, "InvalidInput", "Invalid Marker: 1."),
    ],
)
def test_requests_that_cant_be_simulated_are_refused_as_iam_does(
    emulator: Emulator, source: str | None, more: dict[str, Any], code: str, message: str
) -> None:
    known = user(emulator)
    with pytest.raises(ClientError) as refused:
        simulated(emulator, source or known, START, **more)
    assert refused.value.response["Error"]["Code"] == code
    assert message in refused.value.response["Error"]["Message"]


def test_a_policy_that_cant_be_judged_is_reported_as_iam_does(emulator: Emulator) -> None:
    source = user(emulator, statement("Allow", START, Condition={"BinaryEquals": {"aws:username": "QQ=="}}))
    with pytest.raises(ClientError) as refused:
        simulated(emulator, source, START)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.INTERNAL_SERVER_ERROR
    error = refused.value.response["Error"]
    assert error["Code"] == "PolicyEvaluation"
    assert error["Message"] == "The emulator doesn't know the condition operator BinaryEquals."


@pytest.mark.parametrize(
    "statements",
    [
        [statement("Allow", START)],
        [statement("Allow", "organizations:*")],
        [statement("Allow", "organizations:*"), statement("Deny", START)],
        [statement("Allow", "organizations:List*")],
        [statement("Allow", START, Condition={"StringEquals": {"aws:username": "somebody"}})],
        [statement("Allow", START, Condition={"StringEquals": {"aws:username": "else"}})],
    ],
    ids=str,
)
def test_a_simulation_agrees_with_the_call(start: Start, statements: list[dict[str, Any]]) -> None:
    emulator = start(ENFORCED)
    source = user(emulator, *statements, statement("Allow", "iam:SimulatePrincipalPolicy"))
    key = emulator.client("iam", emulator.management).create_access_key(UserName="somebody")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    with foreign(emulator, "iam", **keys) as iam, foreign(emulator, "organizations", **keys) as organizations:
        answer = iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=[START])
        (result,) = answer["EvaluationResults"]
        if result["EvalDecision"] == "allowed":
            organizations.enable_all_features()
        else:
            assert refusal(organizations.enable_all_features).code == "AccessDeniedException"


def test_the_caller_must_be_allowed_to_ask(start: Start) -> None:
    emulator = start(ENFORCED)
    source = user(
        emulator, statement("Allow", "iam:SimulatePrincipalPolicy", "arn:aws:iam::111111111111:user/x")
    )
    key = emulator.client("iam", emulator.management).create_access_key(UserName="somebody")["AccessKey"]
    with (
        foreign(
            emulator,
            "iam",
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        ) as iam,
        pytest.raises(ClientError) as refused,
    ):
        iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=[START])
    error = refused.value.response["Error"]
    assert error["Code"] == "AccessDenied"
    assert error["Message"] == (
        f"User: {source} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: {source} "
        "because no identity-based policy allows the iam:SimulatePrincipalPolicy action"
    )
