"""Try the lowest and the newest of the packages that the project says it works with.

    python -m tools.bounds [lowest|newest]

All other tests run with what requirements.lock pins. Each gets a virtual environment below `.local/bounds`,
made anew, for what is newest changes by the day. Says what it does on stderr.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from tools import packages
from tools.local import ROOT, hermetic
from tools.progress import ToolError, ended, run, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER: Final = ROOT / ".local" / "bounds"
RESOLUTIONS: Final = {"lowest": "lowest-direct", "newest": "highest"}
TESTS: Final = (
    "tests/unit/test_aws_errors.py",
    "tests/unit/test_aws_settings.py",
    "tests/unit/test_connection.py",
    "tests/unit/test_credentials.py",
    "tests/unit/test_engine_edge.py",
    "tests/unit/test_profiles.py",
    "tests/unit/test_sending.py",
    "tests/cli/test_mfa.py::test_at_a_terminal_it_is_asked_for",
    "tests/resources/test_guards.py",
    "tests/engine/test_state.py",
)
"""Errors, credentials and state: what leans on the packages' insides."""
_WITH: Final = ("hypothesis", "jsonschema", "pytest", "pytest-timeout", "pytest-xdist")


def make(bound: str) -> Path:
    """Make the environment of a bound; gives its folder.

    Raises:
        ToolError: There is no uv, or the package index can't be reached.
    """
    uv = packages.find_uv()
    if uv is None:
        raise ToolError(
            "only uv finds the lowest versions, and there is none", "Install uv and run this again."
        )
    venv = FOLDER / bound
    packages.make_venv(venv)
    install = (uv, "pip", "install", "--quiet", "--python", venv / "bin" / "python")
    for what in (("--resolution", RESOLUTIONS[bound], "-e", f"{ROOT}[cli,emulator]"), _WITH):
        run(
            [*install, *what],
            doing=f"Installing the {bound} packages into {venv.relative_to(ROOT)}",
            usually="some seconds",
            cwd=ROOT,
            env=packages.index_for_uv(),
        )
    return venv


def try_at(bound: str) -> subprocess.CompletedProcess[str]:
    """Run the tests with the packages of a bound."""
    venv = make(bound)
    environment = hermetic()
    environment["PATH"] = os.pathsep.join((str(venv / "bin"), environment["PATH"]))
    environment["VIRTUAL_ENV"] = str(venv)
    pytest = (venv / "bin" / "python", "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider")
    return subprocess.run(
        [*pytest, "-m", "not exhaustive", *TESTS],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def main(bounds: Sequence[str]) -> None:
    """Try those that are named, or both.

    Raises:
        ToolError: Tests failed with some.
    """
    failed = []
    for bound in bounds or RESOLUTIONS:
        ran = try_at(bound)
        say(f"The {bound} packages:\n{ran.stdout}")
        if ran.returncode:
            failed.append(bound)
    if failed:
        raise ToolError(f"tests failed with the {' and the '.join(failed)} packages")


if __name__ == "__main__":
    sys.exit(ended(lambda: main(sys.argv[1:])))
