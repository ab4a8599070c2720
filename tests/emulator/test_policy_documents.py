"""Contents, lengths and numbers of policies; and those that are in effect."""

import json
from typing import Any

import pytest

from aws_org_emulator.policy_documents.effective import effective
from aws_org_emulator.policy_documents.quotas import Quota, quota
from aws_org_emulator.scenario.policy_types import known_types
from tests.emulator.conftest import Start
from tests.emulator.helpers import content, refusal
from tests.emulator.model_check import checked

SCP, TAGS = "SERVICE_CONTROL_POLICY", "TAG_POLICY"
CONSTRAINT = "ConstraintViolationException"
MALFORMED = ("MalformedPolicyDocumentException", None)
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
CONTROL = "@@operators_allowed_for_child_policies"


class Policies:
    """The management account's client, and what it makes."""

    def __init__(self, start: Start, **fields: Any) -> None:
        self.emulator = start(feature_set="ALL", **fields)
        self.client: Any = checked(self.emulator.client("organizations", self.emulator.management))
        self.root: str = self.client.list_roots()["Roots"][0]["Id"]

    def make(self, says: str, policy_type: str = SCP, name: str = "made") -> str:
        made = self.client.create_policy(Name=name, Description="", Type=policy_type, Content=says)
        return str(made["Policy"]["PolicySummary"]["Id"])

    def refused(self, call: str, **values: Any) -> tuple[str, str | None]:
        return refusal(getattr(self.client, call), **values)[:2]


@pytest.fixture
def policies(start: Start) -> Policies:
    return Policies(start)


@pytest.mark.parametrize(
    ("policy_type", "says"),
    [
        *((each, wrong) for each in (SCP, TAGS, "BACKUP_POLICY") for wrong in ("not json", "[]", "1")),
        (SCP, "{}"),
        (SCP, json.dumps({"Statement": [{"Effect": "Perhaps", "Action": "*"}]})),
        (SCP, json.dumps({"Statement": [{"Effect": "Allow"}]})),
        (SCP, json.dumps({"Statement": [{**ALLOW, "NotAction": "*"}]})),
        (SCP, json.dumps({"Statement": [ALLOW], "tags": {}})),
        (SCP, '{"Statement": [], "Statement": []}'),
        (TAGS, json.dumps({"tags": {}, "plans": {}})),
        (TAGS, "{}"),
        (TAGS, '{"tags": {"a": {}, "a": {}}}'),
        (TAGS, json.dumps({"tags": {"a": {"tag_value": {"@@replace": ["x"]}}}})),
        *(
            (TAGS, json.dumps({"tags": {CONTROL: allowed}}))
            for allowed in ([], ["@@none", "@@all"], ["@@none", "@@assign"], ["assign"], "@@all")
        ),
        ("BACKUP_POLICY", '{"tags": {}}'),
        (TAGS, '{"tags": 5}'),
        *((each, '{"tags": ' + "[" * 3000 + "]" * 3000 + "}") for each in (SCP, TAGS, "S3_POLICY")),
    ],
)
def test_an_invalid_policy_is_neither_created_nor_updated(
    policies: Policies, policy_type: str, says: str
) -> None:
    policy_id = policies.make(content(policy_type), policy_type)
    made = {"Name": "other", "Description": "", "Type": policy_type, "Content": says}
    assert policies.refused("create_policy", **made) == MALFORMED
    assert policies.refused("update_policy", PolicyId=policy_id, Content=says) == MALFORMED
    kept = policies.client.describe_policy(PolicyId=policy_id)["Policy"]["Content"]
    assert kept == content(policy_type)


@pytest.mark.parametrize("policy_type", sorted(known_types()))
def test_a_policy_has_so_many_characters_at_most(policies: Policies, policy_type: str) -> None:
    says = content(policy_type)
    longest = says + " " * (quota(policy_type).size - len(says))
    policy_id = policies.make(longest, policy_type)
    too_long = (CONSTRAINT, "POLICY_CONTENT_LIMIT_EXCEEDED")
    assert policies.refused("update_policy", PolicyId=policy_id, Content=longest + " ") == too_long
    made = {"Name": "other", "Description": "", "Type": policy_type, "Content": longest + " "}
    assert policies.refused("create_policy", **made) == too_long


