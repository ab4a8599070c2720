"""Try stored states, and the tests of the pure code, on every supported Python that this machine has.

    python -m tools.pythons [ARGUMENTS OF PYTEST...]

Which are supported, pyproject.toml tells by its classifiers. They are looked for on PATH and at pyenv. Each
gets a virtual environment below `.local/pythons`, at the pinned versions. Says what it does on stderr.
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

from tools.local import ROOT, hermetic
from tools.packages import STORY
from tools.progress import ToolError, ended, say
from tools.venvs import is_current, make

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER: Final = ROOT / ".local" / "pythons"
TESTS: Final = ("tests/unit", "tests/reconcile/test_budget.py", "tests/engine/test_state.py")
_CLASSIFIER: Final = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def supported(pyproject: str) -> list[str]:
    """The versions that the package claims to support, by its classifiers."""
    return _CLASSIFIER.findall("\n".join(tomllib.loads(pyproject)["project"]["classifiers"]))


def candidates(version: str) -> Iterator[Path]:
    """Where an interpreter of a version may lie."""
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


def try_on(version: str, python: Path, arguments: Sequence[str]) -> bool:
    """Run the tests on a Python; gives whether they passed.

    Raises:
        ToolError: It makes no virtual environment, or the package index can't be reached.
    """
    venv = FOLDER / version
    if not is_current(ROOT, venv):
        names = (*STORY, "test")
        make(ROOT, venv, *names, doing=f"Installing the project for {version}", python=python)
    say(f"Python {version}:")
    environment = hermetic()
    environment["PATH"] = os.pathsep.join((str(venv / "bin"), environment["PATH"]))
    environment["VIRTUAL_ENV"] = str(venv)
    pytest = (venv / "bin" / "python", "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider")
    return (
        subprocess.run([*pytest, *TESTS, *arguments], cwd=ROOT, env=environment, check=False).returncode == 0
    )


def main(arguments: Sequence[str]) -> None:
    """Try each version that is here, and say which aren't.

    Raises:
        ToolError: Tests failed on some.
    """
    failed = []
    for version in supported((ROOT / "pyproject.toml").read_text()):
        python = interpreter(version)
        if python is None:
            say(f"Python {version} isn't here.")
        elif not try_on(version, python, arguments):
            failed.append(version)
    if failed:
        raise ToolError(f"tests failed on Python {', '.join(failed)}")


if __name__ == "__main__":
    sys.exit(ended(lambda: main(sys.argv[1:])))
