"""Every error that botocore's model declares for an operation, answered: by AWS's rules, or on request.

What no rule of the emulator leads to (a race, an outage, a partition's limits) is what faults are for.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from botocore.model import StructureShape

from aws_org_emulator import Emulator, Member, Switches
from aws_org_emulator.people.clients import isolated_session
from tests.emulator.conftest import Start, Tried
from tests.emulator.helpers import refusal
from tests.emulator.model_check import checked

MODEL = isolated_session().get_service_model("organizations")
OUTSIDER, NOBODY, NO_HANDSHAKE = "888888888888", "999999999999", "h-0123456789"
SCP = "SERVICE_CONTROL_POLICY"


class Attempt(NamedTuple):
    """A call that is refused."""

    account_id: str
    parameters: dict[str, Any]


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "AcceptHandshake": ("accept_handshake", {"HandshakeId": NO_HANDSHAKE}),
    "CancelHandshake": ("cancel_handshake", {"HandshakeId": NO_HANDSHAKE}),
    "CloseAccount": ("close_account", {"AccountId": "333333333333"}),
    "DeclineHandshake": ("decline_handshake", {"HandshakeId": NO_HANDSHAKE}),
    "DescribeHandshake": ("describe_handshake", {"HandshakeId": NO_HANDSHAKE}),
    "DescribeOrganization": ("describe_organization", {}),
    "DisablePolicyType": ("disable_policy_type", {"RootId": "r-none", "PolicyType": SCP}),
    "EnableAllFeatures": ("enable_all_features", {}),
    "EnablePolicyType": ("enable_policy_type", {"RootId": "r-none", "PolicyType": SCP}),
    "InviteAccountToOrganization": (
        "invite_account_to_organization",
        {"Target": {"Id": OUTSIDER, "Type": "ACCOUNT"}},
    ),
    "LeaveOrganization": ("leave_organization", {}),
    "ListAccounts": ("list_accounts", {}),
    "ListHandshakesForAccount": ("list_handshakes_for_account", {}),
    "ListHandshakesForOrganization": ("list_handshakes_for_organization", {}),
    "ListRoots": ("list_roots", {}),
    "RemoveAccountFromOrganization": ("remove_account_from_organization", {"AccountId": NOBODY}),
}
OF_MANAGEMENT = (
    "CloseAccount",
    "DisablePolicyType",
    "EnableAllFeatures",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "ListAccounts",
    "ListHandshakesForOrganization",
    "ListRoots",
    "RemoveAccountFromOrganization",
)
DECLARED = [
    (operation, shape.name) for operation in CALLS for shape in MODEL.operation_model(operation).error_shapes
]


def child(emulator: Emulator) -> tuple[str, str]:
    """The first owner, and the id of what it is asked."""
    emulator.enable_all_features()
    return emulator.invited[0], str(emulator.children[0]["Id"])


def parent(emulator: Emulator) -> str:
    return str(emulator.enable_all_features()["Id"])


def answered(emulator: Emulator, act: str) -> Attempt:
    owner, handshake_id = child(emulator)
    getattr(emulator, act)(owner)
    return Attempt(owner, {"HandshakeId": handshake_id})


def canceled(emulator: Emulator) -> Attempt:
    handshake_id = parent(emulator)
    emulator.cancel()
    return Attempt(emulator.management, {"HandshakeId": handshake_id})


def finished(emulator: Emulator) -> Attempt:
    handshake_id = parent(emulator)
    emulator.approve_all()
    emulator.finalize()
    return Attempt(emulator.management, {"HandshakeId": handshake_id})


def begun(emulator: Emulator) -> Attempt:
    emulator.enable_all_features()
    return Attempt(emulator.management, {})


def member_joins(emulator: Emulator) -> Attempt:
    address = {"Id": "aws-222222222222@example.com", "Type": "EMAIL"}
    client = emulator.client("organizations", emulator.management)
    invitation = client.invite_account_to_organization(Target=address)["Handshake"]["Id"]
    return Attempt("222222222222", {"HandshakeId": invitation})


def management_joins(emulator: Emulator) -> Attempt:
    account_id = emulator.invite()
    client = emulator.client("organizations", account_id)
    client.create_organization(FeatureSet="ALL")
    (invitation,) = client.list_handshakes_for_account()["Handshakes"]
    return Attempt(account_id, {"HandshakeId": invitation["Id"]})


def young_account_moves(emulator: Emulator) -> Attempt:
    other = emulator.client("organizations", OUTSIDER)
    other.create_organization(FeatureSet="ALL")
    created = emulator.created[0]
    invitation = other.invite_account_to_organization(Target={"Id": created, "Type": "ACCOUNT"})
    return Attempt(created, {"HandshakeId": invitation["Handshake"]["Id"]})


def invited_twice(emulator: Emulator) -> Attempt:
    return Attempt(emulator.management, {"Target": {"Id": emulator.invite(), "Type": "ACCOUNT"}})


def stranger(emulator: Emulator) -> Attempt:
    return Attempt(emulator.invited[1], {"HandshakeId": child(emulator)[1]})


def may_only_accept(emulator: Emulator) -> Attempt:
    owner = emulator.invited[0]
    iam = emulator.client("iam", owner)
    for role in iam.list_roles()["Roles"]:
        iam.delete_role(RoleName=role["RoleName"])
    accept = {"Effect": "Allow", "Action": "organizations:AcceptHandshake", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [accept]})
    iam.put_user_policy(UserName="emulator", PolicyName="AdministratorAccess", PolicyDocument=document)
    return Attempt(owner, {"HandshakeId": child(emulator)[1]})


def states(account_state: Any) -> "Rule":
    def prepare(emulator: Emulator) -> Attempt:
        emulator.set_account_state("333333333333", account_state)
        return Attempt(emulator.management, {"AccountId": "333333333333"})

    return Rule(prepare, {"feature_set": "ALL"})


def root_id(emulator: Emulator) -> str:
    roots = emulator.client("organizations", emulator.management).list_roots()["Roots"]
    return str(roots[0]["Id"])


def policy_type(name: str, *, pending: bool = False) -> Callable[[Emulator], Attempt]:
    def prepare(emulator: Emulator) -> Attempt:
        root = root_id(emulator)
        if pending:
            management = emulator.client("organizations", emulator.management)
            management.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
        return Attempt(emulator.management, {"RootId": root, "PolicyType": name})

    return prepare


class Rule(NamedTuple):
    """The way from a rule of AWS's to an error."""

    prepare: Callable[[Emulator], Attempt]
    fields: Mapping[str, Any] = MappingProxyType({})
    switches: Switches = Switches()


