"""Permissions of `iam-policy`: all that a stack takes, no more, and never somebody's invitation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common.errors import AccessDeniedError
from aws_org_features.model.migration import Action
from aws_org_features.views.iam_policies import PURPOSES
from tests.policies import actions, policy
from tests.reconcile.conftest import Resource

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from aws_org_features.views.iam_policies import Purpose

OUTSIDER = "900000000001"
ENFORCED = Scenario(switches=Switches(iam_enforcement=True))
OTHER_WAY_ROUND = Scenario(switches=Switches(iam_enforcement=True, handshake_actions="model"))
HIDDEN = Scenario(switches=Switches(iam_enforcement=True, children_shown=False))


def user(org: Emulator, account: str, document: str) -> StaticKeys:
    """The keys of somebody in an account who may do this and nothing else."""
    iam = org.client("iam", account)
    iam.create_user(UserName="only")
    iam.put_user_policy(UserName="only", PolicyName="only", PolicyDocument=document)
    key = iam.create_access_key(UserName="only")["AccessKey"]
    return StaticKeys(key["AccessKeyId"], key["SecretAccessKey"])


def as_user(org: Emulator, purpose: Purpose, without: str | None = None) -> Resource:
    resource = Resource(org)
    keys = user(org, org.management, policy(purpose, without))
    resource.connection = replace(resource.connection, keys=keys)
    return resource


def invite(org: Emulator) -> str:
    """Invite an account of somebody else's; gives the invitation's id."""
    client = org.client("organizations", org.management)
    made = client.invite_account_to_organization(Target={"Id": OUTSIDER, "Type": "ACCOUNT"})
    return str(made["Handshake"]["Id"])


def look(resource: Resource, org: Emulator) -> list[Any]:
    """The view of somebody who only looks: before it begins, on its way, and at its end."""
    told = [resource.refresh().outputs]
    org.enable_all_features()
    told.append(resource.refresh().outputs)
    org.approve_all()
    told.append(resource.refresh().outputs)
    return [[each["status"], each["message"], each["approvals"]] for each in told]


def take_it_to_the_end(resource: Resource, org: Emulator) -> list[Any]:
    """Begin, withdraw, begin, begin again after a refusal, finalize."""
    told: list[Any] = [resource.up().outputs["message"], resource.destroy().action]
    resource.declare(attempt=2)
    told.append(resource.up().outputs["status"])
    org.decline(org.invited[0])
    resource.declare(attempt=3)
    told.append(resource.up().outputs["status"])
    org.approve_all()
    told.append(resource.up().outputs["status"])
    return told


Flow = Callable[[Resource, "Emulator"], list[Any]]
FLOWS: dict[Purpose, tuple[Flow, Scenario]] = {
    "read": (look, HIDDEN),
    "operate": (take_it_to_the_end, ENFORCED),
}


@pytest.mark.parametrize("scenario", [ENFORCED, OTHER_WAY_ROUND])
def test_an_operator_gets_to_the_end(org: Emulator) -> None:
    told = take_it_to_the_end(as_user(org, "operate"), org)
    assert told[1:] == [Action.CANCEL, "AWAITING_APPROVALS", "AWAITING_APPROVALS", "ENABLED"]


@pytest.mark.parametrize("scenario", [ENFORCED, HIDDEN])
def test_a_reader_sees_it_and_changes_nothing(org: Emulator) -> None:
    resource = as_user(org, "read")
    statuses = [status for status, *_ in look(resource, org)]
    assert statuses == ["NOT_STARTED", "AWAITING_APPROVALS", "AWAITING_FINALIZATION"]
    with pytest.raises(AccessDeniedError, match="organizations:AcceptHandshake"):
        resource.up()
    assert org.feature_set == "CONSOLIDATED_BILLING"


@pytest.mark.parametrize(
    ("purpose", "without", "scenario"),
    [
        (purpose, action, FLOWS[purpose][1])
        for purpose in FLOWS
        for action in actions(purpose)
        if action != "organizations:ListAccounts"
    ],
)
def test_without_one_of_the_actions_something_is_missing(
    org: Emulator, purpose: Purpose, without: str
) -> None:
    flow, _ = FLOWS[purpose]
    resource = as_user(org, purpose, without)
    try:
        told = flow(resource, org)
    except AccessDeniedError as error:
        told = [str(error)]
    told += resource.heard.lines
    assert any(without in str(each) for each in told), told


@pytest.mark.parametrize("scenario", [HIDDEN])
@pytest.mark.parametrize("without", [None, "organizations:ListAccounts"])
@pytest.mark.parametrize("purpose", FLOWS)
def test_without_the_list_of_accounts_it_is_not_known_who_is_asked(
    org: Emulator, purpose: Purpose, without: str | None
) -> None:
    org.enable_all_features()
    outputs = as_user(org, purpose, without).refresh().outputs
    assert outputs["status"] == "AWAITING_APPROVALS"
    assert outputs["approvals"]["unknown"] == (0 if without else len(org.invited))


@pytest.mark.parametrize("scenario", [ENFORCED])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_nobody_accepts_an_invitation_by_these(org: Emulator, purpose: Purpose) -> None:
    invitation = invite(org)
    keys = user(org, OUTSIDER, policy(purpose))
    client = boto3.client(
        "organizations",
        region_name="us-east-1",
        endpoint_url=org.endpoint,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        client.accept_handshake(HandshakeId=invitation)
    org.join(OUTSIDER)  # which its owner could have done
