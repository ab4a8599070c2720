"""Policy types and policies: what the feature set allows, and what changing a type brings about."""

from typing import Any

import pytest

from aws_org_emulator import Emulator, Switches
from aws_org_emulator.organization.policies import SERVICES
from aws_org_emulator.scenario.policy_types import known_types
from tests.emulator.conftest import Start
from tests.emulator.helpers import content, refusal
from tests.emulator.model_check import checked

SCP, TAGS = "SERVICE_CONTROL_POLICY", "TAG_POLICY"
FULL_ACCESS = "p-FullAWSAccess"


UNAVAILABLE = ("PolicyTypeNotAvailableForOrganizationException", None)
NO_TYPE = ("InvalidInputException", "INVALID_ENUM:POLICY_TYPE")
NO_FILTER = ("InvalidInputException", "INVALID_ENUM:FILTER")


class Root:
    """The management account's client, and the root."""

    def __init__(self, emulator: Emulator) -> None:
        self.client = checked(emulator.client("organizations", emulator.management))
        self.id = self.client.list_roots()["Roots"][0]["Id"]

    def types(self) -> dict[str, str]:
        found = self.client.list_roots()["Roots"][0]["PolicyTypes"]
        return {each["Type"]: each["Status"] for each in found}

    def enable(self, policy_type: str) -> dict[str, str]:
        answer = self.client.enable_policy_type(RootId=self.id, PolicyType=policy_type)
        return {each["Type"]: each["Status"] for each in answer["Root"]["PolicyTypes"]}

    def disable(self, policy_type: str) -> dict[str, str]:
        answer = self.client.disable_policy_type(RootId=self.id, PolicyType=policy_type)
        return {each["Type"]: each["Status"] for each in answer["Root"]["PolicyTypes"]}

    def create(self, policy_type: str, name: str = "some") -> str:
        says = content(policy_type)
        answer = self.client.create_policy(Name=name, Description="", Type=policy_type, Content=says)
        return str(answer["Policy"]["PolicySummary"]["Id"])

    def attached(self, policy_type: str, target_id: str) -> list[str]:
        page = self.client.list_policies_for_target(TargetId=target_id, Filter=policy_type)
        return [each["Id"] for each in page["Policies"]]

    def refused(self, call: str, **values: Any) -> tuple[str, str | None]:
        return refusal(getattr(self.client, call), **values)[:2]


def all_features(start: Start, how: Any = "at_once") -> Root:
    return Root(start(Switches(policy_type_changes=how), feature_set="ALL"))


def test_consolidated_billing_has_no_policy_types(emulator: Emulator) -> None:
    root = Root(emulator)
    assert root.types() == {}
    policy = {"Name": "some", "Description": ""}
    for policy_type in sorted(known_types()):
        assert root.refused("enable_policy_type", RootId=root.id, PolicyType=policy_type) == UNAVAILABLE
        made = {"Type": policy_type, "Content": content(policy_type), **policy}
        assert root.refused("create_policy", **made) == UNAVAILABLE
    assert root.attached(SCP, root.id) == root.attached(SCP, emulator.created[0]) == []
    attach = {"PolicyId": FULL_ACCESS, "TargetId": root.id}
    assert root.refused("attach_policy", **attach) == ("PolicyTypeNotEnabledException", None)


def test_migrating_enables_no_type_by_itself(emulator: Emulator) -> None:
    emulator.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    root = Root(emulator)
    assert root.types() == {}
    assert root.attached(SCP, emulator.created[0]) == []
    assert root.enable(SCP) == {SCP: "ENABLED"}
    for target in (root.id, emulator.management, *emulator.invited, *emulator.created):
        assert root.attached(SCP, target) == [FULL_ACCESS]


def test_an_organization_made_with_all_features_has_service_control_policies(start: Start) -> None:
    emulator = start(feature_set="ALL")
    root = Root(emulator)
    assert root.types() == {SCP: "ENABLED"}
    unit = root.client.create_organizational_unit(ParentId=root.id, Name="unit")["OrganizationalUnit"]["Id"]
    for target in (root.id, unit, emulator.management, emulator.created[0]):
        assert root.attached(SCP, target) == [FULL_ACCESS]
        assert root.attached("RESOURCE_CONTROL_POLICY", target) == []


