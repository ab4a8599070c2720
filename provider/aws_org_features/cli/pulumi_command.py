"""Pulumi's own command, run so that it asks nobody anything and ends in time."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def ran(
    program: str, *arguments: str, seconds: float, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it to its end.

    Args:
        program: Where it is.
        arguments: Each of them a word.
        seconds: How long it may take.
        folder: Where it runs; else here.

    Raises:
        subprocess.TimeoutExpired: It took longer.
        OSError: It can't be run.
    """
    return subprocess.run(  # noqa: S603 - one program, and each argument a word
        [program, *arguments, "--non-interactive"],
        cwd=folder,
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )
