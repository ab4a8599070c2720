"""The decisions about a policy type, and the words for them: every status, others pending or not."""

from __future__ import annotations

import pytest

from aws_org_features.model.on_off import OnDestroy, Step
from aws_org_features.model.organizations import Organization
from aws_org_features.model.policy_types import (
    Declared,
    Policy,
    PolicyTypeStatus,
    Root,
    Seen,
    Target,
)
from aws_org_features.policy_types import messages
from aws_org_features.policy_types.decide import next_removal, next_step, status_of
from aws_org_features.policy_types.state import Recorded, outputs, recorded_from

TAG = "TAG_POLICY"
DECLARED = Declared("o-exampleorg1", TAG)
POLICY = Policy("p-12345678", "costs", (Target("r-root", "Root", "ROOT"),))


def seen(shown: str | None = None, other: str | None = None, *, feature_set: str = "ALL") -> Seen:
    types = {each: status for each, status in ((TAG, shown), ("S3_POLICY", other)) if status}
    organization = Organization("o-exampleorg1", "arn", "111111111111", feature_set)
    return Seen(organization, Root("r-root", "arn-of-root", types))


@pytest.mark.parametrize(
    ("shown", "other", "feature_set", "status", "step"),
    [
        (None, None, "CONSOLIDATED_BILLING", "WAITING_FOR_ALL_FEATURES", Step.NONE),
        (None, None, "ALL", "DISABLED", Step.ENABLE),
        (None, "ENABLED", "ALL", "DISABLED", Step.ENABLE),
        (None, "PENDING_ENABLE", "ALL", "DISABLED", Step.WAIT),
        (None, "PENDING_DISABLE", "ALL", "DISABLED", Step.WAIT),
        ("PENDING_ENABLE", None, "ALL", "PENDING_ENABLE", Step.WAIT),
        ("PENDING_DISABLE", None, "ALL", "PENDING_DISABLE", Step.WAIT),
        ("A_WORD_OF_TOMORROW", None, "ALL", "PENDING_ENABLE", Step.WAIT),
        ("ENABLED", None, "ALL", "ENABLED", Step.NONE),
        ("ENABLED", "PENDING_ENABLE", "ALL", "ENABLED", Step.NONE),
        ("ENABLED", None, "CONSOLIDATED_BILLING", "ENABLED", Step.NONE),
    ],
)
def test_where_a_type_stands_and_what_comes_next(
    shown: str | None, other: str | None, feature_set: str, status: str, step: Step
) -> None:
    now = seen(shown, other, feature_set=feature_set)
    assert status_of(TAG, now) == status
    assert next_step(TAG, now) is step


@pytest.mark.parametrize("on_destroy", [OnDestroy.REFUSE_IF_USED, OnDestroy.DISABLE])
@pytest.mark.parametrize(
    ("shown", "other", "used", "step"),
    [
        (None, None, (), Step.NONE),
        (None, "PENDING_ENABLE", (POLICY,), Step.NONE),
        ("PENDING_DISABLE", None, (POLICY,), Step.WAIT),
        ("PENDING_ENABLE", None, (POLICY,), Step.WAIT),
        ("ENABLED", "PENDING_ENABLE", (POLICY,), Step.WAIT),
        ("ENABLED", "ENABLED", (), Step.DISABLE),
        ("ENABLED", None, None, Step.DISABLE),
        ("ENABLED", None, (POLICY,), Step.REFUSE),
    ],
)
def test_the_effect_of_a_destroy(
    on_destroy: OnDestroy,
    shown: str | None,
    other: str | None,
    used: tuple[Policy, ...] | None,
    step: Step,
) -> None:
    if on_destroy is OnDestroy.DISABLE and step is Step.REFUSE:
        step = Step.DISABLE
    assert next_removal(TAG, on_destroy, seen(shown, other), used).step is step


@pytest.mark.parametrize("status", PolicyTypeStatus)
@pytest.mark.parametrize("enabled_here", [True, False])
def test_outputs_are_read_back_as_they_were(status: PolicyTypeStatus, enabled_here: bool) -> None:
    waiting = status is PolicyTypeStatus.WAITING_FOR_ALL_FEATURES
    shown = None if waiting or status is PolicyTypeStatus.DISABLED else str(status)
    now = seen(shown, feature_set="CONSOLIDATED_BILLING" if waiting else "ALL")
    made = outputs(DECLARED, now, enabled_here=enabled_here)
    is_on = status in {PolicyTypeStatus.ENABLED, PolicyTypeStatus.PENDING_ENABLE}
    assert recorded_from(made) == Recorded(status, enabled_here and is_on)
    assert made["enabled"] is (status is PolicyTypeStatus.ENABLED)
    assert (made["current_root_id"], made["root_arn"]) == ("r-root", "arn-of-root")
    assert TAG in made["message"]
    assert "{" not in made["message"]


def test_nothing_was_recorded_before_the_first_run() -> None:
    assert recorded_from({"policy_type": TAG, "goal": "ENABLED"}) == Recorded()


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (seen("PENDING_ENABLE"), "waiting for AWS to enable TAG_POLICY"),
        (seen("PENDING_DISABLE"), "waiting for AWS to disable TAG_POLICY"),
        (seen(None, "PENDING_ENABLE"), "waiting for AWS to finish another change (S3_POLICY)"),
        (seen(), "waiting for AWS to finish another change"),
    ],
)
def test_the_state_that_is_waited_for(now: Seen, text: str) -> None:
    assert messages.waiting(DECLARED, now) == text


def test_policies_in_use_are_listed_with_their_targets_and_escaped() -> None:
    unit = Target("ou-root-1", "Sand\x1b[2Kbox", "ORGANIZATIONAL_UNIT")
    accounts = tuple(Target(f"{number:012}", "a", "ACCOUNT") for number in range(7))
    used = [
        POLICY,
        Policy("p-2", "aws-guardrails-AbCdEf", (unit,)),
        Policy("p-3", "many", accounts),
        *(Policy(f"p-more{number}", "more", (unit,)) for number in range(9)),
    ]
    text = str(messages.in_use(DECLARED, used))
    assert text.startswith(
        "TAG_POLICY is in use: disabling it would detach costs (p-12345678) from root r-root;"
    )
    assert "aws-guardrails-AbCdEf (p-2), a guardrail of AWS Control Tower, from unit ou-root-1 (Sand" in text
    assert "\x1b" not in text
    assert "account 000000000004 (a) and 2 more" in text
    assert "and 2 more policies" in text
    assert "guardrails only in AWS Control Tower" in text
    assert "Control Tower" not in str(messages.in_use(DECLARED, [POLICY]))
