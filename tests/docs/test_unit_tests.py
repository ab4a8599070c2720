"""The page on users' unit tests: its program and its test, run as a user runs them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.docs import pages
from tools.local import hermetic

if TYPE_CHECKING:
    from pathlib import Path

PAGE = pages.ROOT / "docs" / "unit-tests.md"
NOBODYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "somebody's own",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
"""Credentials of a developer's; who is asked with them answers nothing."""


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env={**hermetic(), **NOBODYS},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_test_that_it_shows_passes_and_can_fail(tmp_path: Path) -> None:
    (program,) = pages.blocks("python", (PAGE,))
    (test,) = pages.blocks("py", (PAGE,))
    (tmp_path / "landing_zone.py").write_text(program.text)
    (tmp_path / "test_landing_zone.py").write_text(test.text)
    told = _run(tmp_path)
    assert told.returncode == 0, told.stdout
    assert "1 passed" in told.stdout

    (tmp_path / "landing_zone.py").write_text(program.text.replace("AllFeaturesOrganization(", "dict("))
    assert "1 failed" in _run(tmp_path).stdout
