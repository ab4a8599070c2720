"""The stack that a newcomer runs: prepared, brought up, looked at and taken down again.

    python -m tools.local prepare [LANGUAGE] | up [LANGUAGE] | down | clean | aws OPTIONS... | run PROGRAM...

The emulated organization lives in the emulator's memory, so the stack's record lives as long as the
emulator does: both start afresh together. Only the stack `local` of the projects of `local_projects` is ever
removed; other stacks that somebody keeps in the same backend are not ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tools import language_hosts
from tools.emulator import HOST, Emulator, PortTakenError, free_port, is_free
from tools.local_projects import PROJECTS, PYTHON, STACK, choose, write_stand_ins
from tools.progress import CommandError, ToolError, report, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.local_projects import LocalProject

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
STATE = LOCAL / "state"
ENV = LOCAL / "env"
AWS_CONFIG = LOCAL / "aws-config"
BACKEND = f"file://{STATE}"
# First on a shell's PATH: pulumi by itself would always take the project in Python.
STAND_IN = LOCAL / "shell"
SERVICES = ("organizations", "sts", "iam")
# Behind a proxy, requests to the emulator must not go there. Some programs read only one of these.
UNPROXIED = ("NO_PROXY", "no_proxy")
# These choose the AWS caller, and would win over the stack's configuration: no own account is for this.
NOBODYS = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
)
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")


# -- the environment -------------------------------------------------------------------------------


def settings(endpoint: str) -> dict[str, str]:
    """Variables that a shell needs besides PATH. No AWS credentials: the stack has its own."""
    return {
        "VIRTUAL_ENV": str(ROOT / ".venv"),
        "PULUMI_BACKEND_URL": BACKEND,
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "AWS_ORG_EMULATOR_ENDPOINT": endpoint,
    }


def folders() -> tuple[str, ...]:
    """Folders that go first on PATH: an engine's folder may hold a python of its own (/usr/bin)."""
    engine = LOCAL / "engine"
    if not engine.exists():
        raise ToolError("this checkout isn't set up", "make up does it.")
    found = (str(ROOT / ".venv" / "bin"), engine.read_text().strip(), *language_hosts.folders())
    return tuple(dict.fromkeys(found))


def shell_folders() -> tuple[str, ...]:
    """Folders that go first on a shell's PATH."""
    return str(STAND_IN), *folders()


def exports(paths: Sequence[str], values: dict[str, str]) -> str:
    """Lines for a shell to evaluate."""
    path = ":".join(shlex.quote(path) for path in paths)
    lines = [f'export PATH={path}:"$PATH"']
    lines.append(f"unset {' '.join(NOBODYS)}")
    lines += [f'export {name}="{HOST}${{{name}:+,${name}}}"' for name in UNPROXIED]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def toolchain() -> dict[str, str]:
    """Our own environment with the venv and the engine in it, and no stack chosen."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    environment["PATH"] = os.pathsep.join((*folders(), os.environ.get("PATH", os.defpath)))
    environment["VIRTUAL_ENV"] = str(ROOT / ".venv")
    environment.pop("PULUMI_STACK", None)
    # Each run of the engine starts a Python, which would compile all that it imports every time.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in UNPROXIED:
        environment[name] = ",".join(filter(None, (HOST, os.environ.get(name))))
    return environment


def hermetic() -> dict[str, str]:
    """Environment of tests: the toolchain without anyone's stack, backend, passphrase or AWS account."""
    return {
        name: value
        for name, value in toolchain().items()
        if not name.startswith(("AWS_", "PULUMI_")) or name in ("PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK")
    }


def environment(project: LocalProject) -> dict[str, str]:
    """The environment of `make env`, for our own calls."""
    return {**toolchain(), **settings(project.endpoint())}


# -- the stack -------------------------------------------------------------------------------------


def pulumi(project: LocalProject, *arguments: str) -> str:
    """Run pulumi quietly on the local backend; gives its stdout."""
    told = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=project.folder,
        env=environment(project),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise CommandError(f"pulumi {' '.join(arguments)}: failed", told.stderr.strip())
    return told.stdout


def present_project() -> LocalProject | None:
    """The project whose stack there is a record of."""
    for project in PROJECTS.values():
        records = STATE / ".pulumi" / "stacks" / project.name
        if any((records / f"{STACK}.json{packed}").exists() for packed in ("", ".gz")):
            return project
    return None


