"""Every switch in every position, seen by a client: what it is for, and that the other position differs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from aws_org_emulator import Emulator, Member, Switches
from aws_org_emulator.people.clients import REGION, isolated_session
from tests.emulator.conftest import Start, Tried
from tests.emulator.helpers import handshakes
from tests.emulator.model_check import checked

HINTS = get_type_hints(Switches)
NOTHING: Mapping[str, Any] = MappingProxyType({})
TAGS = "TAG_POLICY"


def client(emulator: Emulator, account_id: str = "") -> Any:
    return checked(emulator.client("organizations", account_id or emulator.management))


def outcome(call: Any, **parameters: Any) -> str:
    """The outcome of a call: nothing bad, or the error's Reason or code."""
    try:
        call(**parameters)
    except ClientError as error:
        said: Mapping[str, Any] = error.response
        return str(said.get("Reason") or said["Error"]["Code"])
    return "done"


def handshake_actions(emulator: Emulator) -> list[str]:
    actions = [client(emulator).enable_all_features()["Handshake"]["Action"]]
    owner = client(emulator, emulator.invited[0])
    return actions + [each["Action"] for each in handshakes(owner.list_handshakes_for_account)]


def asked(emulator: Emulator) -> dict[str, Any]:
    """The handshake that an owner is asked to accept."""
    client(emulator).enable_all_features()
    (child,) = handshakes(client(emulator, emulator.invited[0]).list_handshakes_for_account)
    return child


def parties(emulator: Emulator) -> list[str]:
    child = asked(emulator)
    parent, *_ = handshakes(client(emulator).list_handshakes_for_organization)
    return [each["Parties"][0]["Id"] for each in (parent, child)]


def first_parties(emulator: Emulator) -> set[str]:
    """The first party in some answers about one handshake."""
    child_id, owner = asked(emulator)["Id"], client(emulator, emulator.invited[0])
    found = [owner.describe_handshake(HandshakeId=child_id)["Handshake"]["Parties"] for _ in range(2)]
    return {parties[0]["Type"] for parties in found}


def left_over(emulator: Emulator) -> list[str]:
    """The fate of everything pending when a migration expires: an invitation, and an approval."""
    client(emulator).enable_all_features()
    emulator.clock.advance(days=80)
    guest = emulator.invite()
    emulator.clock.advance(days=10)
    received = (
        handshakes(client(emulator, each).list_handshakes_for_account) for each in (guest, *emulator.invited)
    )
    return [each["State"] for found in received for each in found]


def asked_when(emulator: Emulator) -> tuple[int, int, bool]:
    """Count those asked at once, and a second later, and compare their expiry with the parent's."""
    parent = client(emulator).enable_all_features()["Handshake"]

    def children() -> list[dict[str, Any]]:
        found = handshakes(client(emulator).list_handshakes_for_organization)
        return [each for each in found if each["Id"] != parent["Id"]]

    first = len(children())
    emulator.clock.advance(seconds=1)
    expiries = {each["ExpirationTimestamp"] for each in children()}
    lasts = {each["ExpirationTimestamp"] - each["RequestedTimestamp"] for each in children()}
    whole = parent["ExpirationTimestamp"] - parent["RequestedTimestamp"]
    return first, len(children()), expiries == {parent["ExpirationTimestamp"]} and lasts == {whole}


def parent_link(emulator: Emulator) -> str:
    """The parent's name in a child; its id stands for itself."""
    child = asked(emulator)
    parent, *_ = handshakes(client(emulator).list_handshakes_for_organization)
    return str(child["Resources"][0]["Value"]).replace(parent["Id"][2:], "…")


def shown_to_management(emulator: Emulator) -> int:
    parent = client(emulator).enable_all_features()["Handshake"]
    below = {"Filter": {"ParentHandshakeId": parent["Id"]}}
    return len(handshakes(client(emulator).list_handshakes_for_organization, **below))


def first_page(emulator: Emulator) -> tuple[int, bool]:
    page = client(emulator).list_accounts()
    return len(page["Accounts"]), "NextToken" in page


def nobody_asked(emulator: Emulator) -> tuple[str, str]:
    started = client(emulator).enable_all_features()["Handshake"]["State"]
    return started, client(emulator).describe_organization()["Organization"]["FeatureSet"]


def declined(emulator: Emulator) -> str:
    """The id of a parent to which everyone has answered, and one not with yes."""
    parent_id = client(emulator).enable_all_features()["Handshake"]["Id"]
    decliner, *others = emulator.invited
    for account_id in others:
        emulator.approve(account_id)
    emulator.decline(decliner)
    return str(parent_id)


