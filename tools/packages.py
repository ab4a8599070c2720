"""Fill the virtual environment that runs this with the project and its pinned packages."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.console import Trouble, report, run

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Install what requirements.lock pins."""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    try:
        run(
            [*pip, "-c", "requirements.lock", "-e", ".[emulator,dev]"],
            doing="Installing the pinned packages into .venv",
            usually="about a minute",
            cwd=ROOT,
        )
    except Trouble as trouble:
        trouble.hint = "Is the package index reachable? Then run this again."
        return report(trouble)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
