"""The site's tools: Zensical in a virtual environment of its own, and mermaid from npm.

    python -m tools.docs.site_tools

Apart from the checkout's `.venv`, for the theme alone is of 90 MB. Instant when there is nothing to do. Says
what it does on stderr.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from tools import versions
from tools.docs.blocks import ROOT
from tools.progress import ToolError, ended, run
from tools.venvs import SITE

FOLDER = ROOT / ".local" / "site"
MERMAID = FOLDER / f"mermaid-{versions.MERMAID}.min.js"
_IN_PACKAGE = "package/dist/mermaid.min.js"


def is_mermaid(path: Path) -> bool:
    """Return whether a file is the pinned one."""
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == versions.MERMAID_SHA256


def fetch_mermaid(target: Path) -> None:
    """Take mermaid out of its package, as npm delivers that.

    Raises:
        ToolError: There is no npm, it can't be reached, or what came isn't what is pinned.
    """
    if shutil.which("npm") is None:
        raise ToolError("there is no npm, which brings what draws the diagrams", "Install Node.js with npm.")
    with tempfile.TemporaryDirectory(prefix="aws-org-features-") as name:
        folder = Path(name)
        run(
            ["npm", "pack", "--silent", f"mermaid@{versions.MERMAID}"],
            doing=f"Getting mermaid {versions.MERMAID} from npm",
            usually="a few seconds",
            cwd=folder,
        )
        (package,) = folder.glob("*.tgz")
        with tarfile.open(package) as archive:
            archive.extract(_IN_PACKAGE, folder, filter="data")
        if not is_mermaid(folder / _IN_PACKAGE):
            raise ToolError(f"mermaid {versions.MERMAID} isn't the one whose sum is in tools/versions.py")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / _IN_PACKAGE, target)


def ensure() -> None:
    """Get what isn't there."""
    SITE.ensure()
    if not is_mermaid(MERMAID):
        fetch_mermaid(MERMAID)


def main() -> int:
    """Get what isn't there, or say why that can't be."""
    return ended(ensure, "Are the package indexes reachable? Then run this again.")


if __name__ == "__main__":
    sys.exit(main())
