"""What a destroy decides before it looks, of whatever is on or off."""

from __future__ import annotations

import pytest

from aws_org_features.common.on_off import is_left
from aws_org_features.model.on_off import OnDestroy


@pytest.mark.parametrize("on_destroy", OnDestroy)
@pytest.mark.parametrize("enabled_here", [True, False])
@pytest.mark.parametrize("kept_by_another", [True, False])
def test_only_what_this_resource_enabled_is_ever_looked_at_by_a_destroy(
    on_destroy: OnDestroy, enabled_here: bool, kept_by_another: bool
) -> None:
    why = is_left(on_destroy, enabled_here=enabled_here, kept_by_another=kept_by_another)
    goes = enabled_here and not kept_by_another and on_destroy is not OnDestroy.LEAVE
    assert (why is None) is goes
