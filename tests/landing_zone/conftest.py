"""One emulated organization and one project with pulumi-aws a test, run by the real engine.

Programs run as a user's do, as a folder of files, in the landing zone's own virtual environment; the binary
plugin of pulumi-aws is stood in for by `tests/stand_in`.
"""

from __future__ import annotations

import shutil
import textwrap
from os import environ, pathsep
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
import yaml
from pulumi import automation

from tests.engine.conftest import Project, _no_summary, environment, give_salt
from tools.landing_zone_venv import VENV

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

STAND_IN = Path(__file__).parent.parent / "stand_in"
_NOT_COPIED = shutil.ignore_patterns(".venv", "venv", "__pycache__", "Pulumi.*.yaml")


class Stack(Project):
    """A project's folder with a stack of its own, on one organization.

    What it is configured with, and what its commands give, is as in `tests.engine`.

    Attributes:
        folder: Where the project's files lie.
    """

    def __init__(self, folder: Path, org: Emulator, name: str = "test") -> None:
        """Take a project in a folder, which is an empty one unless it has a Pulumi.yaml."""
        self.folder = folder
        self.org = org
        self._config: dict[str, Any] = {}
        self._project = self._settle(name)
        give_salt(folder, name)
        self.stack = automation.create_or_select_stack(
            stack_name=name,
            work_dir=str(folder),
            opts=automation.LocalWorkspaceOptions(
                env_vars={**landing_zone_environment(), "PULUMI_BACKEND_URL": f"file://{folder}"}
            ),
        )
        # What these ask the engine in commands of their own, after each command, is in the state.
        self.stack.outputs = dict  # type: ignore[method-assign]
        self.stack.info = _no_summary  # type: ignore[method-assign]
        self.configure(org)

    @classmethod
    def from_project(cls, project: Path, folder: Path, org: Emulator, name: str = "test") -> Self:
        """A copy of an existing project, without its stacks; the original is left as it is."""
        shutil.copytree(project, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
        return cls(folder, org, name)

    def write(self, program: str) -> None:
        """Make this the project's program."""
        (self.folder / "__main__.py").write_text(textwrap.dedent(program))

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by name, without the stack's own and providers."""
        kept = self._checkpoint().get("resources", [])
        return {r["urn"].rpartition("::")[2]: r for r in kept if not r["type"].startswith("pulumi:")}

    def stored(self) -> str:
        """The state as it lies in the backend, with its secrets encrypted."""
        stacks = self.folder / ".pulumi" / "stacks" / self._project
        return (stacks / f"{self.stack.name}.json").read_text()

    def _settle(self, name: str) -> str:
        """Have the project run in our virtual environment, with the stand-in for a plugin; gives its name."""
        path = self.folder / "Pulumi.yaml"
        kept = yaml.safe_load(path.read_text()) if path.exists() else {"name": name}
        kept["runtime"] = {"name": "python", "options": {"virtualenv": str(VENV)}}
        kept["plugins"] = {"providers": [{"name": "aws", "path": str(STAND_IN)}]}
        path.write_text(yaml.safe_dump(kept))
        return str(kept["name"])


def landing_zone_environment() -> dict[str, str]:
    """What the engine runs in: as elsewhere, but for the virtual environment."""
    settings = environment()
    del settings["PULUMI_PYTHON_CMD"]
    return {
        **settings,
        "PATH": f"{VENV / 'bin'}{pathsep}{environ['PATH']}",
        # Language hosts that don't know the option of Pulumi.yaml go by this.
        "VIRTUAL_ENV": str(VENV),
        # There is nothing to download: the stand-in is the only plugin of another package.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


@pytest.fixture
def stack(tmp_path: Path, org: Emulator) -> Stack:
    """A stack on the organization, without a program yet."""
    return Stack(tmp_path, org)


@pytest.fixture
def copy_of(tmp_path: Path, org: Emulator) -> Callable[[Path], Stack]:
    """Takes an existing project's folder; gives a stack of a copy of it."""
    return lambda project: Stack.from_project(project, tmp_path / "copy", org)


@pytest.fixture(autouse=True, scope="session")
def _everything_is_here() -> None:
    if shutil.which("pulumi") is None or not VENV.exists():
        pytest.fail("engine or virtual environment are missing: run the tests with `make test`")
