"""The stack that a newcomer runs: prepared, brought up, looked at and taken down again.

    python -m tools.local prepare | up | down | clean | aws OPTIONS... | run PROGRAM ARGUMENTS...

The emulated organization lives in the emulator's memory, so the stack's record lives as long as the
emulator does: both start afresh together. Only the stack `local` is ever removed; other stacks that
somebody keeps in the same backend are not ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tools import language_hosts
from tools.emulator import HOST, Emulator, PortTakenError, free_port, is_free
from tools.progress import CommandError, ToolError, report, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
STATE = LOCAL / "state"
ENV = LOCAL / "env"
AWS_CONFIG = LOCAL / "aws-config"
CONFIG = ROOT / "Pulumi.local.yaml"
TEMPLATE = ROOT / "tools" / "local-stack.yaml"
STACK = "local"
SERVICES = ("organizations", "sts", "iam")
# Behind a proxy, requests to the emulator must not go there. Some programs read only one of these.
UNPROXIED = ("NO_PROXY", "no_proxy")
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")


# -- the environment -------------------------------------------------------------------------------


def settings(endpoint: str) -> dict[str, str]:
    """What a shell needs besides PATH. No AWS credentials: the same shell serves real stacks."""
    return {
        "VIRTUAL_ENV": str(ROOT / ".venv"),
        "PULUMI_BACKEND_URL": f"file://{STATE}",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "AWS_ORG_EMULATOR_ENDPOINT": endpoint,
    }


def folders() -> tuple[str, ...]:
    """What goes first on PATH: an engine's folder may hold a python of its own (/usr/bin)."""
    engine = LOCAL / "engine"
    if not engine.exists():
        raise ToolError("this checkout isn't set up", "make up does it.")
    found = (str(ROOT / ".venv" / "bin"), engine.read_text().strip(), *language_hosts.folders())
    return tuple(dict.fromkeys(found))


def exports(paths: Sequence[str], values: dict[str, str]) -> str:
    """Lines for a shell to evaluate."""
    path = ":".join(shlex.quote(path) for path in paths)
    lines = [f'export PATH={path}:"$PATH"']
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
    """For tests: the toolchain without anyone's stack, backend, passphrase or AWS account."""
    return {
        name: value
        for name, value in toolchain().items()
        if not name.startswith(("AWS_", "PULUMI_")) or name in ("PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK")
    }


def environment() -> dict[str, str]:
    """The environment of `make env`, for our own calls."""
    return {**toolchain(), **settings(configured_endpoint())}


# -- the stack -------------------------------------------------------------------------------------


def pulumi(*arguments: str) -> str:
    """Run pulumi quietly on the local backend; gives its stdout."""
    told = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise CommandError(f"pulumi {' '.join(arguments)}: failed", told.stderr.strip())
    return told.stdout


def has_stack() -> bool:
    """Whether there is a record of the stack."""
    stacks = STATE / ".pulumi" / "stacks"
    return any(stacks.glob(f"*/{STACK}.json")) or any(stacks.glob(f"*/{STACK}.json.gz"))


def other_stacks() -> list[str]:
    """Stacks in our backend that aren't ours."""
    stacks = (STATE / ".pulumi" / "stacks").glob("*/*.json*")
    names = {path.name.split(".json")[0] for path in stacks if not path.name.endswith(".attrs")}
    return sorted(names - {STACK})


def forget_stack() -> None:
    """Remove the stack's record, and only that; its config is part of the checkout."""
    # An engine that was killed leaves a lock, which would be in the way.
    with contextlib.suppress(CommandError):
        pulumi("cancel", "--yes", "--stack", STACK)
    pulumi("stack", "rm", STACK, "--force", "--preserve-config", "--yes")


def configured_endpoint() -> str:
    """The endpoint in the stack's config, or in what that is made from."""
    return _endpoint_in(CONFIG if CONFIG.exists() else TEMPLATE)


def _endpoint_in(config: Path) -> str:
    match = re.search(rf"organizations: (http://{re.escape(HOST)}:\d+)", config.read_text())
    if match is None:
        hint = f"Remove {config.name}, which make up writes anew; or set the endpoint there."
        raise ToolError(f"{config.name} names no emulator under aws:endpoints", hint)
    return match[1]


def configure_endpoint(endpoint: str) -> None:
    """Write the stack's config, which git ignores; what a person has changed in it stays."""
    text = (CONFIG if CONFIG.exists() else TEMPLATE).read_text()
    CONFIG.write_text(text.replace(configured_endpoint(), endpoint))


def restore_endpoint() -> None:
    """Take back what `configure_endpoint` did; a person may have changed other things since."""
    if CONFIG.exists():
        configure_endpoint(_endpoint_in(TEMPLATE))
        if CONFIG.read_text() == TEMPLATE.read_text():
            CONFIG.unlink()


# -- what the Makefile calls -----------------------------------------------------------------------


