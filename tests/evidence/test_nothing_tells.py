"""A recording's bytes hold nothing that tells who it is about, for any answer of AWS's."""

from __future__ import annotations

import base64
import json
import string
import unicodedata
import urllib.parse
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_org_emulator import Emulator, Member, Scenario
from aws_org_features.evidence.pseudonyms import LEFT_OUT, TOKEN, Masked, Pseudonyms, looks_private
from aws_org_features.evidence.recording import Answered, Writer, read
from tests.evidence.recorded import Recorded
from tests.hostile.strings import EVERY
from tests.shares import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY: Final = bytes(range(32))
BEGAN: Final = 1_790_000_000.0
CANARIES: Final = {
    "account": "737373737373",
    "management": "848484848484",
    "organization": "o-canaryorg01",
    "handshake": "h-canaryhandshake0001",
    "root": "r-canary",
    "unit": "ou-canary-canary0001",
    "name": "Canary Bakery Holding",
    "email": "canary.owner@bakery.example",
    "notes": "Canary notes: call Mallory",
    "tag": "canary-cost-centre",
    "key": "AKIACANARYCANARY1234",
    "address": "https://canary.bakery.example/path",
    "ip": "203.0.113.77",
    "request": "c4a4a4a4-1111-2222-3333-canary000001".replace("canary", "cafe00"),
    "user": "canary-alice",
    "token": "Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5MTIzNDU2Nzg5MA==",
}


def line(
    body: Any, *, status: int = 200, request: dict[str, Any] | None = None, writer: Writer | None = None
) -> str:
    made = writer or Writer(KEY, BEGAN)
    return made.line(Answered("DescribeHandshake", request or {}, BEGAN + 1, 0.1, status, body))


def value(body: Any) -> Any:
    return json.loads(line(body))["answer"]


def handshake() -> dict[str, Any]:
    it = CANARIES
    return {
        "Id": it["handshake"],
        "Arn": f"arn:aws:organizations::{it['management']}:handshake/{it['organization']}/invite/"
        f"{it['handshake']}",
        "Parties": [
            {"Id": it["organization"][2:], "Type": "ORGANIZATION"},
            {"Id": it["account"], "Type": "ACCOUNT"},
            {"Id": it["email"], "Type": "EMAIL"},
        ],
        "State": "OPEN",
        "RequestedTimestamp": BEGAN - 12.25,
        "ExpirationTimestamp": BEGAN + 90 * 86400,
        "Action": "INVITE",
        "Resources": [
            {
                "Type": "ORGANIZATION",
                "Value": it["organization"],
                "Resources": [
                    {"Type": "MASTER_EMAIL", "Value": it["email"]},
                    {"Type": "MASTER_NAME", "Value": it["name"]},
                    {"Type": "ORGANIZATION_FEATURE_SET", "Value": "CONSOLIDATED_BILLING"},
                    {"Type": "A_NEWER_KIND", "Value": it["name"]},
                ],
            },
            {"Type": "PARENT_HANDSHAKE", "Value": it["handshake"][2:]},
            {"Type": "NOTES", "Value": it["notes"]},
        ],
        "Tags": [{"Key": it["tag"], "Value": it["name"]}],
        "NewerMember": it["name"],
        "NewerWord": "SOMETHING_NEW",
        "NewerNumber": int(it["account"]),
        "NewerList": list(it.values()),
        "NewerMap": {value: value for value in it.values()},
        it["account"]: {it["name"]: it["key"]},
    }


def said() -> str:
    it = CANARIES
    role = f"arn:aws:sts::{it['account']}:assumed-role/{it['user']}/{it['email']}"
    user = f"arn:aws:iam::{it['management']}:user/{it['user']}"
    named = ("notes", "email", "address", "ip", "key", "request", "root", "unit", "account", "token")
    others = ", ".join(it[name] for name in named)
    return (
        f"User: {user} (session {role}) of {it['organization']} can't act on {it['handshake']}, "
        f'"{it["name"]}": {others}'
    )


