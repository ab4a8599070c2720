"""Number of calls of AWS: organization and parent first, children only where they matter."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario, Switches
from tests.reconcile.histories.dynamic import DynamicProgram

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.reconcile.conftest import Resource

CHILDREN = 45
PAGES = ceil(CHILDREN / 20)
LOOK = {"guide": 2, "model": 3}
"""Number of calls of a look beside the pages of children, by the switch: organization, lists of parents."""
MANY = [
    pytest.param(
        Scenario(invited=CHILDREN, switches=Switches(handshake_actions=handshake_actions)),  # type: ignore[arg-type]  # one of two
        look,
        id=handshake_actions,
    )
    for handshake_actions, look in LOOK.items()
]


@pytest.mark.parametrize(("scenario", "look"), MANY)
def test_a_start_asks_for_little_more_than_the_lists(resource: Resource, org: Emulator, look: int) -> None:
    del look
    resource.up()
    assert org.calls["DescribeOrganization"] == 1
    assert org.calls["EnableAllFeatures"] == 1
    assert org.calls.total() == 4 + PAGES


@pytest.mark.parametrize(("scenario", "look"), MANY)
def test_in_progress_each_child_is_listed_once(resource: Resource, org: Emulator, look: int) -> None:
    resource.up()
    for command in (resource.refresh, resource.up):
        org.reset_calls()
        command()
        assert org.calls.total() == PAGES + look


@pytest.mark.parametrize(("scenario", "look"), MANY)
def test_in_one_process_what_was_read_is_not_asked_again_by_diff(org: Emulator, look: int) -> None:
    program = DynamicProgram(org)
    program.up()
    for command in (program.refresh, lambda: program.up(refresh=True)):
        org.reset_calls()
        command()
        assert org.calls.total() == PAGES + look


@pytest.mark.parametrize(("scenario", "look"), MANY)
def test_children_are_not_listed_where_the_parent_says_it_all(
    resource: Resource, org: Emulator, look: int
) -> None:
    resource.up()
    org.approve_all()
    org.reset_calls()
    resource.refresh()
    assert resource.status == "AWAITING_FINALIZATION"
    assert org.calls.total() == look


@pytest.mark.parametrize(("scenario", "look"), MANY)
def test_once_enabled_one_call_tells_and_an_up_makes_none(org: Emulator, look: int) -> None:
    del look
    program = DynamicProgram(org)
    program.up()
    org.approve_all()
    program.up()
    org.reset_calls()
    program.refresh()
    assert org.calls == {"DescribeOrganization": 1}
    org.reset_calls()
    assert program.preview() is False
    program.up()
    assert org.calls == {}


def test_no_handshake_or_account_is_described_one_by_one(resource: Resource, org: Emulator) -> None:
    resource.up()
    org.decline(org.invited[0])
    resource.up()
    resource.declare(attempt=2)
    resource.up()
    org.approve_all()
    resource.up()
    assert not {"DescribeHandshake", "DescribeAccount"} & set(org.calls)
