"""A migration from its start to ALL, with all that happens on the way, through the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_org_features import OrganizationFeatureSet
from tests.stacks import ORGANIZATION, export

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project


def test_get_reads_what_is_managed_elsewhere_and_never_writes(
    project: Project, another_project: Project, org: Emulator
) -> None:
    another_project.declare(lambda: export(OrganizationFeatureSet.get("org", ORGANIZATION)))
    assert another_project.up().outputs["status"] == "NOT_STARTED"
    project.declare_feature_set()
    project.up()
    org.reset_calls()
    seen = another_project.up()
    assert seen.outputs["status"] == "AWAITING_APPROVALS", seen.text
    assert seen.outputs["approvals"]["required"] == 3
    assert org.writes == {}
