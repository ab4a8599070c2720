"""The outlook in the first preview; and its cost, which `org-features plan` reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Scenario
from aws_org_features.aws import Connection, Endpoints, Organizations
from aws_org_features.aws.connection import StaticKeys
from aws_org_features.model.migration import Desired, Observation
from aws_org_features.views.plan import Plan, plan
from aws_org_features.views.plan.look import look_ahead
from tests.stacks import SECRET_KEY

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

STARTS = (
    "starts a migration of o-exampleorg1 (management account 111111111111): AWS asks the owners of 3 accounts"
)
ENDS = "once all have approved, the next `pulumi up` finalizes, which can't be undone"


def planned(org: Emulator) -> Plan:
    keys = org.credentials(org.management)
    api = Organizations(
        Connection(
            keys=StaticKeys(keys.access_key_id, keys.secret_access_key), endpoints=Endpoints(org.endpoint)
        )
    )
    desired = Desired(org.organization_id, finalize=False)
    return plan(look_ahead(api, desired, Observation(api.organization())), org.clock.now())


def counted(project: Project, org: Emulator) -> tuple[int, int]:
    """Count the calls of a user's `pulumi up`, its preview included, and how many of these write."""
    org.reset_calls()
    project.preview()
    project.up()
    return org.writes.total(), org.calls.total()


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(Scenario(invited=0, created=3), id="nobody to ask"),
        pytest.param(Scenario(invited=3, created=30), id="few"),
        pytest.param(Scenario(invited=45, created=5), id="several pages"),
    ],
)
def test_a_plan_tells_how_many_calls_it_takes(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    start = planned(org)
    assert start.effort is not None
    assert counted(project, org) == (start.effort.writes, start.effort.calls)
    if not org.invited:
        assert org.feature_set == "ALL"
        return
    waiting = planned(org).waiting
    assert waiting == start.waiting
    assert waiting is not None
    assert counted(project, org) == (waiting.writes, waiting.calls)
    org.approve_all()
    end = planned(org).effort
    assert end is not None
    assert counted(project, org) == (end.writes, end.calls)
    assert org.feature_set == "ALL"


@pytest.mark.engine_too
def test_the_first_preview_and_its_up_announce_the_migration(project: Project, org: Emulator) -> None:
    client = org.client("organizations", org.management)
    client.invite_account_to_organization(Target={"Type": "EMAIL", "Id": "new@example.com"})
    project.declare_feature_set()
    org.reset_calls()
    preview = project.preview()
    for line in (STARTS, ENDS, "AWS cancels 1 pending invitation as it starts: new@example.com"):
        assert line in preview.text
    assert not org.writes
    assert STARTS in project.up().text
    for later in (project.preview(), project.up()):
        assert STARTS not in later.text


def test_where_only_refresh_looks_a_preview_asks_nothing(project: Project, org: Emulator) -> None:
    project.declare_feature_set(observe="refresh")
    org.reset_calls()
    preview = project.preview()
    assert STARTS not in preview.text
    assert not org.calls


def test_a_preview_that_cant_look_says_so_and_goes_on(project: Project) -> None:
    project.configure_with({"aws:accessKey": "AKIAIOSFODNN7EXAMPLE", "aws:secretKey": {"secure": SECRET_KEY}})
    project.declare_feature_set()
    preview = project.preview()
    assert not preview.failed
    assert "can't preview what this will do: " in preview.text


def test_a_migration_in_progress_is_announced_as_adopted(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    org.approve(org.invited[0])
    project.declare_feature_set()
    assert (
        "is in progress and is adopted, nobody is asked again: AWAITING_APPROVALS, 1 of 3"
        in project.preview().text
    )
