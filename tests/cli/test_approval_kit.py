"""`org-features approval-kit`: who is written to, and that what it says works."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_emulator import Member, Scenario, Switches
from tests.cli.conftest import environment_of, error_of
from tests.cli.phases import canceled_unanswered, expired_unanswered, finalized, responded, started
from tests.shares import sample

if TYPE_CHECKING:
    from aws_org_emulator import Emulator
    from tests.cli.conftest import Invoke

FIRST, SECOND, THIRD = "222222222222", "222222222223", "222222222224"
BOTH_WAYS = [
    Scenario(switches=Switches(handshake_actions="guide")),
    Scenario(switches=Switches(handshake_actions="model")),
]
HIDDEN = [
    Scenario(switches=Switches(handshake_actions="guide", children_shown=False)),
    Scenario(switches=Switches(handshake_actions="model", children_shown=False, parent_link_prefix=True)),
]


def texts(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "accounts").iterdir())


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "accounts.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def shell(org: Emulator, account: str, command: str) -> Any:
    """Answer of a command of the kit's in an account's shell."""
    given = {name: value for name, value in environment_of(org, account).items() if value is not None}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command], env={**given, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def commands(text: str) -> dict[str, str]:
    """The commands of an owner's text, by their operation."""
    found = re.findall(r"^```sh\n(.+)\n```$", text, re.MULTILINE)
    return {command.split()[2]: command for command in found}


