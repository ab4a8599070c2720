"""Decisions of a destroy before it looks, about all that is on or off."""

from __future__ import annotations

import pytest

from aws_org_features.common.on_off import is_left
from aws_org_features.model.on_off import OnDestroy


@pytest.mark.parametrize("on_destroy", OnDestroy)
@pytest.mark.parametrize("enabled_here", [True, False])
@pytest.mark.parametrize("why_kept", ["another resource keeps it", None])
def test_only_what_this_resource_enabled_is_ever_looked_at_by_a_destroy(
    on_destroy: OnDestroy, enabled_here: bool, why_kept: str | None
) -> None:
    why = is_left(on_destroy, enabled_here=enabled_here, why_kept=why_kept)
    goes = enabled_here and why_kept is None and on_destroy is not OnDestroy.LEAVE
    assert (why is None) is goes
