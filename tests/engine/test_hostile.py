"""Names and messages that mean harm, through the real engine: it prints them, keeps them, and goes on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario
from tests.hostile import checks
from tests.hostile.strings import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.stacks import Project

ROLE = "Approver"
FIRST = 600000000000
_URN = re.compile(r"urn:pulumi:\S+")
"""The engine's own, in which `::` separates; it begins no line."""
MESSAGE = "".join(text[:40] for text in TEXTS)
NAMED = Scenario(
    invited=0,
    created=1,
    members=tuple(
        Member(str(FIRST + number), name=text, access_role=ROLE if number < 3 else None)
        for number, text in enumerate(TEXTS)
    ),
)


@pytest.mark.parametrize("scenario", [NAMED])
def test_an_organization_of_hostile_names_is_previewed_made_refreshed_and_exported(
    project: Project, org: Emulator, counted: Callable[[str, str, int], None]
) -> None:
    approver = {"role_name": ROLE, "only": [str(FIRST + number) for number in range(3)]}
    project.declare_feature_set(approver=approver)
    org.fail("AcceptHandshake", error="InvalidInputException", message=MESSAGE, times=99)
    runs = [project.preview(), project.up(), project.refresh(), project.preview(), project.up()]
    for run in runs:
        assert not run.failed, run.text
        assert not checks.unshowable("".join(run.text.split()))
        checks.no_command(_URN.sub("", run.text))
    kept = project.kept()
    assert [each["reason"].partition(":")[0] for each in kept["waiting_for"][:3]] == ["migration-refused"] * 3
    checks.state(json.dumps(kept), "")
    exported: Any = checks.strict(project.command("stack", "export"))
    assert kept in [each.get("outputs") for each in exported["deployment"]["resources"]]
    counted("Hostile data", "commands of the engine on an organization of hostile names", len(runs) + 1)
