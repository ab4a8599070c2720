"""Reads that show what was before a write, and writes that go by what is so."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Scenario, Switches, generate
from aws_org_emulator.operations.organizations import OrganizationsResponses
from aws_org_emulator.people.clients import Clients, isolated_session
from aws_org_emulator.state.read_lag import LAGGING_OPERATIONS, SEEN_ONE_BY_ONE
from tests.emulator.conftest import Start
from tests.emulator.helpers import content, handshakes, made_account, pages, refusal
from tests.emulator.model_check import checked

LAG = 60.0
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SCP, TAGS = "SERVICE_CONTROL_POLICY", "TAG_POLICY"
SERVICE, OUTSIDER = "ssm.amazonaws.com", "888888888888"

DELEGATES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "organizations:ListRoots", "Resource": "*"}
        ],
    }
)


class Stage:
    """An organization whose reads lag, with something to write to; all of it long known."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.management: Any = checked(emulator.client("organizations", emulator.management))
        self.outsider: Any = checked(emulator.client("organizations", OUTSIDER))
        self.root: str = self.management.list_roots()["Roots"][0]["Id"]
        self.unit = self.make_unit("known")
        self.policy = self.make_policy("known")
        self.first, self.second = emulator.created[:2]
        self.made = ""
        self.accounts_made = 0
        self.wait()

    def make_unit(self, name: str = "new") -> str:
        made = self.management.create_organizational_unit(ParentId=self.root, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def make_policy(self, name: str = "new") -> str:
        made = self.management.create_policy(Name=name, Description="", Type=SCP, Content=content(SCP))
        return str(made["Policy"]["PolicySummary"]["Id"])

    def make_account(self) -> str:
        self.accounts_made += 1
        return made_account(self.management, Email=f"new{self.accounts_made}@example.com", AccountName="new")

    def join(self) -> str:
        self.emulator.join(self.emulator.invite(OUTSIDER))
        return OUTSIDER

    def move(self) -> None:
        places = {"SourceParentId": self.root, "DestinationParentId": self.unit}
        self.management.move_account(AccountId=self.first, **places)

    def attach(self) -> None:
        self.management.attach_policy(PolicyId=self.policy, TargetId=self.first)

    def delegate(self) -> None:
        self.management.enable_aws_service_access(ServicePrincipal=SERVICE)
        self.management.register_delegated_administrator(AccountId=self.first, ServicePrincipal=SERVICE)

    def tag(self) -> None:
        self.management.tag_resource(ResourceId=self.policy, Tags=[{"Key": "a", "Value": "b"}])

    def children(self) -> int:
        found = pages(self.management.list_children, "Children", ParentId=self.root, ChildType="ACCOUNT")
        return sum(map(len, found))

    def wait(self) -> None:
        self.emulator.clock.advance(seconds=LAG)


@pytest.fixture
def it(start: Start) -> Stage:
    return Stage(start(Switches(read_lag=LAG), feature_set="ALL", start=NOW))


class Case(NamedTuple):
    """A write, a read that it changes, and what the read shows before and after; errors by their codes.

    Parameters of the read are the stage's own names, or values. A write that answers an id leaves it in
    the stage as `made`.
    """

    write: Callable[[Stage], Any]
    operation: str
    parameters: dict[str, str]
    pick: Callable[[Stage, Any], Any]
    before: Any
    after: Any


def known(key: str, field: str = "Id") -> Callable[[Stage, Any], list[str]]:
    """Picks which of what the stage knows is in a list."""

    def pick(it: Stage, answer: Any) -> list[str]:
        listed = {each[field] for each in answer[key]}
        return [name for name in ("first", "second", "unit", "policy", "made") if getattr(it, name) in listed]

    return pick


CASES = {
    "account made": Case(
        Stage.make_account,
        "ListAccounts",
        {},
        known("Accounts"),
        ["first", "second"],
        ["first", "second", "made"],
    ),
    "account joined": Case(
        Stage.join, "ListAccounts", {}, known("Accounts"), ["first", "second"], ["first", "second", "made"]
    ),
    "account removed": Case(
        lambda it: it.emulator.remove_account(it.first),
        "ListAccounts",
        {},
        known("Accounts"),
        ["first", "second"],
        ["second"],
    ),
    "account suspended": Case(
        lambda it: it.emulator.set_account_state(it.first, "SUSPENDED"),
        "ListAccounts",
        {},
        lambda _, answer: answer["Accounts"][4]["State"],
        "ACTIVE",
        "SUSPENDED",
    ),
    "account closed": Case(
        lambda it: it.management.close_account(AccountId=it.first),
        "DescribeAccount",
        {"AccountId": "first"},
        lambda _, answer: answer["Account"]["State"],
        "ACTIVE",
        "PENDING_CLOSURE",
    ),
    "account that isn't shown yet": Case(
        Stage.make_account,
        "DescribeAccount",
        {"AccountId": "555555555555"},
        lambda _, answer: answer["Account"]["Name"],
        "AccountNotFoundException",
        "new",
    ),
    "account moved": Case(
        Stage.move, "ListAccountsForParent", {"ParentId": "unit"}, known("Accounts"), [], ["first"]
    ),
    "child moved": Case(
        Stage.move,
        "ListChildren",
        {"ParentId": "unit", "ChildType": "ACCOUNT"},
        known("Children"),
        [],
        ["first"],
    ),
    "parent of who moved": Case(
        Stage.move, "ListParents", {"ChildId": "first"}, known("Parents"), [], ["unit"]
    ),
    "parent of who isn't shown yet": Case(
        Stage.make_account,
        "ListParents",
        {"ChildId": "555555555555"},
        lambda _, answer: len(answer["Parents"]),
        "ChildNotFoundException",
        1,
    ),
    "administrator": Case(
        Stage.delegate,
        "ListDelegatedAdministrators",
        {},
        known("DelegatedAdministrators"),
        [],
        ["first"],
    ),
    "administrator's services": Case(
        Stage.delegate,
        "ListDelegatedServicesForAccount",
        {"AccountId": "first"},
        lambda _, answer: len(answer["DelegatedServices"]),
        "AccountNotRegisteredException",
        1,
    ),
    "policy type": Case(
        lambda it: it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS),
        "ListRoots",
        {},
        lambda _, answer: [each["Type"] for each in answer["Roots"][0]["PolicyTypes"]],
        [SCP],
        [SCP, TAGS],
    ),
    "policy made": Case(
        Stage.make_policy, "ListPolicies", {"Filter": SCP}, known("Policies"), ["policy"], ["policy", "made"]
    ),
    "policy rewritten": Case(
        lambda it: it.management.update_policy(PolicyId=it.policy, Description="other"),
        "DescribePolicy",
        {"PolicyId": "policy"},
        lambda _, answer: answer["Policy"]["PolicySummary"]["Description"],
        "",
        "other",
    ),
    "policy attached": Case(
        Stage.attach,
        "ListPoliciesForTarget",
        {"TargetId": "first", "Filter": SCP},
        known("Policies"),
        [],
        ["policy"],
    ),
    "target attached to": Case(
        Stage.attach,
        "ListTargetsForPolicy",
        {"PolicyId": "policy"},
        known("Targets", "TargetId"),
        [],
        ["first"],
    ),
    "policy in effect": Case(
        lambda it: it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS),
        "DescribeEffectivePolicy",
        {"PolicyType": TAGS, "TargetId": "first"},
        lambda _, answer: answer["EffectivePolicy"]["PolicyContent"],
        "EffectivePolicyNotFoundException",
        "{}",
    ),
    "errors of a policy in effect": Case(
        lambda it: it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS),
        "ListEffectivePolicyValidationErrors",
        {"PolicyType": TAGS, "AccountId": "first"},
        lambda _, answer: answer["EffectivePolicyValidationErrors"],
        "EffectivePolicyNotFoundException",
        [],
    ),
    "accounts with an invalid policy in effect": Case(
        lambda it: it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS),
        "ListAccountsWithInvalidEffectivePolicy",
        {"PolicyType": TAGS},
        lambda _, answer: answer["Accounts"],
        "EffectivePolicyNotFoundException",
        [],
    ),
    "resource policy": Case(
        lambda it: it.management.put_resource_policy(Content=DELEGATES),
        "DescribeResourcePolicy",
        {},
        lambda _, answer: "ListRoots" in answer["ResourcePolicy"]["Content"],
        "ResourcePolicyNotFoundException",
        after=True,
    ),
    "unit made": Case(
        Stage.make_unit,
        "ListOrganizationalUnitsForParent",
        {"ParentId": "root"},
        known("OrganizationalUnits"),
        ["unit"],
        ["unit", "made"],
    ),
    "unit renamed": Case(
        lambda it: it.management.update_organizational_unit(OrganizationalUnitId=it.unit, Name="new"),
        "DescribeOrganizationalUnit",
        {"OrganizationalUnitId": "unit"},
        lambda _, answer: answer["OrganizationalUnit"]["Name"],
        "known",
        "new",
    ),
    "tag": Case(
        Stage.tag,
        "ListTagsForResource",
        {"ResourceId": "policy"},
        lambda _, answer: answer["Tags"],
        [],
        [{"Key": "a", "Value": "b"}],
    ),
    "trusted service": Case(
        lambda it: it.management.enable_aws_service_access(ServicePrincipal=SERVICE),
        "ListAWSServiceAccessForOrganization",
        {},
        lambda _, answer: len(answer["EnabledServicePrincipals"]),
        0,
        1,
    ),
}


