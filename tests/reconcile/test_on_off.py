"""Policy types and trusted services alike, without an engine: each fault, each call."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.common import errors
from aws_org_features.common.on_off import PATIENCE, drift
from aws_org_features.common.run_cache import OnOffCache
from aws_org_features.common.state import changed
from aws_org_features.model.on_off import OnDestroy, Step
from tests.reconcile.on_off import CHANGES, OnOff, Service, Type, lagging, once, world
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

    Kind = Callable[[Emulator], OnOff]

pytestmark = pytest.mark.usefixtures("without_pauses")


_AT_ONCE: Final = [
    *(pytest.param(Type, world(policy_type_changes=how), id=f"type, {how}") for how in CHANGES),
    pytest.param(Service, world(), id="service"),
]
_LAGGING: Final = [
    *(pytest.param(Type, lagging(policy_type_changes=how), id=f"type, {how}, lag") for how in CHANGES),
    pytest.param(Service, lagging(), id="service, lag"),
]
_BEFORE: Final = [
    pytest.param(Type, Scenario(), id="type"),
    pytest.param(Type, Scenario(switches=Switches(policy_type_changes="clock")), id="type, clock"),
    pytest.param(Service, Scenario(), id="service"),
]
OF_EACH_KIND: Final = pytest.mark.parametrize("kind", [Type, Service], ids=["type", "service"])
IN_EACH_WORLD: Final = pytest.mark.parametrize(("kind", "scenario"), [*_AT_ONCE, *_LAGGING])


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(feature_set="ALL")


@pytest.fixture
def resource(kind: Kind, org: Emulator) -> OnOff:
    return kind(org)


@IN_EACH_WORLD
def test_it_is_enabled_and_disabled_whenever_aws_gets_to_it(resource: OnOff, org: Emulator) -> None:
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", True)
    assert drift(resource.outputs, resource.refresh()) is None, "a look right after it sees no drift"
    org.clock.advance(seconds=2)
    assert drift(resource.outputs, resource.refresh()) is None
    assert (resource.status, resource.is_ours) == ("ENABLED", True)
    assert resource.destroy().step is Step.DISABLE
    assert not resource.is_on()
    assert org.writes == {resource.ENABLE: 1, resource.DISABLE: 1}


@pytest.mark.parametrize(("kind", "scenario"), _BEFORE)
def test_it_waits_for_all_features_without_an_error(resource: OnOff, org: Emulator) -> None:
    resource.up()
    assert (resource.status, resource.outputs["enabled"]) == ("WAITING_FOR_ALL_FEATURES", False)
    outcome = resource.reconciler().look()
    assert not outcome.to_do
    assert not changed(resource.outputs, outcome.outputs), "waiting alone is no change"
    assert resource.destroy().step is Step.NONE
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    outcome = resource.reconciler().look()
    assert outcome.to_do
    assert drift(resource.outputs, outcome) == "DISABLED"
    assert org.writes == {}
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", True)


@IN_EACH_WORLD
def test_what_is_enabled_already_is_adopted_and_left(resource: OnOff, org: Emulator) -> None:
    resource.by_hand("enable")
    org.clock.advance(seconds=2)
    org.reset_calls()
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", False)
    removal = resource.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, "this resource didn't enable it")
    assert resource.is_on()
    assert org.writes == {}


@pytest.mark.parametrize(("kind", "scenario"), _AT_ONCE)
def test_what_somebody_disabled_is_drift_and_is_enabled_again(resource: OnOff) -> None:
    resource.up()
    resource.by_hand("disable")
    assert drift(resource.outputs, resource.reconciler().look()) in {"DISABLED"} | resource.DISABLING
    resource.refresh()
    assert not resource.is_ours, "what is off was enabled by nobody"
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", True)


@OF_EACH_KIND
def test_what_somebody_else_enabled_again_is_theirs(resource: OnOff) -> None:
    resource.up()
    resource.by_hand("disable")
    resource.refresh()
    resource.by_hand("enable")
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", False)


@OF_EACH_KIND
@pytest.mark.parametrize("once_ours", [True, False])
def test_the_quicker_one_while_it_waits_counts_as_having_enabled_it(
    resource: OnOff, org: Emulator, once_ours: bool
) -> None:
    if once_ours:
        resource.up()
        resource.by_hand("disable")
    org.fail(resource.ENABLE, error=resource.BUSY)
    org.before(resource.ENABLE, once(lambda: resource.by_hand("enable")))
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", False)


# Waiting, and its bound


@OF_EACH_KIND
def test_another_change_is_waited_out(resource: OnOff, org: Emulator) -> None:
    org.fail(resource.ENABLE, error=resource.BUSY, times=4)
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", True)
    assert 0 < resource.now < PATIENCE


@OF_EACH_KIND
def test_but_not_for_ever(resource: OnOff, org: Emulator) -> None:
    org.fail(resource.ENABLE, error=resource.BUSY, times=10_000)
    with pytest.raises(resource.STILL_BUSY, match=f"{resource.ENABLE} of {resource.name}"):
        resource.up()
    assert PATIENCE <= resource.now < PATIENCE + 30


# What needs no call


@OF_EACH_KIND
@pytest.mark.parametrize("on_destroy", [OnDestroy.REFUSE_IF_USED, OnDestroy.DISABLE])
def test_what_is_off_needs_no_disabling(resource: OnOff, org: Emulator, on_destroy: OnDestroy) -> None:
    resource.up()
    resource.declare(on_destroy=on_destroy)
    resource.by_hand("disable")
    org.reset_calls()
    removal = resource.destroy()
    assert (removal.step, removal.reason) == (Step.NONE, resource.NO_LONGER)
    assert org.writes == {}


@OF_EACH_KIND
@pytest.mark.parametrize("kept", [True, False])
def test_aws_isnt_asked_about_what_another_resource_keeps(resource: OnOff, org: Emulator, kept: bool) -> None:
    resource.up()
    org.reset_calls()
    assert (resource.destroy("another resource keeps it" if kept else None).step is Step.NONE) is kept
    assert (org.calls == {}) is kept


@OF_EACH_KIND
def test_a_change_is_preceded_by_a_look_of_its_own(resource: OnOff, org: Emulator) -> None:
    run = OnOffCache[Any]()
    assert resource.reconciler(run).look().to_do
    resource.by_hand("enable")
    org.reset_calls()
    resource.up(run)
    assert (resource.status, resource.is_ours) == ("ENABLED", False)
    assert org.calls == {resource.LIST: 1}, "whose organization it is has been seen"


# Who acts, and where it leads


@OF_EACH_KIND
@pytest.mark.parametrize("command", ["up", "refresh"])
def test_another_organization_is_an_error_before_any_write(
    resource: OnOff, org: Emulator, command: str
) -> None:
    resource.declare(organization_id="o-somebodyelse")
    with pytest.raises(errors.OrganizationMismatchError, match="o-exampleorg1"):
        getattr(resource, command)()
    assert org.writes == {}


@OF_EACH_KIND
def test_the_error_in_a_member_account_says_where_to_run(resource: OnOff, org: Emulator) -> None:
    keys = org.credentials(org.invited[0])
    own = StaticKeys(keys.access_key_id, keys.secret_access_key)
    resource.connection = replace(resource.connection, keys=own)
    with pytest.raises(errors.NotManagementAccountError, match=org.management):
        resource.up()
    assert org.writes == {}


@OF_EACH_KIND
def test_an_action_that_is_missing_is_named(resource: OnOff, org: Emulator) -> None:
    org.fail(resource.ENABLE, error="AccessDeniedException", times=5)
    with pytest.raises(errors.AccessDeniedError, match=f"organizations:{resource.ENABLE}"):
        resource.up()


# What goes wrong


def _fail(org: Emulator, operation: str, error: str, when: str, nth: int = 1) -> None:
    kind = "reset" if error == "reset" else "error"
    org.fail(operation, error=error, when=when, nth=nth, kind=kind)  # type: ignore[arg-type]  # parametrized


_ERRORS: Final = (
    "ServiceException",
    "ConcurrentModificationException",
    "TooManyRequestsException",
    "PolicyChangesInProgressException",
    "AccessDeniedException",
    "ConstraintViolationException",
    "reset",
)
EACH_FAULT: Final = pytest.mark.parametrize(
    ("kind", "scenario", "error", "when"),
    sample(
        [
            pytest.param(*each.values, error, when, id=f"{each.id}-{error}-{when}")
            for each in _AT_ONCE
            for error in _ERRORS
            for when in ("before", "after")
        ],
        every=5,
    ),
)


@EACH_FAULT
def test_one_fault_at_any_call_loses_nothing(kind: Kind, org: Emulator, error: str, when: str) -> None:
    org.snapshot()
    for nth in range(1, 12):
        org.restore()
        org.reset_calls()
        resource = kind(org)
        _fail(org, "*", error, when, nth)
        with contextlib.suppress(errors.OrgFeaturesError):
            resource.up()
        calls = org.calls.total()
        assert resource.status in {"nothing", "ENABLED"} | resource.ENABLING
        org.clear_faults()
        resource.up()
        assert resource.status == "ENABLED", f"a fault at call {nth}"
        if calls < nth:
            assert resource.is_ours
            return
    pytest.fail("not every call was tried")


@EACH_FAULT
def test_one_fault_in_a_destroy_loses_nothing_either(
    resource: OnOff, org: Emulator, error: str, when: str
) -> None:
    resource.up()
    resource.have_something_unused()
    org.snapshot()
    for nth in range(1, 16):
        org.restore()
        org.reset_calls()
        _fail(org, "*", error, when, nth)
        failed = False
        try:
            resource.destroy()
        except errors.OrgFeaturesError:
            failed = True
        calls = org.calls.total()
        org.clear_faults()
        if failed:
            resource.destroy()
        org.clock.advance(seconds=31)
        resource.is_on()  # one way of AWS gets to it once somebody looks
        assert not resource.is_on(), f"a fault at call {nth}"
        if calls < nth:
            return
    pytest.fail("not every call was tried")


@IN_EACH_WORLD
@pytest.mark.parametrize("error", ["ServiceException", "reset", "InvalidInputException"])
def test_an_error_after_the_effect_is_no_error(resource: OnOff, org: Emulator, error: str) -> None:
    _fail(org, resource.ENABLE, error, "after")
    resource.up()
    assert (resource.status, resource.is_ours) == ("ENABLED", True)
    _fail(org, resource.DISABLE, error, "after")
    assert resource.destroy().step is Step.DISABLE
    assert org.writes == {resource.ENABLE: 1, resource.DISABLE: 1}
