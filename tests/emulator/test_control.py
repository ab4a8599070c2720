"""Letting people act from another process, in any language: plain HTTP, JSON both ways."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from aws_org_emulator import Emulator, Member
from aws_org_emulator.cli.commands import main
from aws_org_emulator.server.control import PEOPLE_ACTIONS
from tests.emulator.conftest import Start

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
FIRST, SECOND, NEW = "222222222222", "222222222223", "444444444444"


def post(emulator: Emulator, path: str, text: str) -> tuple[int, Any]:
    url = f"{emulator.endpoint}/_emulator/{path}"
    headers = {"X-Emulator-Control": "1", "Content-Type": "application/json"}
    request = urllib.request.Request(url, text.encode(), headers, method="POST")  # noqa: S310 - http
    try:
        with _DIRECT.open(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def act(emulator: Emulator, **body: Any) -> tuple[int, Any]:
    return post(emulator, "actions", json.dumps(body))


def states(emulator: Emulator) -> list[str]:
    """The parent's and its children's."""
    assert emulator.parent is not None
    return [emulator.parent["State"], *(child["State"] for child in emulator.children)]


def nothing(_emulator: Emulator) -> None:
    pass


def begun(emulator: Emulator) -> None:
    emulator.enable_all_features()


def approved(emulator: Emulator) -> None:
    emulator.enable_all_features()
    emulator.approve_all()


def invited(emulator: Emulator) -> None:
    emulator.invite()


class Case(NamedTuple):
    """An act.

    Attributes:
        prepare: what comes before it;
        told: the account, if one is named;
        answer: the handshake's state, the account's id, or nothing;
        command: how the command line says it;
        says: how the command answers, ids of handshakes left out;
        done: what is so then.
    """

    prepare: Callable[[Emulator], None]
    told: dict[str, str]
    answer: str | None
    command: list[str]
    says: str
    done: Callable[[Emulator], bool]


CASES = {
    "approve": Case(
        begun,
        {"account_id": FIRST},
        "ACCEPTED",
        ["approve", FIRST],
        f"{FIRST} approved",
        lambda it: states(it) == ["REQUESTED", "ACCEPTED", "OPEN", "OPEN"],
    ),
    "approve_all": Case(
        begun,
        {},
        None,
        ["approve", "--all"],
        f"{FIRST} approved",
        lambda it: states(it) == ["OPEN", "ACCEPTED", "ACCEPTED", "ACCEPTED"],
    ),
    "decline": Case(
        begun,
        {"account_id": SECOND},
        "DECLINED",
        ["decline", SECOND],
        f"{SECOND} declined",
        lambda it: states(it) == ["REQUESTED", "OPEN", "DECLINED", "OPEN"],
    ),
    "join": Case(
        invited,
        {"account_id": NEW},
        "ACCEPTED",
        ["join", NEW],
        f"{NEW} joined by",
        lambda it: NEW in it.invited,
    ),
    "leave": Case(
        nothing,
        {"account_id": FIRST},
        None,
        ["leave", FIRST],
        f"{FIRST} left",
        lambda it: FIRST in it.standalone,
    ),
    "enable_all_features": Case(
        nothing, {}, "REQUESTED", ["enable-all-features"], "started", lambda it: it.migrations_started == 1
    ),
    "invite": Case(nothing, {}, NEW, ["invite"], f"invited {NEW}", lambda it: it.standalone == (NEW,)),
    "remove_account": Case(
        nothing,
        {"account_id": FIRST},
        None,
        ["remove", FIRST],
        f"removed {FIRST}",
        lambda it: FIRST in it.standalone,
    ),
    "cancel": Case(begun, {}, "CANCELED", ["cancel"], "canceled", lambda it: states(it)[0] == "CANCELED"),
    "finalize": Case(approved, {}, "ACCEPTED", ["finalize"], "finalized", lambda it: it.feature_set == "ALL"),
}


@pytest.mark.parametrize("name", PEOPLE_ACTIONS)
def test_an_action_is_done_and_answered_and_not_counted(emulator: Emulator, name: str) -> None:
    case = CASES[name]
    case.prepare(emulator)
    status, answer = act(emulator, action=name, **case.told)
    assert status == 200
    assert answer.get("handshake", {}).get("State", answer.get("account_id")) == case.answer
    assert case.done(emulator)
    assert not emulator.calls


@pytest.mark.parametrize("name", PEOPLE_ACTIONS)
def test_the_command_does_the_same(emulator: Emulator, name: str) -> None:
    case = CASES[name]
    case.prepare(emulator)
    result = CliRunner().invoke(main, [*case.command, "--endpoint", emulator.endpoint])
    assert result.exit_code == 0
    assert result.output.startswith(case.says)
    assert case.done(emulator)


def test_invited_accounts_can_be_named(emulator: Emulator) -> None:
    assert act(emulator, action="invite", account_id="777777777777") == (200, {"account_id": "777777777777"})
    assert "777777777777" in emulator.standalone


def test_handshakes_are_answered_as_the_api_shows_them(emulator: Emulator) -> None:
    handshake = act(emulator, action="enable_all_features")[1]["handshake"]
    assert emulator.parent is not None
    times = {
        name: each.astimezone(UTC).isoformat()  # botocore gives the local time
        for name, each in emulator.parent.items()
        if name.endswith("Timestamp")
    }
    assert handshake == emulator.parent | times


DENIED = {
    "error": "You don't have permissions to access this resource.",
    "code": "AccessDeniedException",
}


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({"action": "approve", "account_id": FIRST}, 409, f"{FIRST} has nothing pending to answer"),
        ({"action": "cancel"}, 409, "111111111111 has nothing pending to answer"),
        (
            {"action": "invite", "account_id": FIRST},
            409,
            {
                "error": "The AWS account is already a member of an organization.",
                "code": "HandshakeConstraintViolationException",
                "reason": "ALREADY_IN_AN_ORGANIZATION",
            },
        ),
        ({"action": "leave", "account_id": "777777777777"}, 409, DENIED),
        ({"action": "approve"}, 400, "missing a required argument: 'account_id'"),
        ({"action": "cancel", "account_id": FIRST}, 400, "got an unexpected keyword argument 'account_id'"),
        ({"action": "approve", "account_id": 7}, 400, "'7' is no account id: that has 12 digits"),
        ({"action": "stop"}, 400, f"'stop' is no action: {', '.join(PEOPLE_ACTIONS)} are"),
        ({}, 400, f"None is no action: {', '.join(PEOPLE_ACTIONS)} are"),
        ({"action": ["approve"]}, 400, f"['approve'] is no action: {', '.join(PEOPLE_ACTIONS)} are"),
        ([], 400, "the body is a JSON object"),
    ],
    ids=str,
)
def test_a_failure_is_reported_in_json(start: Start, body: Any, status: int, answer: Any) -> None:
    emulator = start(members=(Member("777777777777", state="SUSPENDED"),))
    told = {"error": answer} if isinstance(answer, str) else answer
    assert post(emulator, "actions", json.dumps(body)) == (status, told)


def test_invalid_json_gets_an_error_in_json(emulator: Emulator) -> None:
    status, answer = post(emulator, "actions", "approve")
    assert (status, list(answer)) == (400, ["error"])


def test_the_former_names_still_do(emulator: Emulator) -> None:
    status, answer = post(emulator, "acts", json.dumps({"act": "enable_all_features"}))
    assert (status, answer["handshake"]["State"]) == (200, "REQUESTED")
    assert post(emulator, "acts", json.dumps({"act": "approve", "account_id": FIRST}))[0] == 200
    assert emulator.calls == {}


def test_the_page_names_every_action() -> None:
    page = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
    assert all(f"`{name}`" in page for name in PEOPLE_ACTIONS)
