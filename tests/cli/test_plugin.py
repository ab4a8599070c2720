"""`org-features plugin`: what goes into Pulumi's folder of plugins, and what is said where it can't."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aws_org_features.cli import pulumi_plugins
from aws_org_features.cli.group import org_features
from tests.cli.conftest import error_of

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

VERSION = version("aws-org-features")
REFUSES = "echo 'error: the disk is full' >&2; exit 255"


def install(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(org_features, ("plugin", "install", *arguments), env=environment)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pulumi's own folder, and a PATH on which there is only Pulumi."""
    pulumi = shutil.which("pulumi")
    assert pulumi is not None, "there is no pulumi on PATH: run the tests with `make test`"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(pulumi)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def installed(home: Path) -> dict[str, str]:
    """Executables in the folder of plugins, by the folder of each version."""
    found = home.glob(f"plugins/*/{pulumi_plugins.EXECUTABLE}")
    return {path.parent.name: path.read_text() for path in found}


def test_it_is_put_in_again_in_place_of_the_former_one_and_taken_away(home: Path) -> None:
    first = install()
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == f"Pulumi finds org-features {VERSION} now, which starts {sys.executable}.\n"
    (written,) = installed(home).items()
    assert written == (
        f"resource-org-features-v{VERSION}",
        pulumi_plugins.launcher(sys.executable, windows=False)[1],
    )

    home.joinpath("plugins", written[0], pulumi_plugins.EXECUTABLE).write_text("of a Python that is gone")
    told = json.loads(install("--json").stdout)
    assert told == {"installed": VERSION, "python": sys.executable, "on_path": None}
    assert installed(home) == dict([written])

    newer = home / "plugins" / "resource-org-features-v99.0.0"
    shutil.copytree(home / "plugins" / written[0], newer)
    assert install().exit_code == 0
    gone = json.loads(install("--uninstall", "--json").stdout)
    assert sorted(gone["uninstalled"]) == [VERSION, "99.0.0"]
    assert installed(home) == {}
    assert install("--uninstall").stdout == "Pulumi has no org-features to take away.\n"


def test_an_executable_on_path_that_takes_precedence_is_reported(home: Path, tmp_path: Path) -> None:
    before = script(tmp_path / "bin" / pulumi_plugins.EXECUTABLE, "exit 1")
    told = install().stdout
    assert f"It takes {before} before that, as it is on PATH, and warns of it." in told
    assert "PULUMI_IGNORE_AMBIENT_PLUGINS=true" in told
    assert json.loads(install("--json").stdout)["on_path"] == str(before)
    assert home.exists()


@pytest.mark.parametrize("name", ["python", "a b'c\"d", "$HOME `ls` %PATH%", "ü\\n"])
def test_any_path_of_a_python_is_started_with_the_engines_arguments(tmp_path: Path, name: str) -> None:
    python = script(tmp_path / name / "python", 'printf "%s\\n" "$0" "$@"')
    file, text = pulumi_plugins.launcher(str(python), windows=False)
    (tmp_path / file).write_text(text)
    (tmp_path / file).chmod(0o755)

    told = subprocess.run(
        [tmp_path / file, "--logflow", "127.0.0.1:1 2"], capture_output=True, text=True, check=True
    )

    expected = [str(python), "-P", "-m", "aws_org_features.plugin.server", "--logflow", "127.0.0.1:1 2"]
    assert told.stdout.splitlines() == expected


def test_modules_of_the_users_project_are_not_taken_for_pythons_own(tmp_path: Path) -> None:
    (tmp_path / "grpc.py").write_text("raise SystemExit('of the project')")
    file, text = pulumi_plugins.launcher(sys.executable, windows=False)
    program = script(tmp_path / "bin" / file, text.partition("\n")[2])
    started = subprocess.Popen([program], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    port = started.stdout.readline()
    started.terminate()
    started.communicate()
    assert int(port)


def test_on_windows_it_is_a_command_file() -> None:
    assert pulumi_plugins.launcher(r"C:\100% mine\python.exe", windows=True) == (
        "pulumi-resource-org-features.cmd",
        '@"C:\\100%% mine\\python.exe" -P -m aws_org_features.plugin.server %*\r\n',
    )


@pytest.mark.parametrize("arguments", [[], ["--uninstall"]])
def test_without_pulumi_it_refuses_by_name(tmp_path: Path, arguments: list[str]) -> None:
    reference, text = error_of(install(*arguments, PATH=str(tmp_path)))
    assert reference == "pulumi-missing"
    assert "https://www.pulumi.com/docs/install/" in text


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (REFUSES, "failed: the disk is full. Run"),
        ("exit 3", "failed: exit code 3. Run"),
        ("exec sleep 60", "failed: it didn't end within 0.2 seconds. Run"),
    ],
)
@pytest.mark.parametrize(("arguments", "action"), [([], "install"), (["--uninstall"], "ls")])
def test_a_refusal_of_pulumi_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    action: str,
    does: str,
    told: str,
) -> None:
    if "sleep" in does:
        monkeypatch.setattr(pulumi_plugins, "_PATIENCE_SECONDS", 0.2)
    script(tmp_path / "pulumi", does)
    reference, text = error_of(install(*arguments, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}"))
    assert reference == "pulumi-failed"
    assert text.startswith(f"`pulumi plugin {action}` failed: ")
    assert told in text
