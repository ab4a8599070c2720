"""A stack whose provider is the plugin of this checkout, by the CLI, in any language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from tests.stacks import environment, give_salt

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.harness.another_organization import AnotherOrganization

    Organization: TypeAlias = "Emulator | AnotherOrganization"

_SERVICES: Final = ("organizations", "sts", "iam")


def path_without(folder: Path) -> str:
    """PATH, on which programs of a folder aren't found."""
    return os.pathsep.join(each for each in os.environ["PATH"].split(os.pathsep) if Path(each) != folder)


@dataclass(frozen=True)
class Told:
    """A command's output, and how it ended."""

    text: str
    code: int

    @property
    def failed(self) -> bool:
        """Return whether it ended with an error."""
        return self.code != 0

    def did(self, line: str) -> bool:
        """Return whether the summary has a line, such as `~ 1 to update`."""
        return line in [each.strip() for each in self.text.splitlines()]


class CliProject:
    """A stack of its own; every command is one of the CLI, in a process of its own.

    Attributes:
        runtime: What Pulumi.yaml says of the program's language.
    """

    def __init__(self, folder: Path, runtime: str | dict[str, Any], name: str = "test") -> None:
        self.folder = folder
        self.name = name
        self.runtime = runtime
        self._environment = {
            **os.environ,
            **environment(),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        give_salt(folder, name)
        # As `pulumi stack init` would.
        (self._stack_file).parent.mkdir(parents=True)
        (folder / ".pulumi" / "meta.yaml").write_text("version: 1\n")
        empty = {"version": 3, "checkpoint": {"stack": f"organization/{name}/{name}"}}
        self._stack_file.write_text(json.dumps(empty))

    @property
    def _stack_file(self) -> Path:
        return self.folder / ".pulumi" / "stacks" / self.name / f"{self.name}.json"

    def set_environment(self, **variables: str) -> None:
        """Set variables of what the commands run in."""
        self._environment.update(variables)

    def act_as(self, org: Organization, account_id: str | None = None) -> None:
        """Have the default provider act as an organization's management account, or as another of its."""
        path = self.folder / f"Pulumi.{self.name}.yaml"
        kept = yaml.safe_load(path.read_text())
        config = {f"org-features:{name}": value for name, value in settings(org, account_id).items()}
        path.write_text(yaml.safe_dump({**kept, "config": config}))

    def up(self, *options: str) -> Told:
        """`pulumi up`."""
        return self.command("up", "--yes", "--skip-preview", *options)

    def preview(self, *options: str) -> Told:
        """`pulumi preview`."""
        return self.command("preview", *options)

    def command(self, *arguments: str) -> Told:
        """Any command."""
        running = self.start(*arguments)
        text, _ = running.communicate()
        return Told(text, running.returncode)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Any command, while it runs."""
        self._write()
        return subprocess.Popen(
            ["pulumi", *arguments, "--stack", self.name, "--non-interactive"],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def shell(self, commands: str) -> None:
        """Run what a person types in the project's folder, before or beside Pulumi's own commands.

        Raises:
            AssertionError: One ended badly; with what they said.
        """
        ran = subprocess.run(
            ["sh", "-euxc", commands],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout

    def state(self) -> dict[str, dict[str, Any]]:
        """The state's resources, by their names."""
        kept = json.loads(self.stored())["checkpoint"].get("latest") or {}
        return {r["urn"].rpartition("::")[2]: r for r in kept.get("resources", [])}

    def stored(self) -> str:
        """The state as it lies in the backend, with its secrets encrypted."""
        return self._stack_file.read_text()

    def restore(self, deployment: dict[str, Any]) -> None:
        """Put a state into the stack's place."""
        path = self.folder / "restored.json"
        path.write_text(json.dumps({"version": 3, "deployment": deployment}))
        told = self.command("stack", "import", "--file", str(path))
        assert told.code == 0, told.text

    def _write(self) -> None:
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(self.described(), sort_keys=False))

    def described(self) -> dict[str, Any]:
        """The contents of Pulumi.yaml."""
        return {
            "name": self.name,
            "runtime": self.runtime,
            "backend": {"url": f"file://{self.folder}"},
            "plugins": {"providers": [{"name": "org-features", "path": str(Path(sys.executable).parent)}]},
        }


def settings(org: Organization, account_id: str | None = None) -> dict[str, Any]:
    """Settings with which a provider acts as an organization's management account, or as another of its."""
    keys = org.credentials(account_id or org.management)
    return {
        "region": "us-east-1",
        "accessKey": keys.access_key_id,
        "secretKey": keys.secret_access_key,
        "endpoints": [dict.fromkeys(_SERVICES, org.endpoint)],
    }
