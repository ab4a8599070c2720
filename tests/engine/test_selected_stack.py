"""The reading of stacks in Pulumi's files by `org-features`, compared with Pulumi's own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.cli.stack import configuration
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., str]

PLAIN = """
config:
  aws:allowedAccountIds: ["012345670123", 111111111111]
  aws:assumeRole:
    roleArn: arn:aws:iam::111111111111:role/organization
    duration: 1h
  aws:config:region: eu-west-1
  aws:profile:
  aws:skipMetadataApiCheck: true
  organizationId: o-exampleorg1
  other:profile: nobody's
"""
PROJECT = """
name: fleet
runtime: yaml
config:
  aws:region: us-east-1
  aws:forbiddenAccountIds: ["999999999999"]
  organizationId: {type: string, default: o-otherorg99}
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs Pulumi in a project's folder that is reached by a symbolic link, as this process is there."""
    (tmp_path / "real").mkdir()
    (tmp_path / "project").symlink_to(tmp_path / "real")
    environment = {
        **hermetic(),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PWD": str(tmp_path / "project"),
    }
    monkeypatch.chdir(tmp_path / "project")
    for name in (*(name for name in environment if name.startswith("PULUMI_")), "PWD", "PATH"):
        monkeypatch.setenv(name, environment[name])
    Path("Pulumi.yaml").write_text(PROJECT)

    def ask(*arguments: str) -> str:
        command = ["pulumi", *arguments, "--non-interactive"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    return ask


def read(stack: str | None = None) -> tuple[str | None, configuration.Values]:
    """The selected stack, and the values of it or of another."""
    project = configuration.project_here()
    assert project is not None
    selected = configuration.selected(project)
    return selected, configuration.values_of(configuration.stack_of(project, stack or selected or ""))


def told(said: str) -> dict[str, Any]:
    """Pulumi's answer about a configuration, as far as it matters: lists and objects taken apart."""
    found = {key: each.get("value") for key, each in json.loads(said).items() if not key.startswith("other:")}
    return {key: parsed(value) for key, value in found.items() if value}


def parsed(value: Any) -> Any:
    """A value with all of its numbers and flags as texts, so that `1` is `"1"`."""
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value, parse_int=str)
    return value


@pytest.mark.exhaustive
def test_the_selected_stack_and_its_configuration_are_those_that_pulumi_says(
    pulumi: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi("stack", "init", "one")
    pulumi("stack", "init", "two")
    for name in ("one", "two"):
        Path(f"Pulumi.{name}.yaml").write_text(PLAIN.replace("eu-west-1", f"eu-{name}-1"))
    pulumi("stack", "select", "one")
    assert pulumi("stack", "--show-name").strip() == "one"
    selected, values = read()
    assert selected == "organization/fleet/one"
    expected = told(pulumi("config", "--json"))
    assert {key: parsed(value) for key, value in values.texts.items()} == expected
    assert expected["aws:region"] == "eu-one-1"
    assert expected["aws:forbiddenAccountIds"] == ["999999999999"]

    monkeypatch.setenv("PULUMI_STACK", "two")
    assert read()[0] == "two"
    assert read()[1].texts["aws:region"] == "eu-two-1"

    pulumi("config", "set", "--secret", "aws:secretKey", "a-canary", "--stack", "two")
    pulumi("config", "set", "--secret", "--path", "aws:assumeRole.externalId", "its-id", "--stack", "two")
    _, values = read()
    assert values.texts["aws:secretKey"] == "a-canary"
    assert json.loads(values.texts["aws:assumeRole"])["externalId"] == "its-id"
    assert {"aws:secretKey", "aws:assumeRole"} <= values.secret

    pulumi("stack", "unselect")
    monkeypatch.delenv("PULUMI_STACK")
    project = configuration.project_here()
    assert project is not None
    assert configuration.selected(project) is None