def observe(it: Stage, case: Case, client: Any) -> Any:
    parameters = {name: getattr(it, value, value) for name, value in case.parameters.items()}
    try:
        return case.pick(it, getattr(client, xform_name(case.operation))(**parameters))
    except ClientError as error:
        return error.response["Error"]["Code"]


@pytest.mark.parametrize("name", CASES)
def test_a_read_shows_what_was_before_the_write(it: Stage, name: str) -> None:
    case = CASES[name]
    made = case.write(it)
    it.made = made if isinstance(made, str) else ""
    it.emulator.clock.advance(seconds=LAG / 2)
    assert observe(it, case, it.management) == case.before
    acting = Clients(it.emulator.endpoint, by_people=True)
    assert observe(it, case, acting.get("organizations", it.emulator.management)) == case.after
    acting.close()
    it.emulator.clock.advance(seconds=LAG / 2)
    assert observe(it, case, it.management) == case.after


def test_every_operation_that_lags_has_a_case_and_every_other_read_a_reason() -> None:
    seen = {case.operation for case in CASES.values()} | {"DescribeOrganization"}  # it has tests of its own
    assert seen == LAGGING_OPERATIONS
    model = isolated_session().get_service_model("organizations")
    reads = {name for name in model.operation_names if name.startswith(("Describe", "List"))}
    emulated = {name for name in reads if hasattr(OrganizationsResponses, xform_name(name))}
    of_handshakes = {name for name in emulated if "Handshake" in name}
    by_request = {"DescribeCreateAccountStatus", "ListCreateAccountStatus"}
    of_transfers = {name for name in emulated if "ResponsibilityTransfer" in name}  # nothing is known of them
    assert emulated == LAGGING_OPERATIONS | of_handshakes | by_request | of_transfers


