"""Steps that can't be undone: they are in the preview, as warnings and as data, and nothing else is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Scenario, Switches
from tests.resources.test_approver import declare, members, scenario

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import CommandResult, Project

LOOK = "DescribeOrganization"


def warnings(ran: CommandResult) -> str:
    """The warnings."""
    return "\n".join(text for severity, text in ran.messages if severity == "warning")


def steps_of(project: Project) -> dict[str, Any]:
    """The steps that the last run announced."""
    return dict(project.resources()["org"]["inputs"]["steps"])


@pytest.mark.parametrize(
    "scenario", [scenario(*members(3)), scenario(*members(3), handshake_actions="model")]
)
def test_a_create_with_an_approver_says_that_this_very_up_finalizes(project: Project, org: Emulator) -> None:
    declare(project)
    told = warnings(project.preview())
    assert f"approve on behalf of 3 accounts ({', '.join(org.invited[:2])} and {org.invited[2]})" in told
    assert "this same `pulumi up` finalizes the migration that this run starts, which can't be undone" in told
    assert "the next `pulumi up`" not in told
    assert project.up().outputs["status"] == "ENABLED"
    assert steps_of(project)["approve"] == list(org.invited)


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
def test_an_approver_that_is_added_says_that_the_up_finalizes(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    declare(project)
    told = warnings(project.preview())
    migration = org.parent["Id"]  # type: ignore[index]
    assert f"approving on behalf of 3 accounts ({', '.join(org.invited[:2])} and {org.invited[2]})" in told
    assert (
        f"once all have approved, this same `pulumi up` finalizes {migration}, which can't be undone" in told
    )
    assert project.up().outputs["status"] == "ENABLED"


@pytest.mark.parametrize("scenario", [scenario(*members(60))])
def test_more_accounts_than_a_line_names_are_all_in_the_steps(project: Project, org: Emulator) -> None:
    declare(project, finalize=False)
    told = warnings(project.preview())
    assert "and 10 more, all in `steps`" in told
    project.up()
    assert steps_of(project)["approve"] == sorted(org.invited)
    assert json.dumps(steps_of(project)).count("6000000000") == 60


def test_a_run_that_waits_says_that_it_may_finalize(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    project.declare_feature_set(wait_until="enabled", timeout="2m")
    migration = org.parent["Id"]  # type: ignore[index]
    told = warnings(project.preview())
    assert (
        f"waits for up to 2m; once all have approved it finalizes {migration}, which can't be undone" in told
    )


def test_a_run_that_timed_out_is_not_taken_to_have_finalized(project: Project, org: Emulator) -> None:
    project.declare_feature_set(wait_until="enabled", timeout="1s")
    for _ in range(2):
        project.up()
    migration = org.parent["Id"]  # type: ignore[index]
    assert steps_of(project) == {"finalize": migration, "once": "all have approved"}
    told = warnings(project.preview())
    assert f"once all have approved it finalizes {migration}, which can't be undone" in told
    org.approve_all()
    project.up()
    assert org.feature_set == "ALL"
    assert steps_of(project) == {"finalize": migration}


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_a_refusal_of_an_account_that_left_holds_nothing_up(
    project: Project, org: Emulator, observe: str
) -> None:
    project.declare_feature_set(observe=observe)
    project.up()
    org.decline(org.invited[0])
    org.remove_account(org.invited[0])
    org.approve_all()
    project.refresh()
    assert project.kept()["status"] == "AWAITING_FINALIZATION"
    assert f"finalizing {org.parent['Id']}" in warnings(project.preview())  # type: ignore[index]
    assert project.up().outputs["status"] == "ENABLED"


@pytest.mark.parametrize("scenario", [Scenario(switches=Switches(open_when_all_responded=True))])
def test_a_raised_attempt_is_not_used_up_by_a_refused_finalizing(project: Project, org: Emulator) -> None:
    project.declare_feature_set()
    project.up()
    declined, migration = org.invited[0], org.parent["Id"]  # type: ignore[index]
    org.decline(declined)
    org.approve_all()
    project.declare_feature_set(attempt=2)
    assert project.up().outputs["status"] == "DECLINED"  # it looks who declined as AWS refuses
    assert f"canceling {migration}" in warnings(project.preview())
    assert steps_of(project)["cancel"] == migration
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_APPROVALS", ran.text
    assert org.parent["Id"] != migration  # type: ignore[index]
    org.approve_all()
    project.up()
    assert org.feature_set == "ALL"


@pytest.mark.parametrize(
    "scenario", [scenario(*members(2)), scenario(*members(2), handshake_actions="model")]
)
def test_a_step_that_becomes_possible_after_the_look_is_left_to_the_next_run(
    project: Project, org: Emulator
) -> None:
    project.declare_feature_set()
    project.up()
    declare(project, {"only": [org.invited[0]]})
    # Between the run's own look and the one before it writes.
    org.before(LOOK, lambda *_: org.approve_all(), 2)
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_FINALIZATION", ran.text
    assert "not done, because it wasn't announced before this run: finalizing" in warnings(ran)
    assert project.kept()["approver"]["only"] == [org.invited[0]]
    warned = warnings(project.preview())
    assert f"IRREVERSIBLE: `pulumi up` enables all features by finalizing {org.parent['Id']}" in warned  # type: ignore[index]
    assert project.up().outputs["status"] == "ENABLED"


def test_a_migration_that_another_began_after_the_look_is_not_canceled(
    project: Project, org: Emulator
) -> None:
    project.declare_feature_set()
    project.up()
    org.decline(org.invited[0])
    project.up()
    project.declare_feature_set(attempt=2)
    assert "canceling" in warnings(project.preview())

    def begin_another(*_: object) -> None:
        org.cancel()
        org.enable_all_features()
        for account_id in org.invited[1:]:
            org.approve(account_id)
        org.decline(org.invited[0])

    org.before(LOOK, begin_another, 2)
    org.reset_calls()
    ran = project.up()
    assert "CancelHandshake" not in org.writes, ran.text
    assert ran.outputs["status"] == "DECLINED"
    assert ran.outputs["handshake"]["id"] == org.parent["Id"]  # type: ignore[index]
    assert project.up().changes == 0


def test_a_create_that_could_not_look_starts_and_leaves_the_rest(project: Project, org: Emulator) -> None:
    org.fail(LOOK, error="ServiceException", nth=1, times=1)
    project.declare_feature_set()
    ran = project.up()
    assert ran.outputs["status"] == "AWAITING_APPROVALS", ran.text
    assert "starting a migration, which asks every invited account, unless one is" in warnings(ran)


@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_a_create_finalizes_nothing_unless_it_looked(project: Project, org: Emulator, observe: str) -> None:
    org.enable_all_features()
    org.approve_all()
    project.declare_feature_set(observe=observe)
    ran = project.up()
    expected = "ENABLED" if observe == "diff" else "AWAITING_FINALIZATION"
    assert ran.outputs["status"] == expected, ran.text
    if observe == "refresh":
        project.refresh()
        assert f"finalizing {org.parent['Id']}" in warnings(project.preview())  # type: ignore[index]
        assert project.up().outputs["status"] == "ENABLED"


@pytest.mark.parametrize(
    ("account", "reference"), [("member", "not-management-account"), ("stranger", "organization-mismatch")]
)
def test_a_first_preview_fails_on_what_is_certain_to_fail(
    project: Project, org: Emulator, account: str, reference: str
) -> None:
    if account == "member":
        project.configure(org, org.invited[0])
        project.declare_feature_set()
    else:
        project.declare_feature_set(organization_id="o-another0001")
    preview = project.preview()
    assert preview.failed
    assert reference in preview.text, preview.text
    assert "Traceback" not in preview.text
    assert org.writes == {}


@pytest.mark.parametrize("observe", ["diff", "refresh"])
def test_a_raised_attempt_says_that_everyone_is_asked_again(
    project: Project, org: Emulator, observe: str
) -> None:
    project.declare_feature_set(observe=observe)
    project.up()
    org.approve(org.invited[0])
    org.decline(org.invited[1])
    project.refresh()
    project.declare_feature_set(observe=observe, attempt=2)
    told = warnings(project.preview())
    canceling = f"to do: canceling {org.parent['Id']}"  # type: ignore[index]
    assert f"{canceling}, losing 1 approval already given" in told
    asked = "3 accounts (222222222222, 222222222223, 222222222224)" if observe == "diff" else "every invited"
    assert f"starting another migration, which asks {asked}" in told
    assert "again, including those that have answered" in told
    assert "unless one is already" not in told