def after_decline(emulator: Emulator) -> str:
    return str(client(emulator).describe_handshake(HandshakeId=declined(emulator))["Handshake"]["State"])


def accept_after_decline(emulator: Emulator) -> tuple[str, str]:
    accepted = outcome(client(emulator).accept_handshake, HandshakeId=declined(emulator))
    return accepted, client(emulator).describe_organization()["Organization"]["FeatureSet"]


def invite_meanwhile(emulator: Emulator) -> str:
    client(emulator).enable_all_features()
    target = {"Type": "ACCOUNT", "Id": "888888888888"}
    return outcome(client(emulator).invite_account_to_organization, Target=target)


def only_inactive(emulator: Emulator) -> str:
    return str(client(emulator).enable_all_features()["Handshake"]["State"])


def account_fields(emulator: Emulator) -> tuple[bool, bool]:
    account = client(emulator).describe_account(AccountId=emulator.invited[0])["Account"]
    return "Status" in account, "State" in account


def remove_new(emulator: Emulator) -> str:
    remove = client(emulator).remove_account_from_organization
    return outcome(remove, AccountId=emulator.created[0])


def type_changes(emulator: Emulator) -> list[str]:
    """A type's status as enabling it answers, then as it is listed, again, and half a minute later."""
    management = client(emulator)
    root_id = management.list_roots()["Roots"][0]["Id"]
    roots = [management.enable_policy_type(RootId=root_id, PolicyType=TAGS)["Root"]]
    roots += [management.list_roots()["Roots"][0] for _ in range(2)]
    emulator.clock.advance(seconds=30)
    roots += management.list_roots()["Roots"]
    return [each["Status"] for root in roots for each in root["PolicyTypes"] if each["Type"] == TAGS]


def hurry(emulator: Emulator) -> list[str]:
    return [outcome(client(emulator).describe_organization) for _ in range(3)]


def patience(emulator: Emulator) -> str:
    # As long as it takes where an answer comes, and not for long where none will.
    seconds = 0.5 if emulator.scenario.switches.latency else 60
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=seconds)
    credentials = emulator.credentials(emulator.management)
    impatient: Any = isolated_session().create_client(
        "organizations",
        region_name=REGION,
        endpoint_url=emulator.endpoint,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        config=config,
    )
    try:
        return outcome(impatient.describe_organization)
    except ReadTimeoutError:
        return "no answer yet"
    finally:
        impatient.close()


def written_and_read(emulator: Emulator) -> tuple[int, str]:
    client(emulator).enable_all_features()
    emulator.set_account_state(emulator.invited[0], "SUSPENDED")
    sent = handshakes(client(emulator).list_handshakes_for_organization)
    account = client(emulator).describe_account(AccountId=emulator.invited[0])["Account"]
    return len(sent), account["State"]


def without_policies(emulator: Emulator) -> str:
    """The outcome of an administrator's call once the administrator has no policy left."""
    iam = emulator.client("iam", emulator.management)
    iam.delete_user_policy(UserName="emulator", PolicyName="AdministratorAccess")
    return outcome(client(emulator).describe_organization)


def largest(emulator: Emulator) -> str:
    return outcome(client(emulator).enable_all_features)


class Probe(NamedTuple):
    """Shows where a switch is.

    Attributes:
        observe: what a client sees, in an organization of `fields`;
        seen: that, by the switch's position;
        fields: of the scenario;
        others: switches without which this one makes no difference.
    """

    observe: Callable[[Emulator], Any]
    seen: Mapping[Any, Any]
    fields: Mapping[str, Any] = NOTHING
    others: Mapping[str, Any] = NOTHING


