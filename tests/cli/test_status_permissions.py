"""Permissions of `iam-policy --for read`: all that looking takes, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_features.cli.exit_codes import BY_STATUS, Exit
from aws_org_features.model.migration import Status
from aws_org_features.views.iam_policies import policy_for, policy_text
from tests.cli.phases import PHASES, awaiting, scenario
from tests.cli.worlds import NOW, Time, world

if TYPE_CHECKING:
    from click.testing import Result

    from aws_org_emulator import Emulator
    from tests.cli.conftest import InvokeIn
    from tests.cli.phases import Phase

POLICY = policy_for("read", partition="aws")
ACTIONS = POLICY["Statement"][0]["Action"]
ENFORCED = [
    pytest.param(
        scenario(iam_enforcement=True, handshake_actions=handshake_actions, children_shown=shown),
        id=f"{handshake_actions}{shown}",
    )
    for handshake_actions in ("guide", "model")
    for shown in (True, False)
]


def as_reader(org: Emulator, invoke_in: InvokeIn, *arguments: str, without: str | None = None) -> Result:
    """Run the command as a user of the management account who may do what is printed, or less."""
    allowed = [action for action in ACTIONS if action != without]
    policy = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": allowed}]}
    iam = org.client("iam", org.management)
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="only", PolicyDocument=policy_text(policy))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    time = Time((org.clock.now() - NOW).total_seconds())
    return invoke_in(world(time), *arguments, **keys)


@pytest.mark.parametrize("command", ["status", "watch"])
@pytest.mark.parametrize(("happens", "status"), PHASES.values(), ids=PHASES)
@pytest.mark.parametrize("scenario", ENFORCED[:1])
def test_the_policy_is_enough(
    org: Emulator, invoke_in: InvokeIn, command: str, happens: Phase, status: Status
) -> None:
    happens(org)
    if (command, status) == ("watch", Status.AWAITING_APPROVALS):
        org.approve_all()
        status = Status.AWAITING_FINALIZATION
    result = as_reader(org, invoke_in, command)
    assert (result.exit_code, result.stderr) == (BY_STATUS[status], "")
    assert not org.writes


@pytest.mark.parametrize("scenario", ENFORCED)
def test_it_is_enough_however_aws_shows_it(org: Emulator, invoke_in: InvokeIn) -> None:
    awaiting(org)
    result = as_reader(org, invoke_in, "status")
    assert (result.exit_code, result.stderr) == (Exit.PENDING, "")
    assert f"invited-{org.invited[1]}" in result.stdout


@pytest.mark.parametrize("without", ACTIONS)
@pytest.mark.parametrize("scenario", ENFORCED[:1])
def test_without_one_of_its_actions_there_is_less(org: Emulator, invoke_in: InvokeIn, without: str) -> None:
    awaiting(org)
    result = as_reader(org, invoke_in, "status", without=without)
    optional = without == "organizations:ListAccounts"
    assert result.exit_code == (Exit.PENDING if optional else Exit.FAILED)
    assert without.removeprefix("organizations:") in result.stderr