def test_an_organization_is_seen_late_and_by_its_members_alike(it: Stage) -> None:
    def seen() -> str:
        return str(it.outsider.describe_organization()["Organization"]["MasterAccountId"])

    it.outsider.create_organization(FeatureSet="ALL")
    assert refusal(it.outsider.describe_organization).code == "AWSOrganizationsNotInUseException"
    it.wait()
    assert seen() == OUTSIDER
    it.management.update_policy(PolicyId=it.policy, Description="other")
    assert seen() == OUTSIDER


def test_the_feature_set_and_handshakes_are_seen_late(start: Start) -> None:
    emulator = start(Switches(read_lag=LAG), invited=1)
    management, owner = (
        checked(emulator.client("organizations", each)) for each in (emulator.management, emulator.invited[0])
    )
    parent_id = management.enable_all_features()["Handshake"]["Id"]

    def seen() -> tuple[list[str], list[str], list[tuple[str, int]]]:
        sent = handshakes(management.list_handshakes_for_organization)
        received = handshakes(owner.list_handshakes_for_account)
        described = [each.describe_organization()["Organization"] for each in (management, owner)]
        return (
            [each["State"] for each in sent],
            [each["State"] for each in received],
            [(each["FeatureSet"], len(each["AvailablePolicyTypes"])) for each in described],
        )

    before, after = [("CONSOLIDATED_BILLING", 0)] * 2, [("ALL", 1)] * 2
    assert seen() == ([], [], before)
    unseen = refusal(management.describe_handshake, HandshakeId=parent_id)
    assert unseen.code == "HandshakeNotFoundException"
    emulator.clock.advance(seconds=LAG)
    assert seen() == (["REQUESTED", "OPEN"], ["OPEN"], before)
    emulator.approve_all()
    accepted = management.accept_handshake(HandshakeId=parent_id)["Handshake"]
    assert accepted["State"] == "ACCEPTED"
    assert seen() == (["REQUESTED", "OPEN"], ["OPEN"], before)
    emulator.clock.advance(seconds=LAG)
    assert seen() == (["ACCEPTED", "ACCEPTED"], ["ACCEPTED"], after)


