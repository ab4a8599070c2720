"""Change the decision code in every small way, and check that a test fails each time.

    python -m tools.mutants

mutmut changes one thing at a time in `decide.py` and runs the tests of `TESTS` on it. A change that they
don't notice is shown, and is a failure: a test is missing, or the code says more than it means. A change that
means nothing is excused where it stands, by a comment that says why and ends in `# pragma: no mutate`. The
work goes on in `.local/mutants`, with mutmut in a virtual environment of its own. Says what it does on
stderr.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.progress import ToolError, ended, run
from tools.venvs import MUTANTS

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / ".local" / "mutants"
WORK: Final = FOLDER / "work"
MODULE: Final = "aws_org_features/migration/decide.py"
TESTS: Final = (
    "tests/unit/test_decide.py",
    "tests/unit/test_assess.py",
    "tests/unit/test_unclear.py",
)
_COPIED: Final = ("tests/*.py", "tests/unit", "tools")
_KILLED: Final = (1, 3)
"""Exit codes of pytest that mutmut takes for a death: a test failed, or pytest did."""


def stage(root: Path, work: Path) -> None:
    """Lay out a folder with the package where mutmut expects one, and with what its tests need."""
    shutil.rmtree(work, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "provider" / "aws_org_features", work / "src" / "aws_org_features", ignore=ignored)
    (work / "tests").mkdir()
    for each in itertools.chain.from_iterable(map(root.glob, _COPIED)):
        copy = work / each.relative_to(root)
        if each.is_dir():
            shutil.copytree(each, copy, ignore=ignored)
        else:
            shutil.copy(each, copy)
    (work / "pyproject.toml").write_text(settings())


def settings() -> str:
    """The configuration of mutmut, and of pytest."""
    tests = ", ".join(f'"{test}"' for test in TESTS)
    return f"""\
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/{MODULE}"]
also_copy = ["tools"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = [{tests}]

[tool.pytest.ini_options]
pythonpath = ["."]
markers = ["exhaustive: tried here as well", "soak: never here"]
"""


def verdicts(work: Path) -> dict[str, int | None]:
    """The verdict on each mutant: pytest's exit code, None where it wasn't tried."""
    meta = work / "mutants" / "src" / f"{MODULE}.meta"
    found: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
    return found


def survivors(found: Mapping[str, int | None]) -> list[str]:
    """The mutants that no test has noticed."""
    return [name for name, code in found.items() if code not in _KILLED]


def figures(found: Mapping[str, int | None]) -> str:
    """Count the mutants, and those that were killed."""
    total = len(found)
    killed = total - len(survivors(found))
    places = Counter(name.rpartition("__mutmut_")[0] for name in found)
    return (
        f"{killed} of {total} mutants of {len(places)} functions in {Path(MODULE).name} killed: "
        f"{100 * killed / total:.1f} %"
    )


def _environment() -> dict[str, str]:
    """The checkout's own Python, with mutmut besides."""
    (packages,) = MUTANTS.path.glob("lib/python*/site-packages")
    return {**os.environ, "PYTHONPATH": str(packages)}


def try_all() -> None:
    """Try every mutant, and print the figures.

    Raises:
        ToolError: mutmut can't be had or fails, or a mutant survives.
    """
    MUTANTS.ensure()
    stage(ROOT, WORK)
    mutmut, environment = (sys.executable, "-m", "mutmut"), _environment()
    run([*mutmut, "run"], doing="Trying mutants", usually="a minute or two", cwd=WORK, env=environment)
    found = verdicts(WORK)
    print(figures(found))
    left = survivors(found)
    for name in left:
        subprocess.run([*mutmut, "show", name], cwd=WORK, env=environment, check=False)
    if left:
        raise ToolError(f"{len(left)} mutants survived", f"Write a test in {TESTS[0]} or beside it.")


def main() -> int:
    """Try every mutant; 1 where one survives."""
    return ended(try_all, "Is the package index reachable? Then run this again.")


if __name__ == "__main__":
    sys.exit(main())
