"""Look for weaknesses in what users run, and for advisories on the packages that are pinned.

    python -m tools.audit

bandit reads the code; pip-audit asks the package index for advisories on requirements.lock. An index that has
none to give is told, and is no failure. Both are in a virtual environment of their own. Says what it does on
stderr.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tools.progress import ToolError, ended, say
from tools.venvs import is_current, make

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".local" / "audit" / "venv"
GROUP: Final = "audit"
CODE: Final = ("provider", "emulator")


def advisories(answer: dict[str, Any]) -> tuple[list[str], int, int]:
    """What pip-audit found.

    Args:
        answer: What it prints as JSON.

    Returns:
        A line for each advisory, how many packages were looked up, and how many couldn't be.
    """
    packages = answer["dependencies"]
    found = [
        f"{package['name']} {package['version']}: {each['id']}, fixed in {' or '.join(each['fix_versions'])}"
        for package in packages
        for each in package.get("vulns", ())
    ]
    unknown = sum("skip_reason" in package for package in packages)
    return found, len(packages) - unknown, unknown


def look_for_weaknesses() -> None:
    """Have bandit read the code.

    Raises:
        ToolError: It found something that isn't excused.
    """
    bandit = (VENV / "bin" / "python", "-m", "bandit", "--quiet", "-c", "pyproject.toml", "-r", *CODE)
    if subprocess.run(bandit, cwd=ROOT, check=False).returncode:
        raise ToolError("bandit found what isn't excused", "Fix it, or say beside it why it does no harm.")
    say(f"bandit found nothing in {' and '.join(CODE)} that isn't excused.")


def look_for_advisories() -> None:
    """Have pip-audit compare the pinned packages with the index's advisories.

    Raises:
        ToolError: There is one, or pip-audit fails.
    """
    options = (
        "-r",
        "requirements.lock",
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner=off",
    )
    ran = subprocess.run(
        (VENV / "bin" / "python", "-m", "pip_audit", *options),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not ran.stdout:
        raise ToolError("pip-audit failed", ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else "")
    found, known, unknown = advisories(json.loads(ran.stdout))
    if found:
        raise ToolError(f"advisories on pinned packages: {'; '.join(found)}", 'Upgrade: make lock ARGS="-U"')
    if known:
        say(f"pip-audit knows of no advisory on {known} packages.")
    if unknown:
        say(f"The package index has no advisories to give on {unknown} packages: they weren't compared.")


def audit() -> None:
    """Do both.

    Raises:
        ToolError: Something was found.
    """
    if not is_current(ROOT, VENV):
        make(ROOT, VENV, GROUP, doing="Installing bandit and pip-audit into it")
    look_for_weaknesses()
    look_for_advisories()


if __name__ == "__main__":
    sys.exit(ended(audit))