def test_acts_see_at_once_what_is_so(start: Start) -> None:
    emulator = start(Switches(read_lag=LAG))
    emulator.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


def test_writes_use_the_current_state_even_if_reads_lag(it: Stage) -> None:
    policy, unit, account = it.make_policy(), it.make_unit(), it.make_account()
    again = {"Name": "new", "Description": "", "Type": SCP, "Content": content(SCP)}
    assert refusal(it.management.create_policy, **again).code == "DuplicatePolicyException"
    it.management.attach_policy(PolicyId=policy, TargetId=unit)
    attached = refusal(it.management.attach_policy, PolicyId=policy, TargetId=unit)
    assert attached.code == "DuplicatePolicyAttachmentException"
    it.management.move_account(AccountId=account, SourceParentId=it.root, DestinationParentId=unit)
    root = it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS)["Root"]
    assert [each["Type"] for each in root["PolicyTypes"]] == [SCP, TAGS]
    it.management.remove_account_from_organization(AccountId=account)
    gone = refusal(it.management.remove_account_from_organization, AccountId=account)
    assert gone.code == "AccountNotFoundException"
    refused = refusal(checked(it.emulator.client("organizations", account)).describe_organization)
    assert refused.code == "AWSOrganizationsNotInUseException"


def test_each_write_is_seen_in_its_turn(it: Stage) -> None:
    before = it.children()
    for _ in range(3):
        it.make_account()
        it.emulator.clock.advance(seconds=LAG / 6)
    seen = []
    for _ in range(4):
        seen.append(it.children() - before)
        it.emulator.clock.advance(seconds=LAG / 6)
    it.wait()
    assert [*seen, it.children() - before] == [0, 0, 0, 1, 3]


def test_the_progress_of_a_creation_is_shown_at_once(it: Stage) -> None:
    status = it.management.create_account(Email="new@example.com", AccountName="new")["CreateAccountStatus"]
    asked = it.management.describe_create_account_status(CreateAccountRequestId=status["Id"])
    assert asked["CreateAccountStatus"]["State"] == "SUCCEEDED"


