"""A stack of its own on an emulated organization, driven by the real engine.

Programs run inline through the Automation API, so that a test shows what it declares; the provider runs in a
process of its own, as it does for everybody. `tests/harness` has the same without an engine.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import yaml
from pulumi import automation

from aws_org_features import OrganizationFeatureSet
from tests.automation_api import make_reliable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

# A process that makes a stack runs programs with the SDK.
make_reliable()

ORGANIZATION = "o-exampleorg1"
SALT = "v1:nSa+ZDjiE1A=:v1:8zq2ZPo5ZMJJlus0:sb9/kyuParcMIWP89ONiMAQDy3D1Bw=="
"""Of a stack whose passphrase is `test`."""
SECRET_KEY = "v1:PSmc6P7qJab9D6Dn:BAnE7AOhJQPGefxXAR3bTtVF3XlZLOHF"  # noqa: S105 - the emulator takes any
"""Some secret key, encrypted for such a stack."""
_MARKUP = re.compile(r"<\{%[^%]*%\}>")
_SEVERITIES = ("info", "warning", "error")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class CommandResult:
    """The result of one command of the engine.

    Attributes:
        text: What a user reads, without colors.
        ops: How many resources were created, updated, left the same...
        outputs: The stack's outputs afterwards.
        failed: Whether it ended with an error.
        messages: What was said, with its severity, in any order.
    """

    text: str
    ops: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    failed: bool = False
    messages: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """The number of changed resources, the stack itself left aside."""
        return sum(count for op, count in self.ops.items() if op not in {"same", "read"})


class Workspace(automation.LocalWorkspace):
    """A project's folder and its backend, in which a stack is a file: the engine needn't be asked for one."""

    def select_stack(self, stack_name: str) -> None:
        """Find a stack; each command names its own."""
        if not self._kept(stack_name).exists():
            raise automation.StackNotFoundError(automation.CommandResult("", "", 255))

    def create_stack(self, stack_name: str) -> None:
        """Write what `pulumi stack init` would."""
        kept = self._kept(stack_name)
        kept.parent.mkdir(parents=True)
        (Path(self.work_dir) / ".pulumi" / "meta.yaml").write_text("version: 1\n")
        kept.write_text(
            json.dumps({"version": 3, "checkpoint": {"stack": f"organization/{stack_name}/{stack_name}"}})
        )

    def _kept(self, stack_name: str) -> Path:
        return Path(self.work_dir) / ".pulumi" / "stacks" / stack_name / f"{stack_name}.json"


@functools.cache
def _engine(path: str | None) -> automation.PulumiCommand:  # noqa: ARG001 - of each engine one is kept
    """The engine on PATH, which is asked for its version once."""
    return automation.PulumiCommand()


class Project:
    """A stack of its own, on one organization."""

    def __init__(self, folder: Path, org: Emulator, name: str = "test", python: str = sys.executable) -> None:
        self.org = org
        self.said: list[str] = []
        """The messages of the running command so far."""
        self._config: dict[str, Any] = {}
        self._program: Callable[[], object] = lambda: None
        give_salt(folder, name)
        workspace = Workspace(
            work_dir=str(folder),
            program=self._run_program,
            project_settings=automation.ProjectSettings(
                name=name,
                runtime="python",
                backend=automation.ProjectBackend(url=f"file://{folder}"),
            ),
            env_vars={**environment(), "PULUMI_PYTHON_CMD": python},
            pulumi_command=_engine(shutil.which("pulumi")),
        )
        self.stack = automation.Stack.create_or_select(name, workspace)
        # The state holds what these ask the engine in commands of their own, after each command.
        self.stack.outputs = dict  # type: ignore[method-assign]
        self.stack.info = no_summary  # type: ignore[method-assign]
        self.configure(org)

    def configure(self, org: Emulator, account_id: str | None = None) -> None:
        """Act as an account of an organization; the management account unless told otherwise."""
        keys = org.credentials(account_id or org.management)
        endpoints = dict.fromkeys(("organizations", "sts", "iam"), org.endpoint)
        self.configure_with(
            {
                "aws:region": "us-east-1",
                "aws:accessKey": keys.access_key_id,
                "aws:secretKey": {"secure": SECRET_KEY},
                "aws:endpoints": [endpoints],
            }
        )

    def set_environment(self, **variables: str) -> None:
        """Set variables of what the commands run in."""
        workspace = self.stack.workspace
        workspace.env_vars = {**workspace.env_vars, **variables}

    def configure_with(self, changes: dict[str, Any]) -> None:
        """Change keys of the stack's configuration; None takes one away."""
        self._config = {key: value for key, value in {**self._config, **changes}.items() if value is not None}
        path = Path(self.stack.workspace.work_dir) / f"Pulumi.{self.stack.name}.yaml"
        kept = yaml.safe_load(path.read_text()) if path.exists() else None
        path.write_text(yaml.safe_dump({**(kept or {}), "config": self._config}))

    def configure_secretly(self, key: str, value: str, *, path: bool = False) -> None:
        """Set a secret of the stack's configuration, as users do."""
        self.command("config", "set", "--secret", *(["--path"] if path else []), key, value)
        workspace = Path(self.stack.workspace.work_dir)
        self._config = yaml.safe_load((workspace / f"Pulumi.{self.stack.name}.yaml").read_text())["config"]

    def declare(self, program: Callable[[], object]) -> None:
        """Make this the stack's program."""
        self._program = program

    def declare_feature_set(self, name: str = "org", **arguments: Any) -> None:
        """Make one feature set the stack's program, with its outputs as the stack's."""
        self.declare(lambda: export(feature_set(self.org, name, **arguments)))

    def _run_program(self) -> None:
        self._program()

    def up(self, **options: Any) -> CommandResult:
        """`pulumi up`."""
        return self._run(self.stack.up, options)

    def preview(self, **options: Any) -> CommandResult:
        """`pulumi preview`."""
        return self._run(self.stack.preview, options)

    def refresh(self, **options: Any) -> CommandResult:
        """`pulumi refresh`."""
        return self._run(self.stack.refresh, options)

    def destroy(self, **options: Any) -> CommandResult:
        """`pulumi destroy`."""
        return self._run(self.stack.destroy, options)

    def cancel(self) -> None:
        """`pulumi cancel`: take the lock away that a killed engine has left."""
        self.stack.cancel()

    def command(self, *arguments: str) -> str:
        """Any other command of `pulumi`, on this stack; gives what it prints."""
        told = subprocess.run(
            ["pulumi", *arguments, "--stack", self.stack.name, "--non-interactive"],
            cwd=self.stack.workspace.work_dir,
            env={**os.environ, **(self.stack.workspace.env_vars or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    def _run(self, command: Callable[..., object], options: dict[str, Any]) -> CommandResult:
        lines = self.said = []
        ops: dict[str, int] = {}
        messages: list[tuple[str, str]] = []

        def count(event: automation.EngineEvent) -> None:
            if (told := event.diagnostic_event) and not told.ephemeral and told.severity in _SEVERITIES:
                text = _MARKUP.sub("", told.message).removeprefix(f"{told.severity}: ").strip()
                messages.append((told.severity, text))
            if event.summary_event:
                changes = event.summary_event.resource_changes
                ops.update({str(getattr(op, "value", op)): number for op, number in changes.items()})

        try:
            command(on_output=lines.append, on_event=count, **options)
        except automation.CommandError as error:
            text = _ANSI.sub("", "\n".join(lines) or str(error))
            return CommandResult(text, ops, failed=True, messages=messages)
        return CommandResult(_ANSI.sub("", "\n".join(lines)), ops, self.outputs(), messages=messages)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, as the state holds them."""
        resources = self._checkpoint().get("resources", [])
        found = (r.get("outputs", {}) for r in resources if r["type"] == "pulumi:pulumi:Stack")
        return dict(next(found, {}))

    def _checkpoint(self) -> dict[str, Any]:
        return dict(json.loads(self.stored())["checkpoint"].get("latest") or {})

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by name, without the stack's own and providers."""
        kept = self._checkpoint().get("resources", [])
        return {
            r["urn"].rpartition("::")[2]: r for r in kept if r["type"].startswith("pulumi-python:dynamic/")
        }

    def stored(self) -> str:
        """The state as it lies in the backend, with its secrets encrypted."""
        stacks = Path(self.stack.workspace.work_dir) / ".pulumi" / "stacks"
        (kept,) = stacks.glob(f"*/{self.stack.name}.json")
        return kept.read_text()

    def kept(self, name: str = "org") -> dict[str, Any]:
        """A resource's outputs, as the state holds them."""
        return dict(self.resources()[name]["outputs"])


def give_salt(folder: Path, stack: str) -> None:
    """Give a stack that doesn't exist yet the secrets of the tests."""
    (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"encryptionsalt": SALT}))


def write_program(folder: Path, text: str) -> None:
    """Write a project's program in Python, and have Python forget what it compiled of an earlier one.

    Python knows them apart by second and length: a quick machine runs two within a second.
    """
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    (folder / "__main__.py").write_text(text)


def environment() -> dict[str, str]:
    """Environment of the engine; none of the developer's own AWS settings."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        if name != "AWS_CA_BUNDLE":
            del os.environ[name]
    return {
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_PYTHON_CMD": sys.executable,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "COLUMNS": "200",
    }


def feature_set(org: Emulator, name: str = "org", **arguments: Any) -> OrganizationFeatureSet:
    """Declare the organization's feature set."""
    return OrganizationFeatureSet(name, **{"organization_id": org.organization_id, **arguments})


def export(resource: OrganizationFeatureSet) -> None:
    """Export what tests look at."""
    for name in ("status", "message", "approvals", "enabled", "handshake", "started_by_this_resource"):
        pulumi.export(name, getattr(resource, name))


def no_summary(show_secrets: bool | None = None) -> automation.UpdateSummary:  # noqa: ARG001
    now = datetime.now(UTC)
    return automation.UpdateSummary(
        kind="", start_time=now, message="", environment={}, config={}, result="", resource_changes={}
    )