@pytest.mark.parametrize("scenario", BOTH_WAYS)
def test_every_owner_who_is_still_to_approve_is_written_to(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    org.approve(SECOND)
    result = invoke("approval-kit", "--to", str(tmp_path / "kit"))
    assert result.exit_code == 0, result.output
    assert texts(tmp_path / "kit") == [FIRST, THIRD]
    assert [row["account_id"] for row in rows(tmp_path / "kit")] == [FIRST, THIRD]
    children = {child["Parties"][1]["Id"]: child["Id"] for child in org.children}
    assert [row["handshake_id"] for row in rows(tmp_path / "kit")] == [children[FIRST], children[THIRD]]
    wrote, head, first, third, then = result.stdout.splitlines()
    assert wrote.startswith(
        f"Wrote 5 files to {tmp_path / 'kit'} for 2 accounts of organization o-exampleorg1, "
    )
    assert head.split() == ["account", "name", "email", "text"]
    assert first.split() == [FIRST, f"invited-{FIRST}", f"aws-{FIRST}@example.com", f"accounts/{FIRST}.md"]
    assert third.startswith(THIRD)
    assert then.endswith("kit/README.md")
    assert result.stderr == ""
    assert not org.writes


@pytest.mark.parametrize("scenario", sample([*BOTH_WAYS, *HIDDEN], every=4))
def test_an_owner_can_look_and_approve_by_the_texts_commands(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    assert invoke("approval-kit", "--to", str(tmp_path)).exit_code == 0
    text = (tmp_path / "accounts" / f"{SECOND}.md").read_text()
    found = commands(text)
    (handshake,) = shell(org, SECOND, found["list-handshakes-for-account"])
    started = re.search(r"`Arn` begins with\s+`([^`]+)`", text)
    action = re.search(r"`Action`\s+is\s+(`\w+`(\s+or\s+`\w+`)?)", text)
    assert started is not None
    assert action is not None
    assert handshake["Arn"].startswith(started[1])
    assert handshake["Action"] in action[1]
    assert shell(org, SECOND, found["accept-handshake"])["Handshake"]["State"] == "ACCEPTED"
    assert [child["State"] for child in org.children] == ["OPEN", "ACCEPTED", "OPEN"]
    (row,) = [row for row in rows(tmp_path) if row["account_id"] == THIRD]
    assert shell(org, THIRD, row["command"])["Handshake"]["State"] == "ACCEPTED"
    declined = commands((tmp_path / "accounts" / f"{FIRST}.md").read_text())["decline-handshake"]
    assert shell(org, FIRST, declined)["Handshake"]["State"] == "DECLINED"


@pytest.mark.parametrize("scenario", HIDDEN[:1])
def test_where_aws_shows_no_approvals_everybody_invited_is_written_to(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    org.approve(SECOND)
    assert invoke("approval-kit", "--to", str(tmp_path)).exit_code == 0
    assert texts(tmp_path) == [FIRST, SECOND, THIRD]
    assert "some may have approved already" in " ".join((tmp_path / "README.md").read_text().split())


@pytest.mark.parametrize(
    "scenario", [Scenario(invited=1, members=(Member("666666666666", "CREATED", service_linked_role=False),))]
)
def test_a_created_account_without_its_role_is_asked_for_that(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    assert invoke("approval-kit", "--to", str(tmp_path)).exit_code == 0
    assert texts(tmp_path) == [FIRST, "666666666666"]
    text = (tmp_path / "accounts" / "666666666666.md").read_text()
    assert text.startswith("# AWS account 666666666666: please let AWS recreate a role by ")
    done = shell(org, "666666666666", commands(text)["accept-handshake"])["Handshake"]
    assert (done["Action"], done["State"]) == ("ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE", "ACCEPTED")


def test_only_accounts_that_were_named(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    org.enable_all_features()
    chosen = ("--account", THIRD, "--account", FIRST)
    assert invoke("approval-kit", "--to", str(tmp_path), *chosen).exit_code == 0
    assert texts(tmp_path) == [FIRST, THIRD]


def test_an_account_that_isnt_asked_is_reported_and_nothing_is_written(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    org.enable_all_features()
    org.approve(SECOND)
    reference, text = error_of(invoke("approval-kit", "--to", str(tmp_path / "kit"), "--account", SECOND))
    assert reference == "no-approval-pending"
    assert f"No approval of {SECOND} is outstanding in organization" in text
    assert f"Outstanding: {FIRST} and {THIRD}." in text
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (lambda _: None, "No migration has been started"),
        (responded, "Everyone has responded."),
        (finalized, "All features are enabled."),
        (canceled_unanswered, "was canceled"),
        (expired_unanswered, "expired on"),
    ],
)
def test_when_nobody_is_asked_it_says_why(
    org: Emulator, invoke: Invoke, tmp_path: Path, happened: Any, why: str
) -> None:
    happened(org)
    reference, text = error_of(invoke("approval-kit", "--to", str(tmp_path / "kit")))
    assert reference == "no-approval-pending"
    assert text.startswith("No approvals are outstanding in organization o-exampleorg1")
    assert why in text
    assert not (tmp_path / "kit").exists()


def test_a_refusal_is_reported_beside_the_kit_for_the_others(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    started(org)
    org.decline(SECOND)
    result = invoke("approval-kit", "--to", str(tmp_path))
    assert result.exit_code == 0
    assert texts(tmp_path) == [FIRST, THIRD]
    assert f"{SECOND} declined, so the migration can't be finalized." in result.stderr


def test_names_are_no_condition(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    started(org)
    org.fail("ListAccounts", error="AccessDeniedException", message="no", times=9)
    result = invoke("approval-kit", "--to", str(tmp_path))
    assert result.exit_code == 0
    assert result.stderr.startswith("without names and email addresses: ListAccounts was denied")
    assert [(row["name"], row["email"]) for row in rows(tmp_path)] == [("", "")] * 3


@pytest.mark.parametrize("scenario", HIDDEN[:1])
def test_without_approvals_and_accounts_there_is_nothing_to_go_by(
    org: Emulator, invoke: Invoke, tmp_path: Path
) -> None:
    started(org)
    org.fail("ListAccounts", error="AccessDeniedException", message="no", times=9)
    assert error_of(invoke("approval-kit", "--to", str(tmp_path)))[0] == "access-denied"


# Names, JSON


NAMES = ("=HYPERLINK(1)", "\x1b[31m[a](https://evil.example)\n# \u202e`x`", "<img src=x> | a")


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            invited=0, members=tuple(Member(f"77777777777{n}", name=name) for n, name in enumerate(NAMES))
        )
    ],
)
def test_names_do_nothing(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    started(org)
    result = invoke("approval-kit", "--to", str(tmp_path))
    assert result.exit_code == 0
    assert not set("\x1b\u202e") & set(result.output)
    assert len(result.stdout.splitlines()) == 6
    assert [row["name"] for row in rows(tmp_path)] == [
        "'=HYPERLINK(1)",
        "\ufffd[31m[a](https://evil.example) # \ufffd`x`",
        "<img src=x> | a",
    ]
    listed = (tmp_path / "README.md").read_text()
    assert "`` \ufffd[31m[a](https://evil.example) # \ufffd`x` ``" in listed


def test_as_json(org: Emulator, invoke: Invoke, tmp_path: Path) -> None:
    started(org)
    told = json.loads(invoke("approval-kit", "--to", str(tmp_path), "--json").stdout)
    parent = org.parent
    assert parent is not None
    assert (told["organization_id"], told["management_account_id"]) == ("o-exampleorg1", org.management)
    assert told["handshake_id"] == parent["Id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["expires_at"])
    assert told["accounts"][0] == {
        "account_id": FIRST,
        "name": f"invited-{FIRST}",
        "email": f"aws-{FIRST}@example.com",
        "handshake_id": org.children[0]["Id"],
        "action": "APPROVE_ALL_FEATURES",
        "file": f"accounts/{FIRST}.md",
    }
    assert sorted(told["files"]) == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    )


def test_an_error_as_json(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("approval-kit", "--to", str(tmp_path), "--json")
    told = json.loads(result.stdout)["error"]
    reference, text = error_of(result)
    assert told["reference"] == reference == "no-approval-pending"
    assert f"{told['what']} {told['next_step']}" == text
