"""Makes the SDK's Automation API, by which tests run programs with the engine, do the same each time."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from typing import TYPE_CHECKING, Any

import grpc
import pulumi
from pulumi.automation import _server
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable


def make_reliable() -> None:
    """Apply all of it, once in a process, before its first program runs."""
    _take_no_engine_for_an_earlier_one()
    _fail_where_no_engine_is_found()
    _keep_what_never_ended()
    _fail_by_the_programs_own_error()


def _take_no_engine_for_an_earlier_one() -> None:
    """The SDK lets gRPC share connections within a process, and what it knows of addresses with them.

    Of an address where nobody answered, gRPC says UNAVAILABLE for a second or more without trying it again.
    In a process that runs many engines, one of them sooner or later has the port of one that is gone:
    `tests/engine/test_addresses.py` makes that happen.
    """
    _GRPC_CHANNEL_OPTIONS.append(("grpc.use_local_subchannel_pool", 1))


def _fail_where_no_engine_is_found() -> None:
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


def _keep_what_never_ended() -> None:
    """The SDK may leave a program that fails in the midst of an `await`.

    When the collector takes it away, its `finally` stops the callback server of the loop that runs. That is a
    later program's by then, which loses its transforms and hooks: `tests/engine/test_abandoned.py` makes that
    happen.
    """
    run_in_stack = _server.run_in_stack  # type: ignore[attr-defined]  # where it is called from
    running = set()

    async def run(program: Callable[[], Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        task.add_done_callback(running.discard)
        await run_in_stack(program)

    _server.run_in_stack = run  # type: ignore[assignment,attr-defined]


def _fail_by_the_programs_own_error() -> None:
    """The SDK cancels what a failed program was still registering, and expects no error of it but that.

    Where the engine's answer comes in between, there is another, `invalid state`: a result is set of what was
    just canceled. The run then failed with "Exception calling application" as well.
    """
    _server.suppress = functools.partial(  # type: ignore[assignment,attr-defined]  # where it is called from
        contextlib.suppress, Exception
    )
