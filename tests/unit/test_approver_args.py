"""Declarations of an approver, and their meaning."""

from __future__ import annotations

from typing import Any

import pytest

from aws_org_features.lifecycle.approver import approver_from, problems
from aws_org_features.lifecycle.unknown import UNKNOWN
from aws_org_features.model.migration import Approver


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
@pytest.mark.parametrize(
    ("declared", "arn"),
    [
        ({"role_name": "Approver"}, "arn:{}:iam::222222222222:role/Approver"),
        ({"role_name": "team/Approver"}, "arn:{}:iam::222222222222:role/team/Approver"),
        (
            {"role_arn_template": "arn:{partition}:iam::{account_id}:role/x-{account_id}"},
            "arn:{}:iam::222222222222:role/x-222222222222",
        ),
    ],
)
def test_a_role_is_that_of_the_account_in_each_partition(
    declared: dict[str, Any], arn: str, partition: str
) -> None:
    assert problems(declared) == []
    approver = approver_from(declared)
    assert approver is not None
    assert approver.role_arn(partition, "222222222222") == arn.format(partition)


@pytest.mark.parametrize(
    ("only", "exclude", "covered"),
    [
        ([], [], {"1", "2", "3"}),
        (["1", "2"], [], {"1", "2"}),
        ([], ["1"], {"2", "3"}),
        (["1", "2"], ["1"], {"2"}),
    ],
)
def test_the_accounts_that_it_covers(only: list[str], exclude: list[str], covered: set[str]) -> None:
    approver = approver_from({"role_name": "a", "only": only, "exclude": exclude})
    assert approver is not None
    assert {each for each in "123" if approver.covers(each)} == covered


def test_no_approver_is_none() -> None:
    assert approver_from(None) is None
    assert approver_from({}) is None


def test_its_external_id_is_in_no_representation() -> None:
    assert "right" not in repr(Approver("arn", external_id="right"))


@pytest.mark.parametrize(
    "declared",
    [
        {"role_name": UNKNOWN},
        {"role_arn_template": UNKNOWN, "external_id": UNKNOWN},
        {
            "role_name": "a",
            "only": [UNKNOWN],
            "max_calls_per_second": UNKNOWN,
        },
        {"role_name": "a", "exclude": UNKNOWN},
        UNKNOWN,
    ],
)
def test_unknown_values_are_left_for_later(declared: Any) -> None:
    assert problems(declared) == []


@pytest.mark.parametrize(
    "template",
    [
        "arn:aws:iam::{0}:role/X",
        "arn:aws:iam::{account_id.x}:role/X",
        "arn:aws:iam::{account_id!r}:role/X",
        "arn:aws:iam::{account_id:>20}:role/X",
        "arn:aws:iam::{account_id:role/X",
        "{account_id}",
        "arn:{partition}:iam::{account_id}:user/X",
    ],
)
def test_a_template_that_is_none_is_refused(template: str) -> None:
    (problem,) = problems({"role_arn_template": template})
    assert "approver.role_arn_template is" in problem
