"""The landing zone's own virtual environment: the project and pulumi-aws, at the pinned versions.

    python -m tools.landing_zone_venv

Apart from the checkout's `.venv`: where pulumi-aws is installed, every run of the engine wants its plugin.
Instant when there is nothing to do. Says what it does on stderr.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path

from tools.console import Trouble, report, run

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".local" / "landing-zone" / "venv"
EXTRA = "landing-zone"


def fingerprint(root: Path, python: str) -> str:
    """What the installed packages follow from. The path counts: scripts of a venv name it."""
    told = hashlib.sha256()
    for part in (str(root).encode(), python.encode()):
        told.update(part + b"\0")
    for name in ("pyproject.toml", "requirements.lock"):
        told.update((root / name).read_bytes() + b"\0")
    return told.hexdigest()


def is_ready(venv: Path, wanted: str) -> bool:
    """Whether a venv holds what it should, so far as its own record tells."""
    record = venv / "installed-from"
    return (venv / "bin" / "python").exists() and record.exists() and record.read_text().strip() == wanted


def make(root: Path, venv: Path) -> None:
    """Make a venv anew and fill it.

    Raises:
        Trouble: Python can't make one, or the package index can't be reached.
    """
    # Read before the installation: a change during it is for the next run.
    made_from = fingerprint(root, platform.python_version())
    run(
        [sys.executable, "-m", "venv", "--clear", venv],
        doing=f"Making {venv.relative_to(root)}",
        usually="a few seconds",
    )
    # Of its 20 thousand modules a program imports few: those are compiled as they are needed.
    pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(
        [*pip, "--no-compile", "-c", "requirements.lock", "-e", f".[{EXTRA}]"],
        doing="Installing pulumi-aws and the project into it",
        usually="about 10 s",
        cwd=root,
    )
    (venv / "installed-from").write_text(f"{made_from}\n")


def main() -> int:
    """Make the venv unless it is there."""
    try:
        if not is_ready(VENV, fingerprint(ROOT, platform.python_version())):
            make(ROOT, VENV)
    except Trouble as trouble:
        trouble.hint = "Is the package index reachable? Then run this again."
        return report(trouble)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
