"""A member account's own stack: it approves its organization's migration, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from aws_org_emulator import Scenario, Switches
from aws_org_features import FeatureSetApproval
from tests.resources.test_guards import assert_clean
from tests.stacks import ORGANIZATION, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_org_emulator import Emulator

MINE = "222222222222"
STRANGER = "999999999999"
ELSEWHERE = "o-somebodyelse"


def prepare(stack: Project) -> None:
    """Make it the stack of a member account, with its approval."""
    stack.configure(stack.org, MINE)
    declare(stack)


def declare(stack: Project, name: str = "approval", **arguments: Any) -> None:
    """Make one approval the stack's program, with its outputs as the stack's."""

    def program() -> None:
        resource = FeatureSetApproval(name, **{"organization_id": ORGANIZATION, **arguments})
        for output in ("status", "handshake", "message", "account_id", "current_feature_set"):
            pulumi.export(output, getattr(resource, output))

    stack.declare(program)


def asked(org: Emulator, account_id: str = MINE) -> dict[str, Any]:
    """The newest migration's request to an account."""
    (child,) = (each for each in org.children if each["Parties"][1]["Id"] == account_id)
    return child


def another_organization(org: Emulator) -> str:
    """Make one beside ours, which invites our account."""
    stranger = org.client("organizations", STRANGER)
    made = stranger.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    stranger.invite_account_to_organization(Target={"Id": MINE, "Type": "ACCOUNT"})
    org.reset_calls()
    return str(made["Organization"]["Id"])


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(switches=Switches(handshake_actions=handshake_actions))
        for handshake_actions in ("guide", "model")
    ],
    ids=["guide", "model"],
)
def test_from_waiting_to_all_features(project: Project, org: Emulator) -> None:
    first = project.up()
    assert (first.outputs["status"], first.outputs["account_id"]) == ("NOT_ASKED", MINE)
    for command in (project.preview, project.refresh, project.up):
        assert not command(expect_no_changes=True).failed, "waiting alone is no change"
    assert org.writes == {}

    org.enable_all_features()
    step = f"to do: approving {asked(org)['Id']} of organization {ORGANIZATION}"
    preview = project.preview()
    assert (preview.ops["update"], step in preview.text) == (1, True)
    assert org.writes == {}

    second = project.up()
    assert second.outputs["status"] == "APPROVED", second.text
    assert second.outputs["handshake"]["id"] == asked(org)["Id"]
    assert asked(org)["State"] == "ACCEPTED"
    assert not project.preview(refresh=True, expect_no_changes=True).failed

    org.approve_all()
    org.finalize()
    done = project.up()
    assert (done.outputs["status"], done.outputs["current_feature_set"]) == ("APPROVED", "ALL")
    org.reset_calls()
    for command in (project.up, project.preview):
        assert not command(expect_no_changes=True).failed
    assert org.calls == {}, "nothing can be asked any more"
    assert not project.refresh(expect_no_changes=True).failed


@pytest.mark.engine_too
def test_a_request_that_is_there_already_is_foretold_and_approved_at_once(
    project: Project, org: Emulator
) -> None:
    org.enable_all_features()
    step = f"to do: approving {asked(org)['Id']} of organization {ORGANIZATION}"
    assert step in project.preview().text
    assert org.writes == {}
    ran = project.up()
    assert ran.outputs["status"] == "APPROVED"
    assert step in ran.text
    assert not re.search(r"(?<!to do: )approving h-", ran.text), "it is reported once"
    assert project.resources()["approval"]["id"] == f"{ORGANIZATION}/{MINE}"
    assert org.writes == {"AcceptHandshake": 1}


def _asks(org: Emulator) -> None:
    org.enable_all_features()


def _declines(org: Emulator) -> None:
    org.enable_all_features()
    org.decline(MINE)


def _cancels(org: Emulator) -> None:
    org.enable_all_features()
    org.cancel()


def _lets_it_expire(org: Emulator) -> None:
    org.enable_all_features()
    org.clock.advance(days=91)


@pytest.mark.parametrize(
    ("happens", "shown", "then"),
    [
        pytest.param(_asks, r"asked by (h-\w+), not approved yet", "APPROVED", marks=pytest.mark.engine_too),
        (_declines, r"DECLINED (h-\w+)", "DECLINED"),
        (_cancels, r"CANCELED (h-\w+)", "CANCELED"),
        (_lets_it_expire, r"EXPIRED (h-\w+)", "EXPIRED"),
    ],
)
def test_drift_is_a_property_difference_and_settles_with_one_up(
    project: Project, org: Emulator, happens: Callable[[Emulator], None], shown: str, then: str
) -> None:
    project.up()
    happens(org)
    assert project.preview(refresh=True, expect_no_changes=True).failed

    refreshed = project.refresh(diff=True)
    found = re.search(rf'~ goal +: "APPROVED" => "{shown}"', refreshed.text)
    assert found, refreshed.text
    assert found[1] == asked(org)["Id"]
    assert re.search(rf'~ goal +: "{shown}" => "APPROVED"', project.preview(diff=True).text)
    assert project.refresh(expect_no_changes=True).failed is (happens is _asks)
    assert org.writes == {}

    assert project.up().outputs["status"] == then
    for command in (project.up, project.refresh):
        assert not command(expect_no_changes=True).failed
    assert asked(org)["State"] == ("ACCEPTED" if happens is _asks else then)


