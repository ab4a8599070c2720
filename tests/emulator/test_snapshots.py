"""Snapshots: everything comes back, as often as wanted, and goes on from there."""

from datetime import UTC, datetime
from typing import Any

from click.testing import CliRunner

from aws_org_emulator import Emulator, Switches
from aws_org_emulator.cli.commands import main
from tests.emulator.conftest import Start
from tests.emulator.helpers import STATEMENTS, handshakes
from tests.emulator.model_check import checked


def seen(emulator: Emulator) -> dict[str, Any]:
    """All that callers see."""
    management = checked(emulator.client("organizations", emulator.management))
    roles = [emulator.client("iam", each).list_roles()["Roles"] for each in emulator.created]
    return {
        "organization": management.describe_organization()["Organization"],
        "accounts": management.list_accounts()["Accounts"],
        "roots": management.list_roots()["Roots"],
        "handshakes": handshakes(management.list_handshakes_for_organization),
        "roles": [sorted(role["RoleName"] for role in each) for each in roles],
        "now": emulator.clock.now(),
        "standalone": emulator.standalone,
    }


def test_everything_comes_back_as_often_as_wanted(start: Start) -> None:
    emulator = start(start=datetime(2026, 1, 5, tzinfo=UTC))
    emulator.enable_all_features()
    emulator.approve(emulator.invited[0])
    emulator.snapshot()
    before = seen(emulator)
    for _ in range(2):
        emulator.client("iam", emulator.created[0]).delete_role(RoleName="AWSServiceRoleForOrganizations")
        emulator.approve_all()
        emulator.finalize()
        emulator.client("organizations", emulator.management).close_account(AccountId=emulator.created[1])
        emulator.join(emulator.invite())
        emulator.remove_account(emulator.invited[2])
        emulator.clock.advance(days=100)
        assert seen(emulator) != before
        emulator.restore()
        assert seen(emulator) == before


def test_a_restored_organization_goes_on_by_itself(start: Start) -> None:
    switches = Switches(policy_type_changes="clock", read_lag=5)
    emulator = start(switches, feature_set="ALL", start=datetime(2026, 1, 5, tzinfo=UTC))
    management = checked(emulator.client("organizations", emulator.management))
    root_id = management.list_roots()["Roots"][0]["Id"]
    management.enable_policy_type(RootId=root_id, PolicyType="TAG_POLICY")
    management.close_account(AccountId=emulator.created[0])
    emulator.snapshot("pending")
    emulator.clock.advance(days=100)
    emulator.restore("pending")
    assert len(emulator.created) == 2
    emulator.clock.advance(seconds=5)
    assert management.list_roots()["Roots"][0]["PolicyTypes"][-1]["Status"] == "PENDING_ENABLE"
    emulator.clock.advance(seconds=300)
    assert management.list_roots()["Roots"][0]["PolicyTypes"][-1]["Status"] == "ENABLED"
    closing = management.describe_account(AccountId="333333333333")["Account"]
    assert closing["State"] == "CLOSED"


def test_policies_that_hang_together_in_a_long_chain_come_back(start: Start) -> None:
    emulator = start(feature_set="ALL", invited=0, created=200)
    management = checked(emulator.client("organizations", emulator.management))

    def policy(number: int) -> str:
        made = management.create_policy(
            Name=str(number), Description="", Type="SERVICE_CONTROL_POLICY", Content=STATEMENTS
        )
        return str(made["Policy"]["PolicySummary"]["Id"])

    def target(policy_id: str) -> str:
        (found,) = management.list_targets_for_policy(PolicyId=policy_id)["Targets"]
        return str(found["TargetId"])

    before = policy(0)
    for number, account_id in enumerate(emulator.created, 1):
        after = policy(number)
        for each in (before, after):
            management.attach_policy(PolicyId=each, TargetId=account_id)
        management.detach_policy(PolicyId="p-FullAWSAccess", TargetId=account_id)
        before = after
    emulator.snapshot()
    management.detach_policy(PolicyId=before, TargetId=emulator.created[-1])
    emulator.restore()
    assert target(before) == emulator.created[-1]


def test_snapshots_have_names_and_the_command_knows_them(emulator: Emulator) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*arguments, "--endpoint", emulator.endpoint])
        return result.exit_code, result.output

    assert run("snapshot", "before") == (0, "kept before\n")
    emulator.enable_all_features()
    assert run("snapshot") == (0, "kept default\n")
    assert run("restore", "before") == (0, "restored before\n")
    assert emulator.parent is None
    assert run("restore") == (0, "restored default\n")
    assert emulator.parent is not None
    assert run("restore", "other") == (1, "Error: there is no snapshot 'other'\n")
