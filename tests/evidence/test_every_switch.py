"""The emulator is recorded in every position of every switch, and the recording tells which one it was."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args, get_origin, get_type_hints

import pytest
import yaml
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Member, Scenario, Switches
from aws_org_emulator.scenario.file import parse
from aws_org_features.evidence.answer import answers, scenario
from aws_org_features.evidence.questions import QUESTIONS
from tests.evidence.recorded import Recorded, answered, recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aws_org_features.evidence.answer import Answer

HINTS: Final = get_type_hints(Switches)
NOT_SEEN: Final = "not seen"
BOTH: Final = (False, True)
STILL: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A clock that stands still, so that a slow machine doesn't count as a slow AWS."""
ATTEMPTS: Final = 60


def attempt(call: Any, **parameters: Any) -> dict[str, Any] | None:
    with contextlib.suppress(ClientError):
        answer: dict[str, Any] = call(**parameters)
        return answer
    return None


def start(made: Recorded) -> str:
    return str(made.client().enable_all_features()["Handshake"]["Id"])


def asked(made: Recorded) -> str:
    """Start, and let each owner look at what it is asked; the parent's id."""
    parent_id = start(made)
    for account_id in made.org.invited:
        attempt(made.client(account_id).list_handshakes_for_account)
    made.client().list_handshakes_for_organization(Filter={"ParentHandshakeId": parent_id})
    return parent_id


def described_twice(made: Recorded) -> None:
    asked(made)
    child_id = made.org.children[0]["Id"]
    for _ in range(2):
        made.client(made.org.invited[0]).describe_handshake(HandshakeId=child_id)


def asked_later(made: Recorded) -> None:
    parent_id = start(made)
    made.org.clock.advance(seconds=2)
    made.client().list_handshakes_for_organization(Filter={"ParentHandshakeId": parent_id})


def expire(made: Recorded) -> None:
    parent_id = asked(made)
    made.org.clock.advance(days=91)
    made.client().describe_handshake(HandshakeId=parent_id)
    made.client().list_handshakes_for_organization(Filter={"ParentHandshakeId": parent_id})


def decline(made: Recorded) -> None:
    parent_id = asked(made)
    for child in made.org.children:
        decliner = child["Parties"][1]["Id"] == made.org.invited[0]
        client = made.client(next(each["Id"] for each in child["Parties"] if each["Type"] == "ACCOUNT"))
        (client.decline_handshake if decliner else client.accept_handshake)(HandshakeId=child["Id"])
    made.client().list_handshakes_for_organization(Filter={"ParentHandshakeId": parent_id})
    made.client().describe_handshake(HandshakeId=parent_id)
    attempt(made.client().accept_handshake, HandshakeId=parent_id)


def invite(made: Recorded) -> None:
    start(made)
    attempt(made.client().invite_account_to_organization, Target={"Type": "ACCOUNT", "Id": "888888888888"})


def accounts(made: Recorded) -> None:
    made.client().list_accounts()


def accounts_and_start(made: Recorded) -> None:
    made.client().list_accounts()
    asked(made)


def every_account_and_start(made: Recorded) -> None:
    for _ in made.client().get_paginator("list_accounts").paginate():
        pass
    attempt(made.client().enable_all_features)


def remove(made: Recorded) -> None:
    accounts(made)
    attempt(made.client().remove_account_from_organization, AccountId=made.org.created[0])


def enable_type(made: Recorded) -> None:
    root_id = made.client().list_roots()["Roots"][0]["Id"]
    made.client().enable_policy_type(RootId=root_id, PolicyType="TAG_POLICY")
    for _ in range(2):
        made.client().list_roots()


def hurry(made: Recorded) -> None:
    for _ in range(8):
        attempt(made.client().describe_organization)


def without_policies(made: Recorded) -> None:
    iam = made.org.client("iam", made.org.management)
    iam.delete_user_policy(UserName="emulator", PolicyName="AdministratorAccess")
    attempt(made.client().describe_organization)


