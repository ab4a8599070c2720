"""Run the long forms of tests for some minutes, by a seed.

    python -m tools.soak [--minutes M] [--seed N]

The same seed makes the same random choices. What was tried is printed at the end, after Ctrl-C too.
"""

from __future__ import annotations

import argparse
import secrets
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from tools.local import ROOT, hermetic
from tools.progress import say

if TYPE_CHECKING:
    from collections.abc import Sequence


def command(minutes: float, seed: int, rest: Sequence[str] = ()) -> list[str]:
    """What runs the long forms."""
    options = ["--minutes", str(minutes), "--soak-seed", str(seed), *rest]
    return [sys.executable, "-m", "pytest", "-q", "-m", "soak", "-p", "no:cacheprovider", *options]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; pytest's exit code, and 0 for one that was interrupted but found nothing."""
    parser = argparse.ArgumentParser(prog="make soak", description="Run the long forms of tests.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None)
    given, rest = parser.parse_known_args(arguments)
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    again = f"make soak SEED={seed} MINUTES={given.minutes:g}"
    say(f"Long forms of tests for {given.minutes:g} minutes; the same again: {again}")
    # Ctrl-C reaches pytest as well, which ends by itself and says what it did.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.run(
        command(given.minutes, seed, rest), cwd=ROOT, env=hermetic(), check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
