"""Policies of users and roles decide: which actions, on which handshakes, on which conditions."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aws_org_emulator import Emulator, Member, Switches
from tests.emulator.conftest import Start
from tests.emulator.helpers import content, refusal
from tests.emulator.model_check import checked
from tests.emulator.test_callers import foreign

ENFORCED = Switches(iam_enforcement=True)
SCP = "SERVICE_CONTROL_POLICY"
SERVICE = "organizations.amazonaws.com"
HANDSHAKES = "arn:aws:organizations::111111111111:handshake/o-exampleorg1"
As = Callable[..., Any]
DENIED = "You don't have permissions to access this resource."


def policy(*actions: str, resource: Any = "*", **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def acting() -> Iterator[As]:
    """Makes clients of a new user of an account, who has one policy."""
    clients: list[Any] = []

    def user(emulator: Emulator, account_id: str, document: str, service: str = "organizations") -> Any:
        iam = emulator.client("iam", account_id)
        name = f"user{len(clients)}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made = foreign(
            emulator,
            service,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        clients.append(made)
        return made.__enter__()

    yield user
    for each in clients:
        each.__exit__(None, None, None)


def test_without_the_switch_everyone_is_an_administrator(emulator: Emulator, acting: As) -> None:
    nobody = acting(emulator, emulator.management, policy("s3:GetObject"))
    assert nobody.describe_organization()["Organization"]["Id"] == emulator.organization_id


def test_a_call_that_no_policy_allows_is_refused_in_awss_words(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    reader = checked(acting(emulator, emulator.management, policy("organizations:Describe*")))
    assert reader.describe_organization()["Organization"]["Id"] == emulator.organization_id
    error = refusal(reader.enable_all_features)
    assert (error.code, error.status) == ("AccessDeniedException", 400)
    assert error.message == DENIED
    assert emulator.parent is None


def test_a_deny_is_reported_in_the_same_words(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    document = json.loads(policy("*"))
    document["Statement"].append({"Effect": "Deny", "Action": "organizations:Enable*", "Resource": "*"})
    error = refusal(acting(emulator, emulator.management, json.dumps(document)).enable_all_features)
    assert error.message == DENIED


def test_iam_and_sts_say_who_may_not_do_what_and_why(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    document = json.loads(policy("organizations:*"))
    document["Statement"].append({"Effect": "Deny", "Action": "iam:ListRoles", "Resource": "*"})
    iam = acting(emulator, emulator.management, json.dumps(document), "iam")
    nobody = "User: arn:aws:iam::111111111111:user/user0 is not authorized to perform: "
    assert refusal(iam.list_users).message == (
        f"{nobody}iam:ListUsers on resource: * "
        "because no identity-based policy allows the iam:ListUsers action"
    )
    assert refusal(iam.list_roles).message == (
        f"{nobody}iam:ListRoles on resource: * with an explicit deny in an identity-based policy"
    )


KINDS = {
    "guide": ("enable_all_features", "approve_all_features"),
    "model": ("approve_all_features", "enable_all_features"),
}


@pytest.mark.parametrize("handshake_actions", KINDS)
@pytest.mark.parametrize("call", ["accept", "decline", "cancel", "describe"])
def test_handshakes_are_resources(start: Start, acting: As, handshake_actions: Any, call: str) -> None:
    emulator = start(Switches(iam_enforcement=True, handshake_actions=handshake_actions), invited=1)
    emulator.enable_all_features()
    child = emulator.children[0]
    caller = emulator.management if call == "cancel" else emulator.invited[0]
    action = f"organizations:{call.capitalize()}Handshake"
    right, wrong = KINDS[handshake_actions][1], KINDS[handshake_actions][0]
    answer = f"{call}_handshake"
    for kind in (wrong, "invite"):
        other = acting(emulator, caller, policy(action, resource=f"{HANDSHAKES}/{kind}/h-*"))
        error = refusal(getattr(other, answer), HandshakeId=child["Id"])
        assert (error.code, error.message) == ("AccessDeniedException", DENIED)
    owner = acting(emulator, caller, policy(action, resource=f"{HANDSHAKES}/{right}/h-*"))
    assert getattr(owner, answer)(HandshakeId=child["Id"])["Handshake"]["Id"] == child["Id"]


def test_a_policy_for_approvals_accepts_no_invitation(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    guest = emulator.invite()
    owner = acting(
        emulator,
        guest,
        policy("organizations:*", resource=[f"{HANDSHAKES}/{kind}/h-*" for kind in KINDS["guide"]]),
    )
    (invitation,) = emulator.client("organizations", guest).list_handshakes_for_account()["Handshakes"]
    assert refusal(owner.accept_handshake, HandshakeId=invitation["Id"]).code == "AccessDeniedException"
    assert guest in emulator.standalone


def test_a_missing_resource_needs_a_policy_for_everything(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    some = acting(emulator, emulator.management, policy("*", resource=f"{HANDSHAKES}/*"))
    any_ = acting(emulator, emulator.management, policy("*"))
    missing = {"HandshakeId": "h-0123456789"}
    assert refusal(some.describe_handshake, **missing).code == "AccessDeniedException"
    assert refusal(any_.describe_handshake, **missing).code == "HandshakeNotFoundException"


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"organizations:PolicyType": "TAG_POLICY"}}, True),
        ({"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/*"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-anotherorg1"}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
    ],
)
def test_conditions_see_the_call_and_the_caller(
    start: Start, acting: As, condition: dict[str, Any], allowed: bool
) -> None:
    emulator = start(ENFORCED, feature_set="ALL")
    root = emulator.client("organizations", emulator.management).list_roots()["Roots"][0]
    document = policy("organizations:EnablePolicyType", resource=root["Arn"], Condition=condition)
    client = acting(emulator, emulator.management, document)
    asked = {"RootId": root["Id"], "PolicyType": "TAG_POLICY"}
    if allowed:
        client.enable_policy_type(**asked)
    else:
        assert refusal(client.enable_policy_type, **asked).code == "AccessDeniedException"


@pytest.mark.parametrize("missing", ["policy", "target"])
def test_each_thing_that_a_call_is_about_must_be_allowed(start: Start, acting: As, missing: str) -> None:
    emulator = start(ENFORCED, feature_set="ALL")
    management = emulator.client("organizations", emulator.management)
    made = management.create_policy(Name="own", Description="", Type=SCP, Content=content(SCP))
    summary = made["Policy"]["PolicySummary"]
    account = management.describe_account(AccountId=emulator.invited[0])["Account"]
    arns = {"policy": summary["Arn"], "target": account["Arn"]}
    call = {"PolicyId": summary["Id"], "TargetId": account["Id"]}
    both = acting(
        emulator, emulator.management, policy("organizations:AttachPolicy", resource=list(arns.values()))
    )
    del arns[missing]
    one = acting(
        emulator, emulator.management, policy("organizations:AttachPolicy", resource=list(arns.values()))
    )
    assert refusal(one.attach_policy, **call).code == "AccessDeniedException"
    both.attach_policy(**call)


ACCEPT = policy("organizations:AcceptHandshake")
MAKE_ROLE = {"Condition": {"StringEquals": {"iam:AWSServiceName": SERVICE}}}


@pytest.mark.parametrize(
    ("joined", "has_role", "service", "accepted"),
    [
        ("INVITED", True, None, True),  # a created account that has its role isn't asked
        *(
            (joined, False, service, service == SERVICE)
            for joined in ("INVITED", "CREATED")
            for service in (None, "elsewhere.amazonaws.com", SERVICE)
        ),
    ],
)
def test_an_account_without_its_role_is_given_it_only_by_who_may_make_it(
    start: Start, acting: As, joined: Any, has_role: bool, service: str | None, accepted: bool
) -> None:
    member = Member("777777777777", joined=joined, service_linked_role=has_role)
    emulator = start(ENFORCED, invited=0, created=0, members=(member,))
    emulator.enable_all_features()
    document = json.loads(ACCEPT)
    if service is not None:
        condition = {"StringEquals": {"iam:AWSServiceName": service}}
        making = policy("iam:CreateServiceLinkedRole", resource="arn:aws:iam::*:role/*", Condition=condition)
        document["Statement"] += json.loads(making)["Statement"]
    owner = checked(acting(emulator, member.id, json.dumps(document)))
    asked = {"HandshakeId": emulator.children[0]["Id"]}
    if accepted:
        assert owner.accept_handshake(**asked)["Handshake"]["State"] == "ACCEPTED"
    else:
        error = refusal(owner.accept_handshake, **asked)
        assert error[:2] == (
            "AccessDeniedForDependencyException",
            "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
        )
        assert emulator.children[0]["State"] == "OPEN"


def test_founding_an_organization_makes_the_role_too(start: Start, acting: As) -> None:
    emulator = start(ENFORCED, feature_set=None)
    founder = checked(acting(emulator, emulator.management, policy("organizations:CreateOrganization")))
    assert refusal(founder.create_organization).code == "AccessDeniedForDependencyException"
    assert emulator.feature_set is None


def test_the_role_is_made_through_iam_by_who_may(start: Start, acting: As) -> None:
    emulator = start(ENFORCED, members=(Member("777777777777", joined="CREATED", service_linked_role=False),))
    call = {"AWSServiceName": SERVICE}
    other = {"StringEquals": {"iam:AWSServiceName": "sso.amazonaws.com"}}
    document = policy("iam:CreateServiceLinkedRole", Condition=other)
    error = refusal(acting(emulator, "777777777777", document, "iam").create_service_linked_role, **call)
    assert (error.code, error.status) == ("AccessDenied", 403)
    document = policy("iam:CreateServiceLinkedRole", **MAKE_ROLE)
    acting(emulator, "777777777777", document, "iam").create_service_linked_role(**call)
    emulator.enable_all_features()
    assert all(child["Parties"][1]["Id"] != "777777777777" for child in emulator.children)


def test_a_name_that_is_no_services_is_refused(emulator: Emulator) -> None:
    iam = emulator.client("iam", emulator.invited[0])
    error = refusal(iam.create_service_linked_role, AWSServiceName="nobody")
    assert (error.code, error.status) == ("InvalidInput", 400)


ROLE = "arn:aws:iam::777777777777:role/Approver"


def assume(sts: Any, **more: Any) -> dict[str, Any]:
    return dict(sts.assume_role(RoleArn=ROLE, RoleSessionName="approvals", **more)["Credentials"])


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        (policy("sts:AssumeRole", resource="arn:aws:iam::*:role/Approver"), True),
        (policy("sts:AssumeRole", resource="arn:aws:iam::*:role/Other"), False),
        (policy("organizations:*"), False),
    ],
)
def test_assuming_a_role_takes_the_callers_own_permission(
    start: Start, acting: As, document: str, allowed: bool
) -> None:
    emulator = start(ENFORCED, members=(Member("777777777777", access_role="Approver"),))
    sts = acting(emulator, emulator.management, document, "sts")
    if allowed:
        assert assume(sts)["AccessKeyId"]
    else:
        assert refusal(sts.assume_role, RoleArn=ROLE, RoleSessionName="approvals").code == "AccessDenied"


@pytest.mark.parametrize("trusted", ["user/user0", "root"])
def test_within_an_account_a_role_that_trusts_by_name_is_enough(
    start: Start, acting: As, trusted: str
) -> None:
    emulator = start(ENFORCED, invited=0, members=(Member("777777777777"),))
    sts = acting(emulator, "777777777777", policy("organizations:*"), "sts")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust["Principal"] = {"AWS": f"arn:aws:iam::777777777777:{trusted}"}  # type: ignore[assignment]
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = emulator.client("iam", "777777777777")
    iam.create_role(RoleName="Approver", AssumeRolePolicyDocument=document)
    if trusted == "root":
        assert refusal(sts.assume_role, RoleArn=ROLE, RoleSessionName="approvals").code == "AccessDenied"
    else:
        assert assume(sts)["AccessKeyId"]


def session(emulator: Emulator, credentials: dict[str, Any]) -> Any:
    return foreign(
        emulator,
        "organizations",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


@pytest.mark.parametrize("restricted", [False, True])
def test_a_session_may_what_its_role_may_and_no_more_than_it_began_with(
    start: Start, restricted: bool
) -> None:
    member = Member("777777777777", access_role="Approver", access_policy=policy("organizations:*Handshake*"))
    emulator = start(ENFORCED, members=(member,))
    emulator.enable_all_features()
    mine = next(each for each in emulator.children if each["Parties"][1]["Id"] == member.id)
    restriction = {"Policy": policy("organizations:List*")} if restricted else {}
    with session(
        emulator, assume(emulator.client("sts", emulator.management), **restriction)
    ) as organizations:
        assert organizations.list_handshakes_for_account()["Handshakes"][0]["Id"] == mine["Id"]
        denied = refusal(organizations.leave_organization)
        assert denied.code == "AccessDeniedException"
        assert denied.message == DENIED
        if restricted:
            assert (
                refusal(organizations.accept_handshake, HandshakeId=mine["Id"]).code
                == "AccessDeniedException"
            )
        else:
            organizations.accept_handshake(HandshakeId=mine["Id"])


@pytest.mark.parametrize("state", ["SUSPENDED", "CLOSED"])
def test_no_role_of_an_inactive_account_can_be_assumed(start: Start, state: Any) -> None:
    emulator = start(members=(Member("777777777777", access_role="Approver", state=state),))
    sts = emulator.client("sts", emulator.management)
    assert refusal(sts.assume_role, RoleArn=ROLE, RoleSessionName="approvals").code == "AccessDenied"


def test_managed_and_group_policies_count_too(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    client = acting(emulator, emulator.management, policy("s3:GetObject"))
    iam = emulator.client("iam", emulator.management)
    arn = iam.create_policy(PolicyName="look", PolicyDocument=policy("organizations:DescribeOrganization"))
    iam.attach_user_policy(UserName="user0", PolicyArn=arn["Policy"]["Arn"])
    client.describe_organization()
    iam.create_group(GroupName="operators")
    iam.put_group_policy(GroupName="operators", PolicyName="go", PolicyDocument=policy("organizations:*"))
    assert refusal(client.enable_all_features).code == "AccessDeniedException"
    iam.add_user_to_group(GroupName="operators", UserName="user0")
    client.enable_all_features()


def test_anybody_may_ask_who_he_is(start: Start, acting: As) -> None:
    emulator = start(ENFORCED)
    sts = acting(emulator, emulator.management, policy("s3:GetObject"), "sts")
    assert sts.get_caller_identity()["Account"] == emulator.management


def test_an_operator_that_is_not_known_is_reported(start: Start) -> None:
    condition = {"BinaryEquals": {"aws:username": "a2lt"}}
    member = Member("777777777777", access_role="Approver", access_policy=policy("*", Condition=condition))
    emulator = start(ENFORCED, members=(member,))
    with session(emulator, assume(emulator.client("sts", emulator.management))) as organizations:
        error = refusal(organizations.describe_organization)
    assert error.message == "The emulator doesn't know the condition operator BinaryEquals."
    assert error.status == 501


def test_acts_are_the_owners_and_need_no_policy(start: Start) -> None:
    emulator = start(ENFORCED, members=(Member("777777777777", service_linked_role=False),))
    for account_id in (emulator.management, *emulator.invited):
        emulator.client("iam", account_id).delete_user_policy(
            UserName="emulator", PolicyName="AdministratorAccess"
        )
    emulator.enable_all_features()
    emulator.approve_all()
    emulator.finalize()
    assert emulator.feature_set == "ALL"


@pytest.mark.parametrize(("wrong", "why"), [("{", "no JSON"), ("[]", "no Statement"), ("{}", "no Statement")])
def test_an_access_policy_that_is_none_is_refused(wrong: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"access_policy is .*{why}"):
        Member("777777777777", access_policy=wrong)
