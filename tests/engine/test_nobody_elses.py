"""Nobody else's, on the engine: accounts that are ruled out, and handshakes that contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aws_org_features import ConnectionArgs, EndpointsArgs
from tests.resources.test_approver import approver, members, scenario
from tests.shares import sample
from tests.stacks import environment, feature_set

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.stacks import Project


@pytest.mark.parametrize("scenario", [scenario(*members(3))])
@pytest.mark.parametrize("own", sample([False, True], every=2))
def test_accounts_that_are_ruled_out_are_reported_in_each_preview_and_never_entered(
    project: Project, org: Emulator, tmp_path: Path, own: bool
) -> None:
    first, second, third = org.invited
    project.configure_with({"aws:allowedAccountIds": [org.management, third, second]})
    project.configure_with({"aws:forbiddenAccountIds": [second]})

    def program() -> None:
        connection = None
        if own:
            endpoints = EndpointsArgs(organizations=org.endpoint, sts=org.endpoint)
            connection = ConnectionArgs(region="us-east-1", profile="own", endpoints=endpoints)
        feature_set(org, approver=approver(), connection=connection)

    if own:
        keys = org.credentials(org.management)
        profile = tmp_path / "aws-config"
        profile.write_text(
            f"[profile own]\naws_access_key_id={keys.access_key_id}\n"
            f"aws_secret_access_key={keys.secret_access_key}\n"
        )
        project.stack.workspace.env_vars = {**environment(), "AWS_CONFIG_FILE": str(profile)}
    project.declare(program)
    for command in (project.preview, project.up, project.preview):
        ran = command()
        assert not ran.failed, ran.text
        assert f"can't act in 1 account ({first}), which `aws:allowedAccountIds`" in ran.text
        assert f"can't act in 1 account ({second}), which `aws:forbiddenAccountIds`" in ran.text
    assert org.calls["AssumeRole"] == 1
    waiting = {each["account_id"]: each for each in project.kept()["waiting_for"]}
    assert set(waiting) == {first, second}
    assert all(each["reason"].startswith("account-not-allowed: ") for each in waiting.values())
