"""The stand-in for pulumi-aws: what it decides without calling AWS."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.provider.experimental.property_value import PropertyValue

from tests.fake_pulumi_aws import functions, tags
from tests.fake_pulumi_aws.configuration import Configuration, Role, parse
from tests.fake_pulumi_aws.connection import Aws
from tests.fake_pulumi_aws.errors import Refused
from tests.fake_pulumi_aws.resource_types import resource_type
from tests.fake_pulumi_aws.schema import (
    DEFAULTS,
    Difference,
    check,
    difference,
    inputs_of,
    previewed,
    settled,
    without,
)
from tests.fake_pulumi_aws.values import UNKNOWN, is_known, plain, plain_values, wrapped, wrapped_values

if TYPE_CHECKING:
    from types_boto3_organizations import OrganizationsClient

    from tests.fake_pulumi_aws.values import Values

UNIT = resource_type("aws:organizations/organizationalUnit:OrganizationalUnit").schema
POLICY = resource_type("aws:organizations/policy:Policy").schema
ATTACHMENT = resource_type("aws:organizations/policyAttachment:PolicyAttachment").schema
ADMINISTRATOR = resource_type("aws:organizations/delegatedAdministrator:DelegatedAdministrator").schema
ORGANIZATION = resource_type("aws:organizations/organization:Organization").schema
FAKE_PULUMI_AWS = Path(__file__).parent.parent / "fake_pulumi_aws"
CONTENT = '{"Version": "2012-10-17"}'


# -- what is declared


def checked(schema: Any, news: Values, olds: Values | None = None) -> tuple[Values, dict[str, str]]:
    got = check(schema, "guard", b"seed", olds or {}, news)
    return got.inputs, got.problems


def test_defaults_are_filled_in_and_remembered_as_such() -> None:
    inputs, problems = checked(ORGANIZATION, {})

    assert problems == {}
    assert inputs == {"featureSet": "ALL", DEFAULTS: ["featureSet"]}


def test_a_name_that_nobody_declared_is_made_once() -> None:
    first, _ = checked(UNIT, {"parentId": "r-abcd"})
    again = check(UNIT, "guard", b"another seed", first, {"parentId": "r-abcd"}).inputs
    declared, _ = checked(UNIT, {"parentId": "r-abcd", "name": "Sandbox"})
    no_longer = check(UNIT, "guard", b"another seed", declared, {"parentId": "r-abcd"}).inputs

    assert first["name"].startswith("guard-")
    assert again["name"] == first["name"]
    assert no_longer["name"].startswith("guard-")


@pytest.mark.parametrize(
    ("schema", "news", "name", "told"),
    [
        (UNIT, {}, "parentId", "Missing required argument"),
        (UNIT, {"parentId": "o-abcd"}, "parentId", "invalid value for parent_id: o-abcd"),
        (UNIT, {"parentId": "r-abcd", "name": "a" * 129}, "name", "in the range (1 - 128)"),
        (
            UNIT,
            {"parentId": "r-abcd", "region": "eu-west-1"},
            "region",
            "the stand-in knows no region of aws:",
        ),
        (POLICY, {"content": "{"}, "content", "invalid JSON"),
        (POLICY, {"content": CONTENT, "type": "SCP"}, "type", "got SCP"),
        (
            ADMINISTRATOR,
            {"accountId": "2222", "servicePrincipal": "ram.amazonaws.com"},
            "accountId",
            "exactly 12 digits",
        ),
        (
            ADMINISTRATOR,
            {"accountId": "222222222222", "servicePrincipal": "a" * 129},
            "servicePrincipal",
            "128",
        ),
        (ORGANIZATION, {"featureSet": "SOME"}, "featureSet", "got SOME"),
        (ORGANIZATION, {"enabledPolicyTypes": ["TAG_POLICY", "TAGS"]}, "enabledPolicyTypes", "got TAGS"),
    ],
)
def test_wrong_inputs_are_named(schema: Any, news: Values, name: str, told: str) -> None:
    _, problems = checked(schema, news)

    assert told in problems.pop(name)
    assert problems == {}


def test_unknown_values_are_no_problem() -> None:
    assert checked(UNIT, {"parentId": UNKNOWN, "name": UNKNOWN})[1] == {}


def test_types_and_functions_that_it_does_not_know_are_refused() -> None:
    with pytest.raises(Refused, match="the stand-in knows no aws:iam/role:Role"):
        resource_type("aws:iam/role:Role")
    with pytest.raises(Refused, match="knows no aws:index/getRegion:getRegion"):
        functions.call(_nowhere(), "aws:index/getRegion:getRegion", {})
    with pytest.raises(Refused, match="knows no all of aws:organizations"):
        functions.call(_nowhere(), "aws:organizations/getOrganization:getOrganization", {"all": True})


def _nowhere() -> Aws:
    client: OrganizationsClient = None  # type: ignore[assignment]  # nothing should be called
    return Aws(client, "111111111111", {"owner": "platform"})


# -- what is different


@pytest.mark.parametrize(
    ("schema", "state", "news", "expected"),
    [
        (POLICY, {"content": CONTENT}, {"content": CONTENT.replace(" ", "")}, {}),
        (POLICY, {"content": CONTENT, "description": ""}, {"content": CONTENT}, {}),
        (POLICY, {"content": CONTENT}, {"content": "{}"}, {"content": False}),
        (POLICY, {"type": "TAG_POLICY"}, {"type": "BACKUP_POLICY"}, {"type": True}),
        (UNIT, {"parentId": "r-abcd"}, {"parentId": UNKNOWN}, {"parentId": True}),
        (UNIT, {"name": "a", "tags": {}}, {"name": "b"}, {"name": False}),
        (ATTACHMENT, {"skipDestroy": True}, {}, {"skipDestroy": False}),
        (ATTACHMENT, {"policyId": "p-1"}, {"policyId": "p-2"}, {"policyId": True}),
        (ADMINISTRATOR, {"accountId": "1" * 12}, {"accountId": "2" * 12}, {"accountId": True}),
        (
            ORGANIZATION,
            {"enabledPolicyTypes": ["TAG_POLICY", "BACKUP_POLICY"]},
            {"enabledPolicyTypes": ["BACKUP_POLICY", "TAG_POLICY"]},
            {},
        ),
        (ORGANIZATION, {"enabledPolicyTypes": ["TAG_POLICY"]}, {}, {"enabledPolicyTypes": False}),
        (
            ORGANIZATION,
            {"featureSet": "CONSOLIDATED_BILLING"},
            {"featureSet": "ALL"},
            {"featureSet": False},
        ),
        (ORGANIZATION, {"featureSet": "ALL"}, {"featureSet": "CONSOLIDATED_BILLING"}, {"featureSet": True}),
    ],
)
def test_a_state_is_compared_with_what_is_declared(
    schema: Any, state: Values, news: Values, expected: dict[str, bool]
) -> None:
    found = difference(schema, state, news, {})

    assert found.changed == expected
    assert found.removed == {name for name in expected if name not in news}


def test_a_declared_name_is_given_up_before_it_is_taken_again() -> None:
    state = {"name": "Sandbox", "parentId": "r-abcd"}
    declared = {"name": "Sandbox", "parentId": "r-efgh", DEFAULTS: []}

    assert difference(UNIT, state, declared, {}).delete_first
    assert not difference(UNIT, state, {**declared, "name": "Other"}, {}).delete_first
    assert not difference(UNIT, state, {**declared, DEFAULTS: ["name"]}, {}).delete_first


def test_tags_that_the_provider_gives_are_a_difference_of_their_own() -> None:
    state = {"name": "a", "parentId": "r-abcd", "tags": {"a": "1"}, "tagsAll": {"a": "1"}}
    news = {"name": "a", "parentId": "r-abcd", "tags": {"a": "1"}}
    derived = tags.all_tags({"a": "0", "owner": "platform"}, news)

    assert derived == {"tagsAll": {"a": "1", "owner": "platform"}}
    assert difference(UNIT, state, news, derived) == Difference({"tagsAll": False})


def test_ignored_settings_behave_as_before() -> None:
    state = {"featureSet": "CONSOLIDATED_BILLING"}
    news = without(["featureSet"], state, {"featureSet": "ALL"})

    assert difference(ORGANIZATION, state, news, {}) == Difference()


# -- what a state says


def test_a_preview_shows_what_is_declared_and_leaves_the_rest_open() -> None:
    news = {"name": "b", "parentId": "r-abcd", DEFAULTS: []}
    known = {"name": "a", "parentId": "r-abcd", "arn": "arn:aws:…", "accounts": []}

    new = previewed(UNIT, {}, news, {"tagsAll": {}})
    assert new == {"accounts": UNKNOWN, "arn": UNKNOWN, "tagsAll": {}, "name": "b", "parentId": "r-abcd"}
    assert previewed(UNIT, known, news, {"tagsAll": {}}) == {**known, "tagsAll": {}, "name": "b"}


def test_an_equal_value_stays_as_it_was_written() -> None:
    known = {"content": CONTENT, "name": "Guard", "skipDestroy": True, DEFAULTS: []}
    seen = {"content": json.dumps(json.loads(CONTENT), indent=4), "name": "Other", "arn": "arn:aws:…"}

    kept = settled(POLICY, known, seen)
    assert kept == {"content": CONTENT, "name": "Other", "skipDestroy": True, "arn": "arn:aws:…"}


def test_an_import_declares_what_says_something() -> None:
    state = {
        "content": CONTENT,
        "name": "Guard",
        "description": "",
        "tags": {},
        "type": "SERVICE_CONTROL_POLICY",
        "arn": "arn:aws:…",
    }
    assert inputs_of(POLICY, state, {}) == {"content": CONTENT, "name": "Guard", DEFAULTS: []}


def test_a_refresh_declares_no_more_than_was_declared() -> None:
    state = {"featureSet": "CONSOLIDATED_BILLING", "enabledPolicyTypes": ["TAG_POLICY"]}
    olds = {"featureSet": "ALL", DEFAULTS: ["featureSet"]}

    assert inputs_of(ORGANIZATION, state, olds) == {"featureSet": "CONSOLIDATED_BILLING", DEFAULTS: []}


# -- how AWS is reached


def test_a_configuration_is_read_as_the_engine_gives_it() -> None:
    roles = [
        {"roleArn": "arn:aws:iam::222222222222:role/a", "externalId": "secret", "duration": "1h15m"},
        {"roleArn": "arn:aws:iam::333333333333:role/b", "sessionName": "platform"},
    ]
    given = {
        "region": "eu-west-1",
        "accessKey": "AKIA",
        "secretKey": "hidden",
        "assumeRoles": json.dumps(roles),
        "endpoints": json.dumps([{"organizations": "http://127.0.0.1:1", "sts": "http://127.0.0.1:2"}]),
        "allowedAccountIds": json.dumps(["222222222222"]),
        "defaultTags": json.dumps({"tags": {"owner": "platform"}}),
        "skipCredentialsValidation": "false",
        "version": "7.51.1",
    }

    configuration = parse(given)
    assert configuration == Configuration(
        region="eu-west-1",
        access_key="AKIA",
        secret_key="hidden",  # noqa: S106 - of nobody
        roles=(
            Role("arn:aws:iam::222222222222:role/a", "secret", seconds=4500),
            Role("arn:aws:iam::333333333333:role/b", session_name="platform"),
        ),
        endpoints={"organizations": "http://127.0.0.1:1", "sts": "http://127.0.0.1:2"},
        allowed=("222222222222",),
        default_tags={"owner": "platform"},
    )
    assert "hidden" not in repr(configuration)


def test_one_role_may_stand_alone() -> None:
    role = {"roleArn": "arn:aws:iam::222222222222:role/a"}

    assert parse({"assumeRole": json.dumps(role)}).roles == (Role(role["roleArn"]),)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"maxRetries": "3"}, "the stand-in knows no aws:maxRetries"),
        ({"endpoints": "http://127.0.0.1"}, "aws:endpoints is no JSON"),
        ({"assumeRoles": "[{}]"}, "has no roleArn"),
        ({"assumeRoles": [{"roleArn": "a", "policy": "{}"}]}, "knows no policy of a role"),
        ({"assumeRoles": [{"roleArn": "a", "duration": "soon"}]}, "'soon' is no duration"),
    ],
)
def test_a_configuration_that_it_does_not_know_is_refused(given: Values, told: str) -> None:
    with pytest.raises(Refused, match=told):
        parse(given)


# -- values


def test_values_go_through_the_protocol_unchanged() -> None:
    values = {"text": "a", "flag": True, "list": ["a", {"b": "c"}], "unknown": UNKNOWN, "none": None}

    assert plain_values(wrapped_values(values)) == {k: v for k, v in values.items() if v is not None}
    assert plain(wrapped(15)) == 15.0
    assert plain(PropertyValue("a").with_secret(True)) == "a"  # noqa: FBT003 - the SDK's own


@pytest.mark.parametrize("value", [UNKNOWN, ["a", UNKNOWN], {"a": {"b": [UNKNOWN]}}])
def test_unknown_values_are_seen_wherever_they_are(value: Any) -> None:
    assert not is_known(value)
    assert is_known(["a", {"b": True}])


def test_it_knows_neither_our_provider_nor_our_emulator() -> None:
    programs = [*FAKE_PULUMI_AWS.rglob("*.py"), FAKE_PULUMI_AWS / "pulumi-resource-aws"]
    imported = {
        name
        for program in programs
        for node in ast.walk(ast.parse(program.read_text()))
        for name in _imported(node)
    }

    assert any(name.startswith("boto3") for name in imported)
    assert not [name for name in imported if name.startswith("aws_org_")]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
