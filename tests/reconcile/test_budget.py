"""How much is asked of AWS: organization and parent first, children only where they matter."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

CHILDREN = 45
PAGES = ceil(CHILDREN / 20)
MANY = [
    pytest.param(Scenario(invited=CHILDREN, switches=Switches(topology=topology)), id=topology)
    for topology in ("A", "B")
]


@pytest.mark.parametrize("scenario", MANY)
def test_a_start_asks_for_little_more_than_the_lists(resource: Resource, org: Emulator) -> None:
    resource.up()
    assert org.calls["DescribeOrganization"] == 1
    assert org.calls["EnableAllFeatures"] == 1
    assert org.calls.total() <= 4 + PAGES


@pytest.mark.parametrize("scenario", MANY)
def test_in_flight_each_child_is_listed_once(resource: Resource, org: Emulator) -> None:
    resource.up()
    for look in (resource.refresh, resource.up):
        org.reset_calls()
        look()
        assert org.calls.total() <= PAGES + 3


@pytest.mark.parametrize("scenario", MANY)
def test_children_are_not_listed_where_the_parent_says_it_all(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.approve_all()
    org.reset_calls()
    resource.refresh()
    assert resource.status == "AWAITING_FINALIZATION"
    assert org.calls.total() <= 3


@pytest.mark.parametrize("scenario", MANY)
def test_once_enabled_one_call_tells(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.approve_all()
    resource.up()
    org.reset_calls()
    resource.refresh()
    assert org.calls == {"DescribeOrganization": 1}


def test_no_handshake_or_account_is_described_one_by_one(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.decline(org.invited[0])
    resource.up()
    resource.declare(attempt=2)
    resource.up()
    org.approve_all()
    resource.up()
    assert not {"DescribeHandshake", "DescribeAccount"} & set(org.calls)
