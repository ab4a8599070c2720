"""One emulated organization and one stack a test (`tests/stacks.py`), driven by the real engine.

`test_story.py` goes the way of a user, through the CLI.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from tests.stacks import Project

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.harness.provider import Zygote

HERE = Path(__file__).parent


@pytest.fixture
def python(forking: Zygote | None) -> str:
    """The Python that the engine starts providers with."""
    return forking.command() if forking else sys.executable


@pytest.fixture
def project(tmp_path: Path, org: Emulator, python: str) -> Project:
    """A stack on the organization, without a program yet."""
    return Project(tmp_path, org, python=python)


@pytest.fixture
def another_project(tmp_path: Path, org: Emulator, python: str) -> Project:
    """A second stack on the same organization."""
    folder = tmp_path / "another"
    folder.mkdir()
    return Project(folder, org, "another", python)


@pytest.fixture(autouse=True, scope="session")
def _what_a_failed_program_leaves_is_not_told() -> None:
    """The SDK's own coroutines, never awaited to their end; anything else is reported as usual."""

    def tell(unraisable: Any) -> None:
        code = getattr(unraisable.object, "cr_code", None)
        if code is None or not {Path(pulumi.__file__).parent, HERE} & set(Path(code.co_filename).parents):
            sys.__unraisablehook__(unraisable)

    sys.unraisablehook = tell


@pytest.fixture(autouse=True, scope="session")
def _engine_is_here() -> None:
    if shutil.which("pulumi") is None:
        pytest.fail("there is no pulumi on PATH: run the tests with `make test`")
