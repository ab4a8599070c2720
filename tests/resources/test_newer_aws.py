"""Messages of a stack where AWS shows something that this version doesn't know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_features import (
    AllFeaturesGate,
    AllFeaturesOrganization,
    FeatureSetApproval,
    OrganizationFeatureSet,
    RootPolicyType,
    get_organization_feature_set,
)
from tests.resources.test_guards import assert_clean
from tests.rewriting import Rewriting
from tests.stacks import ORGANIZATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Rewriting:
    return Rewriting(monkeypatch)


def behind_a_gate() -> None:
    features = OrganizationFeatureSet("org", organization_id=ORGANIZATION)
    AllFeaturesGate("gate", feature_set=features)


def component() -> None:
    AllFeaturesOrganization("org", organization_id=ORGANIZATION, policy_types=["TAG_POLICY"])


def policy_type() -> None:
    RootPolicyType("tags", organization_id=ORGANIZATION, policy_type="TAG_POLICY")


def asks() -> None:
    get_organization_feature_set(organization_id=ORGANIZATION)


@pytest.mark.parametrize(
    "program",
    [pytest.param(behind_a_gate, marks=pytest.mark.engine_too), component, policy_type, asks],
)
def test_a_feature_set_that_nobody_knows_stops_a_program_before_it_writes(
    project: Project, org: Emulator, answers: Rewriting, program: Callable[[], None]
) -> None:
    answers.feature_set("ALL_AND_MORE")
    project.declare(program)
    ran = project.up()
    assert_clean(ran, "feature-set-unknown", "'ALL_AND_MORE'")
    assert "starts a migration" not in ran.text
    assert not org.writes


def test_a_preview_doesnt_say_that_it_starts(project: Project, answers: Rewriting) -> None:
    answers.feature_set("ALL_AND_MORE")
    project.declare_feature_set()
    previewed = project.preview()
    assert_clean(previewed, "feature-set-unknown", "'ALL_AND_MORE'")
    assert "start" not in previewed.text.replace("--start", "")


def test_a_member_program_is_stopped_too(project: Project, org: Emulator, answers: Rewriting) -> None:
    org.enable_all_features()
    org.reset_calls()
    answers.feature_set("ALL_AND_MORE")
    project.configure(org, org.invited[0])
    project.declare(lambda: FeatureSetApproval("mine", organization_id=ORGANIZATION))
    assert_clean(project.up(), "feature-set-unknown", "'ALL_AND_MORE'")
    assert not org.writes
