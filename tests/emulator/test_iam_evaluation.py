"""Evaluation of IAM's policies: each element, each operator, by the IAM User Guide."""

import json
from typing import Any

import pytest

from aws_org_emulator.iam.conditions import UnknownOperatorError, conditions_met
from aws_org_emulator.iam.evaluation import Effect, Request, evaluate

ARN = "arn:aws:organizations::111111111111:handshake/o-exampleorg1/approve_all_features/h-0123456789"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "organizations:AcceptHandshake", "Resource": "*"}
ALLOWED, DENIED, NOT_ALLOWED = Effect.ALLOWED, Effect.DENIED, Effect.NOT_ALLOWED
CONTEXT = {
    "aws:username": ("kim",),
    "aws:principalarn": ("arn:aws:iam::111111111111:role/team/Approver",),
    "aws:tagkeys": ("one", "two"),
    "aws:sourceip": ("10.0.0.7",),
    "aws:currenttime": ("2026-01-05T09:00:00+00:00",),
    "aws:multifactorauthage": ("30",),
    "aws:securetransport": ("false",),
    "star": ("a*b",),
}


@pytest.mark.parametrize(
    ("statements", "effect"),
    [
        ([], NOT_ALLOWED),
        (ALLOW, ALLOWED),
        ([ALLOW], ALLOWED),
        ([{**ALLOW, "Action": "organizations:accepthandshake"}], ALLOWED),
        ([{**ALLOW, "Action": ["iam:*", "organizations:Accept*"]}], ALLOWED),
        ([{**ALLOW, "Action": "organizations:?cceptHandshake"}], ALLOWED),
        ([{**ALLOW, "Action": "organizations:Accept"}], NOT_ALLOWED),
        ([{**ALLOW, "Action": "*"}, {**ALLOW, "Effect": "Deny"}], DENIED),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Action": "organizations:CancelHandshake"}], ALLOWED),
        ([{"Effect": "Allow", "NotAction": "organizations:CancelHandshake", "Resource": "*"}], ALLOWED),
        ([{"Effect": "Allow", "NotAction": "organizations:*", "Resource": "*"}], NOT_ALLOWED),
        ([{**ALLOW, "Resource": ARN}], ALLOWED),
        ([{**ALLOW, "Resource": ARN.replace("approve_all_features", "*")}], ALLOWED),
        ([{**ALLOW, "Resource": ARN.replace("approve_all_features", "invite")}], NOT_ALLOWED),
        ([{**ALLOW, "Resource": ARN.upper()}], NOT_ALLOWED),
        ([{**ALLOW, "Resource": "arn:aws:organizations::111111111111:handshake/[a-z]*"}], NOT_ALLOWED),
        ([{"Effect": "Allow", "Action": "*", "NotResource": ARN}], NOT_ALLOWED),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*"}], ALLOWED),
        ([{**ALLOW, "Resource": ARN.replace("exampleorg1", "${aws:username}")}], NOT_ALLOWED),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:username": "kim"}}}], ALLOWED),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:username": "lee"}}}], NOT_ALLOWED),
        (
            [ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}],
            DENIED,
        ),
        ([ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"Bool": {"aws:Via": "true"}}}], ALLOWED),
    ],
)
def test_statements(statements: Any, effect: Effect) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert evaluate([policy], Request("organizations:AcceptHandshake", ARN, CONTEXT)) is effect


def test_a_deny_in_any_policy_counts() -> None:
    policies = [json.dumps({"Statement": {**ALLOW, "Effect": effect}}) for effect in ("Allow", "Deny")]
    assert evaluate(policies, Request("organizations:AcceptHandshake")) is DENIED


@pytest.mark.parametrize(
    ("operator", "key", "expected", "holds"),
    [
        ("StringEquals", "aws:username", "kim", True),
        ("StringEquals", "AWS:UserName", ["lee", "kim"], True),
        ("StringEquals", "aws:username", "Kim", False),
        ("StringEquals", "aws:username", "k*", False),
        ("StringEquals", "star", "a*b", True),
        ("StringEquals", "star", "a${*}b", True),
        ("StringEquals", "aws:username", "${aws:username}", True),
        ("StringEquals", "aws:nothing", "kim", False),
        ("StringEqualsIfExists", "aws:nothing", "kim", True),
        ("StringEqualsIfExists", "aws:username", "lee", False),
        ("StringNotEquals", "aws:username", "lee", True),
        ("StringNotEquals", "aws:username", ["lee", "kim"], False),
        ("StringNotEquals", "aws:nothing", "kim", True),
        ("StringEqualsIgnoreCase", "aws:username", "KIM", True),
        ("StringNotEqualsIgnoreCase", "aws:username", "KIM", False),
        ("StringLike", "aws:username", "k?m", True),
        ("StringLike", "star", "a${*}c", False),
        ("StringNotLike", "aws:username", "k*", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/team/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*", False),
        ("ArnEquals", "aws:PrincipalArn", "arn:*:iam::111111111111:role/*", True),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*", True),
        ("ArnLike", "aws:username", "kim", False),
        ("Bool", "aws:SecureTransport", False, True),
        ("Bool", "aws:SecureTransport", "TRUE", False),
        ("Null", "aws:nothing", "true", True),
        ("Null", "aws:nothing", "false", False),
        ("Null", "aws:username", False, True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "60", True),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 30, True),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", "30", False),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "30", True),
        ("NumericEquals", "aws:MultiFactorAuthAge", "30.0", True),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", "30", False),
        ("NumericEquals", "aws:username", "30", False),
        ("DateLessThan", "aws:CurrentTime", "2026-01-06T00:00:00Z", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-05T09:00:00Z", False),
        ("DateGreaterThan", "aws:CurrentTime", "1767600000", True),
        ("DateEquals", "aws:CurrentTime", "2026-01-05T09:00:00", True),
        ("DateNotEquals", "aws:CurrentTime", "never", True),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/24", True),
        ("NotIpAddress", "aws:SourceIp", ["10.0.0.0/24"], False),
        ("IpAddress", "aws:SourceIp", "nowhere", False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["two", "three"], True),
        ("ForAnyValue:StringEquals", "aws:nothing", ["two"], False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["two", "three"], False),
        ("ForAllValues:StringLike", "aws:TagKeys", ["t*", "o*"], True),
        ("ForAllValues:StringEquals", "aws:nothing", ["two"], True),
    ],
)
def test_conditions(operator: str, key: str, expected: Any, holds: bool) -> None:
    assert conditions_met({operator: {key: expected}}, CONTEXT) is holds


@pytest.mark.parametrize("operator", ["BinaryEquals", "BoolNot", "NotBool", "ForSome:StringEquals", ""])
def test_an_operator_that_is_not_known_is_reported(operator: str) -> None:
    with pytest.raises(UnknownOperatorError):
        conditions_met({operator: {"aws:username": "kim"}}, CONTEXT)


def test_all_conditions_must_be_met() -> None:
    both = {"StringEquals": {"aws:username": "kim", "star": "c"}}
    assert not conditions_met(both, CONTEXT)
    assert not conditions_met(
        {"Bool": {"aws:SecureTransport": "false"}, "Null": {"aws:username": "true"}}, CONTEXT
    )
    assert conditions_met({}, CONTEXT)