def test_limits_are_those_of_the_user_guide() -> None:
    found = {name: quota(name) for name in (SCP, "RESOURCE_CONTROL_POLICY", TAGS, "CHATBOT_POLICY")}
    assert found == {
        SCP: Quota(size=10_240, number=10_000, attached=10),
        "RESOURCE_CONTROL_POLICY": Quota(size=5120, number=2000, attached=5),
        TAGS: Quota(size=10_000, number=1000, attached=10),
        "CHATBOT_POLICY": Quota(size=10_000, number=1000, attached=5),
    }


@pytest.mark.parametrize(("policy_type", "most"), [(SCP, 9), ("RESOURCE_CONTROL_POLICY", 4)])
def test_so_many_of_a_type_are_attached_to_one_target(start: Start, policy_type: str, most: int) -> None:
    policies = Policies(start)
    if policy_type != SCP:
        policies.client.enable_policy_type(RootId=policies.root, PolicyType=policy_type)
    made = [policies.make(content(policy_type), policy_type, str(each)) for each in range(most + 1)]
    for policy_id in made[:most]:  # besides AWS's own
        policies.client.attach_policy(PolicyId=policy_id, TargetId=policies.root)
    refused = policies.refused("attach_policy", PolicyId=made[-1], TargetId=policies.root)
    assert refused == (CONSTRAINT, "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")


def test_so_many_of_a_type_are_there(policies: Policies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_org_emulator.organization.policies.quota", lambda _: Quota(number=2))
    for name in ("a", "b"):
        policies.make(content(SCP), name=name)
    made = {"Name": "c", "Description": "", "Type": SCP, "Content": content(SCP)}
    assert policies.refused("create_policy", **made) == (CONSTRAINT, "POLICY_NUMBER_LIMIT_EXCEEDED")


def test_a_name_is_one_policys_of_its_type(policies: Policies) -> None:
    policies.make(content(SCP))
    policies.make(content(TAGS), TAGS)
    other = policies.make(content(SCP), name="other")
    taken = ("DuplicatePolicyException", None)
    made = {"Name": "made", "Description": "", "Type": SCP, "Content": content(SCP)}
    assert policies.refused("create_policy", **made) == taken
    assert policies.refused("update_policy", PolicyId=other, Name="made") == taken
    policies.client.update_policy(PolicyId=other, Name="other")


def test_aws_own_policies_stay_as_they_are(policies: Policies) -> None:
    own = {"PolicyId": "p-FullAWSAccess"}
    immutable = ("InvalidInputException", "IMMUTABLE_POLICY")
    assert policies.refused("update_policy", **own, Name="mine") == immutable
    assert policies.refused("delete_policy", **own) == immutable


@pytest.mark.parametrize(
    ("call", "values", "error"),
    [
        ("describe_policy", {}, "PolicyNotFoundException"),
        ("update_policy", {}, "PolicyNotFoundException"),
        ("delete_policy", {}, "PolicyNotFoundException"),
        ("list_targets_for_policy", {}, "PolicyNotFoundException"),
        ("attach_policy", {"TargetId": "111111111111"}, "PolicyNotFoundException"),
        ("detach_policy", {"TargetId": "111111111111"}, "PolicyNotFoundException"),
        (
            "attach_policy",
            {"PolicyId": "p-FullAWSAccess", "TargetId": "999999999999"},
            "TargetNotFoundException",
        ),
    ],
)
def test_objects_that_dont_exist(policies: Policies, call: str, values: dict[str, str], error: str) -> None:
    assert policies.refused(call, **{"PolicyId": "p-0123456789", **values}) == (error, None)


def tag(**values: Any) -> str:
    return json.dumps({"tags": {"cost": values}})


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], {}),
        ([[tag(tag_value={"@@assign": ["a"]})]], {"tag_value": ["a"], "tag_key": "cost"}),
        (
            [[tag(tag_key={"@@assign": "Cost"}, tag_value={"@@assign": ["a"]})]],
            {"tag_key": "Cost", "tag_value": ["a"]},
        ),
        (
            [[tag(tag_value={"@@assign": ["a"]})], [tag(tag_value={"@@append": ["b", "a"]})]],
            {"tag_value": ["a", "b"], "tag_key": "cost"},
        ),
        (
            [[tag(tag_value={"@@assign": ["a", "b"]})], [], [tag(tag_value={"@@remove": ["a"]})]],
            {"tag_value": ["b"], "tag_key": "cost"},
        ),
        (
            [[tag(tag_value={"@@assign": ["a"]})], [tag(tag_value={"@@assign": ["b"]})]],
            {"tag_value": ["b"], "tag_key": "cost"},
        ),
        (
            [
                [tag(tag_value={"@@assign": ["a"], CONTROL: ["@@none"]})],
                [tag(tag_value={"@@assign": ["b"]})],
            ],
            {"tag_value": ["a"], "tag_key": "cost"},
        ),
        (
            [
                [tag(tag_value={"@@assign": ["a"], CONTROL: ["@@append"]})],
                [tag(tag_value={"@@append": ["b"]})],
                [tag(tag_value={"@@assign": ["c"]})],
            ],
            {"tag_value": ["a", "b"], "tag_key": "cost"},
        ),
        (
            [
                [tag(tag_value={"@@assign": ["a"], CONTROL: ["@@append"]})],
                [tag(tag_value={"@@append": ["b"], CONTROL: ["@@all"]})],
                [tag(tag_value={"@@assign": ["c"]})],
            ],
            {"tag_value": ["a", "b"], "tag_key": "cost"},
        ),
        (
            [
                [tag(**{CONTROL: ["@@none"], "tag_value": {"@@assign": ["a"]}})],
                [tag(tag_value={"@@assign": ["b"]})],
            ],
            {"tag_value": ["a"], "tag_key": "cost"},
        ),
    ],
)
def test_policies_are_merged_from_the_root_down(levels: list[list[str]], expected: dict[str, Any]) -> None:
    found = json.loads(effective(TAGS, levels))
    assert found == ({"tags": {"cost": expected}} if expected else {})