def found_in(text: str) -> list[str]:
    lowered = text.lower()
    return [name for name, canary in CANARIES.items() if canary.lower() in lowered] + [
        word for word in ("canary", "mallory", "bakery") if word in lowered
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Handshake": handshake()}, 200),
        ({"Handshakes": [handshake(), handshake()], "NextToken": CANARIES["token"]}, 200),
        ({"__type": "AccessDeniedException", "Message": said(), "Reason": CANARIES["account"]}, 400),
        ({"__type": CANARIES["name"], "message": said(), "Extra": handshake()}, 400),
        ([handshake()], 200),
        (said(), 500),
    ],
    ids=["a handshake", "a list", "an error", "an error of another kind", "no object", "a text"],
)
def test_no_canary_is_in_a_line(body: Any, status: int) -> None:
    writer = Writer(KEY, BEGAN)
    asked = {"HandshakeId": CANARIES["handshake"], "Notes": CANARIES["notes"], "NextToken": CANARIES["token"]}
    text = line({"Handshake": handshake()}, writer=writer) + line(
        body, status=status, request=asked, writer=writer
    )
    assert found_in(text) == []
    (recording,) = read("x", text.splitlines())
    assert len(recording.exchanges) == 2


def test_what_matters_is_kept() -> None:
    it = value({"Handshake": handshake()})["Handshake"]
    assert (it["State"], it["Action"], it["NewerWord"]) == ("OPEN", "INVITE", "SOMETHING_NEW")
    assert (it["RequestedTimestamp"], it["ExpirationTimestamp"]) == (-12.25, 90 * 86400)
    assert [each["Type"] for each in it["Parties"]] == ["ORGANIZATION", "ACCOUNT", "EMAIL"]
    bare, link = it["Parties"][0]["Id"], it["Resources"][1]["Value"]
    assert it["Resources"][0]["Value"] == f"o-{bare}"
    assert it["Id"] == f"h-{link}"
    assert it["Resources"][0]["Resources"][2]["Value"] == "CONSOLIDATED_BILLING"
    assert it["Arn"].endswith(f":handshake/o-{bare}/invite/h-{link}")
    assert it["Arn"].startswith("arn:aws:organizations::{account:")


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("You don't have permissions to access this resource.", None),
        ("You specified a handshake that doesn't exist.", None),
        ("All features are already enabled on this organization.", None),
        (
            "User: arn:aws:iam::123456789012:user/x is not authorized to perform: organizations:ListRoots",
            "ListRoots",
        ),
    ],
)
def test_aws_words_are_kept(message: str, kept: str | None) -> None:
    told = json.loads(line({"__type": "a.b#AccessDeniedException", "Message": message}, status=400))
    assert told["code"] == "AccessDeniedException"
    assert told["message"] == message if kept is None else kept in told["message"]


def test_what_looks_like_an_id_is_left_out_and_that_is_told() -> None:
    told = json.loads(
        line({"Account": {"Id": "222222222222", "Newer": 222222222222, "Kind": "AKIA_222222222"}})
    )
    assert told["answer"]["Account"]["Newer"] == LEFT_OUT
    assert told["left_out"] == ["answer.Account.Kind", "answer.Account.Newer"]


def test_the_same_is_the_same_in_every_line_and_other_things_differ() -> None:
    writer, other = Writer(KEY, BEGAN), Writer(bytes(32), BEGAN)
    ids = [f"{number:012}" for number in range(1000)]
    seen = {json.loads(line({"Id": each}, writer=writer))["answer"]["Id"] for each in ids}
    assert len(seen) == len(ids)
    again = {json.loads(line({"Id": each}, writer=Writer(KEY, BEGAN + 5)))["answer"]["Id"] for each in ids}
    assert again == seen
    assert seen.isdisjoint({json.loads(line({"Id": each}, writer=other))["answer"]["Id"] for each in ids})