def write_and_read(made: Recorded) -> None:
    start(made)
    made.client().list_handshakes_for_organization()


class Play(NamedTuple):
    """Lets a switch be seen.

    Attributes:
        play: What is done, and recorded;
        found: what the recording tells, by the switch's position;
        fields: of the scenario;
        others: switches without which this one makes no difference;
        by_machine: True if a busy machine may hide it, for a time: it is played until a recording tells it.
    """

    play: Callable[[Recorded], object]
    found: Mapping[Any, Any]
    fields: Mapping[str, Any] = {}
    others: Mapping[str, Any] = {}
    by_machine: bool = False


def same(*positions: Any) -> dict[Any, Any]:
    return {each: each for each in positions}


PLAYS: Final[dict[str, Play]] = {
    "handshake_actions": Play(asked, same("guide", "model")),
    "pending_child": Play(asked, same("OPEN", "REQUESTED")),
    "party_prefixes": Play(start, same(*BOTH)),
    "party_order": Play(described_twice, same("sender", "recipient", "either")),
    "parent_link_prefix": Play(asked, same(*BOTH)),
    "expired_children": Play(expire, same("EXPIRED", "CANCELED")),
    "children_after": Play(asked_later, same(0.0, 0.75)),
    "children_shown": Play(asked, same(*BOTH)),
    "empty_pages": Play(accounts, same(*BOTH)),
    "accepted_at_once": Play(start, same(*BOTH), {"invited": 0}),
    "open_when_all_responded": Play(decline, same(*BOTH)),
    "accept_despite_decline": Play(decline, same(*BOTH), others={"open_when_all_responded": True}),
    "invitations_during_migration": Play(invite, same(*BOTH)),
    "inactive_accounts_count": Play(
        accounts_and_start,
        same(*BOTH),
        {"invited": 0, "members": (Member("777777777777", state="SUSPENDED"),)},
    ),
    "account_status_shown": Play(accounts, same(*BOTH)),
    "removal_waiting_period": Play(remove, same(*BOTH)),
    "policy_type_changes": Play(enable_type, same("at_once", "clock", "read"), {"feature_set": "ALL"}),
    "throttling": Play(hurry, same(*BOTH), by_machine=True),
    # That nothing is refused tells nothing: the callers may have been allowed to.
    "iam_enforcement": Play(without_policies, {False: NOT_SEEN, True: True}),
    "latency": Play(accounts, same(0.0, 0.2), by_machine=True),
    "read_lag": Play(write_and_read, {0.0: 0.0, 3600.0: ...}),
    "five_thousand_migrate": Play(every_account_and_start, same(*BOTH), {"invited": 4999, "created": 0}),
}
SLOW: Final = {"five_thousand_migrate"}
CASES: Final = [
    pytest.param(name, position, marks=[pytest.mark.exhaustive] if name in SLOW else [])
    for name, play in PLAYS.items()
    for position in play.found
]


@pytest.mark.parametrize(("name", "position"), CASES)
def test_a_recording_tells_where_a_switch_is(name: str, position: Any, tmp_path: Path) -> None:
    played = PLAYS[name]
    switches = Switches(**{**played.others, name: position})
    path = tmp_path / "recording.jsonl"
    start = None if played.by_machine else STILL
    expected = played.found[position]
    with Emulator(Scenario(switches=switches, start=start, **played.fields)) as org:
        made = Recorded(org, path)
        for _ in range(ATTEMPTS if played.by_machine else 1):
            played.play(made)
            found = made.answers()[name]
            if is_told(found, expected):
                break
    assert is_told(found, expected), found


def is_told(found: Answer, expected: Any) -> bool:
    """True if an answer is what was expected of it."""
    if expected is NOT_SEEN:
        return found.position is None and not found.contradicts
    if expected is ...:
        return isinstance(found.position, float) and found.position > 0
    if isinstance(expected, float):
        return bool(found.position == pytest.approx(expected, abs=0.05))
    return bool(found.position == expected)


