"""An approver in a program: consent that is declared, previewed, given, and reported where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Member
from tests.resources.test_approver import ROLE, SECRET, declare, members, scenario

if TYPE_CHECKING:
    from tests.stacks import Project


@pytest.mark.parametrize("scenario", [scenario(*members(2), Member("700000000001"))])
def test_no_external_id_is_readable_anywhere(project: Project) -> None:
    declare(project)
    texts = [project.preview().text, project.up().text, project.refresh().text, project.up().text]
    assert not any(SECRET in text for text in texts)
    assert SECRET not in project.stored()
    project.declare_feature_set(approver={"role_name": ROLE, "external_id": SECRET})
    project.up()
    assert SECRET not in project.stored()
