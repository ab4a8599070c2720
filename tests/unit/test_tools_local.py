"""The local stack's tools: ports, whose process is whose, what the shell gets, what comes next."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_org_features.cli.acting import OF_THE_ENVIRONMENT
from tools import emulator, language_hosts, local, local_projects, packages
from tools.emulator import Emulator, PortTakenError
from tools.local_projects import PROJECTS, PYTHON, LocalProject
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


def project_at(folder: Path, port: int = 4599) -> LocalProject:
    """A project in a folder, whose stack is configured for a port."""
    project = LocalProject("python", folder, look="")
    project.set_endpoint(f"http://127.0.0.1:{port}")
    return project


def test_a_free_port_is_none_that_is_taken(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    free = emulator.free_port()
    monkeypatch.setattr(emulator, "_NEVER_GIVEN", [taken] * 99 + [free])

    assert emulator.free_port() == free


def test_a_free_port_is_none_that_a_system_gives_to_others() -> None:
    with contextlib.ExitStack() as opened:
        given = []
        for _ in range(200):
            any_port = opened.enter_context(socket.socket())
            any_port.bind((emulator.HOST, 0))
            given.append(any_port.getsockname()[1])
        named = {emulator.free_port() for _ in range(200)}
    if min(given) < 32_768:
        pytest.skip("this system is configured to give lower ports")
    assert max(named) < min(given)


def test_the_configured_port_is_used_if_it_is_free(tmp_path: Path) -> None:
    port = emulator.free_port()

    assert local.start(Starting(tmp_path), project_at(tmp_path, port)) == port


def test_a_taken_port_is_given_way_and_that_is_said(
    tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert local.start(Starting(tmp_path), project_at(tmp_path, taken)) != taken
    assert f"Port {taken} is taken" in capsys.readouterr().err


def test_a_port_that_is_lost_while_starting_is_given_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = emulator.free_port()
    monkeypatch.setattr(Starting, "lost", (port,))

    assert local.start(Starting(tmp_path), project_at(tmp_path, port)) != port


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


def test_a_persons_aws_variables_dont_win_over_the_stack_in_the_shell() -> None:
    told = subprocess.run(
        ["sh", "-c", 'eval "$1"; env', "sh", local.exports(["/bin"], {})],
        env={"PATH": os.defpath, **dict.fromkeys((*OF_THE_ENVIRONMENT, "AWS_SESSION_TOKEN"), "mine")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "AWS_" not in told.stdout


@pytest.mark.parametrize("language", PROJECTS)
def test_git_ignores_the_stacks_config(language: str) -> None:
    path = PROJECTS[language].config.relative_to(local.ROOT)
    told = subprocess.run(["git", "check-ignore", "-q", path], cwd=local.ROOT, check=False).returncode
    tracked = subprocess.run(
        ["git", "ls-files", path], cwd=local.ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert (told, tracked) == (0, "")


@pytest.mark.parametrize("language", PROJECTS)
def test_the_stacks_config_is_the_template_with_the_port_that_was_free(tmp_path: Path, language: str) -> None:
    project = LocalProject(language, tmp_path, look="")
    template = project.template.read_text()
    assert project.endpoint() == "http://127.0.0.1:4599"

    project.set_endpoint("http://127.0.0.1:1")
    assert project.config.read_text() == template.replace(":4599", ":1")
    assert project.endpoint() == "http://127.0.0.1:1"
    assert project.template.read_text() == template

    project.restore_endpoint()
    project.restore_endpoint()
    assert not project.config.exists()


@pytest.mark.parametrize("language", PROJECTS)
def test_the_stacks_config_is_that_of_its_project(language: str) -> None:
    project = PROJECTS[language]

    assert f"  {project.name}:organizationId: o-exampleorg1\n" in project.template.read_text()


def test_a_persons_additions_to_the_stacks_config_stay(tmp_path: Path) -> None:
    project = project_at(tmp_path, 1)
    project.config.write_text(project.config.read_text() + "  a: b\n")
    project.set_endpoint("http://127.0.0.1:2")
    project.restore_endpoint()

    assert project.config.read_text() == project.template.read_text() + "  a: b\n"


def test_a_config_without_the_emulator_is_reported(tmp_path: Path) -> None:
    project = project_at(tmp_path)
    project.config.write_text("config: {}\n")
    with pytest.raises(ToolError, match="names no emulator"):
        project.endpoint()


def test_compiled_files_are_kept_for_the_next_run_of_the_engine(
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


YAML = PROJECTS["yaml"]


def test_the_next_commands_follow_from_the_migrations_status() -> None:
    waiting = local.summary(PYTHON, "AWAITING_APPROVALS", "3 to go", in_shell=False)
    done = local.summary(PYTHON, "ENABLED", "", in_shell=True)

    named = ("make -s env", "org-features status", "approve --all", "refresh")
    assert [waiting.index(command) for command in named] == sorted(map(waiting.index, named))
    assert "org-features status" in done
    assert "approve" not in done
    assert "make -s env" not in done
    assert "make aws" in waiting
    assert "make aws" in done


def test_the_next_commands_follow_from_the_language() -> None:
    waiting = local.summary(YAML, "AWAITING_APPROVALS", "3 to go", in_shell=False)
    done = local.summary(YAML, "ENABLED", "", in_shell=True)

    assert "pulumi preview --diff " in waiting
    assert "refresh" not in waiting
    assert "make down && make up LANGUAGE=yaml " in done
    assert waiting.endswith("pulumi and org-features work on examples/yaml/Pulumi.yaml.")


@pytest.mark.parametrize("runs", [False, True])
@pytest.mark.parametrize(
    ("asked", "present", "chosen"),
    [
        ("", None, PYTHON),
        ("", YAML, YAML),
        ("yaml", None, YAML),
        ("yaml", YAML, YAML),
        ("python", PYTHON, PYTHON),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_stack(
    asked: str, present: LocalProject | None, chosen: LocalProject, *, runs: bool
) -> None:
    assert local_projects.choose(asked, present, runs=runs) == chosen


def test_a_stack_of_another_language_is_in_the_way_while_its_organization_lives() -> None:
    with pytest.raises(ToolError, match="the local stack is in python, and LANGUAGE is yaml") as error:
        local_projects.choose("yaml", PYTHON, runs=True)

    assert error.value.hint == "make up goes on with it; make down && make up LANGUAGE=yaml starts again."
    assert local_projects.choose("yaml", PYTHON, runs=False) == YAML


@pytest.mark.parametrize(("target", "more"), [("up", []), ("env", []), ("env", ["-s"])])
def test_an_unknown_language_is_refused_by_name_before_anything_is_written(
    tmp_path: Path, target: str, more: list[str]
) -> None:
    for name in ("Makefile", "tools/setup.sh", "tools/env.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((local.ROOT / name).read_text())
    before = sorted(tmp_path.rglob("*"))

    told = subprocess.run(
        ["make", *more, target, "LANGUAGE=cobol"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert told.returncode
    assert told.stdout == ""
    assert told.stderr.startswith("error: there is no LANGUAGE=cobol\n")
    assert all(language in told.stderr for language in PROJECTS)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_language_in_the_environment_is_gettexts() -> None:
    told = subprocess.run(
        ["make", "-n", "up"],
        cwd=local.ROOT,
        env={**os.environ, "LANGUAGE": "de_AT:de"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.endswith('-m tools.local up ""\n')


def test_in_the_checkouts_folder_pulumi_works_on_the_local_stacks_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, engine = tmp_path / "check out", tmp_path / "it's"
    monkeypatch.setattr(local_projects, "ROOT", checkout)
    project = LocalProject("yaml", checkout / "examples" / "yaml", look="")
    (checkout / "docs").mkdir(parents=True)
    program(engine / "pulumi", 'printf "<%s>" "$@"')
    program(checkout / ".venv" / "bin" / "org-features", 'printf "<%s>" "$AWS_ORG_FEATURES_PROJECT" "$@"')
    folder = checkout / "shell"

    local_projects.write_stand_ins(folder, project, str(engine), "file:///ours")

    def typed(where: Path, name: str = "pulumi") -> str:
        return subprocess.check_output([str(folder / name), "up", "a b"], cwd=where, text=True)

    assert typed(checkout) == f"<--cwd><{project.folder}><up><a b>"
    assert typed(checkout, "org-features") == f"<{project.folder}><up><a b>"
    assert typed(checkout / "docs") == "<up><a b>"
    assert typed(checkout / "docs", "org-features") == "<><up><a b>"
    local_projects.write_stand_ins(
        folder, LocalProject("python", checkout, look=""), str(engine), "file:///ours"
    )
    assert typed(checkout) == "<up><a b>"
    assert typed(checkout, "org-features") == "<><up><a b>"


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("stack init production", True),
        ("stack new", True),
        ("--non-interactive stack init", True),
        ("stack select production --create", True),
        ("stack select -c production", True),
        ("new aws-python", True),
        ("up --stack production", True),
        ("-s production config set organizationId o-exampleorg1", True),
        ("preview --stack=organization/aws-org-features/production", True),
        ("stack select local --create", True),
        ("up", False),
        ("up -c aws:region=us-east-1 --yes", False),
        ("preview --stack local", False),
        ("preview --stack=organization/aws-org-features/local", False),
        ("config set aws:region new", False),
        ("stack select local", False),
        ("stack ls", False),
        ("", False),
    ],
)
def test_the_shells_pulumi_refuses_stacks_other_than_local_as_long_as_it_has_our_backend(
    tmp_path: Path, typed: str, *, refused: bool
) -> None:
    program(tmp_path / "engine" / "pulumi", "echo ran")
    local_projects.write_stand_ins(tmp_path / "shell", PYTHON, str(tmp_path / "engine"), "file:///ours")

    def ran(backend: str) -> subprocess.CompletedProcess[str]:
        command = [str(tmp_path / "shell" / "pulumi"), *typed.split()]
        environment = {"PATH": os.defpath, "PULUMI_BACKEND_URL": backend}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    ours = ran("file:///ours")
    assert (ours.returncode, ours.stdout) == ((1, "") if refused else (0, "ran\n"))
    assert ("open a new shell, and begin with `pulumi login`" in ours.stderr) is refused
    assert ran("s3://theirs").stdout == "ran\n"


def test_a_shell_from_before_a_language_host_was_got_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local, "LOCAL", tmp_path)
    monkeypatch.setattr(language_hosts, "CHOSEN", tmp_path / "language-hosts")
    (tmp_path / "engine").write_text("/engine/bin\n")
    assert not local.shell_is_ours()

    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{local.STATE}")
    monkeypatch.setenv("PATH", os.pathsep.join((*local.shell_folders(), "/bin")))
    assert local.shell_is_ours()

    (tmp_path / "language-hosts").mkdir()
    (tmp_path / "language-hosts" / "yaml").write_text("/host/bin\n")
    assert not local.shell_is_ours()
