"""A member account's own stack: it approves its organization's migration, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Member, Scenario
from aws_org_features import AssumeRoleArgs, ConnectionArgs, EndpointsArgs, FeatureSetApproval
from tests.resources.test_approval import asked
from tests.stacks import ORGANIZATION, Project

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
THROUGH_A_ROLE = Member("777777777777", access_role="Approver", external_id="external-id-of-the-role")


@pytest.mark.parametrize("scenario", [Scenario(members=(THROUGH_A_ROLE,))])
def test_an_approval_through_a_role_keeps_its_external_id_to_itself(
    project: Project, org: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = org.credentials(org.management)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
    role = f"arn:aws:iam::{THROUGH_A_ROLE.id}:role/Approver"

    def program() -> None:
        through = AssumeRoleArgs(role_arn=role, external_id=THROUGH_A_ROLE.external_id or "")
        endpoints = EndpointsArgs(organizations=org.endpoint, sts=org.endpoint)
        connection = ConnectionArgs(assume_roles=[through], endpoints=endpoints)
        FeatureSetApproval("approval", organization_id=ORGANIZATION, connection=connection)

    project.declare(program)
    texts = [project.up(diff=True).text, project.stored()]
    assert not project.up(expect_no_changes=True).failed
    org.enable_all_features()
    texts += [project.refresh(diff=True).text, project.stored()]
    assert "asked by" in texts[2], "a drift, for which read returns inputs"
    texts += [project.up(diff=True).text, project.stored()]
    assert asked(org, THROUGH_A_ROLE.id)["State"] == "ACCEPTED"
    assert not any(str(THROUGH_A_ROLE.external_id) in text for text in texts)
