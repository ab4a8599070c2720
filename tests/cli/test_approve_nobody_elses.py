"""`org-features approve`: accounts that options rule out are never entered, and that is reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aws_org_features.cli.exit_codes import Exit
from tests.cli.conftest import error_of
from tests.reconcile.otherwise import Otherwise, two_parties
from tests.reconcile.test_approver import ROLE, members, scenario

if TYPE_CHECKING:
    from pathlib import Path

    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

FIRST, SECOND = "600000000001", "600000000002"
BY_ROLE = ("approve", "--role-name", ROLE, "--member-external-id-env", "EXTERNAL_ID")


@pytest.mark.parametrize("scenario", [scenario(*members(2)), scenario(*members(2), children_shown=False)])
@pytest.mark.parametrize("lists", ["forbidden", "allowed"])
def test_an_account_that_is_ruled_out_is_reported_and_never_entered(
    org: Emulator, invoke: Invoke, lists: str
) -> None:
    org.enable_all_features()
    options = {
        "forbidden": ("--forbidden-account-id", FIRST),
        "allowed": ("--allowed-account-id", org.management, "--allowed-account-id", SECOND),
    }[lists]
    named = f"--{lists}-account-id"
    looked = invoke(*BY_ROLE, *options, EXTERNAL_ID="right")
    text = " ".join(looked.output.split())
    assert looked.exit_code == Exit.PENDING
    assert "Would approve on behalf of 1 account:" in text
    assert f"can't act in 1 account ({FIRST}), which" in text
    assert named in text
    probed = invoke(*BY_ROLE, *options, "--probe", EXTERNAL_ID="right")
    assert "Can act in 1 account:" in probed.output
    assert FIRST in probed.output.partition("can't act in")[2]
    told = json.loads(invoke(*BY_ROLE, *options, "--yes", "--json", EXTERNAL_ID="right").stdout)
    assert told["approved"] == [SECOND]
    (left,) = told["outstanding_elsewhere"]
    assert left["account_id"] == FIRST
    assert left["reason"].startswith("account-not-allowed: ")
    assert named in left["reason"]
    assert left["next_step"]
    assert org.calls["AssumeRole"] == 2, "the probe's and the approval's"


@pytest.mark.parametrize("scenario", [scenario(*members(2))])
def test_with_the_management_account_alone_allowed_nobody_is_entered(org: Emulator, invoke: Invoke) -> None:
    org.enable_all_features()
    result = invoke(*BY_ROLE, "--allowed-account-id", org.management, "--yes", EXTERNAL_ID="right")
    reference, text = error_of(result)
    assert reference == "no-approval-pending"
    assert "--allowed-account-id" in text
    assert "add it to --allowed-account-id beside the management account" in text
    assert not org.calls["AssumeRole"]


@pytest.mark.parametrize("command", [("status",), ("plan",), ("approval-kit", "--to", "never"), BY_ROLE])
@pytest.mark.parametrize("option", [("--forbidden-account-id", ""), ("--allowed-account-id", "222222222222")])
def test_no_command_acts_as_an_account_that_is_ruled_out(
    org: Emulator, invoke: Invoke, command: tuple[str, ...], option: tuple[str, str]
) -> None:
    name, value = option
    result = invoke(*command, name, value or org.management, EXTERNAL_ID="right")
    assert error_of(result)[0] == "account-not-allowed"
    assert set(org.calls) == {"GetCallerIdentity"}


@pytest.mark.parametrize("command", [("status",), ("approval-kit", "--to"), BY_ROLE])
def test_each_command_tells_of_a_request_that_contradicts_itself(
    org: Emulator,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: tuple[str, ...],
) -> None:
    org.enable_all_features()
    odd = org.children[0]
    shown = Otherwise(monkeypatch)
    shown.change = lambda each: two_parties(each) if each["Id"] == odd["Id"] else None
    folder = (str(tmp_path / "kit"),) if command[-1] == "--to" else ()
    result = invoke(*command, *folder, EXTERNAL_ID="right")
    assert "handshake-unclear" in result.output
    assert odd["Id"] in result.output
    assert "Traceback" not in result.output
    kit = tmp_path / "kit" / "accounts"
    texts = [page.read_text() for page in kit.iterdir()] if folder else []
    assert not any(odd["Id"] in text for text in texts), "nobody is asked to accept it"
    assert len(texts) == (len(org.invited) - 1 if folder else 0)
