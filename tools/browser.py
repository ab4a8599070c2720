"""The browser that tests look at pages in: Debian's Chromium, or whichever of its kind is there.

    python -m tools.browser

gets it where it may (as root, where there is apt-get), and otherwise says what to do. That is no failure: who
runs other tests needs none, and those in tests/browser say the same.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from typing import Final

from tools.console import CommandFailed, report, run, say

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE: Final = "CHROMIUM"
PACKAGE: Final = "chromium"
WHAT_TO_DO: Final = (
    f"there is no Chromium to look at pages in: sudo apt-get install {PACKAGE}, or name its executable in "
    f"{VARIABLE}"
)


def find() -> str | None:
    """The executable: that of the environment, else the first on PATH."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install Debian's package.

    Raises:
        CommandFailed: apt-get couldn't.
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
    except CommandFailed:
        # The lists of packages are missing, or old.
        run(("apt-get", "update", "-qq"), doing="Looking up Debian's packages", env=environment)
        get()


def main() -> int:
    """See to it that there is one, or say what to do."""
    if find() is not None:
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            install()
        except CommandFailed as failed:
            report(failed)
    if find() is None:
        say(f"Without the tests of pages: {WHAT_TO_DO}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