def other_stacks() -> list[str]:
    """Stacks in our backend that aren't ours; one that was removed counts, for its backup is there."""
    ours = {project.name for project in PROJECTS.values()}
    records = (STATE / ".pulumi" / "stacks").glob("*/*.json*")
    named = ((at.parent.name, at.name.split(".json")[0]) for at in records if at.suffix != ".attrs")
    return sorted({stack for project, stack in named if stack != STACK or project not in ours})


def forget_stack(project: LocalProject) -> None:
    """Remove a stack's record, and only that; its configuration is dealt with apart."""
    # An engine that was killed leaves a lock, which would be in the way.
    with contextlib.suppress(CommandError):
        pulumi(project, "cancel", "--yes", "--stack", STACK)
    pulumi(project, "stack", "rm", STACK, "--force", "--preserve-config", "--yes")


# -- what the Makefile calls -----------------------------------------------------------------------


def prepare(language: str = "") -> LocalProject:
    """Everything but the update: emulator, backend, stack, and the files for the shell.

    Raises:
        ToolError: The stack that there is, of another language, would be in the way.
    """
    emulator = Emulator(ROOT)
    port = emulator.port()
    present = present_project()
    project = choose(language, present, runs=port is not None)
    if project.host:
        language_hosts.get([project.host])
    STATE.mkdir(parents=True, exist_ok=True)
    started = port is None
    if port is None and present is not None:
        say(
            "The emulator has ended since the last `make up`, and its organization with it.\n"
            "The stack's record describes what is no more: starting both afresh."
        )
        forget_stack(present)
        if present != project:
            present.restore_endpoint()
    if port is None:
        port = start(emulator, project)
    endpoint = f"http://{HOST}:{port}"
    project.set_endpoint(endpoint)
    pulumi(project, "stack", "select", STACK, "--create")
    if started or not AWS_CONFIG.exists():
        AWS_CONFIG.write_text(emulator_says("aws-config", "--endpoint", endpoint))
    write_stand_ins(STAND_IN, project, folders()[1], BACKEND)
    ENV.write_text(exports(shell_folders(), settings(endpoint)))
    return project


def start(emulator: Emulator, project: LocalProject) -> int:
    """Start the emulator on the port that is configured, or on another if that is taken; gives the port."""
    wanted = int(project.endpoint().rpartition(":")[2])
    for port in (wanted, free_port(), free_port()):
        if is_free(port):
            with contextlib.suppress(PortTakenError):
                emulator.start(port)
                return port
        say(f"Port {port} is taken by another program, or by another clone's emulator.")
    raise ToolError("found no free port for the emulator", f"Set one in {project.config.relative_to(ROOT)}.")


def emulator_says(*arguments: str) -> str:
    """Run the emulator's command; gives its stdout."""
    told = subprocess.run([Emulator(ROOT).program, *arguments], capture_output=True, text=True, check=False)
    if told.returncode:
        raise CommandError(f"aws-org-emulator {' '.join(arguments)}: failed", told.stderr.strip())
    return told.stdout


def up(language: str = "") -> int:
    """Prepare, update the stack in the open, and say where it stands."""
    project = prepare(language)
    command = ["pulumi", *project.cwd, "up", "--yes", "--stack", STACK]
    say(f"\n$ {shlex.join(command)}")
    code = subprocess.run(command, cwd=ROOT, env=environment(project), check=False).returncode
    if code:
        log = Emulator(ROOT).log.relative_to(ROOT)
        say(f"\nerror: pulumi up ended with {code}. The emulator's log is {log}.")
        return code
    outputs = json.loads(pulumi(project, "stack", "output", "--json", "--stack", STACK))
    status = str(outputs.get("status", "unknown"))
    print(summary(project, status, str(outputs.get("message", "")), in_shell=shell_is_ours()))
    return 0


def shell_is_ours() -> bool:
    """Return whether the environment that we were started in has what `make env` gives."""
    paths = os.environ.get("PATH", "").split(os.pathsep)
    return os.environ.get("PULUMI_BACKEND_URL") == BACKEND and {*shell_folders()} <= {*paths}


