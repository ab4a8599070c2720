"""An existing project runs as a copy, with our resources beside those of pulumi-aws."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest
import yaml

from aws_org_emulator import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.landing_zone.conftest import Stack

PROGRAM = """
    import pulumi
    import pulumi_aws as aws
    from aws_org_features import AllFeaturesGate, OrganizationFeatureSet

    features = OrganizationFeatureSet("features", organization_id=pulumi.Config().require("organizationId"))
    gate = AllFeaturesGate("gate", feature_set=features)
    aws.organizations.Policy(
        "policy", content='{"Version": "2012-10-17"}', opts=pulumi.ResourceOptions(depends_on=gate)
    )
    pulumi.export("status", features.status)
"""


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(invited=1, created=0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "original"
    (folder / ".venv").mkdir(parents=True)
    (folder / "__main__.py").write_text(textwrap.dedent(PROGRAM))
    (folder / "Pulumi.yaml").write_text(
        yaml.safe_dump(
            {
                "name": "somebodys",
                "description": "A landing zone.",
                "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
                "config": {"organizationId": {"type": "string"}},
            }
        )
    )
    (folder / "Pulumi.test.yaml").write_text("config:\n  somebodys:organizationId: o-ofsomebody\n")
    return folder


def test_a_copy_of_a_project_holds_policies_back_until_all_features_are_on(
    project: Path, org: Emulator, copy_of: Callable[[Path], Stack]
) -> None:
    before = {path.name: path.read_bytes() for path in project.iterdir() if path.is_file()}
    stack = copy_of(project)
    stack.configure_with({"somebodys:organizationId": org.organization_id})
    assert not (stack.folder / ".venv").exists()

    held = stack.up()
    assert held.failed
    assert stack.resources().keys() == {"features"}
    assert stack.kept("features")["status"] == "AWAITING_APPROVALS"
    assert org.writes == {"EnableAllFeatures": 1}

    org.approve_all()
    made = stack.up()
    assert not made.failed, made.text
    assert made.outputs["status"] == "ENABLED"
    assert stack.resources().keys() == {"features", "gate", "policy"}
    assert org.writes == {"EnableAllFeatures": 1, "AcceptHandshake": 1, "CreatePolicy": 1}

    assert {path.name: path.read_bytes() for path in project.iterdir() if path.is_file()} == before
