"""Organizational units and accounts in them: where things are, how many, and what can't be."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Scenario
from aws_org_emulator.organization import organizational_units as rules
from tests.emulator.conftest import Start
from tests.emulator.helpers import pages, refusal
from tests.emulator.model_check import checked

CONSTRAINT = "ConstraintViolationException"


class Tree:
    """The management account's client, and the root."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client: Any = checked(emulator.client("organizations", emulator.management))
        self.root: str = self.client.list_roots()["Roots"][0]["Id"]

    def make(self, name: str, parent: str = "") -> str:
        made = self.client.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def refused(self, call: str, **values: Any) -> tuple[str, str | None]:
        return refusal(getattr(self.client, call), **values)[:2]


@pytest.fixture
def tree(emulator: Emulator) -> Tree:
    return Tree(emulator)


def test_everything_tells_where_it_is(tree: Tree) -> None:
    outer = tree.make("outer")
    inner = tree.make("inner", outer)
    here = f"{tree.emulator.organization_id}/{tree.root}/{outer}/{inner}/"
    described = tree.client.describe_organizational_unit(OrganizationalUnitId=inner)["OrganizationalUnit"]
    assert described["Path"] == here
    (listed,) = tree.client.list_organizational_units_for_parent(ParentId=outer)["OrganizationalUnits"]
    assert listed["Path"] == here
    account_id = tree.emulator.created[0]
    move = {"AccountId": account_id, "SourceParentId": tree.root, "DestinationParentId": inner}
    tree.client.move_account(**move)
    (account,) = tree.client.list_accounts_for_parent(ParentId=inner)["Accounts"]
    assert account["Paths"] == [f"{here}{account_id}/"]
    assert account in [each for page in pages(tree.client.list_accounts, "Accounts") for each in page]


def test_units_lie_five_deep_at_most(tree: Tree) -> None:
    parent = tree.root
    for number in range(rules.DEEPEST):
        parent = tree.make(str(number), parent)
    refused = tree.refused("create_organizational_unit", ParentId=parent, Name="sixth")
    assert refused == (CONSTRAINT, "OU_DEPTH_LIMIT_EXCEEDED")


def test_there_are_so_many_units_at_most(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_UNITS", 2)
    tree.make("first")
    tree.make("second")
    refused = tree.refused("create_organizational_unit", ParentId=tree.root, Name="third")
    assert refused == (CONSTRAINT, "OU_NUMBER_LIMIT_EXCEEDED")


def test_a_name_is_one_units_among_its_siblings(tree: Tree) -> None:
    outer = tree.make("same")
    taken = ("DuplicateOrganizationalUnitException", None)
    assert tree.refused("create_organizational_unit", ParentId=tree.root, Name="same") == taken
    inner = tree.make("same", outer)
    other = tree.make("other", outer)
    update = {"OrganizationalUnitId": other, "Name": "same"}
    assert tree.refused("update_organizational_unit", **update) == taken
    tree.client.update_organizational_unit(OrganizationalUnitId=inner, Name="same")


def test_a_unit_goes_when_it_is_empty(tree: Tree) -> None:
    outer = tree.make("outer")
    inner = tree.make("inner", outer)
    move = {"AccountId": tree.emulator.created[0], "SourceParentId": tree.root, "DestinationParentId": inner}
    tree.client.move_account(**move)
    full = ("OrganizationalUnitNotEmptyException", None)
    for unit in (outer, inner):
        assert tree.refused("delete_organizational_unit", OrganizationalUnitId=unit) == full
    tree.client.remove_account_from_organization(AccountId=tree.emulator.created[0])
    for unit in (inner, outer):
        tree.client.delete_organizational_unit(OrganizationalUnitId=unit)
        gone = ("OrganizationalUnitNotFoundException", None)
        assert tree.refused("describe_organizational_unit", OrganizationalUnitId=unit) == gone


NOWHERE = "ou-abcd-01234567"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"SourceParentId": NOWHERE}, "SourceParentNotFoundException"),
        ({"DestinationParentId": NOWHERE}, "DestinationParentNotFoundException"),
        ({"AccountId": "999999999999"}, "AccountNotFoundException"),
        ({"DestinationParentId": "root"}, "DuplicateAccountException"),
        ({"SourceParentId": "unit", "DestinationParentId": "other"}, "SourceParentNotFoundException"),
    ],
)
def test_an_account_that_cannot_move(tree: Tree, values: dict[str, str], error: str) -> None:
    places = {"root": tree.root, "unit": tree.make("unit"), "other": tree.make("other")}
    asked = {
        "AccountId": tree.emulator.created[0],
        "SourceParentId": tree.root,
        "DestinationParentId": places["unit"],
        **{name: places.get(value, value) for name, value in values.items()},
    }
    assert tree.refused("move_account", **asked) == (error, None)


