"""Scenarios: YAML files with their mistakes, and organizations generated at any size."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aws_org_emulator import (
    Emulator,
    Member,
    Scenario,
    ScenarioFileError,
    Switches,
    generate,
    load_scenario,
)
from aws_org_emulator.cli import commands
from aws_org_emulator.cli.commands import _scenario, main
from aws_org_emulator.scenario.file import parse
from tests.emulator.conftest import Start

FULL = """\
organization_id: o-fromafile1
management_id: 012345678901
feature_set: ALL
invited: 1
created: 0
start: 2026-01-05T09:00:00Z
policy_types: [SERVICE_CONTROL_POLICY, TAG_POLICY]
switches:
  handshake_actions: model
  children_shown: false
members:
  - id: 777777777777
    joined: CREATED
    service_linked_role: no
  - {id: "000000000001", access_role: Approver, external_id: 42, name: ~}
"""


def test_a_file_says_all_that_a_scenario_has(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(FULL)
    assert load_scenario(file) == Scenario(
        organization_id="o-fromafile1",
        management_id="012345678901",
        feature_set="ALL",
        invited=1,
        created=0,
        start=datetime(2026, 1, 5, 9, tzinfo=UTC),
        policy_types=("SERVICE_CONTROL_POLICY", "TAG_POLICY"),
        switches=Switches(handshake_actions="model", children_shown=False),
        members=(
            Member("777777777777", joined="CREATED", service_linked_role=False),
            Member("000000000001", access_role="Approver", external_id="42"),
        ),
    )


def test_the_documentation_shows_this_file() -> None:
    page = Path(__file__).parents[2] / "docs" / "emulator.md"
    assert f"```yaml\n{FULL}```" in page.read_text()


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_an_empty_file_is_the_default(text: str) -> None:
    assert parse(text) == Scenario()


def test_all_policy_types_are_written_as_null() -> None:
    assert parse("policy_types: ~").policy_types is None


def test_no_organization_is_written_as_null() -> None:
    assert parse("feature_set: ~").feature_set is None


def test_accounts_generates_and_members_come_on_top() -> None:
    scenario = parse("accounts: 20\nmembers: [{id: 777777777777}]")
    assert scenario.members == (*generate(20).members, Member("777777777777"))


MISTAKES = [
    ("invitd: 3", 1, "there is no invitd; known are accounts, invited, created, "),
    ("invited: 1\ninvited: 2", 2, "invited is given twice"),
    ("invited: many", 1, "invited is a whole number, not 'many'"),
    ("created: 1\ninvited: -1", 1, "an organization can't have less than no members"),
    ("\n\nfeature_set: FULL", 3, "feature_set is CONSOLIDATED_BILLING or ALL, not 'FULL'"),
    (
        "switches:\n  handshake_action: guide",
        2,
        "there is no handshake_action; known are handshake_actions, ",
    ),
    ("switches:\n  handshake_actions: C", 2, "handshake_actions is guide or model, not 'C'"),
    ("switches:\n  children_shown: 1", 2, "children_shown is true or false, not '1'"),
    ("switches: B", 1, "expected names and values"),
    ("start: soon", 1, "start is a time such as 2026-01-05T09:00:00Z, not 'soon'"),
    ("start: 2026-01-05", 1, "start needs a time zone"),
    ("created: 1\nstart: 2026-01-05", 2, "start needs a time zone"),
    (
        "created: 1\npolicy_types: [TAG_POLICIES]",
        2,
        "has 'TAG_POLICIES', which is none: did you mean TAG_POLICY?",
    ),
    (
        "policy_types: [TAG_POLICY, tag-policy]",
        1,
        "has 'tag-policy', which is none: did you mean TAG_POLICY?",
    ),
    ("policy_types: [7]", 1, "has '7', which is none: botocore knows AISERVICES_OPT_OUT_POLICY, "),
    ("policy_types: TAG_POLICY", 1, "policy_types is a list"),
    ("members: 3", 1, "members is a list"),
    ("members:\n  - id: 7\n", 2, "'7' is no account id: that has 12 digits"),
    ("members:\n  - joined: CREATED", 2, "id is missing"),
    ("members:\n  - id: [7]", 2, "id is a single value"),
    ("members:\n  - id: 222222222222", 1, "account 222222222222 is there twice"),
    ("organization_id: x", 1, "'x' is no organization id: o-exampleorg1 is one"),
    ("management_id: 1", 1, "'1' is no account id: that has 12 digits"),
    ("accounts: 4", 1, "an organization of 4 accounts can't be generated: 5 to 50000"),
    ("accounts: 9\ncreated: 1", 2, "say created, or accounts, not both"),
    ("- invited: 3", 1, "expected names and values"),
    ("created: 1\n? [invited]\n: 3", 2, "a name is a single value"),
    ("switches: {{handshake_actions: model}: 1}", 1, "a name is a single value"),
    ("created: 1\ninvited: [", 2, "while parsing|did not find|expected"),
    ("invited: *nobody", 1, "undefined alias"),
    ("invited: 3\nname: \x00", 1, "special characters are not allowed"),
]


@pytest.mark.parametrize(("text", "line", "why"), MISTAKES, ids=[text for text, _, _ in MISTAKES])
def test_a_mistake_is_named_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        parse(text, "some.yaml")
    assert str(caught.value).startswith(f"some.yaml:{line}: ")
    assert any(each in str(caught.value) for each in why.split("|"))
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFileError, match=r"nowhere\.yaml: can't be read"):
        load_scenario(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("accounts", [5, 17, 500, 10_000, 50_000])
def test_generated_organizations_have_the_accounts_asked_for(accounts: int) -> None:
    scenario = generate(accounts)
    members = list(scenario.everyone())
    assert len({member.id for member in members}) == accounts - 1
    assert {member.joined for member in members} == {"INVITED", "CREATED"}
    assert any(not member.service_linked_role for member in members) is (accounts > 80)
    assert generate(accounts) == scenario


@pytest.mark.parametrize(
    "management_id",
    [
        *("222222222222", "222222222224", "222222222225", "333333333333", "333333333334", "333333333335"),
        *("444444444444", "555555555555"),
    ],
)
def test_no_account_has_the_id_of_the_management_account(management_id: str, start: Start) -> None:
    scenario = Scenario(management_id=management_id)
    ids = [each.id for each in scenario.everyone()]
    assert len({*ids, management_id}) == 6
    assert [each.joined for each in scenario.everyone()] == ["INVITED"] * 3 + ["CREATED"] * 2
    with pytest.raises(ValueError, match=f"account {ids[2]} is there twice"):
        Scenario(management_id=management_id, members=(Member(ids[2]),))

    emulator = start(management_id=management_id)
    client = emulator.client("organizations", management_id)
    client.create_account(Email="one@example.com", AccountName="One")
    listed = [each["Id"] for each in client.list_accounts()["Accounts"]]
    assert len({*listed, emulator.invite()}) == 8
    assert {*ids, management_id} < set(listed)
    client.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


@pytest.mark.parametrize("accounts", [4, 50_001])
def test_other_sizes_are_refused(accounts: int) -> None:
    with pytest.raises(ValueError, match="5 to 50000"):
        generate(accounts)


def test_ten_thousand_accounts_start_within_seconds() -> None:
    began = time.process_time()  # what others do meanwhile is left aside
    with Emulator(generate(10_000)) as emulator:
        assert time.process_time() - began < 5
        assert len(emulator.invited) + len(emulator.created) == 9_999


def test_a_generated_organization_migrates(start: Start) -> None:
    emulator = start(invited=0, created=0, members=generate(120).members)
    emulator.enable_all_features()
    asked = [child["Action"] for child in emulator.children]
    assert asked.count("ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE") == 1
    assert len(asked) == 48
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Scenario()),
        ({"invited": 7}, Scenario(invited=7)),
        ({"accounts": 9}, generate(9)),
        (
            {"handshake_actions": "model", "children_shown": False},
            Scenario(switches=Switches("model", children_shown=False)),
        ),
        ({"organization_id": "o-0123456789"}, Scenario(organization_id="o-0123456789")),
        ({"policy_types": ("TAG_POLICY",)}, Scenario(policy_types=("TAG_POLICY",))),
    ],
)
def test_the_commands_options_make_a_scenario(given: dict[str, Any], expected: Scenario) -> None:
    assert _scenario(given) == expected


def test_options_count_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(FULL)
    scenario = _scenario({"scenario_file": file, "handshake_actions": "guide", "created": 4})
    assert (scenario.switches.handshake_actions, scenario.created) == ("guide", 4)
    assert (scenario.organization_id, scenario.switches.children_shown) == ("o-fromafile1", False)


def test_the_command_says_a_files_mistake_on_one_line(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text("invited: many\n")
    result = CliRunner().invoke(main, ["--scenario", str(file), "--port", "0"])
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {file}:1: invited is a whole number, not 'many'\n",
    )


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """The scenarios that the command would have served."""
    scenarios: list[Scenario] = []
    monkeypatch.setattr(commands, "_serve", lambda scenario, **_: scenarios.append(scenario))
    return scenarios


@pytest.mark.parametrize(
    ("options", "policy_types"),
    [
        ((), ("SERVICE_CONTROL_POLICY", "TAG_POLICY")),
        (("--policy-type", "S3_POLICY", "--policy-type", "TAG_POLICY"), ("S3_POLICY", "TAG_POLICY")),
    ],
)
def test_the_commands_policy_types_are_all_that_are_offered(
    tmp_path: Path, served: list[Scenario], options: tuple[str, ...], policy_types: tuple[str, ...]
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(FULL)
    assert CliRunner().invoke(main, ["--scenario", str(file), *options]).exit_code == 0
    assert [each.policy_types for each in served] == [policy_types]


def test_the_command_refuses_a_policy_type_that_is_none(served: list[Scenario]) -> None:
    result = CliRunner().invoke(main, ["--policy-type", "TAGPOLICY"])
    told = "Error: policy_types has 'TAGPOLICY', which is none: did you mean TAG_POLICY?\n"
    assert (result.exit_code, result.output, served) == (1, told, [])


def test_accounts_and_other_numbers_exclude_one_another() -> None:
    result = CliRunner().invoke(main, ["--accounts", "9", "--invited", "2"])
    assert result.exit_code == 2
    assert "--accounts goes without" in result.output
