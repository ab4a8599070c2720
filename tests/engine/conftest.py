"""One emulated organization and one stack a test (`tests/stacks.py`), driven by the real engine.

`test_story.py` goes the way of a user, through the CLI.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pulumi
import pytest
from pulumi.automation import _server
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS

from tests.stacks import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator
    from tests.harness.provider import Zygote

HERE = Path(__file__).parent


@pytest.fixture
def python(forking: Zygote | None) -> str:
    """What the engine starts providers with."""
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
    """The SDK's own coroutines, never awaited to their end; anything else is told as ever."""

    def tell(unraisable: Any) -> None:
        code = getattr(unraisable.object, "cr_code", None)
        if code is None or not {Path(pulumi.__file__).parent, HERE} & set(Path(code.co_filename).parents):
            sys.__unraisablehook__(unraisable)

    sys.unraisablehook = tell


@pytest.fixture(autouse=True, scope="session")
def _no_engine_is_taken_for_an_earlier_one() -> None:
    """The SDK lets gRPC share connections within a process, and what it knows of addresses with them.

    Of an address where nobody answered, gRPC says UNAVAILABLE for a second or more without trying it again.
    In a process that runs many engines, one of them sooner or later has the port of one that is gone:
    `test_addresses.py` makes that happen.
    """
    _GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))


@pytest.fixture(autouse=True, scope="session")
def _a_program_that_finds_no_engine_fails() -> None:
    """The SDK would have it end as if all were well, and the engine take what is not declared for removed."""
    run_in_stack = _server.run_in_stack  # type: ignore[attr-defined]  # where it is called from

    async def run(program: Callable[[], Any]) -> None:
        try:
            await run_in_stack(program)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNAVAILABLE:
                raise pulumi.RunError("the program found no engine") from error
            raise

    _server.run_in_stack = run  # type: ignore[assignment,attr-defined]


@pytest.fixture(autouse=True, scope="session")
def _engine_is_here() -> None:
    if shutil.which("pulumi") is None:
        pytest.fail("there is no pulumi on PATH: run the tests with `make test`")
