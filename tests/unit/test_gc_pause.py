"""The garbage collector while botocore is loaded."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

import pytest

from aws_org_features.aws.gc_pause import gc_paused

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_waits_and_then_is_as_it_was(*, on: bool) -> None:
    (gc.enable if on else gc.disable)()
    with contextlib.suppress(ImportError), gc_paused():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled() is on
