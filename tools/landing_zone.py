"""`make landing-zone`: the example, from consolidated billing to guardrails in force and down again.

    python -m tools.landing_zone [--stand-in]

It runs in a temporary copy of `examples/landing-zone`, on an emulator of its own, and leaves nothing behind.
Where pulumi-aws's plugin can't be had, or with --stand-in, the tests' stand-in takes its place and is named.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools import local
from tools.emulator import HOST, Emulator, free_port
from tools.progress import CommandError, ToolError, ended, run, say
from tools.venvs import LANDING_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VENV: Final = LANDING_ZONE.path
EXAMPLE: Final = local.ROOT / "examples" / "landing-zone"
FAKE_PULUMI_AWS: Final = local.ROOT / "tests" / "fake_pulumi_aws"
STACK: Final = "demo"
_OURS: Final = ("aws", "aws-org-emulator")
_AWS: Final = "aws --profile management organizations"


@dataclass(frozen=True)
class DemoStep:
    """One thing that the platform team, an owner or AWS does.

    Attributes:
        why: What it shows.
        command: As typed in the project's folder.
        fails: Whether that ends with an error, as it should.
    """

    why: str
    command: str
    fails: bool = False


STEPS: Final = (
    DemoStep("One configuration, for pulumi-aws and for aws-org-features", "pulumi config"),
    DemoStep(
        "The first run makes the units, asks the owners, and ends at the gate",
        "pulumi up --yes --skip-preview",
        fails=True,
    ),
    DemoStep("Days later, every owner has approved", "aws-org-emulator approve --all"),
    DemoStep("What the next run will do", "pulumi preview"),
    DemoStep(
        "It finalizes, trusts Inspector, enables the policy types, and tries the guardrails on one unit",
        "pulumi up --yes --skip-preview",
    ),
    DemoStep(
        "As AWS has it",
        f'{_AWS} list-policies-for-target --filter SERVICE_CONTROL_POLICY --query "Policies[].Name" '
        '--target-id "$(pulumi stack output PolicyStaging)"',
    ),
    DemoStep(
        "Inspector is administered by the security account",
        f"{_AWS} list-delegated-administrators --service-principal inspector2.amazonaws.com "
        '--query "DelegatedAdministrators[].Id"',
    ),
    DemoStep(
        "Nothing broke: a second unit",
        "pulumi config set --path 'guardrailsOn[0]' PolicyStaging && "
        "pulumi config set --path 'guardrailsOn[1]' Sandbox && pulumi up --yes --skip-preview",
    ),
    DemoStep(
        "Somebody disables a policy type in the console, and AWS detaches its policies",
        f'{_AWS} disable-policy-type --policy-type TAG_POLICY --root-id "$(pulumi stack output root)" '
        '--query "Root.PolicyTypes[].Type"',
    ),
    DemoStep("A refresh shows it", "pulumi refresh --yes --skip-preview --diff"),
    DemoStep("The next run fixes it", "pulumi up --yes --skip-preview"),
    DemoStep("Nothing is left to do", "pulumi preview --refresh --expect-no-changes"),
    DemoStep("Down again", "pulumi destroy --yes --skip-preview"),
    DemoStep(
        "There is no way back from all features",
        f"{_AWS} describe-organization --query Organization.FeatureSet",
    ),
)


def environment(folder: Path) -> dict[str, str]:
    """Environment of the steps: the engine, the example's virtual environment, nobody's stacks."""
    paths = (folder / "bin", VENV / "bin")
    settings = local.hermetic()
    return {
        **settings,
        "PATH": os.pathsep.join((*map(str, paths), settings["PATH"])),
        "VIRTUAL_ENV": str(VENV),
        "AWS_CONFIG_FILE": str(folder / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "demo",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def copy_project(folder: Path, plugin: Path | None) -> Path:
    """Copy the example; with a plugin to take pulumi-aws's place, if one is given."""
    project = folder / "project"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".venv", "__pycache__", "Pulumi.*.yaml"))
    (project / ".venv").symlink_to(VENV)
    if plugin is not None:
        with (project / "Pulumi.yaml").open("a") as text:
            text.write(f"plugins:\n  providers:\n    - name: aws\n      path: {json.dumps(str(plugin))}\n")
    (folder / "bin").mkdir()
    for name in _OURS:
        (folder / "bin" / name).symlink_to(local.ROOT / ".venv" / "bin" / name)
    return project