@pytest.mark.parametrize("ended", [_declines, _cancels, _lets_it_expire])
def test_the_next_migration_is_approved_by_the_next_up(
    project: Project, org: Emulator, ended: Callable[[Emulator], None]
) -> None:
    ended(org)
    first = project.up()
    assert first.outputs["status"] in {"DECLINED", "CANCELED", "EXPIRED"}
    assert ("warning" in first.text) is (ended is _declines)
    if ended is _declines:
        org.cancel()
    org.enable_all_features()
    again = project.up()
    assert again.outputs["status"] == "APPROVED"
    assert again.outputs["handshake"]["id"] == asked(org)["Id"] != first.outputs["handshake"]["id"]
    assert org.writes == {"AcceptHandshake": 1}


def test_an_approval_that_a_canceled_migration_cost_is_given_again(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    project.up()
    org.cancel()
    assert not project.up(expect_no_changes=True).failed
    org.enable_all_features()
    assert "to do: approving" in project.preview().text
    assert project.up().outputs["handshake"]["id"] == asked(org)["Id"]
    assert asked(org)["State"] == "ACCEPTED"


def test_an_approval_stays_given_when_aws_no_longer_lists_it(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    before = project.up().outputs
    org.clock.advance(days=31)
    for command in (project.refresh, project.up):
        ran = command(expect_no_changes=True)
        assert not ran.failed, ran.text
    assert project.outputs() == before


def test_a_request_that_vanished_unseen_is_reported_as_unknown(project: Project, org: Emulator) -> None:
    project.up()
    org.enable_all_features()
    project.refresh()
    org.cancel()
    org.clock.advance(days=31)
    told = project.up()
    assert told.outputs["status"] == "CANCELED"
    assert "AWS no longer lists h-" in told.outputs["message"]
    assert not project.up(expect_no_changes=True).failed


def test_foreign_requests_are_left_alone(project: Project, org: Emulator) -> None:
    another_organization(org)
    org.enable_all_features()
    assert project.up().outputs["status"] == "APPROVED"
    received = org.client("organizations", MINE).list_handshakes_for_account()["Handshakes"]
    assert {each["Action"]: each["State"] for each in received} == {
        "INVITE": "OPEN",
        "APPROVE_ALL_FEATURES": "ACCEPTED",
    }
    assert org.writes == {"AcceptHandshake": 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"organization_id": "123456789012"}, "organization_id is '123456789012'"),
        ({"connection": {"regoin": "x"}}, "connection has no setting 'regoin'"),
    ],
)
def test_bad_inputs_are_refused_by_name(
    project: Project, org: Emulator, arguments: dict[str, Any], words: str
) -> None:
    declare(project, **arguments)
    for command in (project.preview, project.up):
        ran = command()
        assert ran.failed
        assert words in ran.text
        assert "Traceback" not in ran.text
    assert org.calls == {}


def test_a_setting_that_would_change_who_acts_is_not_ignored(project: Project, org: Emulator) -> None:
    project.configure_with({"aws:httpsProxy": "http://proxy"})
    assert_clean(project.preview(), "configuration-unsupported", "HTTPS_PROXY")
    assert org.calls == {}


def test_an_explicit_aws_provider_is_an_error(project: Project) -> None:
    class AwsProvider(pulumi.ProviderResource):
        """A provider as a program names it, but unknown to the engine, which would want its plugin."""

        def __init__(self) -> None:
            self.package = "aws"

    declare(project, opts=pulumi.ResourceOptions(provider=AwsProvider()))
    assert_clean(project.up(), "provider-ignored", "the stack's own credentials would be used")


def test_a_preview_works_without_credentials(project: Project) -> None:
    keys = {"aws:accessKey": None, "aws:secretKey": None}
    project.configure_with(keys)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert "can't preview whether there is something to approve" in preview.text
    assert_clean(project.up(), "credentials-missing", "AWS_PROFILE")


