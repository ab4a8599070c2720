"""Virtual environments of their own, for what must not be in the checkout's `.venv`.

    python -m tools.venvs NAME    # makes it, unless it is there

Instant when there is nothing to do. Says what it does on stderr.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools import packages
from tools.progress import ended

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Venv:
    """A virtual environment.

    Attributes:
        path: Where it lies.
        names: The extras and groups that it is for; `project` for the checkout itself, too.
        what: What is installed into it, for people.
        python: Which Python makes it.
        root: The checkout.
    """

    path: Path
    names: tuple[str, ...]
    what: str
    python: str | Path = sys.executable
    root: Path = packages.ROOT

    @property
    def is_current(self) -> bool:
        """Return whether it holds what the project as it is asks for, so far as its own record tells."""
        record = self.path / "installed-from"
        there = (self.path / "bin" / "python").exists() and record.exists()
        return there and record.read_text().strip() == self._fingerprint()

    def ensure(self) -> None:
        """Replace it unless it is current, at the pinned versions.

        Raises:
            ToolError: No venv can be made, or the package index can't be reached.
        """
        if self.is_current:
            return
        # Read before the installation: a change during it is for the next run.
        made_from = self._fingerprint()
        packages.make_venv(self.path, self.python)
        packages.install(self.root, self.path, self.names, doing=f"Installing {self.what} into it")
        (self.path / "installed-from").write_text(f"{made_from}\n")

    def _fingerprint(self) -> str:
        """Fingerprint of all that the packages follow from. The path counts: a venv's scripts name it."""
        told = hashlib.sha256()
        for part in (str(self.root).encode(), platform.python_version().encode()):
            told.update(part + b"\0")
        for name in ("pyproject.toml", "requirements.lock"):
            told.update((self.root / name).read_bytes() + b"\0")
        return told.hexdigest()


_LOCAL: Final = packages.ROOT / ".local"
LANDING_ZONE: Final = Venv(
    _LOCAL / "landing-zone" / "venv",
    ("project", "install", "landing-zone"),
    "pulumi-aws and the project",
)
"""Apart, for where pulumi-aws is installed, every run of the engine wants its plugin."""
SITE: Final = Venv(_LOCAL / "site" / "venv", ("site",), "what builds the site")
"""Apart, for the theme alone is of 90 MB."""
AUDIT: Final = Venv(_LOCAL / "audit" / "venv", ("audit",), "bandit and pip-audit")
DIST: Final = Venv(_LOCAL / "dist" / "venv", ("dist",), "what makes the files of a release")
MUTANTS: Final = Venv(_LOCAL / "mutants" / "venv", ("mutants",), "mutmut")
VENVS: Final = {"landing-zone": LANDING_ZONE, "site": SITE, "audit": AUDIT, "dist": DIST, "mutants": MUTANTS}


if __name__ == "__main__":
    sys.exit(ended(VENVS[sys.argv[1]].ensure, "Is the package index reachable? Then run this again."))
