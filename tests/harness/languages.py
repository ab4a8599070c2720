"""A stack with the guide's program in each language, and its SDK got as the guide says.

A project is what `pulumi new` makes, with pinned packages. Those come from their registries the first time,
and from the caches of npm, Go and pip after that.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.harness.cli_project import CliProject
from tests.harness.yaml_project import YamlProject
from tools import engine, packages
from tools.docs import native_programs
from tools.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).resolve().parents[2]
NEW_PROJECTS: Final = ROOT / "tests" / "new_projects"

NPM: Final = {
    "npm_config_prefer_offline": "true",
    **dict.fromkeys(("npm_config_audit", "npm_config_fund", "npm_config_update_notifier"), "false"),
}
"""npm's settings: it takes what it has, and says nothing of other things."""
_LEFT_BY_INSTALLERS: Final = ("node_modules", "bin", "build", "*.egg-info", "__pycache__")
_GO_MODULE: Final = "example.com/pulumi-org-features/sdk/go"


@dataclass(frozen=True)
class Language:
    """A language that has an SDK of ours.

    Attributes:
        name: As the guide calls it.
        program: The file of the program.
        runtime: What Pulumi.yaml says of it.
        begin: Puts into a folder what a new project has; gives variables for all commands.
        check: What a shell does to see whether the types are right.
    """

    name: str
    program: str
    runtime: str | dict[str, Any]
    begin: Callable[[Path], dict[str, str]]
    check: str


def _typescript(folder: Path) -> dict[str, str]:
    if shutil.which("npm") is None:
        raise FileNotFoundError("there is no npm on PATH: install Node.js 20 or newer, which comes with it")
    shutil.copytree(NEW_PROJECTS / "typescript", folder, dirs_exist_ok=True)
    return NPM


def _python(folder: Path) -> dict[str, str]:
    venv = folder / "venv"
    packages.make_venv(venv)
    packages.install(ROOT, venv, ("project", "install"), doing=f"Installing the project into {venv}")
    return {
        "PATH": _first_on_path(venv / "bin"),
        "VIRTUAL_ENV": str(venv),
        "PULUMI_PYTHON_CMD": str(venv / "bin" / "python"),
    }


def _go(folder: Path) -> dict[str, str]:
    shutil.copytree(NEW_PROJECTS / "go", folder, dirs_exist_ok=True)
    go = Path(engine.go_toolchain(folder.parent))
    # As the engine is built, so that what both are made of is compiled once.
    flags = " ".join(flag for flag in engine.GO_FLAGS if not flag.startswith("-mod="))
    return {**engine.go_environment(), "PATH": _first_on_path(go.parent), "GOFLAGS": flags}


def _first_on_path(folder: Path) -> str:
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


LANGUAGES: Final = {
    language.name: language
    for language in (
        Language("typescript", "index.ts", "nodejs", _typescript, "node_modules/.bin/tsc --noEmit"),
        Language(
            "python",
            "__main__.py",
            "python",
            _python,
            f"{shlex.quote(sys.executable)} -m mypy --strict --python-executable venv/bin/python __main__.py",
        ),
        Language(
            "go",
            "main.go",
            # Built once: else each command would link it again, for ten seconds.
            {"name": "go", "options": {"binary": "organization"}},
            _go,
            f"go vet . {_GO_MODULE}/... && go build -o organization .",
        ),
    )
}


def guides_project(language: str, folder: Path) -> CliProject:
    """A stack whose program is the guide's, of which the compiler thinks well.

    Raises:
        AssertionError: A command of the guide's fails, or the program's types are wrong.
    """
    if language == "yaml":
        made = YamlProject(folder)
        made.take(native_programs.yaml_program("yaml"))
        return made
    return _in_project(LANGUAGES[language], folder)


def _in_project(language: Language, folder: Path) -> CliProject:
    ignored = shutil.ignore_patterns(*_LEFT_BY_INSTALLERS)
    shutil.copytree(ROOT / "sdk", folder / "aws-org-features" / "sdk", ignore=ignored)
    home = folder / "organization"
    home.mkdir()
    made = CliProject(home, language.runtime)
    made.set_environment(**language.begin(home))
    (home / language.program).write_text(native_programs.program(language.name))
    say(f"Getting the {language.name} SDK, and what it needs, as docs/native.md says")
    for commands in (native_programs.commands(language.name), language.check):
        made.shell(commands)
    return made
