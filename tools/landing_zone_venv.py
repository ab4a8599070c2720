"""The landing zone's own virtual environment: the project and pulumi-aws, at the pinned versions.

    python -m tools.landing_zone_venv

Apart from the checkout's `.venv`: where pulumi-aws is installed, every run of the engine wants its plugin.
Instant when there is nothing to do. Says what it does on stderr.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.progress import ended
from tools.venvs import is_current
from tools.venvs import make as make_venv

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".local" / "landing-zone" / "venv"
NAMES = ("project", "install", "landing-zone")


def make(root: Path, venv: Path) -> None:
    """Make a venv anew and fill it.

    Raises:
        ToolError: No venv can be made, or the package index can't be reached.
    """
    make_venv(root, venv, *NAMES, doing="Installing pulumi-aws and the project into it")


def ensure() -> None:
    """Make the venv unless it is there."""
    if not is_current(ROOT, VENV):
        make(ROOT, VENV)


def main() -> int:
    """Make the venv unless it is there, or say why that can't be."""
    return ended(ensure, "Is the package index reachable? Then run this again.")


if __name__ == "__main__":
    sys.exit(main())
