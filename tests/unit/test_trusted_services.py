"""The decisions about a trusted service, and the words for them."""

from __future__ import annotations

from typing import Any

import pytest

from aws_org_features.common import errors
from aws_org_features.lifecycle.resource import Call, Settings
from aws_org_features.lifecycle.run_caches import RunCaches
from aws_org_features.lifecycle.trusted_service import TrustedServiceLifecycle
from aws_org_features.lifecycle.unknown import UNKNOWN
from aws_org_features.model.on_off import OnDestroy, Step
from aws_org_features.model.organizations import AccountDetails, Organization
from aws_org_features.model.trusted_services import Declared, Seen, TrustedServiceStatus
from aws_org_features.trusted_services import messages
from aws_org_features.trusted_services.decide import next_removal, next_step, status_of
from aws_org_features.trusted_services.services import nearest
from aws_org_features.trusted_services.state import Recorded, outputs, recorded_from

INSPECTOR = "inspector2.amazonaws.com"
DECLARED = Declared("o-exampleorg1", INSPECTOR)
ADMINISTRATOR = AccountDetails("222222222222", "Security", "")


def seen(*trusted: str, feature_set: str = "ALL") -> Seen:
    organization = Organization("o-exampleorg1", "arn", "111111111111", feature_set)
    return Seen(organization, frozenset(trusted))


OFF, ON, OTHERS = seen(), seen(INSPECTOR), seen("ram.amazonaws.com")
BILLING = seen(feature_set="CONSOLIDATED_BILLING")


@pytest.mark.parametrize(
    ("now", "status", "step"),
    [
        (BILLING, "WAITING_FOR_ALL_FEATURES", Step.NONE),
        (OFF, "DISABLED", Step.ENABLE),
        (OTHERS, "DISABLED", Step.ENABLE),
        (ON, "ENABLED", Step.NONE),
    ],
)
def test_where_a_service_stands_and_what_comes_next(now: Seen, status: str, step: Step) -> None:
    assert status_of(INSPECTOR, now) == status
    assert next_step(INSPECTOR, now) is step


@pytest.mark.parametrize("on_destroy", [OnDestroy.REFUSE_IF_USED, OnDestroy.DISABLE])
@pytest.mark.parametrize(
    ("now", "administrators", "step"),
    [
        (BILLING, (ADMINISTRATOR,), Step.NONE),
        (OFF, (ADMINISTRATOR,), Step.NONE),
        (ON, None, Step.DISABLE),
        (ON, (), Step.DISABLE),
        (ON, (ADMINISTRATOR,), Step.REFUSE),
    ],
)
def test_the_effect_of_a_destroy(
    on_destroy: OnDestroy, now: Seen, administrators: tuple[AccountDetails, ...] | None, step: Step
) -> None:
    if on_destroy is OnDestroy.DISABLE and step is Step.REFUSE:
        step = Step.DISABLE
    assert next_removal(INSPECTOR, on_destroy, now, administrators).step is step


@pytest.mark.parametrize("now", [BILLING, OFF, ON])
@pytest.mark.parametrize("enabled_here", [True, False])
def test_outputs_are_read_back_as_they_were(now: Seen, enabled_here: bool) -> None:
    made = outputs(DECLARED, now, enabled_here=enabled_here)
    assert recorded_from(made) == Recorded(status_of(INSPECTOR, now), enabled_here and now is ON)
    assert made["enabled"] is (now is ON)
    assert INSPECTOR in made["message"]
    assert "{" not in made["message"]


def test_nothing_was_recorded_before_the_first_run() -> None:
    assert recorded_from({"service_principal": INSPECTOR, "goal": "ENABLED"}) == Recorded()


def test_every_status_has_its_words() -> None:
    assert set(messages._MESSAGES) == set(TrustedServiceStatus)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        (INSPECTOR, None),
        ("inspector2", INSPECTOR),
        ("inspectr2.amazonaws.com", INSPECTOR),
        ("Access_Analyzer", "access-analyzer.amazonaws.com"),
        ("notifications.amazonaws.com", "notifications.amazon.com"),
        ("a-service-of-next-year.amazonaws.com", None),
    ],
)
def test_a_typo_gets_the_nearest_name_as_a_suggestion(name: str, meant: str | None) -> None:
    assert nearest(name) == meant
    told = messages.doubt(name)
    assert (meant is None and told is None) or f"did you mean {meant}?" in str(told)


@pytest.mark.parametrize(
    ("principal", "command"),
    [
        ("ipam.amazonaws.com", "`aws ec2 enable-ipam-organization-admin-account "),
        ("ram.amazonaws.com", "`aws ram enable-sharing-with-aws-organization`"),
        ("stacksets.cloudformation.amazonaws.com", "`aws cloudformation activate-organizations-access`"),
    ],
)
def test_a_service_with_a_way_of_its_own_is_reported_with_its_command(principal: str, command: str) -> None:
    assert command in str(messages.doubt(principal))
    refusal = errors.TrustedServiceUnknownError("AWS refuses it.", "Look it up.")
    assert command in messages.unknown(Declared("o-exampleorg1", principal), refusal).next_step


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        (INSPECTOR, "AWS recommends to disable it by the service's own console or commands first"),
        ("cloudtrail.amazonaws.com", "by which its organization trails are deleted in member accounts"),
        ("q.amazonaws.com", "AWS recommends to disable it in Amazon Q Developer's settings first"),
    ],
)
def test_the_cost_of_ending_the_trust_is_reported(principal: str, words: str) -> None:
    assert words in messages.disabling(Declared("o-exampleorg1", principal))


def test_delegated_administrators_are_named_and_escaped() -> None:
    many = [AccountDetails(f"{number:012}", "a\x1b[2Kb", "") for number in range(12)]
    text = str(messages.in_use(DECLARED, many))
    assert f"{INSPECTOR} is in use: it has delegated administrators, account 000000000000 (a" in text
    assert "account 000000000009" in text
    assert "and 2 more." in text
    assert "000000000010" not in text
    assert "\x1b" not in text
    assert f"deregister-delegated-administrator --service-principal {INSPECTOR}" in text


class Silent:
    def info(self, text: str) -> None:
        raise AssertionError(text)

    warn = progress = info


def lifecycle() -> TrustedServiceLifecycle:
    return TrustedServiceLifecycle(Call("urn", Silent(), Settings(lambda _key: None), RunCaches()))


GIVEN = {"organization_id": "o-exampleorg1", "service_principal": INSPECTOR, "on_destroy": "leave"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"service_principal": ""}, "service_principal is '', but a service's principal is like guardduty."),
        ({"service_principal": "Guard Duty"}, "service_principal is 'Guard Duty'"),
        ({"service_principal": ["ram"]}, "service_principal is ['ram']"),
        ({"on_destroy": "delete"}, "on_destroy is 'delete', but must be one of refuse-if-used, "),
        ({"organization_id": "123456789012"}, "organization_id is '123456789012'"),
        ({"connection": {"regoin": "x"}}, "connection has no setting 'regoin'"),
    ],
)
def test_bad_inputs_are_refused_by_name_and_nothing_is_asked(changes: dict[str, Any], words: str) -> None:
    (problem,) = lifecycle().check({}, {**GIVEN, **changes}).problems
    assert words in problem[1]


def test_inputs_that_are_not_known_yet_are_left_for_later() -> None:
    unknown: dict[str, Any] = dict.fromkeys(GIVEN, UNKNOWN)
    assert lifecycle().check({}, unknown).problems == ()
    assert lifecycle().diff({**GIVEN, "status": "ENABLED"}, unknown).changes is None