@contextlib.contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """An organization with consolidated billing, while it lasts; gives its address."""
    (folder / ".venv").symlink_to(local.ROOT / ".venv")  # where the emulator's program is looked for
    running = Emulator(folder)
    port = free_port()
    running.start(port)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        running.stop()


def configure(project: Path, environ: Mapping[str, str], endpoint: str) -> None:
    """Make the stack, and lead it to the emulator."""
    told = _quietly(("aws-org-emulator", "aws-config", "--endpoint", endpoint), project, environ)
    Path(environ["AWS_CONFIG_FILE"]).write_text(told)
    _quietly(("pulumi", "stack", "init", STACK), project, environ)
    settings = {
        "organizationId": "o-exampleorg1",
        "securityAccountId": "333333333333",
        "aws:region": "us-east-1",
        "aws:profile": "management",
    }
    settings |= {f"aws:endpoints[0].{service}": endpoint for service in local.SERVICES}
    for key, value in settings.items():
        _quietly(("pulumi", "config", "set", "--path", key, value), project, environ)


def _quietly(command: Sequence[str], project: Path, environ: Mapping[str, str]) -> str:
    told = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)
    if told.returncode:
        raise CommandError(f"{' '.join(command)}: failed", told.stderr.strip())
    return told.stdout


def choose_plugin(folder: Path, environ: Mapping[str, str], *, wanted: bool) -> Path | None:
    """The stand-in for pulumi-aws's plugin; None where that is wanted and can be had."""
    if wanted and plugin_is_here(folder, environ):
        return None
    why = "can't be had here" if wanted else "isn't wanted"
    say(
        f"pulumi-aws's plugin {why}: in its place runs the tests' stand-in, which makes\n"
        "the same calls of AWS for the few resources that the example has."
    )
    return FAKE_PULUMI_AWS


def plugin_is_here(project: Path, environ: Mapping[str, str]) -> bool:
    """Return whether pulumi-aws's plugin is installed, or can be."""
    asked = (VENV / "bin" / "python", "-c", "import importlib.metadata as m; print(m.version('pulumi-aws'))")
    version = _quietly(list(map(str, asked)), project, environ).strip()
    installed = json.loads(_quietly(("pulumi", "plugin", "ls", "--json"), project, environ) or "[]")
    if any((each.get("name"), each.get("version")) == ("aws", version) for each in installed or []):
        return True
    try:
        run(
            ["pulumi", "plugin", "install", "resource", "aws", version],
            doing=f"Downloading pulumi-aws's plugin {version}",
            usually="several hundred MB",
            cwd=project,
            env=dict(environ),
        )
    except ToolError:
        return False
    return True


def go(project: Path, environ: Mapping[str, str]) -> None:
    """Take every step in the open.

    Raises:
        ToolError: One ended otherwise than it should.
    """
    for number, step in enumerate(STEPS, 1):
        print(f"\n[{number}/{len(STEPS)}] {step.why}\n$ {step.command}", flush=True)
        code = subprocess.run(["sh", "-c", step.command], cwd=project, env=environ, check=False).returncode
        if bool(code) is not step.fails:
            raise ToolError(f"step {number} ended with {code}")


def show(*, real_plugin: bool) -> None:
    """Show it, on an emulator of its own, and leave nothing behind.

    Raises:
        ToolError: A step ended otherwise than it should.
    """
    with tempfile.TemporaryDirectory(prefix="landing-zone-") as name:
        folder = Path(name)
        environ = environment(folder)
        project = copy_project(folder, choose_plugin(folder, environ, wanted=real_plugin))
        with emulator(folder) as endpoint:
            configure(project, environ, endpoint)
            go(project, {**environ, "AWS_ORG_EMULATOR_ENDPOINT": endpoint})
    say("\nThe organization has all features; the stack, its guardrails and the emulator are gone.")


def main(arguments: Sequence[str]) -> int:
    """Show it, or say what went wrong."""
    return ended(lambda: show(real_plugin="--stand-in" not in arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