@pytest.mark.parametrize("text", sample(EVERY.items(), every=4, ids=lambda item: item[0]))
def test_hostile_strings_anywhere(text: tuple[str, str]) -> None:
    _, hostile = text
    for canary in ("737373737373", "o-canaryorg01", "owner@bakery.example", "AKIACANARYCANARY1234"):
        both = f"{hostile[:300]} {canary} {hostile[:300]}"
        body = {
            "Handshake": {
                **dict.fromkeys(("Id", "State", "Name", "Newer", "RequestedTimestamp", "Path"), both),
                "Parties": [{"Type": both, "Id": both}],
                both: both,
                "List": [[both]],
            }
        }
        for status in (200, 400):
            made = line(body | {"Message": both, "__type": both, "Reason": both}, status=status)
            assert canary not in made
            assert made.isascii()
            assert made.count("\n") == 1
            assert json.loads(made)["v"] == 1


def hidden(canary: str) -> st.SearchStrategy[str]:
    """An id as it may hide: with other digits, and characters of no width in it."""
    wide = str.maketrans(string.digits, "".join(chr(0xFF10 + digit) for digit in range(10)))
    return st.sampled_from([canary, canary.translate(wide), "\u200b".join(canary), "\u00ad".join(canary)])


JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from([*CANARIES.values(), int(CANARIES["account"])])
    | hidden(CANARIES["account"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["Id", "Type", "Value", "Name", "State", "RequestedTimestamp", "Newer", "Arn", "Path"]
            )
            | st.text(max_size=8)
            | st.sampled_from(list(CANARIES.values())),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)  # the machine may be busy
@given(body=JSON, status=st.sampled_from([200, 400, 500]))
def test_whatever_is_answered(body: Any, status: int) -> None:
    made = line(body, status=status)
    assert found_in(made) == []
    assert not looks_private(made)
    (recording,) = read("x", [made])
    assert (len(recording.exchanges), recording.unread) == (1, 0)


@settings(deadline=None)
@given(text=st.text(max_size=60), at=st.integers(0, 60), canary=st.sampled_from(sorted(CANARIES.values())))
def test_whatever_a_message_says(text: str, at: int, canary: str) -> None:
    writer = Writer(KEY, BEGAN)
    line({"Handshake": handshake()}, writer=writer)
    message = f"{text[:at]} {canary} {text[at:]}"
    made = line({"__type": "X", "Message": message}, status=400, writer=writer)
    assert canary not in made


