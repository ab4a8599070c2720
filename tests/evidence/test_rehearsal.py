"""A recording's switches make an emulator whose recording answers the same."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest
from botocore.exceptions import ClientError

from aws_org_emulator import Emulator, Member, Scenario, Switches
from aws_org_emulator.scenario.file import parse
from aws_org_features.evidence.answer import Answer, answers, scenario
from tests.evidence.recorded import Recorded, recordings
from tests.evidence.test_every_switch import attempt

if TYPE_CHECKING:
    from pathlib import Path

    from tests.shares import Share

HINTS: Final = get_type_hints(Switches)
MEMBERS: Final = (Member("777777777777", state="SUSPENDED"),)
NUMBERS: Final = {"children_after": (0.0, 0.25, 2.0), "read_lag": (0.0,), "latency": (0.0,)}
"""A time that passes by itself is the machine's; `test_every_switch` has those."""
LEFT: Final = {"throttling": False, "iam_enforcement": False}
"""With these a history is another one."""


def drawn(dice: random.Random) -> Switches:
    """Each switch somewhere."""
    found: dict[str, Any] = {}
    for name, hint in HINTS.items():
        positions = NUMBERS.get(name) or (get_args(hint) if get_origin(hint) is Literal else (False, True))
        found[name] = LEFT.get(name, dice.choice(positions))
    return Switches(**found)


def everything(made: Recorded) -> None:
    """A migration that is declined, one that is canceled, and one that expires."""
    org, client = made.org, made.client()
    for _ in client.get_paginator("list_accounts").paginate():
        pass
    attempt(client.remove_account_from_organization, AccountId=org.created[0])
    for ending in ("decline", "cancel", "expire"):
        parent = attempt(client.enable_all_features)
        if parent is None or parent["Handshake"]["State"] == "ACCEPTED":
            break
        parent_id = parent["Handshake"]["Id"]
        org.clock.advance(seconds=10)
        look(made, parent_id)
        attempt(client.invite_account_to_organization, Target={"Type": "ACCOUNT", "Id": "888888888888"})
        if ending == "decline":
            org.decline(org.invited[0])
            for account_id in org.invited[1:]:
                attempt(lambda account_id=account_id: org.approve(account_id))
        elif ending == "cancel":
            attempt(client.cancel_handshake, HandshakeId=parent_id)
        else:
            org.clock.advance(days=91)
        look(made, parent_id)
        if ending == "decline":
            attempt(client.accept_handshake, HandshakeId=parent_id)
            attempt(client.cancel_handshake, HandshakeId=parent_id)


def enable(made: Recorded) -> None:
    """Enable a policy type, and look twice."""
    pages = made.client().get_paginator("list_roots").paginate
    root_id = next(root["Id"] for page in pages() for root in page["Roots"])
    made.client().enable_policy_type(RootId=root_id, PolicyType="TAG_POLICY")
    for _ in range(2):
        list(pages())


def look(made: Recorded, parent_id: str) -> None:
    """As the management account, and as each owner."""
    client = made.client()
    for asked in ({"ParentHandshakeId": parent_id}, None):
        page = client.get_paginator("list_handshakes_for_organization")
        for _ in page.paginate(**({"Filter": asked} if asked else {})):
            pass
    client.describe_handshake(HandshakeId=parent_id)
    for account_id in made.org.invited:
        with contextlib.suppress(ClientError):  # of one that is suspended
            list(made.client(account_id).get_paginator("list_handshakes_for_account").paginate())


def answered_by(switches: Switches, folder: Path, name: str) -> tuple[Answer, ...]:
    """The answers of an organization with these switches, and of one with all features."""
    path = folder / name
    before = Scenario(invited=2, created=1, members=MEMBERS, switches=switches)
    for play, world in ((everything, before), (enable, replace(before, feature_set="ALL"))):
        with Emulator(world) as org:
            play(Recorded(org, path))
    return answers(recordings(path))


def positions(found: tuple[Answer, ...]) -> dict[str, Any]:
    return {each.question.switch: each.position for each in found if each.question.switch}


def test_switches_that_were_told_are_told_again(tmp_path: Path, share: Share) -> None:
    for seed in share.of(range(40), every=20):
        given = drawn(random.Random(seed))  # noqa: S311 - no secret
        first = answered_by(given, tmp_path, f"{seed}")
        assert not [each.question.switch for each in first if each.contradicts], (seed, given)
        known = {name: position for name, position in positions(first).items() if position is not None}
        told = parse(scenario(first)).switches
        assert {name: getattr(told, name) for name in known} == known
        # One that isn't told may let the same people come to another end.
        told = replace(given, **known)
        again = positions(answered_by(told, tmp_path, f"{seed}, again"))
        # These go by the machine's time, and by how fast it is.
        for name in ("latency", "read_lag", "throttling"):
            again.pop(name)
        for name in known.keys() & again.keys():
            position = known[name]
            number = isinstance(position, float)
            for other in (again[name], getattr(given, name)):
                assert position == (pytest.approx(other, abs=0.05) if number else other), (seed, name, given)
