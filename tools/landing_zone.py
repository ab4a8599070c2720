"""`make landing-zone`: the example, from consolidated billing to guardrails in force and down again.

    python -m tools.landing_zone [typescript] [--stand-in]

It runs in a temporary copy of `examples/landing-zone`, or of the one in TypeScript, on an emulator of its
own, and leaves nothing behind.
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

import yaml

from tools import language_hosts, local, node_modules
from tools.emulator import HOST, Emulator, free_port
from tools.progress import CommandError, ToolError, ended, run, say
from tools.venvs import LANDING_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

VENV: Final = LANDING_ZONE.path
EXAMPLE: Final = local.ROOT / "examples" / "landing-zone"
IN_TYPESCRIPT: Final = local.ROOT / node_modules.PROJECT
FAKE_PULUMI_AWS: Final = local.ROOT / "tests" / "fake_pulumi_aws"
STACK: Final = "demo"
_OURS: Final = ("aws", "aws-org-emulator")
_AWS: Final = "aws --profile management organizations"


@dataclass(frozen=True)
class Packages:
    """Packages of an example, as its project looks for them.

    Attributes:
        link: The name of their folder in the project.
        folder: The folder that the name leads to.
    """

    link: str
    folder: Path

    @classmethod
    def of(cls, example: Path) -> Packages:
        """Find those of an example, which were installed."""
        if example == EXAMPLE:
            return cls(".venv", VENV)
        return cls("node_modules", node_modules.MODULES)

    def version_of_pulumi_aws(self) -> str:
        """The version of pulumi-aws, which is its plugin's too."""
        if self.link == "node_modules":
            described = self.folder / "@pulumi" / "aws" / "package.json"
            return str(json.loads(described.read_text())["version"])
        asked = "import importlib.metadata as m; print(m.version('pulumi-aws'))"
        return _quietly((str(self.folder / "bin" / "python"), "-c", asked), self.folder, os.environ).strip()


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


def copy_project(folder: Path, example: Path, plugin: Path | None) -> Path:
    """Copy an example; with a plugin to take pulumi-aws's place, if one is given."""
    project = folder / "examples" / example.name
    packages = Packages.of(example)
    ignored = shutil.ignore_patterns(".venv", "node_modules", "__pycache__", "Pulumi.*.yaml")
    shutil.copytree(example, project, ignore=ignored)
    (project / packages.link).symlink_to(packages.folder)
    if plugin is not None:
        path = project / "Pulumi.yaml"
        described = yaml.safe_load(path.read_text())
        providers = described.setdefault("plugins", {}).setdefault("providers", [])
        providers.append({"name": "aws", "path": str(plugin)})
        path.write_text(yaml.safe_dump(described, sort_keys=False))
    (folder / "bin").mkdir()
    for name in _OURS:
        (folder / "bin" / name).symlink_to(local.ROOT / ".venv" / "bin" / name)
    # Where the emulator's program is looked for, and the native provider.
    (folder / ".venv").symlink_to(local.ROOT / ".venv")
    return project


@contextlib.contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """An organization with consolidated billing, while it lasts; gives its address."""
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
    if (project / "index.ts").exists():
        native = {key.replace("aws:", "org-features:"): value for key, value in settings.items()}
        settings |= {key: value for key, value in native.items() if key.startswith("org-features:")}
    for key, value in settings.items():
        _quietly(("pulumi", "config", "set", "--path", key, value), project, environ)


def _quietly(command: Sequence[str], project: Path, environ: Mapping[str, str]) -> str:
    told = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)
    if told.returncode:
        raise CommandError(f"{' '.join(command)}: failed", told.stderr.strip())
    return told.stdout


def choose_plugin(folder: Path, example: Path, environ: Mapping[str, str], *, wanted: bool) -> Path | None:
    """The stand-in for pulumi-aws's plugin; None where that is wanted and can be had."""
    if wanted and plugin_is_here(folder, Packages.of(example).version_of_pulumi_aws(), environ):
        return None
    why = "can't be had here" if wanted else "isn't wanted"
    say(
        f"pulumi-aws's plugin {why}: in its place runs the tests' stand-in, which makes\n"
        "the same calls of AWS for the few resources that the example has."
    )
    return FAKE_PULUMI_AWS


def plugin_is_here(project: Path, version: str, environ: Mapping[str, str]) -> bool:
    """Return whether pulumi-aws's plugin is installed, or can be."""
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


def get_ready(example: Path) -> None:
    """Get what the example in TypeScript needs; `make` has got what that in Python does.

    Raises:
        ToolError: It can't be had.
    """
    if example == IN_TYPESCRIPT:
        language_hosts.get(["nodejs"])
        node_modules.ensure()


def show(example: Path, *, real_plugin: bool) -> None:
    """Show an example, on an emulator of its own, and leave nothing behind.

    Raises:
        ToolError: A step ended otherwise than it should.
    """
    get_ready(example)
    with tempfile.TemporaryDirectory(prefix="landing-zone-") as name:
        folder = Path(name)
        environ = environment(folder)
        project = copy_project(folder, example, choose_plugin(folder, example, environ, wanted=real_plugin))
        with emulator(folder) as endpoint:
            configure(project, environ, endpoint)
            go(project, {**environ, "AWS_ORG_EMULATOR_ENDPOINT": endpoint})
    say("\nThe organization has all features; the stack, its guardrails and the emulator are gone.")


def main(arguments: Sequence[str]) -> int:
    """Show it, or say what went wrong."""
    example = IN_TYPESCRIPT if "typescript" in arguments else EXAMPLE
    return ended(lambda: show(example, real_plugin="--stand-in" not in arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
