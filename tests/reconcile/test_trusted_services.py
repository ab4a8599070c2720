"""Trusted services against an emulated organization, without an engine: each fault, each call."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws import Paces, ServiceAccess
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common import errors
from aws_org_features.common.on_off import PATIENCE, Outcome, drift
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.common.state import changed
from aws_org_features.model.on_off import OnDestroy, Removal, Step
from aws_org_features.model.trusted_services import Declared, Seen
from aws_org_features.trusted_services.reconcile import TrustedServiceReconciler
from aws_org_features.trusted_services.state import recorded_from
from aws_org_features.views.iam_policies import Purpose, policy_for, policy_text
from tests.reconcile.conftest import Kept
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

pytestmark = pytest.mark.usefixtures("without_pauses")
INSPECTOR = "inspector2.amazonaws.com"
RAM = "ram.amazonaws.com"
LOOK = {"DescribeOrganization": 1, "ListAWSServiceAccessForOrganization": 1}


class Service(Kept[Outcome[Seen]]):
    """A trusted service."""

    def __init__(self, org: Emulator, principal: str = INSPECTOR) -> None:
        super().__init__(org, org.management)
        self.org = org
        self.declared = Declared(org.organization_id, principal)
        self.paces: Paces | None = None
        self.now = 0.0

    def declare(self, **changes: Any) -> None:
        self.declared = replace(self.declared, **changes)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.org.clock.advance(seconds=seconds)

    def reconciler(self, run: OnOffCache[Seen] | None = None) -> TrustedServiceReconciler:
        return TrustedServiceReconciler(
            ServiceAccess(self.connection, self.heard.progress, paces=self.paces),
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
def service(org: Emulator) -> Service:
    return Service(org)


def client(org: Emulator) -> Any:
    return org.client("organizations", org.management)


def trusted(org: Emulator) -> set[str]:
    """The services that AWS shows as trusted, once every lag is over."""
    org.clock.advance(seconds=2)
    pages = client(org).get_paginator("list_aws_service_access_for_organization").paginate()
    return {each["ServicePrincipal"] for page in pages for each in page["EnabledServicePrincipals"]}


def by_hand(org: Emulator, change: str, principal: str = INSPECTOR) -> None:
    getattr(client(org), f"{change}_aws_service_access")(ServicePrincipal=principal)


def delegate(org: Emulator, change: str = "register", principal: str = INSPECTOR) -> None:
    call = getattr(client(org), f"{change}_delegated_administrator")
    call(AccountId=org.invited[0], ServicePrincipal=principal)


def _once(act: Callable[[], None]) -> Callable[[str, str], None]:
    left = [act]

    def call(*_: str) -> None:
        if left:
            left.pop()()

    return call


_LAGS = [
    Scenario(feature_set="ALL", switches=Switches(read_lag=lag, empty_pages=lag > 0)) for lag in (0.0, 1.0)
]
_EACH_LAG = pytest.mark.parametrize("scenario", _LAGS, ids=["no lag", "lag"])


@_EACH_LAG
def test_it_is_trusted_and_then_no_longer(service: Service, org: Emulator) -> None:
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", True)
    assert drift(service.outputs, service.refresh()) is None, "a look right after it sees no drift"
    assert service.is_ours
    assert service.destroy().step is Step.DISABLE
    assert trusted(org) == set()
    assert org.writes == {"EnableAWSServiceAccess": 1, "DisableAWSServiceAccess": 1}


@pytest.mark.parametrize("scenario", [Scenario()])
def test_it_waits_for_all_features_without_an_error(service: Service, org: Emulator) -> None:
    service.up()
    assert (service.status, service.outputs["enabled"]) == ("WAITING_FOR_ALL_FEATURES", False)
    assert org.calls == {"DescribeOrganization": 1}, "AWS has no list of services before"
    outcome = service.reconciler().look()
    assert not outcome.to_do
    assert not changed(service.outputs, outcome.outputs), "waiting alone is no change"
    assert service.destroy().step is Step.NONE
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    outcome = service.reconciler().look()
    assert outcome.to_do
    assert drift(service.outputs, outcome) == "DISABLED"
    assert org.writes == {}
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", True)


@_EACH_LAG
def test_a_trusted_service_is_adopted_and_left(service: Service, org: Emulator) -> None:
    by_hand(org, "enable")
    org.clock.advance(seconds=2)
    org.reset_calls()
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", False)
    removal = service.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, "this resource didn't enable it")
    assert trusted(org) == {INSPECTOR}
    assert org.writes == {}


def test_a_service_that_was_disabled_is_drift_and_is_enabled_again(service: Service, org: Emulator) -> None:
    service.up()
    by_hand(org, "disable")
    assert drift(service.outputs, service.reconciler().look()) == "DISABLED"
    service.refresh()
    assert not service.is_ours, "what is off was enabled by nobody"
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", True)
    by_hand(org, "disable")
    service.refresh()
    by_hand(org, "enable")
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", False), (
        "what somebody else enabled again is theirs"
    )


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


def test_a_change_is_preceded_by_a_look_of_its_own(service: Service, org: Emulator) -> None:
    run = OnOffCache[Seen]()
    assert service.reconciler(run).look().to_do
    by_hand(org, "enable")
    org.reset_calls()
    service.up(run)
    assert (service.status, service.is_ours) == ("ENABLED", False)
    assert org.calls == {"ListAWSServiceAccessForOrganization": 1}, "whose organization it is has been seen"


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


@pytest.mark.parametrize("on_destroy", [OnDestroy.REFUSE_IF_USED, OnDestroy.DISABLE])
def test_a_type_that_is_off_needs_no_disabling(
    service: Service, org: Emulator, on_destroy: OnDestroy
) -> None:
    service.up()
    service.declare(on_destroy=on_destroy)
    by_hand(org, "disable")
    org.reset_calls()
    removal = service.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, "it isn't trusted any more")
    assert org.writes == {}


@pytest.mark.parametrize("kept", [True, False])
def test_aws_isnt_asked_about_what_another_resource_keeps(
    service: Service, org: Emulator, kept: bool
) -> None:
    service.up()
    org.reset_calls()
    assert (service.destroy("another resource keeps it" if kept else None).step is Step.NONE) is kept
    assert (org.calls == {}) is kept


# Who acts, and where it leads


@pytest.mark.parametrize("command", ["up", "refresh"])
def test_another_organization_is_an_error_before_any_write(
    service: Service, org: Emulator, command: str
) -> None:
    service.declare(organization_id="o-somebodyelse")
    with pytest.raises(errors.OrganizationMismatchError, match="o-exampleorg1"):
        getattr(service, command)()
    assert org.writes == {}


def test_the_error_in_a_member_account_says_where_to_run(service: Service, org: Emulator) -> None:
    service.connection = _of_a_member(service, org)
    with pytest.raises(errors.NotManagementAccountError, match=org.management):
        service.up()
    assert org.writes == {}


def test_a_delegated_administrator_may_read_and_the_error_says_who_may_change(
    service: Service, org: Emulator
) -> None:
    by_hand(org, "enable", "ssm.amazonaws.com")
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


def test_an_action_that_is_missing_is_named(service: Service, org: Emulator) -> None:
    org.fail("EnableAWSServiceAccess", error="AccessDeniedException", times=5)
    with pytest.raises(errors.AccessDeniedError, match="organizations:EnableAWSServiceAccess"):
        service.up()


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


# What goes wrong


def test_another_change_is_waited_out_but_not_for_ever(service: Service, org: Emulator) -> None:
    org.fail("EnableAWSServiceAccess", error="ConcurrentModificationException", times=4)
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", True)
    assert 0 < service.now < PATIENCE
    other = Service(org, RAM)
    org.fail("EnableAWSServiceAccess", error="ConcurrentModificationException", times=10_000)
    with pytest.raises(errors.ConcurrentModificationError):
        other.up()
    assert PATIENCE <= other.now < PATIENCE + 30


@pytest.mark.parametrize("once_ours", [True, False])
def test_the_quicker_one_while_it_waits_counts_as_having_enabled_it(
    service: Service, org: Emulator, once_ours: bool
) -> None:
    if once_ours:
        service.up()
        by_hand(org, "disable")
    org.fail("EnableAWSServiceAccess", error="ConcurrentModificationException")
    org.before("EnableAWSServiceAccess", _once(lambda: by_hand(org, "enable")))
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", False)


_ERRORS = (
    "ServiceException",
    "ConcurrentModificationException",
    "TooManyRequestsException",
    "AccessDeniedException",
    "ConstraintViolationException",
    "reset",
)
_EACH_FAULT = pytest.mark.parametrize(
    ("error", "when"),
    sample(
        [
            pytest.param(error, when, id=f"{error}-{when}")
            for error in _ERRORS
            for when in ("before", "after")
        ],
        every=4,
    ),
)


@_EACH_FAULT
def test_one_fault_at_any_call_loses_nothing(org: Emulator, error: str, when: str) -> None:
    kind = "reset" if error == "reset" else "error"
    org.snapshot()
    for nth in range(1, 12):
        org.restore()
        org.reset_calls()
        service = Service(org)
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        with contextlib.suppress(errors.OrgFeaturesError):
            service.up()
        calls = org.calls.total()
        assert service.status in {"nothing", "ENABLED"}
        org.clear_faults()
        service.up()
        assert service.status == "ENABLED", f"a fault at call {nth}"
        if calls < nth:
            assert service.is_ours
            return
    pytest.fail("not every call was tried")


@_EACH_FAULT
def test_one_fault_in_a_destroy_loses_nothing_either(org: Emulator, error: str, when: str) -> None:
    service = Service(org)
    service.up()
    kind = "reset" if error == "reset" else "error"
    org.snapshot()
    for nth in range(1, 16):
        org.restore()
        org.reset_calls()
        org.fail("*", error=error, nth=nth, when=when, kind=kind)  # type: ignore[arg-type]  # parametrized
        failed = False
        try:
            service.destroy()
        except errors.OrgFeaturesError:
            failed = True
        calls = org.calls.total()
        org.clear_faults()
        if failed:
            service.destroy()
        assert trusted(org) == set(), f"a fault at call {nth}"
        if calls < nth:
            return
    pytest.fail("not every call was tried")


@pytest.mark.parametrize("error", ["ServiceException", "reset", "InvalidInputException"])
@_EACH_LAG
def test_an_error_after_the_effect_is_no_error(service: Service, org: Emulator, error: str) -> None:
    kind = "reset" if error == "reset" else "error"
    org.fail("EnableAWSServiceAccess", error=error, when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    service.up()
    assert (service.status, service.is_ours) == ("ENABLED", True)
    org.fail("DisableAWSServiceAccess", error=error, when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    assert service.destroy().step is Step.DISABLE
    assert org.writes == {"EnableAWSServiceAccess": 1, "DisableAWSServiceAccess": 1}