def by(account_id: str, operation: str, **parameters: Any) -> Rule:
    return Rule(lambda _: Attempt(account_id, CALLS[operation][1] | parameters))


def throttled(operation: str) -> Rule:
    def prepare(emulator: Emulator) -> Attempt:
        call, parameters = CALLS[operation]
        client = emulator.client("organizations", emulator.management)
        vars(emulator.clock)["elapsed"] = lambda: 0.0  # buckets don't fill meanwhile
        for _ in range(20):
            try:
                getattr(client, call)(**parameters)
            except client.exceptions.TooManyRequestsException:
                break
            except client.exceptions.ClientError:
                pass
        return Attempt(emulator.management, parameters)

    return Rule(prepare, switches=Switches(throttling=True))


MANAGEMENT = "111111111111"
ALL = {"feature_set": "ALL"}
POOR = {"members": (Member("777777777777", payment_method=False),)}
PENDING = Switches(policy_type_changes="clock")
RULES: dict[tuple[str, str], Rule] = {
    **{(each, "AccessDeniedException"): by("222222222222", each) for each in OF_MANAGEMENT},
    **{
        (each, "AWSOrganizationsNotInUseException"): by(OUTSIDER, each)
        for each in (*OF_MANAGEMENT, "DescribeOrganization", "LeaveOrganization")
    },
    **{
        (f"{each}Handshake", "HandshakeNotFoundException"): by(MANAGEMENT, f"{each}Handshake")
        for each in ("Accept", "Cancel", "Decline", "Describe")
    },
    **{
        (f"{each}Handshake", "InvalidInputException"): by(MANAGEMENT, f"{each}Handshake", HandshakeId="h-No")
        for each in ("Accept", "Cancel", "Decline", "Describe")
    },
    **{
        (f"{each}Handshake", "AccessDeniedException"): Rule(stranger)
        for each in ("Accept", "Cancel", "Decline", "Describe")
    },
    **{
        (each, "InvalidInputException"): by(MANAGEMENT, each, NextToken="none")
        for each in ("ListAccounts", "ListHandshakesForAccount", "ListHandshakesForOrganization")
    },
    **{
        (each, "TooManyRequestsException"): throttled(each)
        for each in CALLS
        if each.startswith(("Accept", "Cancel", "Decline", "Describe", "Disable", "List", "EnableP"))
    },
    ("AcceptHandshake", "HandshakeAlreadyInStateException"): Rule(lambda it: answered(it, "approve")),
    ("DeclineHandshake", "HandshakeAlreadyInStateException"): Rule(lambda it: answered(it, "decline")),
    ("CancelHandshake", "HandshakeAlreadyInStateException"): Rule(canceled),
    ("AcceptHandshake", "InvalidHandshakeTransitionException"): Rule(
        lambda it: Attempt(it.management, {"HandshakeId": parent(it)})
    ),
    ("DeclineHandshake", "InvalidHandshakeTransitionException"): Rule(lambda it: answered(it, "approve")),
    ("CancelHandshake", "InvalidHandshakeTransitionException"): Rule(finished),
    ("AcceptHandshake", "HandshakeConstraintViolationException"): Rule(member_joins),
    ("AcceptHandshake", "MasterCannotLeaveOrganizationException"): Rule(management_joins),
    ("AcceptHandshake", "ConstraintViolationException"): Rule(
        young_account_moves, switches=Switches(removal_waiting_period=True)
    ),
    ("AcceptHandshake", "AccessDeniedForDependencyException"): Rule(
        may_only_accept, switches=Switches(iam_enforcement=True)
    ),
    ("EnableAllFeatures", "HandshakeConstraintViolationException"): Rule(begun),
    ("EnableAllFeatures", "ConstraintViolationException"): Rule(
        lambda it: Attempt(it.management, {}), {"invited": 5000}
    ),
    ("InviteAccountToOrganization", "HandshakeConstraintViolationException"): by(
        MANAGEMENT, "InviteAccountToOrganization", Target={"Id": "222222222222", "Type": "ACCOUNT"}
    ),
    ("InviteAccountToOrganization", "DuplicateHandshakeException"): Rule(invited_twice),
    ("InviteAccountToOrganization", "InvalidInputException"): by(
        MANAGEMENT, "InviteAccountToOrganization", Target={"Id": "1", "Type": "ACCOUNT"}
    ),
    ("LeaveOrganization", "MasterCannotLeaveOrganizationException"): by(MANAGEMENT, "LeaveOrganization"),
    ("LeaveOrganization", "ConstraintViolationException"): Rule(lambda _: Attempt("777777777777", {}), POOR),
    ("RemoveAccountFromOrganization", "AccountNotFoundException"): by(
        MANAGEMENT, "RemoveAccountFromOrganization"
    ),
    ("RemoveAccountFromOrganization", "MasterCannotLeaveOrganizationException"): by(
        MANAGEMENT, "RemoveAccountFromOrganization", AccountId=MANAGEMENT
    ),
    ("RemoveAccountFromOrganization", "ConstraintViolationException"): Rule(
        lambda it: Attempt(it.management, {"AccountId": "777777777777"}), POOR
    ),
    ("CloseAccount", "AccountNotFoundException"): by(MANAGEMENT, "CloseAccount", AccountId=NOBODY),
    ("CloseAccount", "ConstraintViolationException"): by(MANAGEMENT, "CloseAccount"),
    ("CloseAccount", "AccountAlreadyClosedException"): states("CLOSED"),
    ("CloseAccount", "ConflictException"): states("PENDING_CLOSURE"),
    ("EnablePolicyType", "RootNotFoundException"): by(MANAGEMENT, "EnablePolicyType"),
    ("DisablePolicyType", "RootNotFoundException"): by(MANAGEMENT, "DisablePolicyType"),
    ("EnablePolicyType", "InvalidInputException"): Rule(policy_type("NONE")),
    ("DisablePolicyType", "InvalidInputException"): Rule(policy_type("NONE")),
    ("EnablePolicyType", "PolicyTypeNotAvailableForOrganizationException"): Rule(policy_type(SCP)),
    ("EnablePolicyType", "PolicyTypeAlreadyEnabledException"): Rule(policy_type(SCP), ALL),
    ("DisablePolicyType", "PolicyTypeNotEnabledException"): Rule(policy_type("TAG_POLICY"), ALL),
    ("EnablePolicyType", "ConstraintViolationException"): Rule(policy_type("GUARDDUTY_POLICY"), ALL),
    ("EnablePolicyType", "PolicyChangesInProgressException"): Rule(
        policy_type("BACKUP_POLICY", pending=True), ALL, PENDING
    ),
    ("DisablePolicyType", "PolicyChangesInProgressException"): Rule(
        policy_type(SCP, pending=True), ALL, PENDING
    ),
}


@pytest.mark.parametrize(("operation", "code"), RULES, ids=str)
def test_a_rule_leads_to_this_error(start: Start, operation: str, code: str, tried: Tried) -> None:
    tried("declared", operation, code, "by AWS's rules", of=len(DECLARED))
    rule = RULES[operation, code]
    emulator = start(rule.switches, **rule.fields)
    account_id, parameters = rule.prepare(emulator)
    client = checked(emulator.client("organizations", account_id))
    assert refusal(getattr(client, CALLS[operation][0]), **parameters).code == code


def test_all_others_are_answered_on_request(emulator: Emulator, tried: Tried) -> None:
    management = checked(emulator.client("organizations", emulator.management))
    for operation, code in [each for each in DECLARED if each not in RULES]:
        tried("declared", operation, code, "on request", of=len(DECLARED))
        shape = MODEL.shape_for(code)
        assert isinstance(shape, StructureShape)
        reason = getattr(shape.members.get("Reason"), "enum", [None])[0]
        emulator.fail(operation, error=code, reason=reason)
        call, parameters = CALLS[operation]
        assert refusal(getattr(management, call), **parameters)[:2] == (code, reason)


def test_rules_are_of_errors_that_are_declared() -> None:
    assert set(RULES) <= set(DECLARED)
