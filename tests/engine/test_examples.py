"""The projects below `examples/`, as their own files have them and as their own pages say to run them."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.docs import pages
from tools.local import hermetic
from tools.terminal import Session

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

MEMBER = pages.ROOT / "examples" / "member-account"
OWN = "222222222222"


@pytest.fixture
def session(tmp_path: Path, org: Emulator) -> Session:
    """A shell in a copy of the member account's project, with the account's credentials in a profile."""
    shutil.copytree(MEMBER, tmp_path / "project", ignore=shutil.ignore_patterns(".venv", "Pulumi.*.yaml"))
    # What `pulumi install` would make.
    (tmp_path / "project" / ".venv").symlink_to(pages.ROOT / ".venv")
    told = subprocess.run(
        ["aws-org-emulator", "aws-config", "--endpoint", org.endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "aws-config").write_text(told.stdout.replace(f"[profile {OWN}]", "[profile this-account]"))
    environment = {
        **hermetic(),
        "AWS_CONFIG_FILE": str(tmp_path / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_HOME": str(tmp_path / "pulumi"),
    }
    return Session(tmp_path / "project", environment)


def test_a_member_accounts_project(session: Session, org: Emulator) -> None:
    commands = [
        line
        for block in pages.blocks("sh", (MEMBER / "README.md",))
        for line in block.text.splitlines()
        if line != "pulumi install"
    ]
    assert commands[-1] == "pulumi up"
    for command in commands:
        shown = session.run(command, ["yes"] if command == "pulumi up" else [])
    assert 'status : "NOT_ASKED"' in shown
    session.run("pulumi preview --expect-no-changes")

    org.enable_all_features()
    assert f"of organization {org.organization_id}" in session.run("pulumi preview")
    assert org.writes == {}
    session.run("pulumi up --yes")
    assert session.run("pulumi stack output status").strip() == "APPROVED"
    (child,) = (each for each in org.children if each["Parties"][1]["Id"] == OWN)
    assert child["State"] == "ACCEPTED"

    assert "consent that was given can't be withdrawn" in session.run("pulumi destroy --yes")
    assert org.writes == {"AcceptHandshake": 1}


def test_its_requirements_lead_to_this_checkout() -> None:
    lines = (MEMBER / "requirements.txt").read_text().splitlines()
    (wanted,) = (line for line in lines if not line.startswith("#"))
    assert (MEMBER / wanted).resolve() == pages.ROOT
