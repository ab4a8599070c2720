"""The errors that a migration meets, one row a rule: which call, when, and what AWS says.

Rows that no rule of the emulator leads to, because AWS doesn't say when, or only at its own whim, are
answered on request.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any, NamedTuple

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Switches
from aws_org_emulator.people.clients import REGION, isolated_session
from tests.emulator.conftest import Start, Tried
from tests.emulator.helpers import Refusal, refusal
from tests.emulator.model_check import checked

PATIENCE = 50
OUTSIDER, UNKNOWN = "888888888888", "h-0123456789"
SCP = "SERVICE_CONTROL_POLICY"
REFUSED_BY_CONSTRAINT = "HandshakeConstraintViolationException"
OF_MANAGEMENT: dict[str, dict[str, str]] = {
    "enable_all_features": {},
    "list_accounts": {},
    "list_handshakes_for_organization": {},
    "list_roots": {},
    "enable_policy_type": {"RootId": "r-none", "PolicyType": SCP},
    "disable_policy_type": {"RootId": "r-none", "PolicyType": SCP},
}
OF_EVERYONE: dict[str, dict[str, str]] = {"describe_organization": {}, "leave_organization": {}}
ANSWERS = ("accept_handshake", "cancel_handshake", "decline_handshake")


class Row(NamedTuple):
    """One rule.

    Attributes:
        call: which operations,
        when: and in which situation;
        error: the error's code and Reason;
        provoke: brings each of the operations into that situation, and calls it;
        fields: of the scenario;
        switches: of the emulator;
        says: AWS's own words, where they were seen.
    """

    call: str
    when: str
    error: tuple[str, str | None]
    provoke: Callable[[Emulator], Iterator[Refusal]]
    fields: dict[str, Any] = {}  # noqa: RUF012 - of a tuple, which nobody changes
    switches: Switches = Switches()
    says: str | None = None


def client(emulator: Emulator, account_id: str) -> Any:
    return checked(emulator.client("organizations", account_id))


def enable(emulator: Emulator) -> Iterator[Refusal]:
    yield refusal(client(emulator, emulator.management).enable_all_features)


def enable_twice(emulator: Emulator) -> Iterator[Refusal]:
    emulator.enable_all_features()
    yield from enable(emulator)


def legacy_permissions(emulator: Emulator) -> Iterator[Refusal]:
    emulator.fail("EnableAllFeatures", error=REFUSED_BY_CONSTRAINT, reason="LEGACY_PERMISSIONS_STILL_IN_USE")
    yield from enable(emulator)


def by_member(emulator: Emulator) -> Iterator[Refusal]:
    for account_id in (emulator.invited[0], emulator.created[0]):
        for call, parameters in OF_MANAGEMENT.items():
            yield refusal(getattr(client(emulator, account_id), call), **parameters)


def by_delegate(emulator: Emulator) -> Iterator[Refusal]:
    """An account that administers a service may list, and change policy types; but not begin."""
    member = emulator.created[0]
    management, service = client(emulator, emulator.management), {"ServicePrincipal": "ssm.amazonaws.com"}
    management.enable_aws_service_access(**service)
    management.register_delegated_administrator(AccountId=member, **service)
    delegate = client(emulator, member)
    delegate.list_accounts()
    delegate.list_handshakes_for_organization()
    root_id = delegate.list_roots()["Roots"][0]["Id"]
    delegate.enable_policy_type(RootId=root_id, PolicyType="TAG_POLICY")
    delegate.disable_policy_type(RootId=root_id, PolicyType="TAG_POLICY")
    yield refusal(delegate.enable_all_features)


def by_outsider(emulator: Emulator) -> Iterator[Refusal]:
    for call, parameters in (OF_MANAGEMENT | OF_EVERYONE).items():
        yield refusal(getattr(client(emulator, OUTSIDER), call), **parameters)


def answer_again(*calls: str) -> Callable[[Emulator], Iterator[Refusal]]:
    def provoke(emulator: Emulator) -> Iterator[Refusal]:
        emulator.enable_all_features()
        owner = emulator.invited[0]
        accepted = emulator.approve(owner)["Id"]
        for call in calls:
            who = emulator.management if call == "cancel_handshake" else owner
            yield refusal(getattr(client(emulator, who), call), HandshakeId=accepted)

    return provoke


def unknown_handshake(emulator: Emulator) -> Iterator[Refusal]:
    for account_id in (emulator.management, emulator.invited[0]):
        for call in (*ANSWERS, "describe_handshake"):
            yield refusal(getattr(client(emulator, account_id), call), HandshakeId=UNKNOWN)


def change_type(policy_type: str, *calls: str, during: str = "") -> Callable[[Emulator], Iterator[Refusal]]:
    def provoke(emulator: Emulator) -> Iterator[Refusal]:
        management = client(emulator, emulator.management)
        root_id = management.list_roots()["Roots"][0]["Id"]
        if during:
            management.enable_policy_type(RootId=root_id, PolicyType=during)
        for call in calls or ("enable_policy_type",):
            yield refusal(getattr(management, call), RootId=root_id, PolicyType=policy_type)

    return provoke


def race(emulator: Emulator) -> Iterator[Refusal]:
    """Every write of a migration, by a client that tries again where botocore thinks that it should."""
    credentials = emulator.credentials(emulator.management)
    root_id = emulator.client("organizations", emulator.management).list_roots()["Roots"][0]["Id"]
    change = {"RootId": root_id, "PolicyType": SCP}
    writes = {"enable_all_features": {}, "enable_policy_type": change, "disable_policy_type": change}
    writes |= {call: {"HandshakeId": UNKNOWN} for call in ANSWERS}
    for mode in ("legacy", "standard", "adaptive"):
        config = Config(retries={"mode": mode, "total_max_attempts": 5}, proxies={})
        retrying: Any = isolated_session().create_client(
            "organizations",
            region_name=REGION,
            endpoint_url=emulator.endpoint,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            config=config,
        )
        with closing(checked(retrying)) as persistent:
            for call, parameters in writes.items():
                emulator.reset_calls()
                emulator.fail("*", error="ConcurrentModificationException", times=5)
                yield refusal(getattr(persistent, call), **parameters)
                emulator.clear_faults()
                assert emulator.calls.total() == 1, f"{call} was tried again in mode {mode}"


def until_refused(method: Any, parameters: dict[str, str]) -> Refusal:
    """A call's refusal for too many requests; on a slow machine a call or two more are allowed."""
    for _ in range(PATIENCE):
        with suppress(pytest.fail.Exception):
            found = refusal(method, **parameters)
            if found.code == "TooManyRequestsException":
                return found
    raise AssertionError(f"never refused in {PATIENCE} calls")