WHOLE, APPROVE = "ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"
PROBES: dict[str, Probe] = {
    "handshake_actions": Probe(handshake_actions, {"guide": [WHOLE, APPROVE], "model": [APPROVE, WHOLE]}),
    "pending_child": Probe(lambda it: asked(it)["State"], {"OPEN": "OPEN", "REQUESTED": "REQUESTED"}),
    "party_prefixes": Probe(parties, {False: ["exampleorg1"] * 2, True: ["o-exampleorg1"] * 2}),
    "party_order": Probe(
        first_parties,
        {
            "sender": {"ORGANIZATION"},
            "recipient": {"ACCOUNT"},
            "either": {"ORGANIZATION", "ACCOUNT"},
        },
    ),
    "expired_children": Probe(
        left_over,
        {"EXPIRED": ["OPEN", "EXPIRED"], "CANCELED": ["CANCELED", "CANCELED"]},
        {"invited": 1},
    ),
    "children_after": Probe(asked_when, {0.0: (3, 3, True), 0.75: (0, 3, False)}),
    "parent_link_prefix": Probe(parent_link, {False: "…", True: "h-…"}),
    "children_shown": Probe(shown_to_management, {False: 0, True: 3}),
    "empty_pages": Probe(first_page, {False: (6, False), True: (0, True)}),
    "accepted_at_once": Probe(
        nobody_asked,
        {False: ("OPEN", "CONSOLIDATED_BILLING"), True: ("ACCEPTED", "ALL")},
        {"invited": 0},
    ),
    "open_when_all_responded": Probe(after_decline, {False: "REQUESTED", True: "OPEN"}),
    "accept_despite_decline": Probe(
        accept_after_decline,
        {False: ("InvalidHandshakeTransitionException", "CONSOLIDATED_BILLING"), True: ("done", "ALL")},
        others={"open_when_all_responded": True},
    ),
    "invitations_during_migration": Probe(
        invite_meanwhile, {False: "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", True: "done"}
    ),
    "inactive_accounts_count": Probe(
        only_inactive,
        {False: "OPEN", True: "REQUESTED"},
        {"invited": 0, "members": (Member("777777777777", state="SUSPENDED"),)},
    ),
    "account_status_shown": Probe(account_fields, {False: (False, True), True: (True, True)}),
    "removal_waiting_period": Probe(remove_new, {False: "done", True: "WAIT_PERIOD_ACTIVE"}),
    "policy_type_changes": Probe(
        type_changes,
        {
            "at_once": ["ENABLED"] * 4,
            "clock": ["PENDING_ENABLE"] * 3 + ["ENABLED"],
            "read": ["PENDING_ENABLE"] * 2 + ["ENABLED"] * 2,
        },
        {"feature_set": "ALL"},
    ),
    "throttling": Probe(hurry, {False: ["done"] * 3, True: ["done", "done", "TooManyRequestsException"]}),
    "iam_enforcement": Probe(without_policies, {False: "done", True: "AccessDeniedException"}),
    "latency": Probe(patience, {0.0: "done", 3600.0: "no answer yet"}),
    "read_lag": Probe(written_and_read, {0.0: (4, "SUSPENDED"), 3600.0: (0, "ACTIVE")}),
    "five_thousand_migrate": Probe(
        largest,
        {False: "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED", True: "done"},
        {"invited": 4999, "created": 0},
    ),
}
POSITIONS = [(name, position) for name, probe in PROBES.items() for position in probe.seen]


@pytest.mark.parametrize(("name", "position"), POSITIONS)
def test_a_client_sees_where_a_switch_is(start: Start, name: str, position: Any, tried: Tried) -> None:
    tried("switches", name, str(position), of=len(POSITIONS))
    probe = PROBES[name]
    emulator = start(Switches(**{**probe.others, name: position}), **probe.fields)
    assert probe.observe(emulator) == probe.seen[position]


@pytest.mark.parametrize("name", HINTS)
def test_every_switch_has_a_probe_that_tells_its_positions_apart(name: str) -> None:
    seen = PROBES[name].seen
    hint = HINTS[name]
    if get_origin(hint) is Literal:
        assert set(seen) == set(get_args(hint))
    elif hint is bool:
        assert set(seen) == {False, True}
    else:
        assert hint is float
        assert min(seen) == 0 < max(seen)
    shown = list(seen.values())
    assert all(shown.count(each) == 1 for each in shown)


def test_probes_are_of_switches() -> None:
    assert set(PROBES) == set(HINTS)


def test_an_empty_page_of_roots_has_shown_no_change(start: Start) -> None:
    emulator = start(Switches(policy_type_changes="read", empty_pages=True), feature_set="ALL")
    pages = client(emulator).get_paginator("list_roots").paginate

    def statuses() -> list[str]:
        types = [each for page in pages() for root in page["Roots"] for each in root["PolicyTypes"]]
        return [each["Status"] for each in types if each["Type"] == TAGS]

    root_id = next(root["Id"] for page in pages() for root in page["Roots"])
    client(emulator).enable_policy_type(RootId=root_id, PolicyType=TAGS)
    assert [statuses(), statuses()] == [["PENDING_ENABLE"], ["ENABLED"]]
