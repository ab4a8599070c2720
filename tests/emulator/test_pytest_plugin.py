"""The pytest plugin, in a project that has nothing else."""

import os
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = "aws_org_emulator.pytest_plugin"

TEN_LINES = """\
import pytest


@pytest.mark.aws_org(invited=3, created=2)
def test_everyone_approves(aws_org):
    organizations = aws_org.client("organizations", aws_org.management)
    parent = organizations.enable_all_features()["Handshake"]
    aws_org.approve_all()
    organizations.accept_handshake(HandshakeId=parent["Id"])
    assert organizations.describe_organization()["Organization"]["FeatureSet"] == "ALL"
"""


def run(project: Path, test: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest over one test file, in a project of its own."""
    (project / "test_it.py").write_text(test)
    installed = any(each.value == PLUGIN for each in entry_points(group="pytest11"))
    program = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    program += [] if installed else ["-p", PLUGIN]
    environment = {key: each for key, each in os.environ.items() if not key.startswith(("PYTEST", "AWS_"))}
    return subprocess.run(
        program, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_documentation_shows_these_lines() -> None:
    assert f"```py\n{TEN_LINES}```" in (ROOT / "docs" / "emulator.md").read_text()


def test_ten_lines_take_an_organization_to_all_features(tmp_path: Path) -> None:
    assert len(TEN_LINES.splitlines()) == 10
    done = run(tmp_path, TEN_LINES, "--strict-markers")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


MARKED = """\
import boto3
import pytest
from aws_org_emulator import Scenario

pytestmark = pytest.mark.aws_org(invited=1)


def test_of_the_module(aws_org):
    assert (len(aws_org.invited), len(aws_org.created)) == (1, 2)


@pytest.mark.aws_org(created=0, handshake_actions="model")
def test_nearest_counts_most(aws_org):
    assert (len(aws_org.invited), len(aws_org.created)) == (1, 0)
    assert aws_org.enable_all_features()["Action"] == "APPROVE_ALL_FEATURES"


@pytest.mark.aws_org(Scenario(invited=5))
def test_of_a_value(aws_org):
    assert len(aws_org.invited) == 5


@pytest.mark.aws_org("scenario.yaml", created=1)
def test_of_a_file(aws_org):
    assert (len(aws_org.invited), len(aws_org.created)) == (4, 1)


class TestGenerated:
    @pytest.mark.aws_org(Scenario(), accounts=50)
    def test_generated(self, aws_org):
        assert len(aws_org.invited) + len(aws_org.created) == 49


def test_the_environment_leads_there(aws_org_environment):
    client = boto3.client("organizations")
    described = client.describe_organization()["Organization"]
    assert described["Id"] == aws_org_environment.organization_id
    client.close()
"""


def test_markers_say_what_the_organization_is_like(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("invited: 4\n")
    done = run(tmp_path, MARKED, "--strict-markers")
    assert "6 passed" in done.stdout, done.stdout + done.stderr


WRONG = """\
import pytest


@pytest.mark.parametrize("marked", [
    pytest.param(1, marks=pytest.mark.aws_org(invitd=3)),
    pytest.param(2, marks=pytest.mark.aws_org(accounts=3)),
    pytest.param(3, marks=pytest.mark.aws_org(7)),
    pytest.param(4, marks=pytest.mark.aws_org("none.yaml")),
    pytest.param(5, marks=pytest.mark.aws_org("a", "b")),
])
def test_it(aws_org, marked):
    pass
"""


def test_a_marker_that_makes_no_sense_is_one_plain_line(tmp_path: Path) -> None:
    done = run(tmp_path, WRONG)
    assert "5 errors" in done.stdout
    assert "Traceback" not in done.stdout
    for why in (
        "aws_org: there is neither a field nor a switch 'invitd'",
        "aws_org: an organization of 3 accounts can't be generated: 5 to 50000",
        "aws_org: a scenario is a Scenario or a path, not 7",
        "none.yaml: can't be read",
        "aws_org: one scenario at most, before the values",
    ):
        assert why in done.stdout


def test_runs_that_want_no_organization_do_not_import_moto(tmp_path: Path) -> None:
    done = run(tmp_path, 'import sys\n\n\ndef test_it():\n    assert "moto" not in sys.modules\n')
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_pytest_finds_it_once_the_package_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"aws-org-emulator": PLUGIN}


def test_an_unknown_public_name_is_an_error() -> None:
    import aws_org_emulator  # noqa: PLC0415 - of all its names

    assert all(getattr(aws_org_emulator, name) is not None for name in aws_org_emulator.__all__)
    assert sorted(aws_org_emulator._LAZY_NAMES) == aws_org_emulator.__all__
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = aws_org_emulator.Nothing