def prepare() -> None:
    """Everything but the update: emulator, backend, stack, and the files for the shell."""
    emulator = Emulator(ROOT)
    STATE.mkdir(parents=True, exist_ok=True)
    port = emulator.port()
    started = port is None
    if port is None and has_stack():
        say(
            "The emulator has ended since the last `make up`, and its organization with it.\n"
            "The stack's record describes what is no more: starting both afresh."
        )
        forget_stack()
    if port is None:
        port = start(emulator, int(configured_endpoint().rpartition(":")[2]))
    endpoint = f"http://{HOST}:{port}"
    configure_endpoint(endpoint)
    pulumi("stack", "select", STACK, "--create")
    if started or not AWS_CONFIG.exists():
        AWS_CONFIG.write_text(emulator_says("aws-config", "--endpoint", endpoint))
    ENV.write_text(exports(folders(), settings(endpoint)))


def start(emulator: Emulator, wanted: int) -> int:
    """Start the emulator on the wanted port, or on another if that is taken; gives the port."""
    for port in (wanted, free_port(), free_port()):
        if is_free(port):
            with contextlib.suppress(PortTakenError):
                emulator.start(port)
                return port
        say(f"Port {port} is taken by another program, or by another clone's emulator.")
    raise ToolError("found no free port for the emulator", f"Set one in {CONFIG.relative_to(ROOT)}.")


def emulator_says(*arguments: str) -> str:
    """Run the emulator's command; gives its stdout."""
    told = subprocess.run([Emulator(ROOT).program, *arguments], capture_output=True, text=True, check=False)
    if told.returncode:
        raise CommandError(f"aws-org-emulator {' '.join(arguments)}: failed", told.stderr.strip())
    return told.stdout


def up() -> int:
    """Prepare, update the stack in the open, and say where it stands."""
    prepare()
    say(f"\n$ pulumi up --yes --stack {STACK}")
    arguments = ["pulumi", "up", "--yes", "--stack", STACK]
    code = subprocess.run(arguments, cwd=ROOT, env=environment(), check=False).returncode
    if code:
        log = Emulator(ROOT).log.relative_to(ROOT)
        say(f"\nerror: pulumi up ended with {code}. The emulator's log is {log}.")
        return code
    outputs = json.loads(pulumi("stack", "output", "--json", "--stack", STACK))
    status = str(outputs.get("status", "unknown"))
    in_shell = os.environ.get("PULUMI_BACKEND_URL") == f"file://{STATE}"
    print(summary(status, str(outputs.get("message", "")), in_shell=in_shell))
    return 0


def next_steps(status: str) -> list[tuple[str, str]]:
    """What a person types next, and what it does."""
    again = ("pulumi up", "takes the migration on from here")
    refresh = ("pulumi refresh", "shows what has changed in AWS meanwhile")
    approve = ("aws-org-emulator approve --all", "approves as the invited accounts")
    return {
        "AWAITING_APPROVALS": [approve, refresh, ("pulumi up", "finalizes the migration")],
        "AWAITING_FINALIZATION": [again],
        "EXPIRED": [again],
        "NOT_STARTED": [again],
        "ENABLED": [("pulumi preview --expect-no-changes", "confirms that nothing is left to do")],
    }.get(status, [refresh])


def summary(status: str, message: str, *, in_shell: bool) -> str:
    """Where the migration stands and what to type next."""
    shell = ('eval "$(make -s env)"', "pulumi, the venv and this backend in your shell")
    steps = [*([] if in_shell else [shell]), *next_steps(status)]
    if status == "ENABLED":
        steps.append(("make down && make up", "starts over with a new organization"))
    steps.append(("make aws", "shows the organization as AWS's own command line sees it"))
    width = max(len(command) for command, _ in steps)
    told = textwrap.wrap(message, 98, initial_indent="  ", subsequent_indent="  ")
    lines = ["", f"The migration: {status}", *told, "", "Next:"]
    lines += [f"  {command:{width}}  # {why}" for command, why in steps]
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
    if has_stack():
        forget_stack()
        say(f"Removed the record of the stack `{STACK}`: its organization went with the emulator.")
    restore_endpoint()
    for path in (ENV, AWS_CONFIG, Emulator(ROOT).log):
        path.unlink(missing_ok=True)


def clean() -> None:
    """Remove what set-up and tools made in the checkout; the engine stays cached."""
    down()
    for name in CACHES:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for path in (ROOT / "__pycache__", *ROOT.glob("[!.]*/**/__pycache__")):
        shutil.rmtree(path, ignore_errors=True)
    if stacks := other_stacks():
        say(f"Kept {STATE.relative_to(ROOT)}: it holds other stacks ({', '.join(stacks)}).")
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
                return up()
            {"prepare": prepare, "down": down, "clean": clean}[command]()
    except ToolError as error:
        return report(error)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
