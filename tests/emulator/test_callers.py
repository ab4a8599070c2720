"""The caller: credentials, operations that aren't everyone's, roles that can be assumed."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config

from aws_org_emulator import Emulator, Member
from aws_org_emulator.iam.evaluation import Effect, Request, evaluate
from aws_org_emulator.operations.permissions import DELEGATED_ADMINISTRATORS, EVERY_ACCOUNT
from aws_org_emulator.people.clients import REGION, isolated_session
from tests.emulator.conftest import Ask, Start
from tests.emulator.helpers import refusal

MODEL = isolated_session().get_service_model("organizations")
MANAGEMENT_CALLS: dict[str, dict[str, Any]] = {
    "enable_all_features": {},
    "list_accounts": {},
    "list_handshakes_for_organization": {},
    "list_roots": {},
    "invite_account_to_organization": {"Target": {"Id": "888888888888", "Type": "ACCOUNT"}},
    "remove_account_from_organization": {"AccountId": "222222222223"},
    "create_account": {"Email": "new@example.com", "AccountName": "new"},
    "describe_account": {"AccountId": "222222222223"},
    "enable_policy_type": {"RootId": "r-abcd", "PolicyType": "SERVICE_CONTROL_POLICY"},
    "delete_organization": {},
}


@contextmanager
def foreign(emulator: Emulator, service: str, **arguments: Any) -> Iterator[Any]:
    """A client with credentials of one's own."""
    arguments.setdefault("config", Config(retries={"total_max_attempts": 1}, proxies={}))
    client: Any = isolated_session().create_client(
        service, region_name=REGION, endpoint_url=emulator.endpoint, **arguments
    )
    with closing(client):
        yield client


def identity(client: Any) -> str:
    return str(client.get_caller_identity()["Account"])


def acting(emulator: Emulator, credentials: dict[str, Any], service: str) -> AbstractContextManager[Any]:
    return foreign(
        emulator,
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def test_the_tables_name_operations_that_exist() -> None:
    assert set(MODEL.operation_names) >= EVERY_ACCOUNT | DELEGATED_ADMINISTRATORS
    assert not EVERY_ACCOUNT & DELEGATED_ADMINISTRATORS


@pytest.mark.parametrize("call", MANAGEMENT_CALLS)
def test_members_are_denied_what_is_the_managements(emulator: Emulator, ask: Ask, call: str) -> None:
    for member in (emulator.invited[0], emulator.created[0]):
        error = refusal(getattr(ask(member), call), **MANAGEMENT_CALLS[call])
        assert error.code == "AccessDeniedException"
        assert error.message == "You don't have permissions to access this resource."
    assert len(emulator.invited) == 3
    assert emulator.parent is None


@pytest.mark.parametrize("call", [*MANAGEMENT_CALLS, "describe_organization", "leave_organization"])
def test_without_an_organization_there_is_none_in_use(start: Start, call: str) -> None:
    emulator = start(feature_set=None)
    for account_id in (emulator.management, "888888888888"):
        client = emulator.client("organizations", account_id)
        error = refusal(getattr(client, call), **MANAGEMENT_CALLS.get(call, {}))
        assert error.code == "AWSOrganizationsNotInUseException"
    assert emulator.feature_set is None


def test_everyone_in_the_organization_may_describe_it(emulator: Emulator, ask: Ask) -> None:
    everyone = (emulator.management, *emulator.invited, *emulator.created)
    found = [ask(each).describe_organization()["Organization"] for each in everyone]
    assert all(each == found[0] for each in found)
    assert found[0]["MasterAccountId"] == emulator.management
    assert found[0]["Arn"].endswith(":organization/o-exampleorg1")


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "EMULATOR999999999999", "short"])
def test_unknown_access_keys_are_refused_by_every_service(emulator: Emulator, key: str) -> None:
    arguments = {"aws_access_key_id": key, "aws_secret_access_key": "emulated"}
    for service, call, code, status in (
        ("organizations", "describe_organization", "UnrecognizedClientException", 400),
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("iam", "list_roles", "InvalidClientTokenId", 403),
    ):
        with foreign(emulator, service, **arguments) as client:
            error = refusal(getattr(client, call))
        assert error.code == code
        assert error.status == status
        assert error.message == "The security token included in the request is invalid."


def test_unsigned_requests_are_refused(emulator: Emulator) -> None:
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, proxies={})
    with foreign(emulator, "organizations", config=config) as client:
        error = refusal(client.describe_organization)
    assert (error.code, error.status) == ("MissingAuthenticationToken", 403)


def test_each_account_is_identified_by_its_key(emulator: Emulator) -> None:
    for account_id in (emulator.management, *emulator.invited, "888888888888"):
        credentials = emulator.credentials(account_id)
        assert credentials.access_key_id == f"EMULATOR{account_id}"
        assert credentials.secret_access_key == "emulated"  # noqa: S105 - that is what it is
        assert identity(emulator.client("sts", account_id)) == account_id


