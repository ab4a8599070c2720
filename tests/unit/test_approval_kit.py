"""The kit for owners: what it says, that names do nothing in it, and that its commands are right."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import jmespath  # type: ignore[import-untyped]  # comes with botocore, without types
import pytest
import yaml
from hypothesis import given, settings

from aws_org_features.common.sanitize import LONGEST, line
from aws_org_features.views.approval_kit import Asked, Request, commands, kit_for
from aws_org_features.views.approval_kit.table import COLUMNS
from tests.unit.test_sanitize import HOSTILE, MARKDOWN, texts

if TYPE_CHECKING:
    from markdown_it.token import Token

PARENT = "h-79d8f6f114ee4304a5e55397e1"
CHILD = "h-a2d6ecb7dbdc4540bc788200a2"
SHOWN = Asked("222222222222", "Payments", "aws-222222222222@example.com", CHILD, "APPROVE_ALL_FEATURES")
HIDDEN = replace(SHOWN, handshake_id=None, action=None)
ROLE = replace(SHOWN, account_id="333333333333", action="ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE")
REQUEST = Request(
    "o-exampleorg1",
    "111111111111",
    "aws",
    (SHOWN,),
    PARENT,
    datetime(2027, 2, 1, 10, tzinfo=timezone(timedelta(hours=1))),
)


def kit(*asked: Asked, **changes: Any) -> dict[str, str]:
    files = kit_for(replace(REQUEST, accounts=asked or (SHOWN,), **changes))
    assert len({file.name for file in files}) == len(files)
    return {file.name: file.text for file in files}


def page(asked: Asked = SHOWN, **changes: Any) -> str:
    return kit(asked, **changes)[asked.page]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_files_of_a_kit() -> None:
    names = ["README.md", "accounts/222222222222.md", "accounts/333333333333.md", "accounts.csv"]
    assert list(kit(SHOWN, ROLE)) == [*names, "approver-role.yaml"]
    assert kit(SHOWN, ROLE) == kit(SHOWN, ROLE)


@pytest.mark.parametrize(
    "told",
    [
        "# AWS account 222222222222: please approve all features by 2027-02-01 09:00 UTC\n",
        "named `Payments`, whose root user has the email address `aws-222222222222@example.com`.",
        "The management account 111111111111 of the organization o-exampleorg1",
        "The request expires on 2027-02-01 09:00 UTC",
        "This is irreversible.",
        "restrict what users and roles in it may do, its administrators and its root user included",
        "keep your account from leaving the organization",
        f"```sh\naws organizations list-handshakes-for-account --query \"Handshakes[?Id=='{CHILD}']\"\n```",
        f"```sh\naws organizations accept-handshake --handshake-id {CHILD}\n```",
        f"```sh\naws organizations decline-handshake --handshake-id {CHILD}\n```",
        "`arn:aws:organizations::111111111111:handshake/o-exampleorg1/`",
        "`Action` is `APPROVE_ALL_FEATURES`. `State` is `OPEN` or `REQUESTED`",
        "choose **Accept**",
        "removes your account from the organization, or cancels and asks every account again",
        "```sh\naws cloudformation deploy --stack-name all-features-approver --template-file approver-role",
    ],
)
def test_an_owner_reads_all_facts(told: str) -> None:
    assert told in page() or flat(told) in flat(page())


@pytest.mark.parametrize(
    ("text", "told", "untold"),
    [
        (page(expires_at=None), "please approve all features\n", "expires on"),
        (page(HIDDEN), "`[]` means that you have answered", CHILD),
        (page(ROLE), "please let AWS recreate a role by", "asks you to approve one change"),
        (page(replace(SHOWN, name=None)), "AWS account 222222222222, whose root user", "named"),
        (page(replace(SHOWN, name=None, email=None)), "AWS account 222222222222.\n", "None"),
        (page(partition="aws-cn"), "https://console.amazonaws.cn/organizations/v2", "CloudShell"),
        (page(partition="aws-cn"), "arn:aws-cn:organizations::111111111111", "arn:aws:"),
        (kit()["README.md"], "The owner of 1 account has to approve", "doesn't show"),
        (kit(HIDDEN, ROLE)["README.md"], "The owners of 2 accounts have to approve", "(none)"),
        (kit(HIDDEN, ROLE)["README.md"], "AWS doesn't show the management account which", "(none)"),
    ],
    ids=str,
)
def test_the_texts_that_vary(text: str, told: str, untold: str) -> None:
    assert told in text or flat(told) in flat(text)
    assert untold not in flat(text)


@pytest.mark.parametrize(
    "told",
    [
        "1. Ask for others in the account. Any user or role there that may call `organizations:Accept",
        "2. Set a new password for the root user. Anyone who can read the mailbox of the account's address "
        "can",
        "3. Get access to the mailbox. The owner of the domain",
        "4. Have the account's owner write to [AWS Support](https://aws.amazon.com/contact-us/)",
        "5. Or continue without the account. Remove it from the organization",
        "Before all features are enabled, it can't enable [centralized root access](https://docs.aws.amazon.com/IAM/",
        "its sessions can't accept a request",
    ],
)
def test_the_index_says_what_can_be_done_where_an_owner_cant_be_reached(told: str) -> None:
    told_there = flat(kit(SHOWN)["README.md"]).partition("## If an owner can't be reached ")[2]
    assert told in told_there.partition("## Who is asked")[0]


def test_the_deadline_is_in_utc() -> None:
    assert REQUEST.expires_at is not None
    assert page(expires_at=REQUEST.expires_at.astimezone(UTC)) == page()


COMMAND = re.compile(r"\baws (\w+) ([a-z-]+)")


@pytest.mark.parametrize("asked", [SHOWN, HIDDEN, ROLE], ids=["shown", "hidden", "role"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_the_kits_policy_allows_an_owners_commands_or_the_text_names_the_permission(
    asked: Asked, partition: str
) -> None:
    files = kit(asked, partition=partition)
    template = yaml.load(files["approver-role.yaml"], yaml.BaseLoader)  # noqa: S506 - texts, and no more
    role = template["Resources"]["ApproverRole"]["Properties"]
    allowed = {
        action
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }
    text = files[asked.page]
    typed = {match.groups() for file in files.values() for match in COMMAND.finditer(file)}
    assert {service for service, _ in typed} == {"cloudformation", "organizations"}
    for service, operation in typed:
        action = f"{service}:{operation.title().replace('-', '')}"
        if service == "cloudformation":
            assert "as one of its administrators" in flat(text)
        elif action == "organizations:DeclineHandshake":
            # By the role, the management account could refuse in an owner's name.
            assert action not in allowed
            assert f"needs `{action}`, which neither the role below nor its policy" in flat(text)
        else:
            assert action in allowed
            assert f"`{action}`" in text


# Names can hold anything


def shape(text: str) -> list[tuple[str, str, str]]:
    """The structure that Markdown makes of a text, without words and code spans."""

    def flattened(tokens: list[Token]) -> list[Token]:
        return [each for token in tokens for each in (token, *flattened(token.children or []))]

    ignored = {"text", "code_inline", "softbreak"}
    found = [token for token in flattened(MARKDOWN.parse(text)) if token.type not in ignored]
    return [(t.type, t.tag, str(t.attrs) + t.content * (t.type == "fence")) for t in found]


@settings(deadline=None)
@given(texts, texts)
def test_no_name_becomes_a_link_an_image_a_heading_or_html(name: str, email: str) -> None:
    plain = kit()
    hostile = kit(replace(SHOWN, name=name, email=email))
    assert list(plain) == list(hostile)
    for file in ("README.md", SHOWN.page):
        assert shape(hostile[file]) == shape(plain[file])
    assert hostile["approver-role.yaml"] == plain["approver-role.yaml"]


@settings(deadline=None)
@given(texts, texts)
def test_the_table_comes_back_as_it_was_written(name: str, email: str) -> None:
    asked = (replace(SHOWN, name=name, email=email), HIDDEN, ROLE)
    written = kit(*(replace(a, account_id=f"{n:012}") for n, a in enumerate(asked)))["accounts.csv"]
    head, *rows = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert tuple(head) == COLUMNS
    assert [row[0] for row in rows] == ["000000000000", "000000000001", "000000000002"]
    # A quote before what could begin a formula is all that is added, at the start or after a separator.
    assert [cell.replace("'", "") for cell in rows[0][1:3]] == [
        line(text).replace("'", "") for text in (name, email)
    ]
    assert not [c for row in rows for c in row if c[:1] in set("=+-@\t\r\n＝＋－＠")]  # noqa: RUF001
    # RFC 4180's line ends, and no others: what names hold is one line.
    assert written.count("\n") == written.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_is_no_longer_for_a_long_name(name: str) -> None:
    assert len(page(replace(SHOWN, name=name))) <= len(page()) + 3 * LONGEST


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Asked("../../22222222"),
        lambda: Asked("22222222222"),
        lambda: Asked("222222222222\n"),
        lambda: Asked("222222222222", handshake_id="h-1; rm -rf ~"),
        lambda: Asked("222222222222", action="`x`"),
        lambda: replace(REQUEST, organization_id="o-`x`"),
        lambda: replace(REQUEST, management_account_id="*"),
        lambda: replace(REQUEST, partition="aws:"),
        lambda: replace(REQUEST, parent_id="79d8f6f114ee4304a5e55397e1"),
        lambda: replace(REQUEST, accounts=(HIDDEN,), parent_id=None),
        lambda: replace(REQUEST, expires_at=datetime(2027, 2, 1)),  # noqa: DTZ001 - what is refused
    ],
)
def test_ids_are_ids_before_they_go_into_commands_and_names_of_files(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"is no|leads to|time zone"):
        wrong()


# Commands


def handshake(state: str = "OPEN", parent: str = PARENT.removeprefix("h-"), **more: Any) -> dict[str, Any]:
    """An approval as the User Guide shows it."""
    links = [{"Value": parent, "Type": "PARENT_HANDSHAKE"}, {"Value": "o-aa111bb222", "Type": "ORGANIZATION"}]
    return {"Id": CHILD, "State": state, "Action": "APPROVE_ALL_FEATURES", "Resources": links, **more}


@pytest.mark.parametrize(
    ("received", "found"),
    [
        ([handshake()], [CHILD]),
        ([handshake("REQUESTED", PARENT, Action="ENABLE_ALL_FEATURES")], [CHILD]),
        ([handshake("ACCEPTED")], []),
        ([handshake("CANCELED")], []),
        ([handshake(parent="1111f6f114ee4304a5e55397e1")], []),
        ([handshake(Action="INVITE", Resources=[])], []),
        ([{"Id": "h-invitation", "State": "OPEN"}, handshake()], [CHILD]),
        ([], []),
    ],
)
def test_an_approval_that_management_isnt_shown_is_found_by_its_parent(
    received: list[dict[str, Any]], found: list[str]
) -> None:
    query = commands.accept(replace(REQUEST, accounts=(HIDDEN,)), HIDDEN).split('--query "')[1].split('"')[0]
    assert jmespath.search(query, {"Handshakes": received}) == found


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws", ""), ("aws-cn", " --region cn-northwest-1"), ("aws-us-gov", " --region us-gov-west-1")],
)
def test_commands_go_to_the_partitions_home_of_organizations(partition: str, region: str) -> None:
    request = replace(REQUEST, partition=partition)
    assert commands.accept(request, SHOWN) == (
        f"aws organizations accept-handshake{region} --handshake-id {CHILD}"
    )
    assert f"list-handshakes-for-account{region} --query" in commands.decline(request, HIDDEN)
