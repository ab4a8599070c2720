"""The command as users have it: a process, quick to say what it can do, and plain when piped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from aws_org_features.cli.exit_codes import MEANINGS, Exit
from aws_org_features.cli.group import org_features, subcommands
from aws_org_features.cli.render import output
from tests.cli.conftest import environment_of

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

PROGRAM = str(Path(sys.executable).with_name("org-features"))
HEAVY = {"boto3", "botocore", "grpc", "jinja2", "moto", "pulumi", "rich", "yaml"}


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["status", "--help"], ["watch", "--help"]])
def test_help_loads_nothing_that_it_can_do_without(arguments: list[str]) -> None:
    done = python(
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from aws_org_features.cli import main\n"
        f"main({arguments})"
    )
    assert done.returncode == 0
    assert "org-features" in done.stdout
    assert not HEAVY & {module.partition(".")[0] for module in done.stderr.split()}


@pytest.mark.parametrize("name", ["click", "jinja2", "rich", "yaml"])
def test_a_missing_extra_is_one_line_with_the_command_to_type(name: str) -> None:
    done = python(
        "import sys\n"
        f"sys.modules[{name!r}] = None\n"
        "from aws_org_features.cli import main\n"
        "main(['iam-policy', '--for', 'read'])"
    )
    told = f"error: org-features needs {name}: pip install 'aws-org-features[cli]'\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_it_runs_as_a_program(org: Emulator, tmp_path: Path) -> None:
    org.enable_all_features()
    given = {k: v for k, v in environment_of(org, org.management).items() if v is not None}
    environment = {"PATH": os.environ["PATH"], "FORCE_COLOR": "", **given}
    done = subprocess.run(
        [PROGRAM, "approval-kit", "--to", "kit"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Wrote 6 files to kit for 3 accounts of organization o-exampleorg1, ")
    assert "\x1b" not in done.stdout
    assert (tmp_path / "kit" / "approver-role.yaml").exists()


def test_every_subcommand_can_say_it_in_json() -> None:
    named = list(subcommands().values())
    for command in named:
        if isinstance(command, click.Group):
            named += command.commands.values()
            continue
        assert "--json" in [name for option in command.params for name in option.opts], command.name
        assert command.get_short_help_str().endswith("."), command.name


def test_the_list_of_subcommands_says_what_they_say() -> None:
    listed = {name: text for name, _, text in (row.strip().partition("  ") for row in _listed())}
    assert {name: text.strip() for name, text in listed.items()} == {
        name: command.get_short_help_str(limit=200) for name, command in subcommands().items()
    }


def _listed() -> list[str]:
    """Entries that `--help` lists, where there is room."""
    told = CliRunner().invoke(org_features, ["--help"], terminal_width=200, max_content_width=200)
    return told.stdout.partition("Commands:\n")[2].splitlines()


def test_help_imports_no_subcommand() -> None:
    code = (
        "import sys; from aws_org_features.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print([name for name in sys.modules if 'aws_org_features.' in name], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == str([f"aws_org_features.cli{each}" for each in ("", ".streams", ".group")])


def test_a_misspelt_subcommand_gets_the_nearest_as_a_suggestion() -> None:
    near, far = (CliRunner().invoke(org_features, [name]) for name in ("statu", "nothing-like-it"))
    assert (near.exit_code, far.exit_code) == (2, 2)
    assert "No such command 'statu'" in near.output
    assert near.output.count("Did you mean 'status'?") == 1
    assert "Did you mean" not in far.output


def test_every_exit_code_is_explained() -> None:
    assert list(MEANINGS) == list(Exit)


def test_ctrl_c_has_an_exit_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(output, "say", interrupt)
    with pytest.raises(SystemExit) as ended:
        org_features(["iam-policy", "--for", "read"])
    assert ended.value.code == Exit.INTERRUPTED


def test_misuse_has_clicks_exit_code() -> None:
    assert click.UsageError.exit_code == Exit.MISUSED


def test_a_long_table_shows_its_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_table(("id", "name"), [(str(n), f"[red]name {n} :smile:") for n in range(1025)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 22
    assert lines[1].split(maxsplit=1) == ["0", "[red]name 0 :smile:"]
    assert lines[-1] == "and 1,005 more"


def test_an_error_in_arguments_is_one_harmless_line(invoke: Invoke) -> None:
    result = invoke("status", "a\x1b[31m\n\u202eb")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "Error: Got unexpected extra argument (a\ufffd[31m \ufffdb)"
