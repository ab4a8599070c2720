"""Try the tests that lean on other people's code with other versions of it than requirements.lock pins.

    python -m tools.compatibility lowest|newest                     # packages that pyproject.toml allows
    python -m tools.compatibility pythons [ARGUMENTS OF PYTEST...]  # every supported Python that is here

Each gets a virtual environment below `.local`. Which Pythons are supported, pyproject.toml tells by its
classifiers; they are looked for on PATH and at pyenv. Says what it does on stderr.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools import packages
from tools.local import LOCAL, ROOT, hermetic
from tools.progress import ToolError, ended, run, say
from tools.venvs import Venv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RESOLUTIONS: Final = {"lowest": "lowest-direct", "newest": "highest"}
ON_PACKAGES: Final = (
    "tests/unit/test_aws_errors.py",
    "tests/unit/test_aws_settings.py",
    "tests/unit/test_connection.py",
    "tests/unit/test_credentials.py",
    "tests/unit/test_engine_edge.py",
    "tests/unit/test_profiles.py",
    "tests/unit/test_bounded_requests.py",
    "tests/cli/test_mfa.py::test_at_a_terminal_it_is_asked_for",
    "tests/resources/test_guards.py",
    "tests/engine/test_state.py",
)
"""Errors, credentials and state: what leans on the packages' insides."""
ON_PYTHONS: Final = ("tests/unit", "tests/reconcile/test_budget.py", "tests/engine/test_state.py")
"""Stored states, and the pure code."""
_WITH: Final = ("hypothesis", "jsonschema", "pytest", "pytest-timeout", "pytest-xdist")
_CLASSIFIER: Final = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def passes(venv: Path, arguments: Sequence[str]) -> bool:
    """Return whether tests pass in a virtual environment; their output goes where ours does."""
    environment = hermetic()
    environment["PATH"] = os.pathsep.join((str(venv / "bin"), environment["PATH"]))
    environment["VIRTUAL_ENV"] = str(venv)
    pytest = (venv / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return subprocess.run([*pytest, *arguments], cwd=ROOT, env=environment, check=False).returncode == 0


# -- packages --------------------------------------------------------------------------------------


def passes_with(bound: str) -> bool:
    """Return whether tests pass with the lowest or the newest packages; in a new environment.

    Raises:
        ToolError: There is no uv, or the package index can't be reached.
    """
    uv = packages.find_uv()
    if uv is None:
        raise ToolError(
            "only uv finds the lowest versions, and there is none", "Install uv and run this again."
        )
    venv = LOCAL / "bounds" / bound
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
    return passes(venv, ("-n", "2", "-m", "not exhaustive", *ON_PACKAGES))


# -- Pythons ---------------------------------------------------------------------------------------


def supported(pyproject: str) -> list[str]:
    """The versions that the package claims to support, by its classifiers."""
    return _CLASSIFIER.findall("\n".join(tomllib.loads(pyproject)["project"]["classifiers"]))


def candidates(version: str) -> Iterator[Path]:
    """Paths at which an interpreter of a version may lie."""
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)


def interpreter(version: str) -> Path | None:
    """One that runs: pyenv leaves some on PATH that only say so."""
    told = "import sys; print('%d.%d' % sys.version_info[:2])"
    for each in candidates(version):
        ran = subprocess.run([each, "-c", told], capture_output=True, text=True, check=False)
        if ran.returncode == 0 and ran.stdout.strip() == version:
            return each
    return None


def try_pythons(arguments: Sequence[str]) -> None:
    """Try each version that is here, and say which aren't.

    Raises:
        ToolError: Tests failed on some, or the package index can't be reached.
    """
    failed = []
    for version in supported((ROOT / "pyproject.toml").read_text()):
        python = interpreter(version)
        if python is None:
            say(f"Python {version} isn't here.")
            continue
        path = LOCAL / "pythons" / version
        Venv(path, (*packages.STORY, "test"), f"the project for {version}", python).ensure()
        say(f"Python {version}:")
        if not passes(path, ("-n", "auto", *ON_PYTHONS, *arguments)):
            failed.append(version)
    if failed:
        raise ToolError(f"tests failed on Python {', '.join(failed)}")


def main(what: str, arguments: Sequence[str]) -> None:
    """Try the Pythons, or the packages of a bound.

    Raises:
        ToolError: Tests failed.
    """
    if what == "pythons":
        try_pythons(arguments)
    elif not passes_with(what):
        raise ToolError(f"tests failed with the {what} packages")


if __name__ == "__main__":
    sys.exit(ended(lambda: main(sys.argv[1], sys.argv[2:])))