def test_another_organization_than_the_accounts(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    declare(project, organization_id=ELSEWHERE)
    assert_clean(project.up(), "organization-mismatch", ORGANIZATION, ELSEWHERE, "Nothing was approved")
    assert org.writes == {}


def test_the_management_account_by_mistake(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    project.configure(org, org.management)
    assert_clean(project.up(), "not-member-account", org.management, "OrganizationFeatureSet")
    assert org.writes == {}


@pytest.mark.parametrize("scenario", [Scenario(feature_set=None, invited=0, created=0)])
def test_no_organization(project: Project) -> None:
    assert_clean(project.up(), "no-organization", MINE, "this resource accepts no invitation")


def test_the_action_to_allow_is_named(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    org.fail("AcceptHandshake", error="AccessDeniedForDependencyException")
    assert_clean(project.up(), "access-denied", asked(org)["Id"], "iam:CreateServiceLinkedRole")
    assert project.up().outputs["status"] == "APPROVED"


@pytest.mark.parametrize("kind", ["error", "reset"])
def test_an_error_or_a_silence_after_the_effect_is_no_error(
    project: Project, org: Emulator, kind: str
) -> None:
    org.enable_all_features()
    org.fail("AcceptHandshake", when="after", kind=kind)  # type: ignore[arg-type]  # parametrized
    assert project.up().outputs["status"] == "APPROVED"
    assert org.writes == {"AcceptHandshake": 1}


def test_throttling_is_waited_out(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    org.fail("AcceptHandshake", error="TooManyRequestsException", times=2)
    assert project.up().outputs["status"] == "APPROVED"


def test_other_credentials_approve_nothing_and_do_not_make_it_gone(project: Project, org: Emulator) -> None:
    project.up()
    org.enable_all_features()
    for account_id in (org.invited[1], org.invite()):
        project.configure(org, account_id)
        assert_clean(project.up(), "account-mismatch", account_id, MINE)
        assert_clean(project.refresh(run_program=True), "account-mismatch", account_id, MINE)
    assert org.writes == {}
    assert project.kept("approval")["account_id"] == MINE


def test_an_account_that_left_has_no_approval_any_more(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    project.up()
    org.remove_account(MINE)
    assert_clean(project.preview(), "no-organization", MINE, "remove this resource from the program")
    refreshed = project.refresh()
    assert not refreshed.failed, refreshed.text
    assert f"{ORGANIZATION}/{MINE} is gone: Account {MINE} isn't in an organization" in refreshed.text
    assert project.resources() == {}


def test_an_account_that_moved_approves_for_its_new_organization(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    project.up()
    another = another_organization(org)
    org.remove_account(MINE)
    org.join(MINE)
    assert_clean(project.preview(), "organization-mismatch", another, "fix organization_id")
    declare(project, organization_id=another)
    preview = project.preview()
    assert preview.ops["replace"] == 1, preview.text
    org.client("organizations", STRANGER).enable_all_features()
    ran = project.up()
    assert ran.outputs["status"] == "APPROVED", ran.text
    assert project.resources()["approval"]["id"] == f"{another}/{MINE}"


@pytest.mark.parametrize("scenario", [Scenario(feature_set="ALL")])
def test_an_organization_with_all_features_asks_nothing(project: Project, org: Emulator) -> None:
    ran = project.up()
    assert ran.outputs["status"] == "NOT_ASKED"
    assert f"All features are enabled in organization {ORGANIZATION}" in ran.outputs["message"]
    org.reset_calls()
    assert not project.up(expect_no_changes=True).failed
    assert org.calls == {}


def test_a_renamed_approval_is_adopted_without_a_write(project: Project, org: Emulator) -> None:
    org.enable_all_features()
    before = project.up().outputs
    org.reset_calls()
    declare(project, "renamed")
    ran = project.up()
    assert ran.outputs == before
    assert set(project.resources()) == {"renamed"}
    assert org.writes == {}


@pytest.mark.parametrize("approved", [True, False])
def test_destroy_forgets_the_record_and_asks_nothing(project: Project, org: Emulator, approved: bool) -> None:
    project.up()
    org.enable_all_features()
    (project.up if approved else project.refresh)()
    org.reset_calls()
    destroyed = project.destroy()
    why = "consent that was given can't be withdrawn" if approved else "stays unanswered, and isn't declined"
    assert "removed from the stack only: " in destroyed.text
    assert why in destroyed.text
    assert org.calls == {}
    assert asked(org)["State"] == ("ACCEPTED" if approved else "OPEN")


def test_unknown_inputs_in_a_preview(project: Project, org: Emulator) -> None:
    def program() -> None:
        made = FeatureSetApproval("first", organization_id=ORGANIZATION).message
        FeatureSetApproval("second", organization_id=made.apply(lambda _: ORGANIZATION))

    project.declare(program)
    preview = project.preview()
    assert not preview.failed, preview.text
    assert preview.ops["create"] == 3
    org.enable_all_features()
    assert not project.up().failed
    assert org.writes == {"AcceptHandshake": 1}, "two resources approve once"
    kept = [resource["outputs"] for resource in project.resources().values()]
    assert {each["status"] for each in kept} == {"APPROVED"}
