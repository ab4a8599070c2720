"""Virtual environments of their own, for what isn't to be in the checkout's `.venv`.

Instant when there is nothing to do. Says what it does on stderr.
"""

from __future__ import annotations

import hashlib
import platform
import sys
import tomllib
from typing import TYPE_CHECKING

from tools.console import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def requirements(root: Path, extra: str) -> list[str]:
    """What an extra of the project asks for, without the project itself."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return list(project["optional-dependencies"][extra])


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
    *packages: str,
    doing: str,
    options: Sequence[str] = (),
    python: str | Path = sys.executable,
) -> None:
    """Make a venv anew and fill it, at the pinned versions.

    Args:
        root: The checkout.
        venv: Where to make it.
        packages: What pip is to install.
        doing: What the line says meanwhile.
        options: pip's.
        python: Which Python makes it; the one that runs this unless told otherwise.

    Raises:
        Trouble: Python can't make one, or the package index can't be reached.
    """
    # Read before the installation: a change during it is for the next run.
    made_from = fingerprint(root, platform.python_version())
    run(
        [python, "-m", "venv", "--clear", venv],
        doing=f"Making {venv.relative_to(root)}",
        usually="a few seconds",
    )
    pip = (venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run([*pip, *options, "-c", "requirements.lock", *packages], doing=doing, usually="about 10 s", cwd=root)
    (venv / "installed-from").write_text(f"{made_from}\n")
