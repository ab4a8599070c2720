"""The projects below `examples/`, as their own files have them and as their own pages say to run them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs import pages
from tools.docs.terminal import Session
from tools.local import hermetic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator
    from tests.harness.provider import Zygote

FLEET = pages.ROOT / "examples" / "many-organizations"
YAML = pages.ROOT / "examples" / "yaml"
MEMBER = pages.ROOT / "examples" / "member-account"
OWN = "222222222222"


@pytest.fixture
def session(tmp_path: Path, org: Emulator, zygote: Zygote) -> Session:
    """A shell in a copy of the member account's project, with the account's credentials in a profile."""
    shutil.copytree(MEMBER, tmp_path / "project", ignore=shutil.ignore_patterns(".venv", "Pulumi.*.yaml"))
    # The packages that `pulumi install` would install.
    zygote.environment_in(tmp_path / "project" / ".venv")
    told = subprocess.run(
        ["aws-org-emulator", "aws-config", "--endpoint", org.endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "aws-config").write_text(told.stdout.replace(f"[profile {OWN}]", "[profile this-account]"))
    return Session(tmp_path / "project", environment_in(tmp_path))


def environment_in(folder: Path) -> dict[str, str]:
    """Environment of a project: a folder's AWS configuration, and a backend there."""
    return {
        **hermetic(),
        "AWS_CONFIG_FILE": str(folder / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_HOME": str(folder / "pulumi"),
    }


@pytest.mark.exhaustive
def test_a_member_accounts_project(session: Session, org: Emulator) -> None:
    commands = [line for line in pages.commands(MEMBER / "README.md") if line != "pulumi install"]
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


@pytest.fixture
def yaml_session(tmp_path: Path, org: Emulator) -> Session:
    """A shell in a copy of the project in YAML, as far below a virtual environment as in the repository."""
    project = tmp_path / "examples" / "yaml"
    shutil.copytree(YAML, project, ignore=shutil.ignore_patterns("Pulumi.*.yaml"))
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    told = subprocess.run(
        ["aws-org-emulator", "aws-config", "--endpoint", org.endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "aws-config").write_text(told.stdout)
    return Session(project, environment_in(tmp_path))


@pytest.mark.exhaustive
def test_the_project_in_yaml(yaml_session: Session, org: Emulator) -> None:
    *settings, last = pages.commands(YAML / "README.md")
    assert last == "pulumi up"
    for command in (*settings, *pages.commands(pages.NATIVE, "Who acts")):
        yaml_session.run(command)

    first = yaml_session.run("pulumi up", ["yes"])

    assert "warning: using" not in first
    assert yaml_session.run("pulumi stack output status").strip() == "AWAITING_APPROVALS"
    yaml_session.run("pulumi preview --expect-no-changes")
    org.approve_all()
    yaml_session.run("pulumi up --yes")
    assert yaml_session.run("pulumi stack output status").strip() == "ENABLED"


def test_its_requirements_lead_to_this_checkout() -> None:
    lines = (MEMBER / "requirements.txt").read_text().splitlines()
    (wanted,) = (line for line in lines if not line.startswith("#"))
    assert (MEMBER / wanted).resolve() == pages.ROOT


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Path]:
    """The project of many organizations, with four that are emulated."""
    folder = tmp_path / "project"
    shutil.copytree(FLEET, folder, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml"))
    emulating = [sys.executable, "emulate.py", "4"]
    with subprocess.Popen(emulating, cwd=folder, stdout=subprocess.PIPE, text=True) as emulated:
        assert emulated.stdout is not None
        assert "4 organizations" in emulated.stdout.readline()
        yield folder
        emulated.send_signal(signal.SIGINT)
        assert emulated.wait(timeout=120) == 0


def move_all_on(folder: Path) -> tuple[int, list[str]]:
    ran = subprocess.run(
        [sys.executable, "fleet.py", "organizations.csv", "--at-once", "2"],
        cwd=folder,
        env=environment_in(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout.splitlines()


@pytest.mark.exhaustive
def test_many_organizations_each_go_as_far_as_they_can(fleet: Path) -> None:
    code, lines = move_all_on(fleet)
    assert (code, len(lines)) == (3, 5)
    assert lines[-1] in {"2 ENABLED, 2 AWAITING_APPROVALS", "2 AWAITING_APPROVALS, 2 ENABLED"}

    path = fleet / "organizations.csv"
    text = path.read_text()
    path.write_text(text.replace(text.splitlines()[2].split(",")[1], "o-notthisone"))
    code, lines = move_all_on(fleet)
    assert code == 1
    assert "1 FAILED" in lines[-1]
    assert "2 ENABLED" in lines[-1], "a failure stops nobody else"
    (failed,) = (line for line in lines if "FAILED  " in line)
    assert "o-notthisone" in failed
