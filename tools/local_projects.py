"""The projects that `make up` can run: the same stack, in each language."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.emulator import HOST
from tools.progress import ToolError

ROOT: Final = Path(__file__).resolve().parent.parent
STACK: Final = "local"


@dataclass(frozen=True)
class LocalProject:
    """A project with a stack `local`.

    Attributes:
        language: As LANGUAGE has it.
        folder: Where its Pulumi.yaml is.
        look: The command that shows what has changed in AWS.
        host: The language host that it needs besides Python's; empty if none.
    """

    language: str
    folder: Path
    look: str
    host: str = ""

    @property
    def name(self) -> str:
        """The project's name, by which the backend keeps its stacks."""
        found = re.search(r"^name: (\S+)$", (self.folder / "Pulumi.yaml").read_text(), re.MULTILINE)
        if found is None:
            raise ToolError(f"{self.folder / 'Pulumi.yaml'} names no project")
        return found[1]

    @property
    def make_up(self) -> str:
        """The command that brings it up."""
        return "make up" if self == PYTHON else f"make up LANGUAGE={self.language}"

    @property
    def cwd(self) -> tuple[str, ...]:
        """The variable that has pulumi work on it from the checkout's folder."""
        return () if self.folder == ROOT else ("--cwd", str(self.folder.relative_to(ROOT)))

    # -- the stack's configuration -----------------------------------------------------------------

    @property
    def config(self) -> Path:
        """The stack's configuration, which git ignores."""
        return self.folder / f"Pulumi.{STACK}.yaml"

    @property
    def template(self) -> Path:
        """The file that it is made from."""
        return ROOT / "tools" / "local-stack" / f"{self.language}.yaml"

    def endpoint(self) -> str:
        """The emulator's address in the stack's configuration, or in what that is made from.

        Raises:
            ToolError: There is none.
        """
        return _endpoint_in(self.config if self.config.exists() else self.template)

    def set_endpoint(self, endpoint: str) -> None:
        """Write the stack's configuration; what a person has changed in it stays."""
        text = (self.config if self.config.exists() else self.template).read_text()
        self.config.write_text(text.replace(self.endpoint(), endpoint))

    def restore_endpoint(self) -> None:
        """Take back what `set_endpoint` did; a person may have changed other things since."""
        if self.config.exists():
            self.set_endpoint(_endpoint_in(self.template))
            if self.config.read_text() == self.template.read_text():
                self.config.unlink()


PYTHON: Final = LocalProject("python", ROOT, look="pulumi refresh")
PROJECTS: Final = {
    project.language: project
    for project in (
        PYTHON,
        LocalProject("yaml", ROOT / "examples" / "yaml", look="pulumi preview --diff", host="yaml"),
    )
}
"""By language; tools/setup.sh knows the same."""


def _endpoint_in(config: Path) -> str:
    match = re.search(rf"organizations: (http://{re.escape(HOST)}:\d+)", config.read_text())
    if match is None:
        hint = f"Remove {config.name}, which make up writes again; or set the endpoint there."
        raise ToolError(f"{config.name} names no emulator in its endpoints", hint)
    return match[1]


def choose(asked: str, present: LocalProject | None, *, runs: bool) -> LocalProject:
    """The project to bring up.

    Args:
        asked: The language that somebody asks for; empty if they don't care.
        present: The project whose stack there is.
        runs: Whether the emulator runs. Without it, a stack's record is worth nothing.

    Raises:
        ToolError: The stack that there is would be in the way.
    """
    wanted = PROJECTS[asked] if asked else present or PYTHON
    if runs and present not in (None, wanted):
        raise ToolError(
            f"the local stack is in {present.language}, and LANGUAGE is {wanted.language}",
            f"{present.make_up} goes on with it; make down && {wanted.make_up} starts again.",
        )
    return wanted


def write_stand_ins(folder: Path, project: LocalProject, engine: str, backend: str) -> None:
    """Write `pulumi` and `org-features` for the shell: in the checkout's own folder they work on a project.

    In every other folder they do what they do by themselves. So one shell serves make, which wants that
    folder, and the stack, in any language. As long as pulumi has our backend, it refuses stacks
    that aren't ours.

    Args:
        folder: Where to.
        project: The project that there is a stack of.
        engine: The engine's folder.
        backend: The address of our backend.
    """
    folder.mkdir(exist_ok=True)
    here, at = shlex.quote(str(ROOT)), shlex.quote(str(project.folder))
    guard = f'[ "${{PULUMI_BACKEND_URL:-}}" != {shlex.quote(backend)} ] || . {here}/tools/only-local.sh\n'
    pulumi = f'set -- --cwd {at} "$@"', f"{engine}/pulumi", guard
    org_features = f"export AWS_ORG_FEATURES_PROJECT={at}", f"{ROOT}/.venv/bin/org-features", ""
    for works_on, program, before in (pulumi, org_features):
        elsewhere = f'[ "$(pwd -P)" != {here} ] || {works_on}\n' if project.cwd else ""
        stand_in = folder / Path(program).name
        stand_in.write_text(f'#!/bin/sh\n{before}{elsewhere}exec {shlex.quote(program)} "$@"\n')
        stand_in.chmod(0o755)
