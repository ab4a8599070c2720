"""Findings about the caller, by what IAM answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from aws_org_features.views.plan import Ahead, Verdict
from aws_org_features.views.plan.look import look_at_caller
from tests.unit.values import seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_org_features.aws import Principal

START = "organizations:EnableAllFeatures"


class Answering:
    """A user, about whom IAM answers for some actions alone."""

    def __init__(self, allowed: dict[str, bool]) -> None:
        self._allowed = allowed

    def arn(self) -> str:
        return "arn:aws:iam::111111111111:user/somebody"

    def policy_source(self, arn: str) -> str:
        return arn

    def allowed(self, _source: str, actions: Sequence[str], _resources: Sequence[str]) -> dict[str, bool]:
        return {action: self._allowed[action] for action in actions if action in self._allowed}


@pytest.mark.parametrize("answered", [{}, {START: True}], ids=["nothing", "one action"])
def test_an_unanswered_simulation_is_unknown_with_the_reason(answered: dict[str, bool]) -> None:
    caller = look_at_caller(cast("Principal", Answering(answered)), Ahead(seen()))
    verdicts = {each.action: each.verdict for each in caller.permissions}
    assert verdicts[START] is (Verdict.ALLOWED if answered else Verdict.UNKNOWN)
    assert Verdict.UNKNOWN in verdicts.values()
    assert caller.untold == "IAM's simulation (`SimulatePrincipalPolicy`) returned no decision"
