"""What tests of more than one kind begin with: an emulated organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_emulator import Emulator, Scenario


@pytest.fixture
def scenario() -> Scenario:
    """The organization that `org` starts with; tests parametrize it."""
    from aws_org_emulator import Scenario  # noqa: PLC0415 - tests without an organization don't load moto

    return Scenario()


@pytest.fixture
def org(scenario: Scenario) -> Iterator[Emulator]:
    """A running organization."""
    from aws_org_emulator import Emulator  # noqa: PLC0415

    with Emulator(scenario) as emulator:
        yield emulator
