"""A whole migration, recorded through `pulumi up`: what it tells of AWS, and that it tells of nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features import OrganizationFeatureSet, RootPolicyType, TrustedService
from tests.evidence.recorded import answered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.stacks import Project

NAME: Final = "Canary Bakery Holding"
MEMBERS: Final = (Member("737373737373", name=NAME, email="owner@canary.example"),)
POSITIONS: Final[dict[str, dict[str, Any]]] = {
    "as documented": {},
    "the other way": {
        "handshake_actions": "model",
        "pending_child": "REQUESTED",
        "party_prefixes": True,
        "party_order": "recipient",
        "parent_link_prefix": True,
        "account_status_shown": False,
        "children_after": 0.01,
        "policy_type_changes": "read",
    },
}
OF_OTHER_SERVICES: Final = {"GetCallerIdentity"}


def program() -> None:
    OrganizationFeatureSet("organization", organization_id="o-exampleorg1")


def with_a_policy_type_and_a_service() -> None:
    program()
    RootPolicyType("tags", organization_id="o-exampleorg1", policy_type="TAG_POLICY")
    TrustedService("ram", organization_id="o-exampleorg1", service_principal="ram.amazonaws.com")


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(Scenario(invited=1, created=0, members=MEMBERS, switches=Switches(**switches)), id=name)
        for name, switches in POSITIONS.items()
    ],
)
def test_a_migration_through_pulumi_up_is_recorded(project: Project, org: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "aws.jsonl"
    project.set_environment(AWS_ORG_FEATURES_RECORD=str(path))
    project.declare(program)
    project.up()
    org.clock.advance(seconds=1)
    project.preview()
    org.approve_all()
    project.up()
    project.declare(with_a_policy_type_and_a_service)
    project.up()
    assert org.feature_set == "ALL"
    found = {name: each.position for name, each in answered(path).items() if each.question.switch}
    expected = {name: getattr(org.scenario.switches, name) for name in POSITIONS["the other way"]}
    told = {name: found[name] for name in expected}
    assert told == {**expected, "children_after": pytest.approx(expected["children_after"], abs=0.005)}
    content = path.read_text("ascii")
    assert '"EnableAWSServiceAccess"' in content
    for secret in ("737373737373", NAME, "canary", "111111111111", "exampleorg1", "222222222222", "master@"):
        assert secret not in content


def test_a_recording_adds_no_call(
    stacks: Callable[[str, Emulator], Project], org: Emulator, tmp_path: Path
) -> None:
    path = tmp_path / "aws.jsonl"

    def asked(name: str, **environment: str) -> list[tuple[str, str]]:
        project = stacks(name, org)
        project.set_environment(**environment)
        project.declare(program)
        project.up()
        project.preview()
        org.approve_all()
        project.up()
        project.declare(with_a_policy_type_and_a_service)
        project.up()
        project.refresh()
        assert org.feature_set == "ALL"
        return sorted(org.log)  # resources are asked about at the same time

    without = asked("without")
    assert not path.exists()
    org.stop()
    org.start()
    assert asked("recorded", AWS_ORG_FEATURES_RECORD=str(path)) == without
    lines = [json.loads(line)["operation"] for line in path.read_text("ascii").splitlines()]
    assert sorted(lines) == [operation for operation, _ in without if operation not in OF_OTHER_SERVICES]