LOOK_ALIKES: Final = str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")
FORMS: Final[dict[str, Callable[[str], str]]] = {
    "as it is": lambda it: it,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "reversed": lambda it: it[::-1],
    "glued to words": lambda it: f"account{it}of",
    "glued by an underscore": lambda it: f"x_{it}_y",
    "base64": lambda it: base64.b64encode(it.encode()).decode(),
    "base64 for URLs": lambda it: base64.urlsafe_b64encode(it.encode()).decode().rstrip("="),
    "base32": lambda it: base64.b32encode(it.encode()).decode(),
    "hexadecimal": lambda it: it.encode().hex(),
    "URL-encoded": lambda it: urllib.parse.quote(it, safe=""),
    "each character URL-encoded": lambda it: "".join(f"%{ord(each):02x}" for each in it),
    "digits of another script": lambda it: it.translate(LOOK_ALIKES),
    "wide": lambda it: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in it),
    "in an ARN": lambda it: f"arn:aws:organizations::{it}:account/{it}/{it}",
    "in an address": lambda it: f"https://example.com/{it}?a={it}",
    "in quotation marks": lambda it: f'"{it}"',
}
"""Ways to write something: the test searches for each canary in each form, in each case."""
WORDS_OF_A_PERSON: Final = {"name", "notes", "tag", "user"}
"""Of these a message may hold a form that nobody could know for one: only as they are, in any case."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CANARIES)
def test_no_form_of_a_canary_is_in_a_line(form: str, name: str) -> None:
    canary = CANARIES[name]
    put = FORMS[form](canary)
    writer = Writer(KEY, BEGAN)
    line({"Handshake": handshake()}, writer=writer)  # what is known of the organization by then
    plain = form in {"as it is", "in capitals", "in small letters", "in quotation marks", "in an ARN"}
    said = name not in WORDS_OF_A_PERSON or (plain and name in {"name", "tag"})
    errors = {"__type": "X", "Message": f"It isn't yours: {put} or another." if said else "No."}
    unknown = {"Newer": put, "Nested": [{"Newest": [put, {put: put}]}], "Reason": put, "State": put}
    made = line(unknown, writer=writer, request={"Newer": put})
    made += line({**errors, **unknown}, status=400, writer=writer)
    seen = unicodedata.normalize("NFKC", json.loads(json.dumps(made)))
    told = "".join(json.dumps(json.loads(each), ensure_ascii=False) for each in made.splitlines())
    for shown in {FORMS[each](canary) for each in FORMS} | {canary, put}:
        for text in (seen, told):
            assert shown.lower() not in text.lower(), (form, shown)


def test_a_text_that_is_half_a_character() -> None:
    assert TOKEN.fullmatch(Pseudonyms(KEY, 0.0).of("text", "\ud800"))


@pytest.mark.parametrize(
    "hide", ["{}", "wide", "\u200b", "\u00ad", "\u2060", "\x00", " ", "-", "\u2013", "_"]
)
@pytest.mark.parametrize("name", ["account", "organization", "email"])
def test_what_hides_in_a_message_is_found(hide: str, name: str) -> None:
    canary = CANARIES[name]
    if hide in {" ", "-", "\u2013", "_"} and name != "account":
        return  # it is no id any longer
    wide = canary.translate({ord(digit): 0xFF10 + int(digit) for digit in string.digits})
    hidden = {"{}": canary, "wide": wide}.get(hide) or hide.join(canary)
    for body in (
        {"__type": "X", "Message": f"You named {hidden}, which isn't yours."},
        {"__type": "X", "Message": "x", "Reason": hidden, "State": hidden, "Newer": [{hidden: hidden}]},
    ):
        told = json.dumps(json.loads(line(body, status=400)), ensure_ascii=False)
        shown = "".join(each for each in unicodedata.normalize("NFKC", told).lower() if each.isalnum())
        assert "".join(each for each in canary if each.isalnum()) not in shown


def test_a_line_that_looks_private_all_the_same_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pseudonyms, "shape", lambda _, value: Masked(value))
    told = json.loads(line({"Handshake": handshake()}))
    assert told["left_out"] == ["all of it"]
    assert "answer" not in told
    assert found_in(json.dumps(told)) == []


def test_an_answer_without_end_is_left_out() -> None:
    deep: Any = "x"
    for _ in range(2000):
        deep = {"Resources": [deep]}
    told = json.loads(line(deep))
    assert told["left_out"]


def test_an_answer_that_is_too_large_is_left_out() -> None:
    told = json.loads(line({"Accounts": [{"Name": "x" * 9, "Id": f"{n:012}"} for n in range(30_000)]}))
    assert told["left_out"] == ["all of it"]
    assert "answer" not in told


def test_no_canary_is_in_the_bytes_of_a_recorded_migration(tmp_path: Path) -> None:
    it = CANARIES
    members = (Member(it["account"], name=it["name"], email=it["email"]),)
    path = tmp_path / "recording"
    scenario = Scenario(
        invited=0,
        created=0,
        members=members,
        organization_id=it["organization"],
        management_id=it["management"],
        management_name=it["name"],
        management_email="master-" + it["email"],
    )
    with Emulator(scenario) as org:
        made = Recorded(org, path)
        client, member = made.client(), made.client(it["account"])
        invited = client.invite_account_to_organization(
            Target={"Type": "EMAIL", "Id": it["email"]},
            Notes=it["notes"],
            Tags=[{"Key": it["tag"], "Value": it["name"]}],
        )["Handshake"]["Id"]
        client.cancel_handshake(HandshakeId=invited)
        parent_id = client.enable_all_features()["Handshake"]["Id"]
        client.describe_organization()
        client.list_accounts()
        client.list_roots()
        (child,) = (
            each
            for each in member.list_handshakes_for_account()["Handshakes"]
            if each["State"] in {"OPEN", "REQUESTED"}
        )
        member.accept_handshake(HandshakeId=child["Id"])
        client.accept_handshake(HandshakeId=parent_id)
    content = path.read_bytes().decode("ascii")
    root = org.scenario.organization_id
    assert root not in content
    for secret in (parent_id, child["Id"], invited, parent_id[2:], child["Id"][2:]):
        assert secret not in content
    assert found_in(content) == []
    assert content.count("\n") == 9
