"""What AWS shows and this version doesn't know: it is named, and nothing is written by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_features import errors
from aws_org_features.aws import Organizations
from aws_org_features.foretell import first_up, next_up
from tests.reconcile.test_member import Account
from tests.reconcile.test_root import Type
from tests.rewriting import Rewriting

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

pytestmark = pytest.mark.usefixtures("without_pauses")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Rewriting:
    return Rewriting(monkeypatch)


# A feature set

NEWER = "ALL_AND_MORE"


@pytest.mark.parametrize("word", [NEWER, "all", "Consolidated_Billing", "FULL"])
def test_nothing_is_begun_under_a_feature_set_that_nobody_knows(
    resource: Resource, org: Emulator, answers: Rewriting, word: str
) -> None:
    answers.feature_set(word)
    for command in (resource.up, resource.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=f"'{word}'"):
            command()
    with pytest.raises(errors.FeatureSetUnknownError):
        first_up(Organizations(resource.connection), resource.desired)
    assert not org.writes


@pytest.mark.parametrize("responded", [False, True])
def test_a_migration_is_left_as_it_is_under_a_feature_set_that_nobody_knows(
    resource: Resource, org: Emulator, answers: Rewriting, responded: bool
) -> None:
    resource.up()
    if responded:
        org.approve_all()
    kept = resource.outputs
    org.reset_calls()
    answers.feature_set(NEWER)
    for command in (resource.up, resource.refresh, resource.destroy):
        with pytest.raises(errors.FeatureSetUnknownError):
            command()
    with pytest.raises(errors.FeatureSetUnknownError):
        next_up(Organizations(resource.connection), resource.desired, 1, None)
    assert not org.writes
    assert resource.outputs == kept
    answers.stop()
    org.approve_all()
    resource.up()
    assert resource.status == "ENABLED"


def test_a_member_approves_nothing_under_a_feature_set_that_nobody_knows(
    org: Emulator, answers: Rewriting
) -> None:
    org.enable_all_features()
    org.reset_calls()
    account = Account(org)
    answers.feature_set(NEWER)
    for command in (account.up, account.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=NEWER):
            command()
    assert not org.writes


def test_no_policy_type_is_changed_under_a_feature_set_that_nobody_knows(
    org: Emulator, answers: Rewriting
) -> None:
    kept = Type(org)
    answers.feature_set(NEWER)
    for command in (kept.up, kept.refresh):
        with pytest.raises(errors.FeatureSetUnknownError, match=NEWER):
            command()
    assert not org.writes
