"""Policy types against an emulated organization, without an engine: each fault, each call."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Roots
from aws_org_features.aws.connection import AssumeRole, StaticKeys
from aws_org_features.common import errors
from aws_org_features.common.on_off import PATIENCE, Outcome, drift
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.common.state import changed
from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.policy_types import Declared, PolicyTypeStatus, Seen
from aws_org_features.policy_types.reconcile import PolicyTypeReconciler
from aws_org_features.policy_types.state import recorded_from
from aws_org_features.views.iam_policies import policy_for, policy_text
from tests.reconcile.conftest import Kept
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

pytestmark = pytest.mark.usefixtures("without_pauses")
TAG = "TAG_POLICY"
BACKUP = "BACKUP_POLICY"
LOOK = {"DescribeOrganization": 1, "ListRoots": 1}


class Type(Kept[Outcome[Seen]]):
    """A policy type."""

    def __init__(self, org: Emulator, policy_type: str = TAG) -> None:
        super().__init__(org, org.management)
        self.org = org
        self.declared = Declared(org.organization_id, policy_type)
        self.now = 0.0

    def declare(self, **changes: Any) -> None:
        self.declared = replace(self.declared, **changes)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.org.clock.advance(seconds=seconds)

    def reconciler(self, run: OnOffCache[Seen] | None = None) -> PolicyTypeReconciler:
        return PolicyTypeReconciler(
            Roots(self.connection, self.heard.progress),
            self.declared,
            recorded_from(self.outputs),
            self.heard,
            run or OnOffCache[Seen](),
            sleep=self.sleep,
            clock=lambda: self.now,
        )

    def destroy(self, why_kept: str | None = None) -> Removal:
        return self.reconciler().disable_if_free(why_kept)

    @property
    def is_ours(self) -> bool:
        return bool(self.outputs["enabled_by_this_resource"])


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


@pytest.fixture
def tag(org: Emulator) -> Type:
    return Type(org)


def client(org: Emulator) -> Any:
    return org.client("organizations", org.management)


def the_root(org: Emulator) -> dict[str, Any]:
    """AWS's view of the root, after pages of which some are empty."""
    (root,) = (root for page in client(org).get_paginator("list_roots").paginate() for root in page["Roots"])
    return dict(root)


def shown(org: Emulator) -> dict[str, str]:
    """AWS's view of the root's policy types, once everything is done."""
    root = the_root(org)
    return {each["Type"]: each["Status"] for each in root["PolicyTypes"]}


def root_id(org: Emulator) -> str:
    return str(the_root(org)["Id"])


def by_hand(org: Emulator, change: str, policy_type: str = TAG) -> None:
    getattr(client(org), f"{change}_policy_type")(RootId=root_id(org), PolicyType=policy_type)


def attach(org: Emulator, name: str = "costs", target: str | None = None) -> str:
    """Make a tag policy, and attach it."""
    made = client(org).create_policy(Name=name, Description="", Type=TAG, Content=json.dumps({"tags": {}}))
    policy_id = str(made["Policy"]["PolicySummary"]["Id"])
    if target is not None:
        client(org).attach_policy(PolicyId=policy_id, TargetId=target)
    return policy_id


def _world(how: str, **switches: Any) -> Scenario:
    return Scenario(feature_set="ALL", switches=Switches(policy_type_changes=how, **switches))  # type: ignore[arg-type]  # parametrized


_CHANGES = ("at_once", "clock", "read")
_WORLDS = [
    pytest.param(_world(how, read_lag=lag, empty_pages=lag > 0), id=f"{how}, lag {lag}")
    for how in _CHANGES
    for lag in (0.0, 1.0)
]


@pytest.mark.parametrize("scenario", _WORLDS)
def test_it_is_enabled_and_disabled_whenever_aws_gets_to_it(tag: Type, org: Emulator) -> None:
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)
    org.clock.advance(seconds=2)
    assert drift(tag.outputs, tag.refresh()) is None
    assert (tag.status, tag.is_ours) == ("ENABLED", True)
    assert tag.destroy().step is Step.DISABLE
    org.clock.advance(seconds=2)
    assert TAG not in shown(org)
    assert org.writes == {"EnablePolicyType": 1, "DisablePolicyType": 1}


@pytest.mark.parametrize("scenario", _WORLDS)
def test_a_refresh_right_after_it_sees_no_drift(tag: Type) -> None:
    tag.up()
    assert drift(tag.outputs, tag.refresh()) is None
    assert tag.is_ours


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


@pytest.mark.parametrize("scenario", [Scenario(), Scenario(switches=Switches(policy_type_changes="clock"))])
def test_it_waits_for_all_features_without_an_error(tag: Type, org: Emulator) -> None:
    tag.up()
    assert (tag.status, tag.outputs["enabled"]) == ("WAITING_FOR_ALL_FEATURES", False)
    outcome = tag.reconciler().look()
    assert not outcome.to_do
    assert not changed(tag.outputs, outcome.outputs), "waiting alone is no change"
    assert tag.destroy().step is Step.NONE
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    outcome = tag.reconciler().look()
    assert outcome.to_do
    assert drift(tag.outputs, outcome) == "DISABLED"
    assert org.writes == {}
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)


