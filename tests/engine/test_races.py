"""Several at once, with the real engine: stacks, resources, organizations, and people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aws_org_emulator import Member, Scenario, Switches
from aws_org_features import AssumeRoleArgs, ConnectionArgs, EndpointsArgs, FeatureSetApproval
from tests.stacks import environment, feature_set

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.stacks import Project

ROLE = "Approver"
STRANGER = "999999999999"
MANY = tuple(Member(str(600000000001 + number), access_role=ROLE) for number in range(16))


def give_profiles(project: Project, org: Emulator, *account_ids: str) -> None:
    """Give the stack's environment a profile for each of these accounts, named by its id; the first acts."""
    path = Path(project.stack.workspace.work_dir) / "credentials"
    with path.open("w") as file:
        for account_id in account_ids:
            keys = org.credentials(account_id)
            file.write(f"[{account_id}]\naws_access_key_id = {keys.access_key_id}\n")
            file.write(f"aws_secret_access_key = {keys.secret_access_key}\n")
    project.stack.workspace.env_vars = {
        **environment(),
        "AWS_SHARED_CREDENTIALS_FILE": str(path),
        "AWS_PROFILE": account_ids[0],
    }


def test_of_two_stacks_at_once_one_begins_and_the_other_adopts(
    project: Project, another_project: Project, org: Emulator
) -> None:
    for stack in (project, another_project):
        stack.declare_feature_set()
    others = []
    org.before("EnableAllFeatures", lambda *_: others.append(another_project.up()))

    ran = project.up()

    assert not ran.failed, ran.text
    (other,) = others
    assert not other.failed, other.text
    assert org.migrations_started == 1
    assert [ran.outputs["started_by_this_resource"], other.outputs["started_by_this_resource"]] == [
        False,
        True,
    ]
    assert ran.outputs["handshake"] == other.outputs["handshake"]
    org.approve_all()
    assert [stack.up().outputs["status"] for stack in (project, another_project)] == ["ENABLED", "ENABLED"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("scenario", [Scenario(invited=0, members=MANY, switches=Switches(throttling=True))])
def test_sixteen_accounts_approve_in_parallel_in_one_program(project: Project, org: Emulator) -> None:
    endpoints = EndpointsArgs(organizations=org.endpoint, sts=org.endpoint)

    def program() -> None:
        for member in MANY:
            role = AssumeRoleArgs(role_arn=f"arn:aws:iam::{member.id}:role/{ROLE}")
            connection = ConnectionArgs(assume_roles=[role], endpoints=endpoints)
            FeatureSetApproval(member.id, organization_id=org.organization_id, connection=connection)

    give_profiles(project, org, org.management)
    project.declare(program)
    org.enable_all_features()
    ran = project.up(parallel=16)
    assert not ran.failed, ran.text
    assert {kept["outputs"]["status"] for kept in project.resources().values()} == {"APPROVED"}
    assert [child["State"] for child in org.children] == ["ACCEPTED"] * 16
    assert org.writes["AcceptHandshake"] == 16


def test_two_organizations_in_one_program_go_their_own_ways(project: Project, org: Emulator) -> None:
    stranger = org.client("organizations", STRANGER)
    made = stranger.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
    endpoints = EndpointsArgs(organizations=org.endpoint, sts=org.endpoint)
    give_profiles(project, org, org.management, STRANGER)

    def program() -> None:
        for name, organization_id, profile in (
            ("ours", org.organization_id, org.management),
            ("theirs", str(made["Id"]), STRANGER),
        ):
            connection = ConnectionArgs(profile=profile, region="us-east-1", endpoints=endpoints)
            feature_set(org, name, organization_id=organization_id, connection=connection)

    project.declare(program)
    ran = project.up(parallel=16)
    assert not ran.failed, ran.text
    statuses = {name: kept["outputs"]["status"] for name, kept in project.resources().items()}
    assert statuses == {"ours": "AWAITING_APPROVALS", "theirs": "ENABLED"}
    assert stranger.describe_organization()["Organization"]["FeatureSet"] == "ALL"
    org.approve_all()
    finalized = project.up()
    assert finalized.ops.get("update") == 1, finalized.text
    assert org.feature_set == "ALL"