@pytest.mark.parametrize("policy_type", sorted(known_types()))
def test_every_type_that_botocore_knows_can_be_used(start: Start, policy_type: str) -> None:
    root = all_features(start)
    service = SERVICES.get(policy_type)
    if service is not None:
        enabling = {"RootId": root.id, "PolicyType": policy_type}
        untrusted = ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
        assert root.refused("enable_policy_type", **enabling) == untrusted
        root.client.enable_aws_service_access(ServicePrincipal=service)
    if policy_type != SCP:
        assert root.enable(policy_type) == {SCP: "ENABLED", policy_type: "ENABLED"}
    policy_id = root.create(policy_type)
    root.client.attach_policy(PolicyId=policy_id, TargetId=root.id)
    assert policy_id in root.attached(policy_type, root.id)
    listed = root.client.list_policies(Filter=policy_type)["Policies"]
    assert f"/{policy_type.lower()}/" in next(each["Arn"] for each in listed if each["Id"] == policy_id)
    if service is not None:
        error = root.refused("disable_aws_service_access", ServicePrincipal=service)
        assert error == ("ConstraintViolationException", "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE")


@pytest.mark.parametrize("policy_type", sorted(known_types() - {SCP, TAGS}))
def test_a_type_that_is_not_offered_is_as_if_there_were_none_of_it(start: Start, policy_type: str) -> None:
    root = Root(start(feature_set="ALL", policy_types=(SCP, TAGS)))
    change = {"RootId": root.id, "PolicyType": policy_type}
    assert root.refused("enable_policy_type", **change) == UNAVAILABLE
    assert root.refused("disable_policy_type", **change) == ("PolicyTypeNotEnabledException", None)
    policy = {"Name": "some", "Description": "", "Content": content(policy_type), "Type": policy_type}
    assert root.refused("create_policy", **policy) == UNAVAILABLE
    assert root.client.list_policies(Filter=policy_type)["Policies"] == []
    assert root.attached(policy_type, root.id) == []
    assert root.enable(TAGS) == {SCP: "ENABLED", TAGS: "ENABLED"}
    assert root.refused("enable_policy_type", RootId=root.id, PolicyType="NONE") == NO_TYPE


@pytest.mark.parametrize("feature_set", ["ALL", "CONSOLIDATED_BILLING"])
def test_an_organization_that_offers_one_type_has_nothing_of_the_others(
    start: Start, feature_set: str
) -> None:
    emulator = start(feature_set=feature_set, policy_types=(TAGS,))
    if feature_set != "ALL":
        emulator.enable_all_features()
        emulator.approve_all()
        emulator.finalize()
    root = Root(emulator)
    assert root.types() == {}
    assert root.client.describe_organization()["Organization"]["AvailablePolicyTypes"] == []
    unit = root.client.create_organizational_unit(ParentId=root.id, Name="unit")["OrganizationalUnit"]["Id"]
    for target in (root.id, unit, emulator.management, emulator.created[0]):
        assert root.attached(SCP, target) == []
    emulator.snapshot()
    assert root.enable(TAGS) == {TAGS: "ENABLED"}
    emulator.restore()
    assert root.refused("enable_policy_type", RootId=root.id, PolicyType=SCP) == UNAVAILABLE


def test_service_access_needs_all_features(emulator: Emulator) -> None:
    error = Root(emulator).refused("enable_aws_service_access", ServicePrincipal="sso.amazonaws.com")
    assert error == ("ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")


def test_disabling_detaches_and_enabling_again_brings_back_full_access_alone(start: Start) -> None:
    emulator = start(feature_set="ALL")
    root, target = Root(emulator), emulator.created[0]
    own = root.create(SCP)
    root.client.attach_policy(PolicyId=own, TargetId=target)
    assert root.attached(SCP, target) == [FULL_ACCESS, own]
    assert root.disable(SCP) == {}
    assert root.attached(SCP, target) == root.attached(SCP, root.id) == []
    assert root.client.list_targets_for_policy(PolicyId=own)["Targets"] == []
    assert root.enable(SCP) == {SCP: "ENABLED"}
    assert root.attached(SCP, target) == root.attached(SCP, root.id) == [FULL_ACCESS]


