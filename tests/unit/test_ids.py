"""Ids that may be declared of whom to act as."""

from __future__ import annotations

import math

import pytest

from aws_org_features.common.ids import ROLE_ARN, ROLE_NAME, is_rate, is_role_arn_template, role_arn_template


@pytest.mark.parametrize(
    ("template", "sound"),
    [
        (role_arn_template("Approver"), True),
        (role_arn_template("path/to/Approver"), True),
        ("arn:aws-cn:iam::{account_id}:role/Approver-{account_id}", True),
        ("arn:aws:iam::{account}:role/Approver", False),
        ("arn:aws:iam::{account_id}:role/{name}", False),
        ("arn:aws:iam::{account_id}:role/{partition.__class__}", False),
        ("arn:aws:iam::{account_id!r}:role/Approver", False),
        ("arn:aws:iam::{account_id}:role/{", False),
        ("arn:aws:iam::{account_id}:role/", False),
        ("arn:aws:iam::{account_id}:user/Approver", False),
        ("arn:aws:iam::222222222222:role/Approver", False),
        ("arn:aws:iam::222222222222:role/Approver-{account_id}", False),
        ("arn:aws:iam::222222222222:role/:iam::{account_id}:role/Approver", False),
        ("{account_id}", False),
        ("", False),
    ],
)
def test_a_template_leads_into_the_account_that_is_filled_in(template: str, *, sound: bool) -> None:
    assert is_role_arn_template(template) is sound


@pytest.mark.parametrize("name", ["Approver", "a/b/Approver", "+=,.@-_", "a" * 64])
def test_a_roles_name_makes_an_arn(name: str) -> None:
    assert ROLE_NAME.fullmatch(name)
    assert ROLE_ARN.fullmatch(role_arn_template(name).format(partition="aws", account_id="222222222222"))


@pytest.mark.parametrize(
    "name", ["", "a b", "a*", "{account_id}", "a" * 65, "/Approver", "Approver/", "Änne"]
)
def test_values_that_are_no_role_name(name: str) -> None:
    assert not ROLE_NAME.fullmatch(name)


@pytest.mark.parametrize("value", [0.1, 1, 1000])
def test_a_rate_is_a_number_of_calls(value: float) -> None:
    assert is_rate(value)


@pytest.mark.parametrize("value", [0, -1, 1000.1, math.nan, math.inf, True, "1", None])
def test_values_that_are_no_rate(value: object) -> None:
    assert not is_rate(value)