@pytest.mark.parametrize("position", BOTH)
def test_a_look_at_the_children_right_after_one_at_their_parent_is_enough(
    tmp_path: Path, *, position: bool
) -> None:
    switches = Switches(open_when_all_responded=position)
    with Emulator(Scenario(switches=switches)) as org:
        parent_id = org.enable_all_features()["Id"]
        first, *others = org.invited
        org.decline(first)
        for account_id in others:
            org.approve(account_id)
        made = Recorded(org, tmp_path / "recording")
        made.client().list_handshakes_for_organization(Filter={"ActionType": "ENABLE_ALL_FEATURES"})
        assert made.answers()["open_when_all_responded"].position is None
        made.client().list_handshakes_for_organization(Filter={"ParentHandshakeId": parent_id})
        assert made.answers()["open_when_all_responded"].position is position


def test_the_feature_set_after_the_last_step_tells_whether_reads_lag(tmp_path: Path) -> None:
    for lag in (0.0, 3600.0):
        path = tmp_path / str(lag)
        with Emulator(Scenario(invited=0, start=STILL, switches=Switches(read_lag=lag))) as org:
            made = Recorded(org, path)
            made.client().accept_handshake(HandshakeId=start(made))
            made.client().describe_organization()
        found = answered(path)["read_lag"].position
        assert isinstance(found, float)
        assert (found > 0) is (lag > 0)


def test_what_is_over_and_no_longer_listed_is_no_lag(tmp_path: Path) -> None:
    with Emulator(Scenario(start=STILL)) as org:
        made = Recorded(org, tmp_path / "recording")
        write_and_read(made)
        org.clock.advance(days=200)
        assert made.client().list_handshakes_for_organization()["Handshakes"] == []
        assert made.answers()["read_lag"].position == 0.0


def test_every_switch_has_a_question_and_a_play_in_each_position() -> None:
    assert {each.switch for each in QUESTIONS if each.switch} == set(HINTS) == set(PLAYS)
    for question in QUESTIONS:
        if not question.switch:
            continue
        hint, listed = HINTS[question.switch], [position for position, _ in question.positions]
        if get_origin(hint) is Literal:
            assert listed == list(get_args(hint))
        elif hint is bool:
            assert listed == [False, True]
        played = set(PLAYS[question.switch].found)
        assert played == set(listed) if hint is not float else min(played) == 0 < max(played)


def test_recordings_that_contradict_one_another_are_told(tmp_path: Path) -> None:
    paths = []
    for handshake_actions in ("guide", "model"):
        paths.append(tmp_path / handshake_actions)
        with Emulator(Scenario(switches=Switches(handshake_actions=handshake_actions))) as org:
            asked(Recorded(org, paths[-1]))
    found = answered(*paths)
    assert found["handshake_actions"].contradicts
    assert [(each.recording, each.position) for each in found["handshake_actions"].told] == [
        ("guide", "guide"),
        ("model", "model"),
    ]
    assert not found["pending_child"].contradicts
    text = scenario(answers(recordings(*paths)))
    assert "# contradictory: handshake_actions\n" in text
    assert "handshake_actions" not in yaml.safe_load(text)["switches"]


def test_the_switches_that_are_told_are_a_scenario_file(tmp_path: Path) -> None:
    switches = Switches(
        handshake_actions="model", pending_child="REQUESTED", party_prefixes=True, children_after=0.5
    )
    path = tmp_path / "recording"
    with Emulator(Scenario(switches=switches)) as org:
        asked_later(Recorded(org, path))
    told = parse(scenario(answers(recordings(path)))).switches
    assert replace(told, children_after=0.5, latency=0.0) == switches
    assert told.children_after == pytest.approx(0.5, abs=0.01)
