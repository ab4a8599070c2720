"""Virtual environments of their own, for what isn't to be in the checkout's `.venv`.

Instant when there is nothing to do. Says what it does on stderr.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from typing import TYPE_CHECKING

from tools import packages

if TYPE_CHECKING:
    from pathlib import Path


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


def is_current(root: Path, venv: Path) -> bool:
    """Whether a venv holds what the project as it is, under this Python, asks for."""
    return is_ready(venv, fingerprint(root, platform.python_version()))


def make(
    root: Path,
    venv: Path,
    *names: str,
    doing: str,
    python: str | Path = sys.executable,
) -> None:
    """Make a venv anew and fill it, at the pinned versions.

    Args:
        root: The checkout.
        venv: Where to make it.
        names: The extras and groups that it is for; `project` for the checkout itself, too.
        doing: What the line says meanwhile.
        python: Which Python makes it; the one that runs this unless told otherwise.

    Raises:
        ToolError: No venv can be made, or the package index can't be reached.
    """
    # Read before the installation: a change during it is for the next run.
    made_from = fingerprint(root, platform.python_version())
    packages.make_venv(venv, python)
    packages.install(root, venv, names, doing=doing)
    (venv / "installed-from").write_text(f"{made_from}\n")