def test_changes_by_the_clock_lag_from_when_they_were_due(it: Stage) -> None:
    def seen() -> str:
        return str(it.management.describe_account(AccountId=it.first)["Account"]["State"])

    it.management.close_account(AccountId=it.first)
    it.emulator.clock.advance(seconds=300 + LAG / 2)
    assert seen() == "PENDING_CLOSURE"
    it.emulator.clock.advance(seconds=LAG / 2)
    assert seen() == "CLOSED"
    it.emulator.clock.advance(days=90, seconds=LAG)
    assert refusal(seen).code == "AccountNotFoundException"


def test_a_request_that_lapsed_long_ago_is_seen_so(start: Start) -> None:
    emulator = start(Switches(read_lag=LAG))
    management = checked(emulator.client("organizations", emulator.management))
    emulator.enable_all_features()
    emulator.invite()

    def seen() -> set[str]:
        return {each["State"] for each in handshakes(management.list_handshakes_for_organization)}

    emulator.clock.advance(days=15, seconds=LAG / 2)
    assert seen() == {"REQUESTED", "OPEN"}
    emulator.clock.advance(days=75, seconds=LAG / 2)
    assert seen() == {"EXPIRED"}


def test_a_change_that_reading_ends_is_pending_until_readers_saw_it(start: Start) -> None:
    switches = Switches(read_lag=LAG, policy_type_changes="read")
    it = Stage(start(switches, feature_set="ALL", start=NOW))

    def seen() -> dict[str, str]:
        found = it.management.list_roots()["Roots"][0]["PolicyTypes"]
        return {each["Type"]: each["Status"] for each in found}

    it.management.enable_policy_type(RootId=it.root, PolicyType=TAGS)
    assert [seen(), seen()] == [{SCP: "ENABLED"}] * 2
    it.wait()
    assert [seen(), seen()] == [{SCP: "ENABLED", TAGS: "PENDING_ENABLE"}] * 2
    it.wait()
    assert seen() == {SCP: "ENABLED", TAGS: "ENABLED"}


# What it costs


def test_nothing_is_kept_where_nothing_lags(start: Start) -> None:
    emulator = start(feature_set="ALL")
    emulator.client("organizations", emulator.management).create_account(
        Email="a@example.com", AccountName="a"
    )
    assert len(emulator._shared.read_lag) == 0


def test_a_thousand_accounts_and_many_writes_keep_a_bounded_number_of_states() -> None:
    scenario = generate(1000).varied(feature_set="ALL", read_lag=LAG)
    writes = 160
    with Emulator(scenario) as emulator:
        it = Stage(emulator)
        seen = []
        for number in range(writes):
            it.make_account()
            emulator.clock.advance(seconds=LAG / 80)
            if number % 10 == 0:
                seen.append(it.children())
            assert len(emulator._shared.read_lag) <= 3 * SEEN_ONE_BY_ONE
        assert seen == sorted(seen)
        assert seen[0] == 1000 < seen[-1] < 1000 + writes
        it.wait()
        assert it.children() == 1000 + writes
        it.make_unit()
        assert len(emulator._shared.read_lag) == 2


def test_approvals_change_nothing_that_is_kept() -> None:
    with Emulator(Scenario(invited=100, switches=Switches(read_lag=LAG))) as emulator:
        emulator.enable_all_features()
        emulator.approve_all()
        assert len(emulator._shared.read_lag) == 1


def test_policies_that_hang_together_in_a_long_chain_are_kept(start: Start) -> None:
    emulator = start(Switches(read_lag=LAG), feature_set="ALL", invited=0, created=200, start=NOW)
    it = Stage(emulator)
    before = it.make_policy("0")
    for number, account_id in enumerate(emulator.created, 1):
        policy = it.make_policy(str(number))
        for each in (before, policy):
            it.management.attach_policy(PolicyId=each, TargetId=account_id)
        it.management.detach_policy(PolicyId="p-FullAWSAccess", TargetId=account_id)
        before = policy
    it.wait()
    it.make_unit()
    (target, _) = it.management.list_targets_for_policy(PolicyId=before)["Targets"] * 2
    assert target["TargetId"] == emulator.created[-1]
