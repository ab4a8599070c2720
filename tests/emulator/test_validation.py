"""Inputs that the model doesn't allow are refused in AWS's words, by every operation."""

import http.client
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from botocore import xform_name
from botocore.model import ListShape, Shape, StringShape, StructureShape

from aws_org_emulator import Emulator
from aws_org_emulator.people.clients import isolated_session
from tests.emulator.replay import ask

MODEL = isolated_session().get_service_model("organizations")
INPUT = "InvalidInputException"
EXAMPLES = {
    "AccountId": "222222222222",
    "ChildId": "222222222222",
    "CreateAccountRequestId": "car-0123456789",
    "Email": "someone@example.com",
    "HandshakeId": "h-0123456789",
    "OrganizationalUnitId": "ou-abcd-01234567",
    "ParentId": "r-abcd",
    "PolicyId": "p-0123456789",
    "PolicyTargetId": "r-abcd",
    "ResponsibilityTransferId": "rt-0123456789",
    "RootId": "r-abcd",
    "TaggableResourceId": "r-abcd",
}
"""A value of each shape that has a pattern; of others, `example` finds one."""
PARTY = {"Target": {"Id": "444444444444", "Type": "ACCOUNT"}}


def example(shape: Shape) -> Any:
    if isinstance(shape, StructureShape):
        if shape.name == "HandshakeParty":
            return PARTY["Target"]
        return {name: example(shape.members[name]) for name in shape.required_members}
    if isinstance(shape, ListShape):
        return [example(shape.member)]
    if isinstance(shape, StringShape):
        return (shape.enum or [EXAMPLES.get(shape.name, "text")])[0]
    return 1


def whole(operation: str) -> dict[str, Any]:
    """A request that has everything which the operation requires."""
    shape = MODEL.operation_model(operation).input_shape
    found: Any = {} if shape is None else example(shape)
    return dict(found)


class Case(NamedTuple):
    """A request with something wrong, and the Reason that AWS gives."""

    operation: str
    request: dict[str, Any]
    reason: str


def named(name: str) -> str:
    return xform_name(name).upper().replace("__", "_")


def cases() -> Iterator[Case]:
    for operation in MODEL.operation_names:
        shape = MODEL.operation_model(operation).input_shape
        if shape is None:
            continue
        for name, member in shape.members.items():
            for value, reason in wrong(member, required=name in shape.required_members):
                request = {**whole(operation), name: value}
                if value is None:
                    yield Case(operation, request, reason + named(name))
                    del request[name]
                yield Case(operation, dict(request), reason + named(name))


def wrong(member: Shape, *, required: bool) -> Iterator[tuple[Any, str]]:
    """Values that a member can't have, and the part of the Reason that comes before its name."""
    if member.name == "HandshakeParty":
        return
    if required:
        yield None, "INPUT_REQUIRED:"
    if isinstance(member, StringShape):
        if member.enum:
            yield "NO_SUCH_THING", "INVALID_ENUM:"
            return
        if member.metadata.get("min"):
            yield "", "MIN_LENGTH_EXCEEDED:"
        if "max" in member.metadata and member.name != "NextToken":
            yield "x" * (member.metadata["max"] + 1), "MAX_LENGTH_EXCEEDED:"
        if member.name in EXAMPLES and "max" in member.metadata:
            yield "?" * 8, "INVALID_PATTERN:"
    if member.type_name == "integer":
        yield 0, "MIN_VALUE_EXCEEDED:"
        yield 21, "MAX_VALUE_EXCEEDED:"


CASES = tuple(cases())


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def by_management(emulator: Emulator, operation: str, request: Any) -> Any:
    return ask(emulator, operation, request, {"AccessKeyId": f"EMULATOR{emulator.management}"})


@pytest.mark.parametrize("operation", MODEL.operation_names)
def test_input_that_the_model_forbids_is_refused_by_its_name(running: Emulator, operation: str) -> None:
    mine = [case for case in CASES if case.operation == operation]
    answers = [(case, by_management(running, operation, case.request)) for case in mine]
    found = [(case.request, answer) for case, answer in answers if answer.error != f"{INPUT} {case.reason}"]
    assert not found


def test_there_are_cases_of_most_operations() -> None:
    assert len({case.operation for case in CASES}) > 50
    assert len(CASES) > 200