def throttle(emulator: Emulator) -> Iterator[Refusal]:
    for call, parameters, allowed in (
        ("accept_handshake", {"HandshakeId": UNKNOWN}, 2),
        ("describe_organization", {}, 2),
        ("list_handshakes_for_organization", {}, 8),
        ("list_roots", {}, 2),
    ):
        method = getattr(client(emulator, emulator.management), call)
        for _ in range(allowed):
            with suppress(ClientError):  # there is no such handshake; asking counts all the same
                method(**parameters)
        yield until_refused(method, parameters)


ALL: dict[str, Any] = {"feature_set": "ALL"}
DENIED = "You don't have permissions to access this resource."
ROWS = (
    Row(
        "EnableAllFeatures",
        "already ALL",
        (REFUSED_BY_CONSTRAINT, "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"),
        enable,
        ALL,
        says="All features are already enabled on this organization.",
    ),
    Row(
        "EnableAllFeatures",
        "migration in progress",
        (REFUSED_BY_CONSTRAINT, "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"),
        enable_twice,
    ),
    Row(
        "EnableAllFeatures",
        "more than 5,000 accounts",
        ("ConstraintViolationException", "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"),
        enable,
        {"invited": 5000, "created": 0},
    ),
    Row(
        "EnableAllFeatures",
        "legacy billing permissions, on request",
        (REFUSED_BY_CONSTRAINT, "LEGACY_PERMISSIONS_STILL_IN_USE"),
        legacy_permissions,
    ),
    Row(
        "the management account's",
        "from a member",
        ("AccessDeniedException", None),
        by_member,
        says=DENIED,
    ),
    Row(
        "the management account's alone",
        "from a delegated administrator, who may list and change policy types",
        ("AccessDeniedException", None),
        by_delegate,
        ALL,
        says=DENIED,
    ),
    Row("any", "no organization", ("AWSOrganizationsNotInUseException", None), by_outsider),
    Row(
        "AcceptHandshake",
        "accepted already",
        ("HandshakeAlreadyInStateException", None),
        answer_again("accept_handshake"),
    ),
    Row(
        "CancelHandshake, DeclineHandshake",
        "accepted already",
        ("InvalidHandshakeTransitionException", None),
        answer_again("cancel_handshake", "decline_handshake"),
    ),
    Row("any of a handshake", "unknown id", ("HandshakeNotFoundException", None), unknown_handshake),
    Row(
        "EnablePolicyType",
        "consolidated billing",
        ("PolicyTypeNotAvailableForOrganizationException", None),
        change_type(SCP),
    ),
    Row(
        "EnablePolicyType",
        "on already",
        ("PolicyTypeAlreadyEnabledException", None),
        change_type(SCP),
        ALL,
    ),
    Row(
        "EnablePolicyType, DisablePolicyType",
        "another change running",
        ("PolicyChangesInProgressException", None),
        change_type("BACKUP_POLICY", "enable_policy_type", "disable_policy_type", during="TAG_POLICY"),
        ALL,
        Switches(policy_type_changes="clock"),
    ),
    Row(
        "EnablePolicyType",
        "the type's service isn't trusted",
        ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED"),
        change_type("SECURITYHUB_POLICY"),
        ALL,
    ),
    Row("any write", "race, on request", ("ConcurrentModificationException", None), race),
    Row(
        "any",
        "throttled",
        ("TooManyRequestsException", None),
        throttle,
        switches=Switches(throttling=True),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.call}: {row.when}")
def test_a_row_is_answered_as_aws_does(start: Start, row: Row, tried: Tried) -> None:
    tried("rules", row.call, row.when, of=len(ROWS))
    emulator = start(row.switches, **row.fields)
    refusals = list(row.provoke(emulator))
    assert refusals
    assert {each[:2] for each in refusals} == {row.error}
    assert row.says is None or {each.message for each in refusals} == {row.says}


def test_an_accept_can_be_refused_and_yet_be_done(emulator: Emulator) -> None:
    emulator.enable_all_features()
    owner = client(emulator, emulator.invited[0])
    child_id = emulator.children[0]["Id"]
    emulator.fail("AcceptHandshake", when="after", error="ServiceException")
    assert refusal(owner.accept_handshake, HandshakeId=child_id).code == "ServiceException"
    assert owner.describe_handshake(HandshakeId=child_id)["Handshake"]["State"] == "ACCEPTED"
