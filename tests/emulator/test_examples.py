"""All examples that botocore ships for Organizations, replayed: the same calls, answers of the same shape.

Ids, times and names are the emulator's own. An answer has every member that the example's has, and says
the same where the model lists what can be said.
"""

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.model import Shape, StringShape, StructureShape

from aws_org_emulator.people.clients import isolated_session
from tests.emulator.conftest import Start, Tried
from tests.emulator.helpers import STATEMENTS
from tests.emulator.model_check import checked

if TYPE_CHECKING:
    from aws_org_emulator import Emulator

MODEL = isolated_session().get_service_model("organizations")
SOURCE = files("botocore") / "data" / "organizations" / "2016-11-28" / "examples-1.json"
EXAMPLES: list[tuple[str, int, dict[str, Any]]] = [
    (operation, number, example)
    for operation, examples in json.loads(SOURCE.read_text())["examples"].items()
    for number, example in enumerate(examples)
]

BY_INVITED = {"AcceptHandshake", "DeclineHandshake", "LeaveOrganization", "ListHandshakesForAccount"}
FREE = {"JoinedMethod", "State", "Type"}
"""Values that depend on who is there: whether an account was invited, whom a party is, how far it got."""
LEFT_OUT = {
    ("ListCreateAccountStatus", 1): "accounts are created at once: none is in progress",
    ("UpdatePolicy", 1): "shows a name and a description; AWS was seen to show what the request gave alone",
}


class Stage:
    """An organization in which each example can be played."""

    def __init__(self, start: Start, operation: str) -> None:
        self.emulator: Emulator = start(feature_set=self._feature_set(operation), created=3)
        self.management = self.emulator.client("organizations", self.emulator.management)
        if operation == "CreateOrganization":
            self.caller = "888888888888"
            return
        self.root = self.management.list_roots()["Roots"][0]["Id"]
        self.caller = self.emulator.management
        if operation == "EnableAllFeatures":
            return
        self.unit = self._unit(self.root, "Accounting")
        self.inner = self._unit(self.unit, "Inner")
        self.account = self.emulator.created[0]
        self.policy = ""
        if self.emulator.feature_set == "ALL":
            self._fill(operation)
        if operation == "LeaveOrganization":
            self.caller = self.emulator.invited[0]
        elif operation in BY_INVITED:
            self.caller = self.guest

    def parameters(self, example: dict[str, Any]) -> dict[str, Any]:
        """The example's input, with this organization's ids."""
        given = {key: self._own(key, value) for key, value in (example.get("input") or {}).items()}
        if "Content" in given:  # botocore writes it with backslashes that belong to a string of JSON
            given["Content"] = given["Content"].replace('\\"', '"')
        return given

    def _own(self, key: str, value: Any) -> Any:
        own = {
            "AccountId": "account",
            "ChildId": "account",
            "ParentId": "unit",
            "SourceParentId": "root",
            "DestinationParentId": "inner",
            "OrganizationalUnitId": "inner",
            "RootId": "root",
            "HandshakeId": "handshake",
            "CreateAccountRequestId": "request",
        }
        if key == "PolicyId":
            return value if value == "p-FullAWSAccess" else self.policy
        if key == "TargetId":
            return self.unit if value.startswith("ou-") else self.account
        return getattr(self, own[key]) if key in own else value

    def _feature_set(self, operation: str) -> str:
        return "CONSOLIDATED_BILLING" if operation == "EnableAllFeatures" else "ALL"

    def _unit(self, parent_id: str, name: str) -> str:
        made = self.management.create_organizational_unit(ParentId=parent_id, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def _fill(self, operation: str) -> None:
        status = self.management.create_account(AccountName="New", Email="new@example.com")
        self.request = status["CreateAccountStatus"]["Id"]
        self.policy = self.management.create_policy(
            Name="Own", Description="", Type="SERVICE_CONTROL_POLICY", Content=STATEMENTS
        )["Policy"]["PolicySummary"]["Id"]
        for account_id in self.emulator.created[1:3]:
            self._move(account_id, self.unit)
        if operation == "ListParents":
            self._move(self.account, self.unit)
        if operation in ("DetachPolicy", "ListPoliciesForTarget"):
            for target in (self.unit, self.account):
                self.management.attach_policy(PolicyId=self.policy, TargetId=target)
        if operation == "EnablePolicyType":
            self.management.disable_policy_type(RootId=self.root, PolicyType="SERVICE_CONTROL_POLICY")
        if "Handshake" in operation:
            self.guest = self.emulator.invite()
            theirs = self.emulator.client("organizations", self.guest)
            self.handshake = theirs.list_handshakes_for_account()["Handshakes"][0]["Id"]

    def _move(self, account_id: str, unit: str) -> None:
        self.management.move_account(AccountId=account_id, SourceParentId=self.root, DestinationParentId=unit)


def check_like(shape: Shape, example: Any, answer: Any, where: str) -> None:
    """An answer has all that an example has."""
    if isinstance(shape, StructureShape):
        for key, each in example.items():
            assert key in answer, f"{where}.{key} is missing"
            check_like(shape.members[key], each, answer[key], f"{where}.{key}")
    elif isinstance(example, list):
        assert bool(example) == bool(answer), where
        for each, other in zip(example[:1], answer[:1], strict=True):
            check_like(getattr(shape, "member"), each, other, where)  # noqa: B009 - untyped
    elif isinstance(shape, StringShape) and shape.enum:
        if where.rpartition(".")[2] not in FREE:
            assert answer == example, where
        assert answer in shape.enum


@pytest.mark.parametrize(
    ("operation", "number", "example"), EXAMPLES, ids=[f"{name}-{number}" for name, number, _ in EXAMPLES]
)
def test_an_example_is_answered_as_it_says(
    start: Start, operation: str, number: int, example: dict[str, Any], tried: Tried
) -> None:
    stage = Stage(start, operation)
    client = checked(stage.emulator.client("organizations", stage.caller))
    answer = getattr(client, xform_name(operation))(**stage.parameters(example))
    shape = MODEL.operation_model(operation).output_shape
    if (operation, number) in LEFT_OUT:
        return
    tried("botocore", operation, str(number), of=len(EXAMPLES) - len(LEFT_OUT))
    if shape is not None and example.get("output"):
        check_like(shape, example["output"], answer, operation)


def test_omitted_fields_have_a_value() -> None:
    assert set(LEFT_OUT) <= {(operation, number) for operation, number, _ in EXAMPLES}