def next_steps(project: LocalProject, status: str) -> list[tuple[str, str]]:
    """The commands that a person types next, and their effects."""
    again = ("pulumi up", "takes the migration on from here")
    look = (project.look, "shows what has changed in AWS meanwhile")
    approve = ("aws-org-emulator approve --all", "approves as the invited accounts")
    enabled = [
        ("pulumi preview --expect-no-changes", "confirms that nothing is left to do"),
        ("pulumi destroy", "forgets the organization, which keeps its features"),
        (f"make down && {project.make_up}", "starts over with a new organization"),
    ]
    return {
        "AWAITING_APPROVALS": [approve, look, ("pulumi up", "finalizes the migration")],
        "AWAITING_FINALIZATION": [again],
        "EXPIRED": [again],
        "NOT_STARTED": [again],
        "ENABLED": enabled,
    }.get(status, [look])


def summary(project: LocalProject, status: str, message: str, *, in_shell: bool) -> str:
    """The migration's status, and the commands to type next."""
    shell = ('eval "$(make -s env)"', "pulumi, the venv and this backend in your shell")
    look = ("org-features status", "shows where it stands, and who must act")
    steps = [*([] if in_shell else [shell]), look, *next_steps(project, status)]
    steps.append(("make aws", "shows the organization as AWS's own command line sees it"))
    width = max(len(command) for command, _ in steps)
    told = textwrap.wrap(message, 98, initial_indent="  ", subsequent_indent="  ")
    lines = ["", f"The migration: {status}", *told, "", "Next:"]
    lines += [f"  {command:{width}}  # {why}" for command, why in steps]
    if project.cwd:
        lines += ["", f"In this folder, pulumi and org-features work on {project.cwd[1]}/Pulumi.yaml."]
    return "\n".join(lines)


def aws(options: Sequence[str]) -> NoReturn:
    """Become AWS's own command line, as the emulated management account."""
    if not AWS_CONFIG.exists() or Emulator(ROOT).port() is None:
        raise ToolError("there is no organization: the emulator isn't running", "make up starts it.")
    # As an option: credentials in a person's environment would go before AWS_PROFILE.
    command = ("aws", "--profile", "management", "organizations", "describe-organization", *options)
    told = {"AWS_CONFIG_FILE": str(AWS_CONFIG), "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}
    os.execve(ROOT / ".venv" / "bin" / "aws", command, {**hermetic(), **told})  # noqa: S606 - our own words


def down() -> None:
    """Stop the emulator and forget the stack that it served."""
    stopped = Emulator(ROOT).stop()
    say("Stopped the emulator." if stopped else "The emulator wasn't running.")
    if (project := present_project()) is not None:
        forget_stack(project)
        say(f"Removed the record of the stack `{STACK}`: its organization went with the emulator.")
    for each in PROJECTS.values():
        each.restore_endpoint()
    for path in (ENV, AWS_CONFIG, Emulator(ROOT).log):
        path.unlink(missing_ok=True)
    if STAND_IN.exists():  # not removed: a shell that has run it would not find it
        write_stand_ins(STAND_IN, PYTHON, folders()[1], BACKEND)


def clean() -> None:
    """Remove what set-up and tools made in the checkout; the engine stays cached."""
    down()
    for name in CACHES:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for path in (ROOT / "__pycache__", *ROOT.glob("[!.]*/**/__pycache__")):
        shutil.rmtree(path, ignore_errors=True)
    if others := other_stacks():
        say(f"Kept {STATE.relative_to(ROOT)}: it holds other stacks ({', '.join(others)}).")
        for name in ("engine", "engine-oldest"):
            (LOCAL / name).unlink(missing_ok=True)
        for name in ("landing-zone", "language-hosts"):
            shutil.rmtree(LOCAL / name, ignore_errors=True)
    else:
        shutil.rmtree(LOCAL, ignore_errors=True)
    shutil.rmtree(ROOT / ".venv", ignore_errors=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One run at a time in a checkout."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ToolError("another make is at work on this checkout's stack") from None
        yield


def main(arguments: Sequence[str]) -> int:
    """Do what the Makefile asks for."""
    command, *rest = arguments
    try:
        if command == "aws":
            aws(rest)
        if command == "run":
            os.execvpe(rest[0], rest, hermetic())  # noqa: S606 - the Makefile's own words
        with alone():
            if command == "up":
                return up(*rest)
            if command == "prepare":
                prepare(*rest)
            else:
                {"down": down, "clean": clean}[command]()
    except ToolError as error:
        return report(error)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
