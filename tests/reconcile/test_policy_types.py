"""Policy types, without an engine; what trusted services do as well is in `test_on_off.py`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws.connection import AssumeRole, StaticKeys
from aws_org_features.common import errors
from aws_org_features.common.on_off import PATIENCE
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.common.state import changed
from aws_org_features.model.on_off import OnDestroy, Step
from aws_org_features.model.policy_types import PolicyTypeStatus, Seen
from aws_org_features.views.iam_policies import policy_for, policy_text
from tests.reconcile.on_off import (
    BACKUP,
    CHANGES,
    TAG,
    Type,
    attach,
    change_type,
    client,
    lagging,
    once,
    root_id,
    shown,
    world,
)

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

pytestmark = pytest.mark.usefixtures("without_pauses")
LOOK = {"DescribeOrganization": 1, "ListRoots": 1}


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


@pytest.fixture
def tag(org: Emulator) -> Type:
    return Type(org)


_WORLDS = [
    pytest.param(of(policy_type_changes=how), id=f"{how}, {of.__name__}")
    for how in CHANGES
    for of in (world, lagging)
]


@pytest.mark.parametrize("scenario", _WORLDS)
def test_several_go_one_after_another(org: Emulator) -> None:
    types, run = [Type(org, each) for each in (TAG, BACKUP, "CHATBOT_POLICY")], OnOffCache[Seen]()
    for each in types:
        each.up(run)
    assert [each.status for each in types] == ["ENABLED"] * 3
    assert all(each.is_ours for each in types)
    assert org.writes["EnablePolicyType"] == 3, "none was refused"
    for each in types:
        assert each.destroy().step is Step.DISABLE
    org.clock.advance(seconds=2)
    assert set(shown(org)) == {"SERVICE_CONTROL_POLICY"}


@pytest.mark.parametrize("scenario", _WORLDS)
def test_a_type_that_was_enabled_just_now_is_adopted_and_left(tag: Type, org: Emulator) -> None:
    # Where reads lag behind, AWS is asked and answers that it is enabled already.
    tag.by_hand("enable")
    org.reset_calls()
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", False)
    assert tag.destroy().step is Step.NONE
    assert tag.is_on()
    assert "DisablePolicyType" not in org.writes


def test_the_quicker_one_counts_as_having_enabled_it(tag: Type, org: Emulator) -> None:
    org.before("EnablePolicyType", once(lambda: change_type(org, "enable")))
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", False)


# Waiting, and its bound


@pytest.mark.parametrize("scenario", [world(policy_type_changes="clock")])
@pytest.mark.parametrize("mine", [True, False])
def test_a_change_that_takes_longer_is_reported_and_the_next_up_continues(
    tag: Type, org: Emulator, monkeypatch: pytest.MonkeyPatch, mine: bool
) -> None:
    def forward(seconds: float) -> None:
        tag.now += seconds  # AWS's time stands still

    monkeypatch.setattr(tag, "sleep", forward)
    if not mine:
        change_type(org, "enable", BACKUP)
        with pytest.raises(errors.PolicyChangesInProgressError, match=r"BACKUP_POLICY PENDING_ENABLE"):
            tag.up()
        return
    tag.up()
    assert (tag.status, tag.is_ours) == ("PENDING_ENABLE", True)
    assert tag.now >= PATIENCE
    assert any("waiting for AWS to enable TAG_POLICY" in line for line in tag.heard.lines)
    outcome = tag.reconciler().look()
    assert not outcome.to_do
    assert not changed(tag.outputs, outcome.outputs)
    org.clock.advance(seconds=60)
    assert changed(tag.outputs, tag.reconciler().look().outputs)
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)
    assert org.writes["EnablePolicyType"] == 1

    assert tag.destroy().step is Step.DISABLE
    by_now = shown(org)
    assert by_now[TAG] == "PENDING_DISABLE", "AWS has been asked, which is enough"


def test_a_run_that_is_over_waits_no_longer(tag: Type, org: Emulator) -> None:
    org.fail("EnablePolicyType", error="PolicyChangesInProgressException", times=10_000)
    reconciler = tag.reconciler()
    reconciler._edges = replace(reconciler._edges, over=lambda: True)
    with pytest.raises(errors.PolicyChangesInProgressError):
        reconciler.apply()
    assert tag.now == 0


# What is in use


def test_a_type_in_use_is_refused_by_name(tag: Type, org: Emulator) -> None:
    tag.up()
    policies = [attach(org, "costs", root_id(org)), attach(org, "aws-guardrails-AbCdEf", org.invited[0])]
    unattached = attach(org, "a draft")
    with pytest.raises(errors.PolicyTypeInUseError) as caught:
        tag.destroy()
    for words in (*policies, root_id(org), org.invited[0], "a guardrail of AWS Control Tower"):
        assert words in str(caught.value)
    assert unattached not in str(caught.value)
    assert TAG in shown(org)
    tag.declare(on_destroy=OnDestroy.LEAVE)
    assert tag.destroy().step is Step.NONE
    tag.declare(on_destroy=OnDestroy.DISABLE)
    assert tag.destroy().step is Step.DISABLE
    assert TAG not in shown(org)
    assert org.writes["DisablePolicyType"] == 1


def test_policies_that_are_attached_nowhere_lose_nothing(tag: Type, org: Emulator) -> None:
    tag.up()
    attach(org)
    assert tag.destroy().step is Step.DISABLE


@pytest.mark.parametrize("policy_type", ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"])
def test_aws_own_policies_are_no_use(org: Emulator, policy_type: str) -> None:
    if policy_type in shown(org):
        change_type(org, "disable", policy_type)
    each = Type(org, policy_type)
    each.up()
    assert each.destroy().step is Step.DISABLE
    assert policy_type not in shown(org)


@pytest.mark.parametrize("scenario", [world(read_lag=1.0)])
def test_a_policy_that_was_just_detached_is_no_use(tag: Type, org: Emulator) -> None:
    tag.up()
    org.clock.advance(seconds=2)
    policy_id, target = attach(org, target=org.invited[0]), org.invited[0]
    org.clock.advance(seconds=2)
    client(org).detach_policy(PolicyId=policy_id, TargetId=target)
    assert tag.destroy().step is Step.DISABLE


def test_a_policy_that_is_deleted_meanwhile_is_no_use(tag: Type, org: Emulator) -> None:
    tag.up()
    policy_id = attach(org)
    org.before("ListTargetsForPolicy", once(lambda: client(org).delete_policy(PolicyId=policy_id)))
    assert tag.destroy().step is Step.DISABLE


def test_a_run_knows_what_another_resource_keeps() -> None:
    run, one, other = OnOffCache[Seen](), f"o-exampleorg1/{TAG}", f"o-exampleorg1/{BACKUP}"
    run.keeps(one, "urn:mine")
    assert run.why_kept(one, "urn:mine") is None
    assert run.why_kept(one, "urn:other")
    assert run.why_kept(other, "urn:other") is None
    run.takes_on(other, "urn:other")
    assert run.why_kept(other, "urn:other")


# Who acts, and where it leads


def test_another_root_is_an_error_that_names_the_root_there_is(tag: Type, org: Emulator) -> None:
    tag.declare(root_id="r-none")
    with pytest.raises(errors.RootNotFoundError, match=root_id(org)):
        tag.up()
    assert org.writes == {}
    tag.declare(root_id=root_id(org))
    tag.up()
    assert tag.status == "ENABLED"


def test_a_look_that_another_resource_remembers_is_no_way_round_that(tag: Type, org: Emulator) -> None:
    run, another = OnOffCache[Seen](), Type(org)
    tag.up(run)
    another.declare(root_id="r-none")
    with pytest.raises(errors.RootNotFoundError):
        another.up(run)


def test_an_account_that_the_configuration_rules_out_is_asked_nothing_else(tag: Type, org: Emulator) -> None:
    tag.connection = replace(tag.connection, forbidden_accounts=frozenset({org.management}))
    with pytest.raises(errors.AccountNotAllowedError):
        tag.up()
    assert org.calls == {"GetCallerIdentity": 1}


_POLICY = policy_for(
    "policy-types", partition="aws", organization_id="o-exampleorg1", management_account_id="111111111111"
)


@pytest.mark.parametrize(
    "scenario",
    [Scenario(feature_set="ALL", switches=Switches(iam_enforcement=True))],
)
@pytest.mark.parametrize("on_destroy", OnDestroy)
def test_the_policy_for_policy_types_allows_what_it_takes(
    tag: Type, org: Emulator, on_destroy: OnDestroy
) -> None:
    iam = org.client("iam", org.management)
    trust = {"Effect": "Allow", "Principal": {"AWS": org.management}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="Types", AssumeRolePolicyDocument=document)
    iam.put_role_policy(RoleName="Types", PolicyName="types", PolicyDocument=policy_text(_POLICY))
    role = AssumeRole(f"arn:aws:iam::{org.management}:role/Types")
    tag.connection = replace(tag.connection, assume_roles=(role,))
    tag.declare(on_destroy=on_destroy)
    tag.up()
    attach(org, "a draft")
    assert (tag.destroy().step is Step.NONE) is (on_destroy is OnDestroy.LEAVE)


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL", switches=Switches(iam_enforcement=True))])
def test_a_reader_sees_the_root_and_changes_nothing(tag: Type, org: Emulator) -> None:
    tag.up()
    iam = org.client("iam", org.management)
    iam.create_user(UserName="reader")
    document = policy_text(policy_for("read-policy-types", partition="aws"))
    iam.put_user_policy(UserName="reader", PolicyName="reader", PolicyDocument=document)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    tag.connection = replace(tag.connection, keys=StaticKeys(key["AccessKeyId"], key["SecretAccessKey"]))
    org.reset_calls()
    tag.refresh()
    assert tag.status == "ENABLED"
    assert org.calls == LOOK
    change_type(org, "disable")
    with pytest.raises(errors.AccessDeniedError, match="organizations:EnablePolicyType"):
        tag.up()


# What AWS doesn't offer


def test_a_service_that_must_be_trusted_first_is_named_with_the_call(org: Emulator) -> None:
    each = Type(org, "SECURITYHUB_POLICY")
    with pytest.raises(errors.ServiceAccessNotEnabledError) as caught:
        each.up()
    call = "aws organizations enable-aws-service-access --service-principal securityhub.amazonaws.com"
    assert call in caught.value.next_step
    client(org).enable_aws_service_access(ServicePrincipal="securityhub.amazonaws.com")
    each.up()
    assert each.status == "ENABLED"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("PolicyTypeNotAvailableForOrganizationException", None),
        ("UnsupportedAPIEndpointException", None),
        ("InvalidInputException", "INVALID_ENUM_POLICY_TYPE"),
        ("InvalidInputException", "INVALID_ENUM:POLICY_TYPE"),
    ],
)
def test_a_type_that_is_not_offered_is_refused_by_name(
    tag: Type, org: Emulator, code: str, reason: str | None
) -> None:
    org.fail("EnablePolicyType", error=code, reason=reason)
    with pytest.raises(errors.PolicyTypeNotAvailableError, match="EnablePolicyType of TAG_POLICY") as caught:
        tag.up()
    seen = f"Organization {org.organization_id} has all features"
    assert f"{seen}, so TAG_POLICY isn't available" in caught.value.next_step
    assert org.calls == {**LOOK, "EnablePolicyType": 1}, "there is nothing to look for"


@pytest.mark.parametrize(
    "scenario", [Scenario(feature_set="ALL", policy_types=("SERVICE_CONTROL_POLICY", TAG))]
)
def test_the_offered_types_are_found_out_one_by_one(tag: Type, org: Emulator) -> None:
    run, backup = OnOffCache[Seen](), Type(org, BACKUP)
    for _ in range(2):
        with pytest.raises(errors.PolicyTypeNotAvailableError, match="EnablePolicyType of BACKUP_POLICY"):
            backup.up(run)
        assert backup.outputs == {}
        tag.up(run)
        assert (tag.status, tag.is_ours) == ("ENABLED", True)
    assert shown(org).keys() == {"SERVICE_CONTROL_POLICY", TAG}


def test_a_refusal_about_a_policy_type_is_no_migration_error(tag: Type, org: Emulator) -> None:
    org.fail("EnablePolicyType", error="ConstraintViolationException", reason="POLICY_NUMBER_LIMIT_EXCEEDED")
    with pytest.raises(errors.PolicyTypeRefusedError, match="POLICY_NUMBER_LIMIT_EXCEEDED"):
        tag.up()
    tag.up()
    assert tag.status == "ENABLED"


# How much is asked


def test_policy_types_share_a_look_for_the_run(org: Emulator) -> None:
    run = OnOffCache[Seen]()
    for policy_type in (TAG, BACKUP, "S3_POLICY"):
        Type(org, policy_type).reconciler(run).look()
    assert org.calls == LOOK


def test_a_change_of_the_organization_makes_the_run_look_again(org: Emulator, tag: Type) -> None:
    run, another = OnOffCache[Seen](), Type(org, BACKUP)
    another.connection = replace(tag.connection, region="eu-west-1")
    another.reconciler(run).look()
    tag.up(run)
    assert another.reconciler(run).look().seen.root.policy_types[TAG] == "ENABLED"


# What goes wrong


@pytest.mark.parametrize("scenario", [world(policy_type_changes="clock")])
def test_a_look_that_fails_once_the_type_is_asked_for_costs_no_record(tag: Type, org: Emulator) -> None:
    org.fail("ListRoots", nth=2, times=99, error="AccessDeniedException")
    tag.up()
    assert (tag.status, tag.is_ours) == ("PENDING_ENABLE", True)
    assert any("warning: couldn't check how far AWS has got" in line for line in tag.heard.lines)


def test_every_status_of_the_model_is_known() -> None:
    from botocore.session import get_session  # noqa: PLC0415 - as the provider loads it

    shape = get_session().get_service_model("organizations").shape_for("PolicyTypeStatus")
    assert set(shape.metadata["enum"]) <= set(PolicyTypeStatus)