@pytest.mark.parametrize("how", ["clock", "read"])
def test_changes_are_pending_first_and_exclude_one_another(start: Start, how: Any) -> None:
    emulator = start(Switches(policy_type_changes=how), feature_set="ALL")
    root = Root(emulator)
    policy_id = root.create(TAGS)
    busy = ("PolicyChangesInProgressException", None)
    for change, pending, done in (
        (root.enable, "PENDING_ENABLE", {SCP: "ENABLED", TAGS: "ENABLED"}),
        (root.disable, "PENDING_DISABLE", {SCP: "ENABLED"}),
    ):
        assert change(TAGS) == {SCP: "ENABLED", TAGS: pending}
        other = {"RootId": root.id, "PolicyType": "BACKUP_POLICY"}
        assert root.refused("enable_policy_type", **other) == busy
        assert root.refused("disable_policy_type", RootId=root.id, PolicyType=SCP) == busy
        attach = {"PolicyId": policy_id, "TargetId": root.id}
        assert root.refused("attach_policy", **attach) == busy
        assert root.types()[TAGS] == pending
        if how == "clock":
            emulator.clock.advance(seconds=30)
        assert root.types() == done


@pytest.mark.parametrize(
    ("call", "values", "error"),
    [
        ("enable_policy_type", {"PolicyType": SCP}, ("PolicyTypeAlreadyEnabledException", None)),
        ("enable_policy_type", {"PolicyType": "NONE"}, NO_TYPE),
        ("enable_policy_type", {"RootId": "r-none", "PolicyType": SCP}, ("RootNotFoundException", None)),
        ("disable_policy_type", {"PolicyType": TAGS}, ("PolicyTypeNotEnabledException", None)),
        ("disable_policy_type", {"PolicyType": "NO"}, NO_TYPE),
        ("disable_policy_type", {"RootId": "r-none", "PolicyType": SCP}, ("RootNotFoundException", None)),
    ],
)
def test_the_refusals_of_changing_a_type(start: Start, call: str, values: dict[str, str], error: Any) -> None:
    root = all_features(start)
    assert root.refused(call, **{"RootId": root.id, **values}) == error


def test_the_refusals_of_attaching_and_detaching(start: Start) -> None:
    root = all_features(start)
    full, own = {"PolicyId": FULL_ACCESS, "TargetId": root.id}, root.create(SCP)
    last = ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    assert root.refused("attach_policy", **full) == ("DuplicatePolicyAttachmentException", None)
    assert root.refused("detach_policy", **full) == last
    error = root.refused("detach_policy", PolicyId=own, TargetId=root.id)
    assert error == ("PolicyNotAttachedException", None)
    root.client.attach_policy(PolicyId=own, TargetId=root.id)
    root.client.detach_policy(**full)
    assert root.attached(SCP, root.id) == [own]
    tags = root.create(TAGS, "tags")
    error = root.refused("attach_policy", PolicyId=tags, TargetId=root.id)
    assert error == ("PolicyTypeNotEnabledException", None)


@pytest.mark.parametrize(
    ("call", "values", "error"),
    [
        ("list_policies", {}, NO_FILTER),
        (
            "list_policies_for_target",
            {"TargetId": "r-none"},
            NO_FILTER,
        ),
        (
            "list_policies_for_target",
            {"TargetId": "r-none", "Filter": SCP},
            ("TargetNotFoundException", None),
        ),
    ],
)
def test_the_refusals_of_lists_of_policies(
    start: Start, call: str, values: dict[str, str], error: Any
) -> None:
    assert all_features(start).refused(call, **{"Filter": "NONE", **values}) == error


def test_a_delegated_administrator_changes_types_too(start: Start) -> None:
    emulator = start(feature_set="ALL")
    root, member = Root(emulator), emulator.created[0]
    service = {"ServicePrincipal": "guardduty.amazonaws.com"}
    root.client.enable_aws_service_access(**service)
    root.client.register_delegated_administrator(AccountId=member, **service)
    theirs = checked(emulator.client("organizations", member))
    theirs.enable_policy_type(RootId=root.id, PolicyType=TAGS)
    assert root.types() == {SCP: "ENABLED", TAGS: "ENABLED"}


def test_policies_can_be_tagged(start: Start) -> None:
    emulator = start(feature_set="ALL")
    policy_id, tags = Root(emulator).create(SCP), [{"Key": "owner", "Value": "somebody"}]
    client = emulator.client("organizations", emulator.management)
    client.tag_resource(ResourceId=policy_id, Tags=tags)
    assert client.list_tags_for_resource(ResourceId=policy_id)["Tags"] == tags
