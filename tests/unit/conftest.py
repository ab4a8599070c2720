"""The common ground of several of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mocks(pulumi.runtime.Mocks):
    """Makes what is declared, and keeps its name; nothing of pulumi's own is called.

    Attributes:
        made: The names, in order.
    """

    def __init__(self) -> None:
        self.made: list[str] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        self.made.append(args.name)
        return args.name, args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(args.token)


@pytest.fixture
def mocks() -> Iterator[Mocks]:
    """A program without an engine."""
    mocks = Mocks()
    pulumi.runtime.set_mocks(mocks)
    yield mocks
    pulumi.runtime.settings.reset_options()