@pytest.mark.parametrize("scenario", _WORLDS)
def test_an_enabled_type_is_adopted_and_left(tag: Type, org: Emulator) -> None:
    by_hand(org, "enable")
    org.reset_calls()
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", False)
    removal = tag.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, "this resource didn't enable it")
    org.clock.advance(seconds=2)
    assert TAG in shown(org)
    # Where reads lag behind, AWS is asked and answers that it is enabled already.
    assert "DisablePolicyType" not in org.writes


@pytest.mark.parametrize("scenario", [_world(how) for how in _CHANGES])
def test_a_service_that_was_disabled_is_drift_and_is_enabled_again(tag: Type, org: Emulator) -> None:
    tag.up()
    by_hand(org, "disable")
    outcome = tag.reconciler().look()
    assert drift(tag.outputs, outcome) in {"DISABLED", "PENDING_DISABLE"}
    tag.refresh()
    assert not tag.is_ours, "what is off was enabled by nobody"
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)


def test_a_type_that_somebody_else_enabled_again_is_theirs(tag: Type, org: Emulator) -> None:
    tag.up()
    by_hand(org, "disable")
    tag.refresh()
    by_hand(org, "enable")
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", False)


def test_the_quicker_one_counts_as_having_enabled_it(tag: Type, org: Emulator) -> None:
    org.before("EnablePolicyType", _once(lambda: by_hand(org, "enable")))
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", False)


def _once(act: Callable[[], None]) -> Callable[[str, str], None]:
    left = [act]

    def call(*_: str) -> None:
        if left:
            left.pop()()

    return call


# Waiting, and its bound


def _never(org: Emulator, *_: Any) -> None:
    """Somebody's other change, that AWS never gets done with."""
    org.fail("EnablePolicyType", error="PolicyChangesInProgressException", times=10_000)


def test_another_change_is_waited_out(tag: Type, org: Emulator) -> None:
    org.fail("EnablePolicyType", error="PolicyChangesInProgressException", times=4)
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)
    assert 0 < tag.now < PATIENCE


def test_but_not_for_ever(tag: Type, org: Emulator) -> None:
    _never(org)
    with pytest.raises(errors.PolicyChangesInProgressError, match="EnablePolicyType of TAG_POLICY"):
        tag.up()
    assert PATIENCE <= tag.now < PATIENCE + 30


@pytest.mark.parametrize("scenario", [_world("clock")])
@pytest.mark.parametrize("mine", [True, False])
def test_a_change_that_takes_longer_is_reported_and_the_next_up_continues(
    tag: Type, org: Emulator, monkeypatch: pytest.MonkeyPatch, mine: bool
) -> None:
    def forward(seconds: float) -> None:
        tag.now += seconds  # AWS's time stands still

    monkeypatch.setattr(tag, "sleep", forward)
    if not mine:
        by_hand(org, "enable", BACKUP)
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
    _never(org)
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
        by_hand(org, "disable", policy_type)
    each = Type(org, policy_type)
    each.up()
    assert each.destroy().step is Step.DISABLE
    assert policy_type not in shown(org)


@pytest.mark.parametrize("scenario", [_world("at_once", read_lag=1.0)])
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
    org.before("ListTargetsForPolicy", _once(lambda: client(org).delete_policy(PolicyId=policy_id)))
    assert tag.destroy().step is Step.DISABLE


@pytest.mark.parametrize("on_destroy", [OnDestroy.REFUSE_IF_USED, OnDestroy.DISABLE])
def test_a_type_that_is_off_needs_no_disabling(tag: Type, org: Emulator, on_destroy: OnDestroy) -> None:
    tag.up()
    tag.declare(on_destroy=on_destroy)
    by_hand(org, "disable")
    org.reset_calls()
    removal = tag.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, "it is no longer enabled")
    assert org.writes == {}


@pytest.mark.parametrize("kept", [True, False])
def test_aws_isnt_asked_about_what_another_resource_keeps(tag: Type, org: Emulator, kept: bool) -> None:
    tag.up()
    org.reset_calls()
    assert (tag.destroy("another resource keeps it" if kept else None).step is Step.NONE) is kept
    assert (org.calls == {}) is kept


def test_a_run_knows_what_another_resource_keeps() -> None:
    run, one, other = OnOffCache[Seen](), f"o-exampleorg1/{TAG}", f"o-exampleorg1/{BACKUP}"
    run.keeps(one, "urn:mine")
    assert run.why_kept(one, "urn:mine") is None
    assert run.why_kept(one, "urn:other")
    assert run.why_kept(other, "urn:other") is None
    run.takes_on(other, "urn:other")
    assert run.why_kept(other, "urn:other")


# Who acts, and where it leads


@pytest.mark.parametrize("command", ["up", "refresh"])
def test_another_organization_is_an_error_before_any_write(tag: Type, org: Emulator, command: str) -> None:
    tag.declare(organization_id="o-somebodyelse")
    with pytest.raises(errors.OrganizationMismatchError, match="o-exampleorg1"):
        getattr(tag, command)()
    assert org.writes == {}


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