def test_a_session_in_a_created_account_acts_as_that_account(emulator: Emulator) -> None:
    created = emulator.created[0]
    role = f"arn:aws:iam::{created}:role/OrganizationAccountAccessRole"
    sts = emulator.client("sts", emulator.management)
    session = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    with acting(emulator, session, "sts") as assumed:
        assert identity(assumed) == created
    with acting(emulator, session, "organizations") as organizations:
        described = organizations.describe_organization()["Organization"]
        assert described["Id"] == emulator.organization_id
        assert refusal(organizations.enable_all_features).code == "AccessDeniedException"


@pytest.mark.parametrize(
    ("caller", "target", "role"),
    [
        ("111111111111", "222222222222", "OrganizationAccountAccessRole"),
        ("111111111111", "333333333333", "Other"),
        ("222222222222", "333333333333", "OrganizationAccountAccessRole"),
        ("111111111111", "333333333333", "aws-service-role/x/AWSServiceRoleForOrganizations"),
        ("111111111111", "999999999999", "OrganizationAccountAccessRole"),
    ],
    ids=["invited account", "no such role", "member as caller", "service's role", "no such account"],
)
def test_other_roles_cannot_be_assumed(emulator: Emulator, caller: str, target: str, role: str) -> None:
    arn = f"arn:aws:iam::{target}:role/{role}"
    error = refusal(emulator.client("sts", caller).assume_role, RoleArn=arn, RoleSessionName="test")
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == (
        f"User: arn:aws:iam::{caller}:user/emulator is not authorized to perform: sts:AssumeRole "
        f"on resource: {arn}"
    )


@pytest.mark.parametrize("external_id", [None, "wrong", "right"])
def test_an_owners_own_role_may_want_an_external_id(start: Start, external_id: str | None) -> None:
    owner = Member("777777777777", access_role="Approver", external_id="right")
    emulator = start(members=(owner,))
    sts = emulator.client("sts", emulator.management)
    parameters = {"RoleArn": f"arn:aws:iam::{owner.id}:role/Approver", "RoleSessionName": "test"}
    if external_id is not None:
        parameters["ExternalId"] = external_id
    if external_id == "right":
        session = sts.assume_role(**parameters)["Credentials"]
        with acting(emulator, session, "sts") as assumed:
            assert identity(assumed) == owner.id
    else:
        assert refusal(sts.assume_role, **parameters).code == "AccessDenied"


def test_a_key_made_through_iam_is_known(emulator: Emulator) -> None:
    iam = emulator.client("iam", emulator.invited[0])
    iam.create_user(UserName="owner")
    key = iam.create_access_key(UserName="owner")["AccessKey"]
    arguments = {
        "aws_access_key_id": key["AccessKeyId"],
        "aws_secret_access_key": key["SecretAccessKey"],
    }
    with foreign(emulator, "sts", **arguments) as sts:
        assert identity(sts) == emulator.invited[0]


CALLER = "arn:aws:iam::111111111111:user/emulator"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([], False),
        ([ALLOW], True),
        (ALLOW, True),
        ([{**ALLOW, "Principal": "*"}], True),
        ([{**ALLOW, "Principal": {"AWS": ["222222222222", "111111111111"]}}], True),
        ([{**ALLOW, "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}], True),
        ([{**ALLOW, "Principal": {"AWS": CALLER}}], True),
        ([{**ALLOW, "Principal": {"AWS": "arn:aws:iam::222222222222:root"}}], False),
        ([{**ALLOW, "Principal": {"Service": "organizations.amazonaws.com"}}], False),
        ([{**ALLOW, "Action": ["sts:TagSession", "sts:*"]}], True),
        ([{**ALLOW, "Action": "sts:TagSession"}], False),
        ([ALLOW, {**ALLOW, "Effect": "Deny"}], False),
        ([{**ALLOW, "Condition": {"StringLike": {"sts:ExternalId": "ri*"}}}], True),
        ([{**ALLOW, "Condition": {"StringEquals": {"sts:ExternalId": ["a", "right"]}}}], True),
        ([{**ALLOW, "Condition": {"StringEquals": {"sts:ExternalId": "wrong"}}}], False),
        ([{**ALLOW, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}], False),
    ],
)
def test_trust_policies(statements: Any, allowed: bool) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    names = frozenset({CALLER, "111111111111", "arn:aws:iam::111111111111:root"})
    asked = Request("sts:AssumeRole", context={"sts:externalid": ("right",)}, principals=names)
    assert (evaluate([policy], asked) is Effect.ALLOWED) is allowed
