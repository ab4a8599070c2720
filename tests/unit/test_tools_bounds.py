"""The lowest and the newest of the packages that the project says it works with."""

from __future__ import annotations

import pytest

from tools import bounds
from tools.local import ROOT


def test_what_is_tried_is_there() -> None:
    for test in bounds.TESTS:
        assert (ROOT / test.partition("::")[0]).is_file()


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bound", bounds.RESOLUTIONS)
def test_it_works_with_them(bound: str) -> None:
    ran = bounds.try_at(bound)
    assert ran.returncode == 0, ran.stdout[-5000:]
