"""A stack whose program is TypeScript, with what it has from npm installed once for all such stacks."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final, Self

import yaml

from tests.harness.cli_project import settings
from tests.harness.languages import NEW_PROJECTS
from tests.landing_zone.conftest import FAKE_PULUMI_AWS, OWN_VENV, Stack
from tools.node_modules import MODULES, PROJECT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator

EXAMPLE: Final = ROOT / PROJECT


class TypeScriptStack(Stack):
    """A stack on one organization: pulumi-aws's plugin is the stand-in, ours the native one."""

    def __init__(self, folder: Path, org: Emulator, name: str = "test", **options: Any) -> None:
        """Take a project in a folder."""
        super().__init__(folder, org, name, venv=OWN_VENV, **options)
        # `check` looks at the types, once; each command would again, and pulumi-aws is large.
        self.set_environment(PULUMI_NODEJS_TRANSPILE_ONLY="true")
        modules = folder / "node_modules"
        if not modules.exists():
            modules.symlink_to(MODULES)

    @classmethod
    def new(cls, folder: Path, org: Emulator, **options: Any) -> Self:
        """A project as `pulumi new` makes it, without a program yet."""
        for name in ("package.json", "tsconfig.json"):
            shutil.copy(NEW_PROJECTS / "typescript" / name, folder)
        return cls(folder, org, **options)

    def write(self, program: str) -> None:
        """Make this the project's program."""
        (self.folder / "index.ts").write_text(program)

    def configure(self, org: Emulator, account_id: str | None = None) -> None:
        """Act as an account of an organization, with both providers."""
        super().configure(org, account_id)
        self.configure_with(
            {f"org-features:{name}": value for name, value in settings(org, account_id).items()}
        )

    def check(self) -> str:
        """The compiler's messages about the program; nothing, if its types are right."""
        told = subprocess.run(
            ["node_modules/.bin/tsc", "--noEmit"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return told.stdout + told.stderr

    def _settle(self, name: str) -> str:
        path = self.folder / "Pulumi.yaml"
        kept = yaml.safe_load(path.read_text()) if path.exists() else {"name": name, "runtime": "nodejs"}
        kept["plugins"] = {
            "providers": [
                {"name": "aws", "path": str(FAKE_PULUMI_AWS)},
                {"name": "org-features", "path": str(OWN_VENV / "bin")},
            ]
        }
        path.write_text(yaml.safe_dump(kept))
        return str(kept["name"])
