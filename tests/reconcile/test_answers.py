"""Answers that say less than they seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from aws_org_features.common.errors import ServiceFailedError
from tests.reconcile.wire import Wire

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource


pytestmark = pytest.mark.usefixtures("without_pauses")


@pytest.mark.parametrize("what", ["malformed", "cut"])
def test_invalid_json_isnt_an_organization_without_accounts(
    resource: Resource, org: Emulator, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    resource.up()
    org.decline(org.invited[0])
    wire = Wire(monkeypatch)
    with wire:
        resource.up()
    listed = [entry.call.operation for entry in org.entries[-wire.sent :]].index("ListAccounts")
    wire.plan(what, listed + 1)
    with wire, pytest.raises(ServiceFailedError, match="isn't from AWS"):
        resource.up()
    resource.up()
    assert resource.status == "DECLINED", "the account that declined hasn't left"


@pytest.mark.parametrize("scenario", [Scenario(invited=0)])
def test_where_nobody_is_asked_a_refusal_to_finalize_is_nobodys_no(resource: Resource, org: Emulator) -> None:
    org.fail("AcceptHandshake", error="InvalidHandshakeTransitionException")
    resource.up()
    assert resource.status == "AWAITING_FINALIZATION"
    resource.up()
    assert resource.status == "ENABLED"
