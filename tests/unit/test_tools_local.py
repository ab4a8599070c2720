"""The local stack's tools: ports, whose process is whose, what the shell gets, what comes next."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import emulator, local, packages
from tools.emulator import Emulator, PortTakenError
from tools.progress import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path("/a b/clone/.venv/bin/aws-org-emulator")


class Starting(Emulator):
    """Starts nothing; some ports get lost to another program at the last moment."""

    lost: tuple[int, ...] = ()

    def start(self, port: int) -> None:
        if port in self.lost:
            raise PortTakenError(f"port {port} was taken meanwhile")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((emulator.HOST, 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_the_configured_port_is_used_if_it_is_free(tmp_path: Path) -> None:
    port = emulator.free_port()

    assert local.start(Starting(tmp_path), port) == port


def test_a_taken_port_is_given_way_and_that_is_said(
    tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert local.start(Starting(tmp_path), taken) != taken
    assert f"Port {taken} is taken" in capsys.readouterr().err


def test_a_port_that_is_lost_while_starting_is_given_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = emulator.free_port()
    monkeypatch.setattr(Starting, "lost", (port,))

    assert local.start(Starting(tmp_path), port) != port


@pytest.mark.parametrize(
    ("command", "port"),
    [
        (f"/a b/clone/.venv/bin/python {PROGRAM} --port 4599 --invited 3", 4599),
        (f"{PROGRAM} --port 4599", 4599),
        ("python /other/.venv/bin/aws-org-emulator --port 4599", None),
        (f"python /other{PROGRAM} --port 4599", None),
        (f"tail -f {PROGRAM}", None),
        ("", None),
    ],
)
def test_only_this_checkouts_emulator_is_ours(command: str, port: int | None) -> None:
    assert emulator.port_of(command, PROGRAM) == port


def test_a_process_that_got_the_emulators_id_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".local").mkdir()
    with subprocess.Popen(["sleep", "60"]) as other:
        (tmp_path / ".local" / "emulator.pid").write_text(f"{other.pid}\n")

        assert not Emulator(tmp_path).stop()
        assert other.poll() is None
        other.terminate()


def test_the_shells_settings_survive_any_path() -> None:
    nasty = """/a b/it's "$(here)"/`x`"""
    lines = local.exports([f"{nasty}/bin"], {"PULUMI_BACKEND_URL": f"file://{nasty}"})

    told = subprocess.run(
        ["sh", "-c", 'eval "$1"; printf "%s\\n" "$PATH" "$PULUMI_BACKEND_URL"', "sh", lines],
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [f"{nasty}/bin:{os.defpath}", f"file://{nasty}"]


def test_a_packages_own_script_runs_in_a_path_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    (folder / "script").write_text(f"#!{folder}/python\nimport sys\nprint(sys.argv[1:])\n")
    (folder / "script").chmod(0o755)

    assert packages.fix_scripts(folder, f"{folder}/python") == ["script"]
    assert packages.fix_scripts(folder, f"{folder}/python") == []

    told = subprocess.run([folder / "script", "x y"], capture_output=True, text=True, check=True)
    assert told.stdout == "['x y']\n"


def test_the_emulator_is_never_asked_through_a_proxy() -> None:
    lines = local.exports(["/bin"], {})

    for before, after in (("", "127.0.0.1"), ("internal", "127.0.0.1,internal")):
        told = subprocess.run(
            ["sh", "-c", 'eval "$1"; echo "$NO_PROXY $no_proxy"', "sh", lines],
            env={"PATH": os.defpath, "NO_PROXY": before, "no_proxy": before},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout == f"{after} {after}\n"


def test_tests_see_nobodys_stack_and_nobodys_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engine").write_text("/engine/bin\n")
    monkeypatch.setattr(local, "LOCAL", tmp_path)
    # As in a shell after `make env`, of somebody who works on AWS.
    for name in (*local.settings("http://127.0.0.1:1"), "AWS_PROFILE", "PULUMI_STACK"):
        monkeypatch.setenv(name, "somebody's")

    names = {name for name in local.hermetic() if name.startswith(("AWS_", "PULUMI_"))}
    assert names <= {"PULUMI_SKIP_UPDATE_CHECK", "PULUMI_HOME"}
    assert local.hermetic()["PATH"].split(os.pathsep)[1] == "/engine/bin"


def test_the_shell_gets_no_aws_credentials_and_no_endpoint_for_the_sdk() -> None:
    names = local.settings("http://127.0.0.1:4599")

    assert {name for name in names if name.startswith("AWS_")} == {"AWS_ORG_EMULATOR_ENDPOINT"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stack's config goes."""
    monkeypatch.setattr(local, "CONFIG", tmp_path / "Pulumi.local.yaml")
    return local.CONFIG


def test_git_ignores_the_stacks_config() -> None:
    told = subprocess.run(
        ["git", "check-ignore", "-q", "Pulumi.local.yaml"], cwd=local.ROOT, check=False
    ).returncode
    tracked = subprocess.run(
        ["git", "ls-files", "Pulumi.local.yaml"], cwd=local.ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert (told, tracked) == (0, "")


def test_the_stacks_config_is_the_template_with_the_port_that_was_free(config: Path) -> None:
    template = local.TEMPLATE.read_text()
    assert local.configured_endpoint() == "http://127.0.0.1:4599"

    local.configure_endpoint("http://127.0.0.1:1")
    assert config.read_text() == template.replace(":4599", ":1")
    assert local.configured_endpoint() == "http://127.0.0.1:1"
    assert local.TEMPLATE.read_text() == template

    local.restore_endpoint()
    local.restore_endpoint()
    assert not config.exists()


def test_what_a_person_added_to_the_stacks_config_stays(config: Path) -> None:
    local.configure_endpoint("http://127.0.0.1:1")
    config.write_text(config.read_text() + "  a: b\n")
    local.configure_endpoint("http://127.0.0.1:2")
    local.restore_endpoint()

    assert config.read_text() == local.TEMPLATE.read_text() + "  a: b\n"


def test_a_config_without_the_emulator_is_told_of(config: Path) -> None:
    config.write_text("config: {}\n")
    with pytest.raises(ToolError, match="names no emulator"):
        local.configured_endpoint()


def test_what_is_compiled_is_kept_for_the_next_run_of_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine").write_text("/engine/bin\n")
    monkeypatch.setattr(local, "LOCAL", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert "PYTHONDONTWRITEBYTECODE" not in local.hermetic()


def test_awss_command_line_says_what_to_do_without_an_organization(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "AWS_CONFIG", tmp_path / "aws-config")
    with pytest.raises(ToolError) as error:
        local.aws([])
    assert error.value.hint == "make up starts it."


def test_what_comes_next_follows_from_where_the_migration_stands() -> None:
    waiting = local.summary("AWAITING_APPROVALS", "3 to go", in_shell=False)
    done = local.summary("ENABLED", "", in_shell=True)

    assert waiting.index("make -s env") < waiting.index("approve --all") < waiting.index("refresh")
    assert "approve" not in done
    assert "make -s env" not in done
    assert "make aws" in waiting
    assert "make aws" in done
