"""The policies, held against AWS's service authorization reference."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aws_org_features.views.iam_policies import (
    BOUND,
    PURPOSES,
    Purpose,
    policy_for,
    policy_text,
    role_pattern,
)
from tests.docs import pages
from tests.unit.authorization import allows, problems

WHERE = {"partition": "aws", "organization_id": "o-exampleorg1", "management_account_id": "111111111111"}
HANDSHAKES = "arn:aws:organizations::111111111111:handshake/o-exampleorg1"


def policy(purpose: Purpose, **changes: Any) -> dict[str, Any]:
    return policy_for(purpose, **{**WHERE, **changes})


def actions(document: dict[str, Any]) -> set[str]:
    return {action for statement in document["Statement"] for action in statement["Action"]}


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_policy_is_what_the_reference_knows_and_as_narrow_as_it_can_be(
    purpose: Purpose, partition: str
) -> None:
    document = policy(purpose, partition=partition)
    assert problems(document) == []
    arns = [each for s in document["Statement"] if s["Resource"] != "*" for each in s["Resource"]]
    assert all(arn.startswith(f"arn:{partition}:") for arn in arns)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Action": ["organizations:AcceptHandshakes"]}, "no such action"),
        ({"Resource": "*"}, "could be limited to ['handshake']"),
        ({"Resource": ["arn:aws:organizations::111111111111:account/o-exampleorg1/1"]}, "is none of"),
        ({"Condition": {"StringEquals": {"iam:AWSServiceName": "x"}}}, "has no condition keys"),
        ({"Sid": "Not this"}, "Sids"),
    ],
)
def test_the_reference_objects(change: dict[str, Any], problem: str) -> None:
    document = policy("member")
    document["Statement"] = [{**document["Statement"][1], **change}]
    assert problem in " ".join(problems(document))


@pytest.mark.parametrize(
    ("handshake", "allowed"),
    [
        (f"{HANDSHAKES}/approve_all_features/h-79d8f6f114ee4304a5e55397e1", True),
        (f"{HANDSHAKES}/enable_all_features/h-79d8f6f114ee4304a5e55397e1", True),
        (f"{HANDSHAKES}/add_organizations_service_linked_role/h-79d8f6f114ee4304", True),
        (f"{HANDSHAKES}/add_organizations_service_linked/h-79d8f6f114ee4304", True),
        (f"{HANDSHAKES}/invite/h-79d8f6f114ee4304a5e55397e1", False),
        (f"{HANDSHAKES}/transfer_responsibility/h-79d8f6f114ee4304a5e55397e1", False),
        (f"{HANDSHAKES.replace('exampleorg1', 'exampleorg12')}/approve_all_features/h-79d8f6f1", False),
        (f"{HANDSHAKES.replace('111111111111', '999999999999')}/approve_all_features/h-79d8f6f1", False),
    ],
)
def test_a_member_may_accept_what_belongs_to_this_organizations_migration_alone(
    handshake: str, *, allowed: bool
) -> None:
    assert allows(policy("member"), "organizations:AcceptHandshake", handshake) is allowed


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("kind", ["invite", "transfer_responsibility"])
def test_nobody_may_accept_an_invitation_or_a_billing_transfer(purpose: Purpose, kind: str) -> None:
    handshake = f"{HANDSHAKES}/{kind}/h-79d8f6f114ee4304a5e55397e1"
    assert not allows(policy(purpose), "organizations:AcceptHandshake", handshake)


def test_a_member_may_do_nothing_else() -> None:
    document = policy("member")
    assert actions(document) == {
        "organizations:AcceptHandshake",
        "organizations:DescribeOrganization",
        "organizations:ListHandshakesForAccount",
        "iam:CreateServiceLinkedRole",
    }
    (role,) = [s for s in document["Statement"] if "iam:CreateServiceLinkedRole" in s["Action"]]
    assert role["Resource"] == [
        "arn:aws:iam::*:role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"
    ]
    assert role["Condition"] == {"StringEquals": {"iam:AWSServiceName": "organizations.amazonaws.com"}}


def test_approving_from_the_management_account_writes_nothing_there() -> None:
    document = policy("approve")
    assert actions(document) == {*actions(policy("read")), "sts:AssumeRole"}
    assumable = [role_pattern("aws", "AllFeaturesApprover")]
    assert [s["Resource"] for s in document["Statement"]] == ["*", assumable]
    assert allows(document, "sts:AssumeRole", "arn:aws:iam::222222222222:role/AllFeaturesApprover")
    assert not allows(document, "sts:AssumeRole", "arn:aws:iam::222222222222:role/AllFeaturesApprovers")
    one = "arn:aws:iam::222222222222:role/some/path/Approver"
    assert policy("approve", role_arns=[one])["Statement"][-1]["Resource"] == [one]


def test_an_operator_has_the_permissions_that_the_page_lists() -> None:
    rows = pages.rows(pages.section(pages.ORGANIZATION, "Permissions"))
    listed = {
        action for row in rows for action in pages.ticked(row[0]) if action.startswith("organizations:")
    }
    assert actions(policy("operate")) == listed
    assert not any("Handshake" in action for action in actions(policy("read")) if ":List" not in action)
    invitation = f"{HANDSHAKES}/invite/h-79d8f6f114ee4304a5e55397e1"
    assert not allows(policy("operate"), "organizations:CancelHandshake", invitation)


def test_permission_to_trust_services_can_be_limited_to_some() -> None:
    everything = policy("trusted-services")["Statement"]
    held = policy("trusted-services", service_principals=["ram.amazonaws.com", "iam.amazonaws.com"])
    assert problems(held) == []
    condition = {"organizations:ServicePrincipal": ["ram.amazonaws.com", "iam.amazonaws.com"]}
    assert held["Statement"] == [everything[0], {**everything[1], "Condition": {"StringEquals": condition}}]
    with pytest.raises(ValueError, match=r"'\*' is no service principal"):
        policy("trusted-services", service_principals=["*"])


@pytest.mark.parametrize(
    "change",
    [
        {"partition": "aws-*"},
        {"organization_id": "o-*"},
        {"organization_id": "o-exampleorg1\n"},
        {"management_account_id": "*"},
        {"management_account_id": "١٢٣٤٥٦٧٨٩٠١٢"},
        {"organization_id": None},
        {"role_arns": ["*"]},
        {"role_arns": ["arn:aws:iam::*:role/*"]},
    ],
    ids=str,
)
def test_an_invalid_id_is_refused_by_its_name(change: dict[str, Any]) -> None:
    (value,) = change.values()
    with pytest.raises(ValueError, match="is no") as caught:
        policy("member", **change)
    assert repr(value[0] if isinstance(value, list) else value) in str(caught.value)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_only_a_policy_that_names_the_organization_needs_its_ids(purpose: Purpose) -> None:
    if purpose in BOUND:
        with pytest.raises(ValueError, match=r"is no (organization|account) id"):
            policy_for(purpose, partition="aws")
    else:
        assert policy_for(purpose, partition="aws") == policy(purpose)


def test_a_policy_reads_the_same_every_time() -> None:
    text = policy_text(policy("member"))
    assert text == policy_text(policy("member"))
    assert json.loads(text) == policy("member")
    assert list(policy("member")) == ["Version", "Statement"]
    assert text.startswith('{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Sid": "LookAt')
