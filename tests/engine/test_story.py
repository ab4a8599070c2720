"""A newcomer's way, through make and the CLI, with the repository's own program: what the README shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Emulator, Scenario
from tests.docs import pages
from tools import versions
from tools.docs import story, transcript
from tools.docs.terminal import Session
from tools.local import hermetic

if TYPE_CHECKING:
    from pathlib import Path


def test_a_newcomers_way_from_make_up_to_all_features() -> None:
    shown = transcript.agreed(transcript.FROM_PYTHON)  # ends with an error where a command does

    assert "The migration: AWAITING_APPROVALS" in shown["make up"]
    assert shown["approve"].count(" approved ") == 3
    difference = '~ goal                    : "ENABLED" => "AWAITING_FINALIZATION, everyone has approved"'
    assert difference in shown["refresh"]
    assert '~ status : "AWAITING_APPROVALS" => "ENABLED"' in shown["up"]
    assert "All features are enabled." in shown["up"]
    # --expect-no-changes would have ended it otherwise.
    assert "2 unchanged" in shown["preview"]

    _assert_the_aws_cli_agrees(shown)
    _assert_the_pages_show_it(shown)


@pytest.mark.exhaustive
def test_the_same_way_from_yaml() -> None:
    shown = transcript.agreed(transcript.FROM_YAML)

    assert "The migration: AWAITING_APPROVALS" in shown["yaml: make up"]
    assert "~ pending : 3 => 0" in shown["yaml: look"]
    assert "All features are enabled." in shown["yaml: up"]
    assert "2 unchanged" in shown["yaml: nothing to do"]
    assert "removed from the stack only (o-exampleorg1)" in shown["yaml: destroy"]
    assert not [name for name, text in shown.items() if re.search("warning: using|error:", text)]
    _skip_with_another_engine()
    assert not transcript.outdated(shown), "make docs regenerates it"


def _assert_the_aws_cli_agrees(shown: dict[str, str]) -> None:
    assert json.loads(shown["aws at the start"]) == "CONSOLIDATED_BILLING"
    assert json.loads(shown["aws once all have approved"]) == "CONSOLIDATED_BILLING"
    organization = json.loads(shown["aws at the end"])["Organization"]
    assert (organization["Id"], organization["FeatureSet"]) == ("o-exampleorg1", "ALL")


def _skip_with_another_engine() -> None:
    told = subprocess.run(["pulumi", "version"], capture_output=True, text=True, check=True).stdout.strip()
    if told != f"v{versions.ENGINE}":
        pytest.skip(f"the pages show engine {versions.ENGINE}, and this is {told}")


def _assert_the_pages_show_it(shown: dict[str, str]) -> None:
    _skip_with_another_engine()
    assert not story.outdated(shown), "make docs regenerates it"


def test_the_commands_for_a_stack_of_ones_own(tmp_path: Path) -> None:
    checkout = tmp_path / "check out"
    checkout.mkdir()
    transcript.copy_checkout(checkout)
    commands = [
        line
        for block in pages.blocks("sh", (pages.README, pages.ORGANIZATION))
        for line in block.text.splitlines()
        if line.startswith("pulumi ")
    ]
    assert len(commands) > 3
    with Emulator(Scenario()) as org:
        aws_config = subprocess.run(
            ["aws-org-emulator", "aws-config", "--endpoint", org.endpoint],
            capture_output=True,
            text=True,
            check=True,
        )
        (tmp_path / "aws-config").write_text(aws_config.stdout)
        environment = {
            **hermetic(),
            "AWS_CONFIG_FILE": str(tmp_path / "aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(tmp_path / "pulumi"),
        }
        session = Session(checkout, environment)
        for command in commands:
            session.run(command)
        assert org.writes == {}
        assert "assumeRole" in session.run("pulumi config")
        session.run("pulumi config rm aws:assumeRole && pulumi up --yes")
        assert org.writes == {"EnableAllFeatures": 1}
