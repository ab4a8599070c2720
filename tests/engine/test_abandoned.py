"""A program that the SDK leaves in the midst of an `await`, and the next one in the same process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime.settings import _get_rpc_manager

if TYPE_CHECKING:
    from tests.stacks import Project


async def _bears_no_cancel() -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


def _never_ends() -> None:
    """Waits for a call that can't be canceled, in a loop that stops, as the SDK's does after some errors."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.call_soon(stop)
        loop.stop()

    _get_rpc_manager().rpcs.append(asyncio.ensure_future(_bears_no_cancel()))
    loop.call_later(0.1, stop)


def _transforms_after_a_collection() -> None:
    def transform(_: pulumi.ResourceTransformArgs) -> None:
        return None

    pulumi.runtime.register_resource_transform(transform)
    gc.collect()
    pulumi.ComponentResource("some:kind:OfThing", "thing")


def test_a_program_that_never_ended_stops_no_later_ones_transforms(project: Project) -> None:
    # pytest keeps what is logged, and all that hangs on it: here, the program.
    logging.getLogger("grpc._server").disabled = True
    try:
        project.declare(_never_ends)
        assert project.up().failed
        project.declare(_transforms_after_a_collection)
        ran = project.up()
    finally:
        logging.getLogger("grpc._server").disabled = False
    assert not ran.failed, ran.text
