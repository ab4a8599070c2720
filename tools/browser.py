"""The browser that tests look at pages in: Debian's Chromium, or another of its kind.

    python -m tools.browser

says what to do where there is none. It installs Debian's by itself only where that was asked for, by CI=true
or APT=1, and it is root.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from typing import Final

from tools.progress import CommandError, ToolError, ended, run

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE: Final = "CHROMIUM"
PACKAGE: Final = "chromium"
MISSING: Final = "there is no Chromium to look at pages in"
WHAT_TO_DO: Final = (
    f"Install it (Debian: sudo apt-get install {PACKAGE}; as root, make test-all APT=1 does that), "
    f"or name its executable in {VARIABLE}."
)


def find() -> str | None:
    """The executable: that of the environment, else the first on PATH."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install Debian's package.

    Raises:
        CommandError: apt-get couldn't.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = functools.partial(
        run,
        ("apt-get", "install", "-qq", "-y", PACKAGE),
        doing=f"Installing Debian's {PACKAGE}, to look at pages in",
        usually="about a minute",
        env=environment,
    )
    try:
        get()
    except CommandError:
        # The lists of packages are missing, or old.
        run(("apt-get", "update", "-qq"), doing="Looking up Debian's packages", env=environment)
        get()


def may_install() -> bool:
    """Return whether a package of the system may be installed: never without having been asked."""
    asked = os.environ.get("CI") == "true" or os.environ.get("APT") == "1"
    return asked and os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure() -> None:
    """See to it that there is one.

    Raises:
        ToolError: There is none, and none may or can be installed.
    """
    if find() is None and may_install():
        install()
    if find() is None:
        raise ToolError(MISSING)


def main() -> int:
    """See to it that there is one, or say what to do."""
    return ended(ensure, WHAT_TO_DO)


if __name__ == "__main__":
    sys.exit(main())
