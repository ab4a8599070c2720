"""One emulated organization and one project with pulumi-aws a test, run by the real engine.

Programs run as a user's do, as a folder of files. The binary plugin of pulumi-aws is stood in for by
`tests/fake_pulumi_aws`, which runs once for many runs of the engine. pulumi-aws itself is in the landing
zone's own virtual environment, which `make test` does without: what is tried there as well has the fixture
`lean`, whose programs import what stands in for the package too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from os import environ, pathsep
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pytest
import yaml
from pulumi import automation

from tests.stacks import Project, environment, give_salt, no_summary, write_program
from tools import node_modules
from tools.venvs import LANDING_ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_emulator import Emulator

ROOT: Final = Path(__file__).parent.parent.parent
FAKE_PULUMI_AWS: Final = ROOT / "tests" / "fake_pulumi_aws"
OWN_VENV: Final = Path(sys.prefix)
_NOT_COPIED = shutil.ignore_patterns(".venv", "venv", "node_modules", "__pycache__", "Pulumi.*.yaml")


class Stack(Project):
    """A project's folder with a stack of its own, on one organization.

    What it is configured with, and what its commands give, is as in `tests.engine`.

    Attributes:
        folder: Where the project's files lie.
    """

    def __init__(
        self,
        folder: Path,
        org: Emulator,
        name: str = "test",
        *,
        venv: Path = LANDING_ZONE.path,
        plugin: int | None = None,
    ) -> None:
        """Take a project in a folder, which is an empty one unless it has a Pulumi.yaml.

        Args:
            folder: Where its files lie.
            org: The organization.
            name: The stack's name.
            venv: What its programs run in; without pulumi-aws they import what stands in for it.
            plugin: The port of a stand-in that runs already; by default the engine starts one.
        """
        self.folder = folder
        self._venv = venv
        self.org = org
        self._config: dict[str, Any] = {}
        self._project = self._settle(name)
        give_salt(folder, name)
        self.stack = automation.create_or_select_stack(
            stack_name=name,
            work_dir=str(folder),
            opts=automation.LocalWorkspaceOptions(
                env_vars={**landing_zone_environment(venv, plugin), "PULUMI_BACKEND_URL": f"file://{folder}"}
            ),
        )
        # The state holds what these ask the engine in commands of their own, after each command.
        self.stack.outputs = dict  # type: ignore[method-assign]
        self.stack.info = no_summary  # type: ignore[method-assign]
        self.configure(org)

    @classmethod
    def from_project(cls, project: Path, folder: Path, org: Emulator, **options: Any) -> Self:
        """A copy of an existing project, without its stacks; the original is left as it is."""
        shutil.copytree(project, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
        return cls(folder, org, **options)

    def write(self, program: str) -> None:
        """Make this the project's program."""
        write_program(self.folder, textwrap.dedent(program))

    @property
    def configuration(self) -> dict[str, Any]:
        """Its configuration."""
        return dict(self._config)

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
        kept["runtime"] = {"name": "python", "options": {"virtualenv": str(self._venv)}}
        kept["plugins"] = {"providers": [{"name": "aws", "path": str(FAKE_PULUMI_AWS)}]}
        path.write_text(yaml.safe_dump(kept))
        return str(kept["name"])


def landing_zone_environment(venv: Path = LANDING_ZONE.path, plugin: int | None = None) -> dict[str, str]:
    """Environment of the engine: as elsewhere, but for the virtual environment."""
    settings = environment()
    del settings["PULUMI_PYTHON_CMD"]
    settings |= {
        "PATH": f"{venv / 'bin'}{pathsep}{environ['PATH']}",
        # Language hosts that don't know the option of Pulumi.yaml go by this.
        "VIRTUAL_ENV": str(venv),
        # There is nothing to download: the stand-in is the only plugin of another package.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    if venv != LANDING_ZONE.path:
        settings["PYTHONPATH"] = f"{FAKE_PULUMI_AWS / 'sdk'}{pathsep}{ROOT}"
    if plugin is not None:
        settings["PULUMI_DEBUG_PROVIDERS"] = f"aws:{plugin}"
    return settings


@pytest.fixture(scope="session")
def plugin() -> Iterator[int]:
    """The port of a stand-in that serves one run of the engine after another."""
    started = [sys.executable, str(FAKE_PULUMI_AWS / "pulumi-resource-aws")]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield int(running.stdout.readline())
        running.terminate()


@pytest.fixture(scope="session")
def with_pulumi_aws() -> None:
    """The virtual environment that has it must be there."""
    if not LANDING_ZONE.path.exists():
        pytest.fail("pulumi-aws's virtual environment is missing: run the tests with `make test-all`")


@pytest.fixture(scope="session")
def with_npms_packages() -> None:
    """Require everything that programs in TypeScript need."""
    if shutil.which("pulumi-language-nodejs") is None or not node_modules.is_current():
        pytest.fail(
            "npm's packages or Node.js's language host are missing: run the tests with `make test-all`"
        )


@pytest.fixture
def stack(tmp_path: Path, org: Emulator, plugin: int, with_pulumi_aws: None) -> Stack:  # noqa: ARG001
    """A stack on the organization, without a program yet."""
    return Stack(tmp_path, org, plugin=plugin)


@pytest.fixture
def copy_of(
    tmp_path: Path,
    org: Emulator,
    plugin: int,
    with_pulumi_aws: None,  # noqa: ARG001
) -> Callable[[Path], Stack]:
    """Takes an existing project's folder; gives a stack of a copy of it."""
    return lambda project: Stack.from_project(project, tmp_path / "copy", org, plugin=plugin)


@pytest.fixture
def lean(tmp_path: Path, org: Emulator, plugin: int) -> Callable[[Path], Stack]:
    """A copy as `copy_of` makes it, but without pulumi-aws."""
    return lambda project: Stack.from_project(project, tmp_path / "copy", org, venv=OWN_VENV, plugin=plugin)


@pytest.fixture(autouse=True, scope="session")
def _engine_is_here() -> None:
    if shutil.which("pulumi") is None:
        pytest.fail("there is no pulumi on PATH: run the tests with `make test`")
