"""Fill the virtual environment that runs this with the project and its pinned packages."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.console import ended, run

ROOT = Path(__file__).parent.parent


def mend_scripts(folder: Path, python: str) -> list[str]:
    """Make scripts run whose first line names a python with a space in its path.

    The kernel ends the program's name there. pip knows that for the commands that it makes itself,
    but not for scripts that a package brings along, such as awscli's. Gives the mended ones' names.
    """
    mended = []
    first = f"#!{python}\n".encode()
    # What pip writes: to a shell it's an exec, to python a string that nobody uses.
    instead = f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n".encode()
    for script in sorted(path for path in folder.iterdir() if path.is_file()):
        content = script.read_bytes()
        if " " in python and content.startswith(first):
            script.write_bytes(instead + content.removeprefix(first))
            mended.append(script.name)
    return mended


def install() -> None:
    """Install what requirements.lock pins."""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(
        [*pip, "-c", "requirements.lock", "-e", ".[cli,emulator,dev]"],
        doing="Installing the pinned packages into .venv",
        usually="about a minute",
        cwd=ROOT,
    )
    mend_scripts(Path(sys.executable).parent, sys.executable)


def main() -> int:
    """Install what requirements.lock pins, or say why that can't be."""
    return ended(install, "Is the package index reachable? Then run this again.")


if __name__ == "__main__":
    sys.exit(main())