@pytest.mark.parametrize(
    "says", ['{"tags": {"@@assign": 5}}', '{"tags": {"a": 5, "b": null}}', '{"tags": {}}']
)
def test_a_policy_that_says_next_to_nothing_is_merged_too(says: str) -> None:
    assert json.loads(effective(TAGS, [[says], [tag(tag_value={"@@append": ["x"]})]]))


def test_the_effective_policy_follows_the_tree(policies: Policies) -> None:
    client, account_id = policies.client, policies.emulator.created[0]
    client.enable_policy_type(RootId=policies.root, PolicyType=TAGS)
    unit = client.create_organizational_unit(ParentId=policies.root, Name="unit")["OrganizationalUnit"]["Id"]
    for number, (target, says) in enumerate(
        ((policies.root, {"@@assign": ["a"]}), (unit, {"@@append": ["b"]}), (account_id, {"@@append": ["c"]}))
    ):
        policy_id = policies.make(tag(tag_value=says), TAGS, str(number))
        client.attach_policy(PolicyId=policy_id, TargetId=target)

    def values() -> Any:
        answer = client.describe_effective_policy(PolicyType=TAGS, TargetId=account_id)["EffectivePolicy"]
        return json.loads(answer["PolicyContent"])["tags"]["cost"]["tag_value"]

    assert values() == ["a", "c"]
    move = {"AccountId": account_id, "SourceParentId": policies.root, "DestinationParentId": unit}
    client.move_account(**move)
    assert values() == ["a", "b", "c"]


def test_members_may_ask_for_their_own_policy_and_delegates_for_anybodys(policies: Policies) -> None:
    client, emulator = policies.client, policies.emulator
    client.enable_policy_type(RootId=policies.root, PolicyType=TAGS)
    first, second = emulator.created
    member = checked(emulator.client("organizations", first))
    own = member.describe_effective_policy(PolicyType=TAGS)["EffectivePolicy"]
    assert (own["TargetId"], own["PolicyContent"]) == (first, "{}")
    error = refusal(member.describe_effective_policy, PolicyType=TAGS, TargetId=second)
    assert error.code == "AccessDeniedException"
    service = {"ServicePrincipal": "ssm.amazonaws.com"}
    client.enable_aws_service_access(**service)
    client.register_delegated_administrator(AccountId=first, **service)
    member.describe_effective_policy(PolicyType=TAGS, TargetId=second)
    assert member.list_accounts_with_invalid_effective_policy(PolicyType=TAGS)["Accounts"] == []
