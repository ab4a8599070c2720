"""A stack in a folder of its own, run by the real engine as a person runs it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.timing import Command, ran
from bench.world import environment
from tools.local import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator

_PROGRAMS: Final = Path(__file__).parent / "programs"


class Stack:
    """One of the programs beside this module, on an organization.

    Args:
        folder: Where the program lies, and where its state is kept.
        org: The organization.
    """

    def __init__(self, folder: Path, org: Emulator) -> None:
        self.org = org
        self._folder = folder
        self._env = {
            **environment(org),
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "ORGANIZATION_ID": org.organization_id,
        }

    def run(self, *arguments: str) -> float:
        """Run `pulumi`; gives the seconds that it took."""
        argv = ["pulumi", *arguments, "--stack", "bench", "--non-interactive"]
        return ran(Command(argv, self._env, self._folder)).seconds

    def state(self) -> bytes:
        """The state as it lies in the backend."""
        (kept,) = (self._folder / ".pulumi" / "stacks").glob("*/bench.json")
        return kept.read_bytes()


@contextlib.contextmanager
def stack(program: str, org: Emulator) -> Iterator[Stack]:
    """A stack with the program of a name, brought up."""
    with tempfile.TemporaryDirectory(prefix="aws-org-features-bench-") as name:
        folder = Path(name)
        shutil.copytree(_PROGRAMS / program, folder, dirs_exist_ok=True)
        (folder / ".venv").symlink_to(ROOT / ".venv")  # where a program finds the plugin
        made = Stack(folder, org)
        made.run("stack", "init")
        made.run("up", "--yes", "--skip-preview")
        yield made