@pytest.mark.parametrize(
    ("call", "values", "error"),
    [
        ("create_organizational_unit", {"ParentId": NOWHERE, "Name": "a"}, "ParentNotFoundException"),
        ("list_accounts_for_parent", {"ParentId": NOWHERE}, "ParentNotFoundException"),
        ("list_organizational_units_for_parent", {"ParentId": NOWHERE}, "ParentNotFoundException"),
        ("list_children", {"ParentId": NOWHERE, "ChildType": "ACCOUNT"}, "ParentNotFoundException"),
        ("list_parents", {"ChildId": NOWHERE}, "ChildNotFoundException"),
        ("list_parents", {"ChildId": "999999999999"}, "ChildNotFoundException"),
        (
            "update_organizational_unit",
            {"OrganizationalUnitId": NOWHERE},
            "OrganizationalUnitNotFoundException",
        ),
        ("list_tags_for_resource", {"ResourceId": NOWHERE}, "TargetNotFoundException"),
        (
            "tag_resource",
            {"ResourceId": "999999999999", "Tags": [{"Key": "a", "Value": "b"}]},
            "TargetNotFoundException",
        ),
    ],
)
def test_a_missing_object_is_reported_by_its_kind(tree: Tree, call: str, values: Any, error: str) -> None:
    assert tree.refused(call, **values) == (error, None)


def test_a_resource_has_fifty_tags_at_most(tree: Tree) -> None:
    many = [{"Key": str(number), "Value": ""} for number in range(50)]
    tree.client.tag_resource(ResourceId=tree.root, Tags=many)
    tree.client.tag_resource(ResourceId=tree.root, Tags=many[:1])
    more = [{"Key": "one more", "Value": ""}]
    too_many = (CONSTRAINT, "MAX_TAG_LIMIT_EXCEEDED")
    assert tree.refused("tag_resource", ResourceId=tree.root, Tags=more) == too_many
    make = {"ParentId": tree.root, "Name": "tagged", "Tags": [*many, *more]}
    assert tree.refused("create_organizational_unit", **make) == too_many
    assert tree.client.list_organizational_units_for_parent(ParentId=tree.root)["OrganizationalUnits"] == []
    assert sum(map(len, pages(tree.client.list_tags_for_resource, "Tags", ResourceId=tree.root))) == 50


def test_a_list_of_anything_has_pages_of_twenty(start: Start) -> None:
    tree = Tree(start(invited=0, created=0))
    for number in range(21):
        tree.make(str(number))
    listed = pages(
        tree.client.list_organizational_units_for_parent, "OrganizationalUnits", ParentId=tree.root
    )
    assert [len(page) for page in listed] == [20, 1]
    kind = {"ParentId": tree.root, "ChildType": "ORGANIZATIONAL_UNIT"}
    assert [len(page) for page in pages(tree.client.list_children, "Children", **kind)] == [20, 1]
    token = tree.client.list_children(**kind)["NextToken"]
    other = {"ParentId": tree.root, "ChildType": "ACCOUNT", "NextToken": token}
    assert tree.refused("list_children", **other) == ("InvalidInputException", "INVALID_NEXT_TOKEN")


def test_an_organization_with_a_name_of_its_own_can_be_deleted() -> None:
    scenario = Scenario(invited=0, created=1, management_name="Ours", management_email="ours@example.com")
    with Emulator(scenario) as emulator:
        client = checked(emulator.client("organizations", emulator.management))
        assert client.describe_organization()["Organization"]["MasterAccountEmail"] == "ours@example.com"
        assert refusal(client.delete_organization).code == "OrganizationNotEmptyException"
        client.remove_account_from_organization(AccountId=emulator.created[0])
        client.delete_organization()
