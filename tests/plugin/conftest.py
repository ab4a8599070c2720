"""A native feature set a test, without an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.native import Native

if TYPE_CHECKING:
    from aws_org_emulator import Emulator


@pytest.fixture
def native(org: Emulator) -> Native:
    """A stack on the organization."""
    return Native(org)