def test_the_error_in_a_member_account_says_where_to_run(tag: Type, org: Emulator) -> None:
    keys = org.credentials(org.invited[0])
    own = StaticKeys(keys.access_key_id, keys.secret_access_key)
    tag.connection = replace(tag.connection, keys=own)
    with pytest.raises(errors.NotManagementAccountError, match=org.management):
        tag.up()
    assert org.writes == {}


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
    by_hand(org, "disable")
    with pytest.raises(errors.AccessDeniedError, match="organizations:EnablePolicyType"):
        tag.up()


def test_an_action_that_is_missing_is_named(tag: Type, org: Emulator) -> None:
    org.fail("EnablePolicyType", error="AccessDeniedException", times=5)
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


def test_a_change_is_preceded_by_a_look_of_its_own(tag: Type, org: Emulator) -> None:
    run = OnOffCache[Seen]()
    assert tag.reconciler(run).look().to_do
    by_hand(org, "enable")
    org.reset_calls()
    tag.up(run)
    assert (tag.status, tag.is_ours) == ("ENABLED", False)
    assert org.calls == {"ListRoots": 1}, "whose organization it is has been seen"


def test_a_change_of_the_organization_makes_the_run_look_again(org: Emulator, tag: Type) -> None:
    run, another = OnOffCache[Seen](), Type(org, BACKUP)
    another.connection = replace(tag.connection, region="eu-west-1")
    another.reconciler(run).look()
    tag.up(run)
    assert another.reconciler(run).look().seen.root.policy_types[TAG] == "ENABLED"


# What goes wrong

_ERRORS = (
    "ServiceException",
    "ConcurrentModificationException",
    "TooManyRequestsException",
    "PolicyChangesInProgressException",
    "AccessDeniedException",
    "ConstraintViolationException",
    "reset",
)


_EACH_FAULT = pytest.mark.parametrize(
    ("scenario", "error", "when"),
    sample(
        [
            pytest.param(_world(how), error, when, id=f"{how}-{error}-{when}")
            for how in _CHANGES
            for error in _ERRORS
            for when in ("before", "after")
        ],
        every=5,
    ),
)


@_EACH_FAULT
def test_one_fault_at_any_call_loses_nothing(org: Emulator, error: str, when: str) -> None:
    kind = "reset" if error == "reset" else "error"
    org.snapshot()
    for nth in range(1, 12):
        org.restore()
        org.reset_calls()
        tag = Type(org)
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        with contextlib.suppress(errors.OrgFeaturesError):
            tag.up()
        calls = org.calls.total()
        assert tag.status in {"nothing", "PENDING_ENABLE", "ENABLED"}
        org.clear_faults()
        tag.up()
        assert tag.status == "ENABLED", f"a fault at call {nth}"
        if calls < nth:
            assert tag.is_ours
            return
    pytest.fail("not every call was tried")


@_EACH_FAULT
def test_one_fault_in_a_destroy_loses_nothing_either(org: Emulator, error: str, when: str) -> None:
    tag = Type(org)
    tag.up()
    attach(org, "a draft")
    kind = "reset" if error == "reset" else "error"
    org.snapshot()
    for nth in range(1, 16):
        org.restore()
        org.reset_calls()
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        failed = False
        try:
            tag.destroy()
        except errors.OrgFeaturesError:
            failed = True
        calls = org.calls.total()
        org.clear_faults()
        if failed:
            tag.destroy()
        org.clock.advance(seconds=31)
        client(org).list_roots()
        assert TAG not in shown(org), f"a fault at call {nth}"
        if calls < nth:
            return
    pytest.fail("not every call was tried")


@pytest.mark.parametrize("error", ["ServiceException", "reset", "InvalidInputException"])
@pytest.mark.parametrize("scenario", _WORLDS)
def test_an_error_after_the_effect_is_no_error(tag: Type, org: Emulator, error: str) -> None:
    kind = "reset" if error == "reset" else "error"
    org.fail("EnablePolicyType", error=error, when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    tag.up()
    assert (tag.status, tag.is_ours) == ("ENABLED", True)
    org.fail("DisablePolicyType", error=error, when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    assert tag.destroy().step is Step.DISABLE
    assert org.writes == {"EnablePolicyType": 1, "DisablePolicyType": 1}


@pytest.mark.parametrize("scenario", [_world("clock")])
def test_a_look_that_fails_once_the_type_is_asked_for_costs_no_record(tag: Type, org: Emulator) -> None:
    org.fail("ListRoots", nth=2, times=99, error="AccessDeniedException")
    tag.up()
    assert (tag.status, tag.is_ours) == ("PENDING_ENABLE", True)
    assert any("warning: couldn't check how far AWS has got" in line for line in tag.heard.lines)


def test_every_status_of_the_model_is_known() -> None:
    from botocore.session import get_session  # noqa: PLC0415 - as the provider loads it

    shape = get_session().get_service_model("organizations").shape_for("PolicyTypeStatus")
    assert set(shape.metadata["enum"]) <= set(PolicyTypeStatus)
