"""Trusted services, without an engine; what policy types do as well is in `test_on_off.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Paces
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common import errors
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.model.on_off import OnDestroy, Step
from aws_org_features.model.trusted_services import Seen
from aws_org_features.views.iam_policies import Purpose, policy_for, policy_text
from tests.reconcile.on_off import INSPECTOR, RAM, Service, client, delegate, lagging, trust, trusted, world

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

pytestmark = pytest.mark.usefixtures("without_pauses")
LOOK = {"DescribeOrganization": 1, "ListAWSServiceAccessForOrganization": 1}


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


@pytest.fixture
def service(org: Emulator) -> Service:
    return Service(org)


_EACH_LAG = pytest.mark.parametrize("scenario", [world(), lagging()], ids=["no lag", "lag"])


@pytest.mark.parametrize("scenario", [Scenario()])
def test_before_all_features_aws_has_no_list_of_services_to_ask_for(service: Service, org: Emulator) -> None:
    service.up()
    assert service.status == "WAITING_FOR_ALL_FEATURES"
    assert org.calls == {"DescribeOrganization": 1}


def test_several_share_a_look_and_each_is_asked_for_once(org: Emulator) -> None:
    services, run = [Service(org, each) for each in (INSPECTOR, RAM, "iam.amazonaws.com")], OnOffCache[Seen]()
    for each in services:
        each.reconciler(run).look()
    assert org.calls == LOOK
    for each in services:
        each.up(run)
    assert all(each.is_ours for each in services)
    assert org.writes == {"EnableAWSServiceAccess": 3}
    assert trusted(org) == {INSPECTOR, RAM, "iam.amazonaws.com"}


@pytest.mark.parametrize(
    "scenario", [Scenario(feature_set="ALL", switches=Switches(throttling=True))], ids=["throttling"]
)
def test_however_many_keep_to_the_rate_of_aws_so_that_none_is_refused(org: Emulator) -> None:
    names = ("account", "backup", "config", "fms", "iam", "ram", "ssm", "sso")
    services, run = [Service(org, f"{name}.amazonaws.com") for name in names], OnOffCache[Seen]()
    clock = services[0]
    paces = Paces(clock=lambda: clock.now, sleep=clock.sleep)
    for each in services:
        each.paces = paces
        each.up(run)
    for operation in ("EnableAWSServiceAccess", "ListAWSServiceAccessForOrganization"):
        assert [e.status for e in org.entries if e.call.operation == operation] == [200] * len(names)


# Who administers for it


@_EACH_LAG
def test_a_service_with_delegated_administrators_is_refused_by_name(service: Service, org: Emulator) -> None:
    service.up()
    delegate(org)
    org.clock.advance(seconds=2)
    with pytest.raises(errors.TrustedServiceInUseError, match=org.invited[0]):
        service.destroy()
    assert trusted(org) == {INSPECTOR}
    service.declare(on_destroy=OnDestroy.LEAVE)
    assert service.destroy().step is Step.NONE
    service.declare(on_destroy=OnDestroy.REFUSE_IF_USED)
    delegate(org, "deregister")
    assert service.destroy().step is Step.DISABLE, "who was deregistered a moment ago keeps nothing"
    assert trusted(org) == set()


def test_disable_asks_nobody(service: Service, org: Emulator) -> None:
    service.up()
    delegate(org)
    service.declare(on_destroy=OnDestroy.DISABLE)
    org.reset_calls()
    assert service.destroy().step is Step.DISABLE
    assert org.calls == {**LOOK, "DisableAWSServiceAccess": 1}


def test_a_service_for_which_nobody_can_administer_is_used_by_nobody(org: Emulator) -> None:
    each = Service(org, RAM)
    each.up()
    assert each.destroy().step is Step.DISABLE


def test_the_cost_is_reported_once_as_trust_ends(org: Emulator) -> None:
    each = Service(org, RAM)
    each.up()
    org.fail("DisableAWSServiceAccess", error="ConcurrentModificationException", times=3)
    each.destroy()
    told = [line for line in each.heard.lines if line.startswith("warning: ")]
    assert len(told) == 1
    assert "accounts lose what is shared with the organization. AWS recommends to " in told[0]


def test_a_policy_type_that_needs_the_service_is_reported_and_what_may_come_first(
    service: Service, org: Emulator
) -> None:
    service.up()
    root = client(org).list_roots()["Roots"][0]["Id"]
    client(org).enable_policy_type(RootId=root, PolicyType="INSPECTOR_POLICY")
    with pytest.raises(
        errors.TrustedServiceInUseError, match="a policy type of this service is enabled"
    ) as told:
        service.destroy()
    assert "Disable the policy type." in told.value.next_step
    assert "AWS recommends to " in told.value.next_step
    assert trusted(org) == {INSPECTOR}


# Who acts, and where it leads


def test_a_delegated_administrator_may_read_and_the_error_says_who_may_change(
    service: Service, org: Emulator
) -> None:
    trust(org, "enable", "ssm.amazonaws.com")
    delegate(org, principal="ssm.amazonaws.com")
    service.connection = _of_a_member(service, org)
    org.reset_calls()
    assert service.reconciler().look().to_do
    with pytest.raises(errors.NotManagementAccountError, match="EnableAWSServiceAccess"):
        service.up()
    assert trusted(org) == {"ssm.amazonaws.com"}


def _of_a_member(service: Service, org: Emulator) -> Any:
    keys = org.credentials(org.invited[0])
    return replace(service.connection, keys=StaticKeys(keys.access_key_id, keys.secret_access_key))


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL", switches=Switches(iam_enforcement=True))])
def test_the_policies_allow_what_it_takes_and_of_the_named_services_alone(org: Emulator) -> None:
    def acting(purpose: Purpose, **held: Any) -> StaticKeys:
        iam = org.client("iam", org.management)
        iam.create_user(UserName=purpose)
        document = policy_text(policy_for(purpose, partition="aws", **held))
        iam.put_user_policy(UserName=purpose, PolicyName="trust", PolicyDocument=document)
        key = iam.create_access_key(UserName=purpose)["AccessKey"]
        return StaticKeys(key["AccessKeyId"], key["SecretAccessKey"])

    service, other = Service(org), Service(org, RAM)
    trusting = acting("trusted-services", service_principals=[INSPECTOR])
    service.connection = other.connection = replace(service.connection, keys=trusting)
    service.up()
    with pytest.raises(errors.AccessDeniedError, match="organizations:EnableAWSServiceAccess"):
        other.up()
    other.connection = replace(other.connection, keys=acting("read-trusted-services"))
    assert other.reconciler().look().to_do
    with pytest.raises(errors.AccessDeniedError, match="organizations:EnableAWSServiceAccess"):
        other.up()
    assert service.destroy().step is Step.DISABLE


# What AWS knows


def test_a_service_that_aws_does_not_know_is_reported_with_the_nearest(org: Emulator) -> None:
    each = Service(org, "inspectr2.amazonaws.com")
    with pytest.raises(errors.TrustedServiceUnknownError) as told:
        each.up()
    assert "EnableAWSServiceAccess of inspectr2.amazonaws.com" in told.value.what
    assert "Nothing was changed. Did you mean inspector2.amazonaws.com?" in told.value.next_step
    assert org.calls == {**LOOK, "EnableAWSServiceAccess": 1}, "there is nothing to look for"


def test_another_refusal_of_aws_is_quoted(service: Service, org: Emulator) -> None:
    org.fail("EnableAWSServiceAccess", error="ConstraintViolationException", reason="WAIT_PERIOD_ACTIVE")
    with pytest.raises(errors.TrustedServiceRefusedError, match="WAIT_PERIOD_ACTIVE"):
        service.up()
    service.up()
    assert service.status == "ENABLED"
    org.fail("DisableAWSServiceAccess", error="ConstraintViolationException", reason="WAIT_PERIOD_ACTIVE")
    with pytest.raises(errors.TrustedServiceRefusedError, match="AWS recommends to "):
        service.destroy()
