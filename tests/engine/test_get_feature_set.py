"""`get_organization_feature_set`: what a program gets before it declares anything, on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from aws_org_features import (
    get_organization_feature_set_output,
)
from tests.engine.test_state import EXTERNAL_ID, FORMS, connection_in, make_role
from tests.resources.test_get_feature_set import dependents_if_enabled
from tests.resources.test_guards import assert_clean
from tests.shares import sample
from tests.stacks import ORGANIZATION, Project

if TYPE_CHECKING:
    from aws_org_emulator import Emulator


def test_an_answer_that_cannot_be_had_is_an_error_and_no_no(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    org.approve_all()
    org.finalize()
    project.declare(dependents_if_enabled)
    assert not project.up().failed
    for command in (project.preview, project.up):
        org.fail("DescribeOrganization", error="AccessDeniedException")
        assert_clean(command(), "access-denied", "DescribeOrganization")
    assert "dependent" in project.stored()


@pytest.mark.parametrize("form", sample(FORMS, every=len(FORMS)))
def test_a_connection_of_its_own_works_in_each_form(
    project: Project, org: Emulator, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    keys = org.credentials(org.management)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
    project.configure_with(dict.fromkeys(("aws:accessKey", "aws:secretKey", "aws:endpoints")))
    role = f"arn:aws:iam::{org.management}:role/Reader"
    make_role(org, role, EXTERNAL_ID)

    def program() -> None:
        connection = connection_in(form, org, role, EXTERNAL_ID)
        found = get_organization_feature_set_output(organization_id=ORGANIZATION, connection=connection)
        pulumi.export("status", found.status)

    project.declare(program)
    ran = project.up()
    assert ran.outputs == {"status": "NOT_STARTED"}, "which is no secret"
    assert EXTERNAL_ID not in ran.text + project.stored()