@pytest.mark.parametrize("operation", MODEL.operation_names)
@pytest.mark.parametrize("value", [[], {}, 1, "text", True, [None]], ids=str)
def test_a_value_of_another_kind_cannot_be_read(running: Emulator, operation: str, value: Any) -> None:
    shape = MODEL.operation_model(operation).input_shape
    for name, member in shape.members.items() if shape else ():
        answer = by_management(running, operation, {**whole(operation), name: value})
        fits: dict[str, Any] = {"list": list, "string": str, "structure": dict, "integer": int}
        fits["timestamp"] = int
        if not isinstance(value, fits[member.type_name]) or value is True:
            assert (answer.status, answer.error) == (400, "SerializationException"), name
        assert answer.status != 500, name


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        ([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}], "DUPLICATE_TAG_KEY"),
        ([{"Key": "AWS:mine", "Value": "1"}], "INVALID_SYSTEM_TAGS_PARAMETER"),
        ([{"Value": "1"}], "INPUT_REQUIRED:TAGS_1_MEMBER_KEY"),
        ([{"Key": "a", "Value": "1"}, {"Key": "b"}], "INPUT_REQUIRED:TAGS_2_MEMBER_VALUE"),
        ([{"Key": "a", "Value": "1"}, None], "INPUT_REQUIRED:TAGS_2_MEMBER"),
        ([{"Key": "", "Value": "1"}], "MIN_LENGTH_EXCEEDED:TAGS_1_MEMBER_KEY"),
        ([{"Key": "k" * 129, "Value": "1"}], "MAX_LENGTH_EXCEEDED:TAGS_1_MEMBER_KEY"),
        ([{"Key": "a", "Value": "v" * 257}], "MAX_LENGTH_EXCEEDED:TAGS_1_MEMBER_VALUE"),
        ([{"Key": "a;b", "Value": "1"}], "INVALID_PATTERN:TAGS_1_MEMBER_KEY"),
        ([{"Key": "a", "Value": "1\t2"}], "INVALID_PATTERN:TAGS_1_MEMBER_VALUE"),
    ],
)
def test_tags_are_looked_at_one_by_one(running: Emulator, tags: Any, error: str) -> None:
    for operation in ("TagResource", "CreateOrganizationalUnit", "InviteAccountToOrganization"):
        answer = by_management(running, operation, {**whole(operation), "Tags": tags})
        assert answer.error == f"{INPUT} {error}"


def test_letters_digits_and_spaces_of_any_script_are_a_tags(running: Emulator) -> None:
    root = running.client("organizations", running.management).list_roots()["Roots"][0]["Id"]
    tags = [{"Key": "\u00e9\u4e2d\u0661 _.:/=+-@", "Value": "\u00a0"}]
    assert by_management(running, "TagResource", {"ResourceId": root, "Tags": tags}).error == ""


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (None, "INVALID_PATTERN"),
        ({}, "INVALID_PARTY_TYPE_TARGET"),
        ({"Type": "ORGANIZATION", "Id": "o-exampleorg1"}, "INVALID_PARTY_TYPE_TARGET"),
        ({"Type": "NONE", "Id": "x"}, "INVALID_PARTY_TYPE_TARGET"),
        ({"Type": "EMAIL", "Id": "nobody"}, "INVALID_EMAIL_ADDRESS_TARGET"),
        ({"Type": "EMAIL"}, "INVALID_EMAIL_ADDRESS_TARGET"),
        ({"Type": "ACCOUNT", "Id": "1"}, "INVALID_PATTERN"),
        ({"Type": "ACCOUNT"}, "INVALID_PATTERN"),
    ],
)
def test_an_invalid_invitee_is_reported_without_a_member(running: Emulator, target: Any, error: str) -> None:
    answer = by_management(running, "InviteAccountToOrganization", {"Target": target})
    assert answer.error == f"{INPUT} {error}"


def test_a_member_that_the_model_does_not_know_is_ignored(running: Emulator) -> None:
    assert by_management(running, "DescribeOrganization", {"Unknown": {"a": [1]}}).error == ""


def test_an_operation_that_there_is_not_is_reported(running: Emulator) -> None:
    answer = by_management(running, "EnableSomeFeatures", {})
    assert (answer.status, answer.error) == (400, "UnknownOperationException")


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00Z", "1", 1e18, -1e18, True])
def test_a_time_is_a_number_of_seconds(running: Emulator, at: Any) -> None:
    operation = "InviteOrganizationToTransferResponsibility"
    answer = by_management(running, operation, {**whole(operation), "StartTimestamp": at})
    assert (answer.status, answer.error) == (400, "SerializationException")


def test_a_missing_parameter_is_reported_before_permissions(running: Emulator) -> None:
    answer = ask(running, "CreatePolicy", {}, {"AccessKeyId": f"EMULATOR{running.invited[0]}"})
    assert answer.error == f"{INPUT} INPUT_REQUIRED:CONTENT"


@pytest.mark.parametrize(
    ("service", "operation", "says"),
    [
        (
            "sts",
            "AssumeRole",
            "2 validation errors detected: "
            "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; "
            "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
        ),
        (
            "iam",
            "CreateRole&RoleName=a",
            "1 validation error detected: "
            "Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
        ),
    ],
)
def test_iam_and_sts_say_what_they_lack(running: Emulator, service: str, operation: str, says: str) -> None:
    status, body = query(running, service, operation)
    assert (status, f"<Message>{says}</Message>" in body) == (400, True)


def query(emulator: Emulator, service: str, operation: str) -> tuple[int, str]:
    """A request in the query protocol as it stands here."""
    scope = f"EMULATOR{emulator.management}/20260101/us-east-1/{service}/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection(emulator.endpoint.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", "/", f"Action={operation}", headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("service", ["iam", "sts"])
@pytest.mark.parametrize("operation", ["", "NoSuchThing", "no such thing"])
def test_an_unknown_action_gets_an_error_in_its_protocol(
    running: Emulator, service: str, operation: str
) -> None:
    status, body = query(running, service, operation)
    assert (status, "<Code>InvalidAction</Code>" in body) == (400, True)


def test_an_unknown_iam_action_gets_an_error_in_its_protocol(running: Emulator) -> None:
    status, body = query(running, "iam", "GetContextKeysForPrincipalPolicy&PolicySourceArn=arn")
    assert (status, "<Code>NotImplemented</Code>" in body) == (501, True)
