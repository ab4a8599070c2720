"""The report as HTML and Markdown: what it says, how large it is, and that names do nothing in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from aws_org_features.common.sanitize import line, table_code
from aws_org_features.model.organizations import AccountDetails
from aws_org_features.views.report import History, markdown
from aws_org_features.views.report.page import page
from tests.unit import values
from tests.unit.report_values import (
    CREATED,
    FIRST,
    SECOND,
    details,
    event,
    evidence,
    move,
    remembered,
    report,
)
from tests.unit.test_sanitize import MARKDOWN, texts

if TYPE_CHECKING:
    from aws_org_features.views.report import Report

LOCAL_TAGS = {"script", "style", "noscript"}


class Elements(HTMLParser):
    """A parser that collects elements, without the data between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.scripts: list[str] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        # The policy on script and style follows from the two, not from the names.
        self.found.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        if self._in in {"script", "style"} and data.strip():
            self.scripts.append(data)


def with_names(name: str, email: str, **more: Any) -> Report:
    """A report on accounts that are called something, one to approve and one that has, with evidence."""
    known = details(
        AccountDetails(FIRST, name, email, "INVITED", "ACTIVE"),
        AccountDetails(SECOND, email, name, "INVITED", "SUSPENDED"),
    )
    recorded = evidence(event(principal=name, role=email, source="events.json", id=name))
    return report("ACCEPTED", "OPEN", known=known, evidence=recorded, **more)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


# Names can hold anything


@settings(deadline=None, max_examples=150)
@given(texts, texts)
def test_no_name_becomes_an_element_or_an_attribute(name: str, email: str) -> None:
    plain, hostile = Elements(page(with_names("a", "b"))), Elements(page(with_names(name, email)))
    ignored = {"bdi"}  # none around a name that is empty
    assert [each for each in hostile.found if each[0] not in ignored] == [
        each for each in plain.found if each[0] not in ignored
    ]
    assert len(hostile.scripts) == 3
    assert (hostile.scripts[0], hostile.scripts[2]) == (plain.scripts[0], plain.scripts[2])


@settings(deadline=None, max_examples=150)
@given(texts, texts)
def test_the_data_is_inert_and_comes_back(name: str, email: str) -> None:
    text = page(with_names(name, email))
    value = data_of(text)
    assert value["accounts"][0][:3] == [SECOND, line(email), line(name)]
    (raw,) = [script for script in Elements(text).scripts if script.startswith('{"standings"')]
    assert not set("<>&") & set(raw)


@settings(deadline=None)
@given(texts, texts)
def test_no_name_becomes_markup_in_a_table(name: str, email: str) -> None:
    def shape(text: str) -> list[str]:
        return [token.type for token in MARKDOWN.parse(text)]

    made = markdown(with_names(name, email))
    assert shape(made) == shape(markdown(with_names("a", "b")))
    inline = [child for token in MARKDOWN.parse(made) for child in token.children or []]
    assert {child.type for child in inline} <= {
        "text",
        "code_inline",
        "strong_open",
        "strong_close",
        "text_special",
    }
    cells = MARKDOWN.parse(f"| a |\n|---|\n| {table_code(name)} |\n")
    shown = "".join(child.content for token in cells for child in token.children or [])
    squeezed = "a" + (line(name) or "(none)")
    assert shown.replace(" ", "") == squeezed.replace(" ", "")


# The page by itself


def test_a_word_of_aws_is_no_markup_in_a_table() -> None:
    made = with_names("a", "b")
    word = "OPEN` | <b>x</b> `"
    entries = tuple(replace(entry, state=word) for entry in made.entries)
    plain = tuple(replace(entry, state="NEW") for entry in made.entries)
    kinds = [
        [token.type for token in MARKDOWN.parse(markdown(replace(made, entries=each)))]
        for each in (entries, plain)
    ]
    assert kinds[0] == kinds[1]
    assert "html_inline" not in str(MARKDOWN.parse(markdown(replace(made, entries=entries))))


def test_only_this_script_and_this_style_may_run() -> None:
    text = page(report("OPEN"))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None

    def hashed(found: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()}'"

    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    given = policy[1].replace("&#39;", "'").split("; ")
    assert given[0] == "default-src 'none'"
    assert f"style-src {hashed(style)}" in given
    assert f"script-src {hashed(script)}" in given
    assert "unsafe" not in policy[1]


def test_it_needs_nothing_else() -> None:
    text = page(with_names("a", "b", history=remembered(("OPEN", "OPEN"))))
    assert not re.findall(r"https?://|//[a-z]|url\(|@import|\bsrc=", text)
    assert not [
        attributes
        for _, attributes in Elements(text).found
        if {"src", "style", "onclick"} & dict(attributes).keys()
    ]
    links = [dict(attributes).get("href") for tag, attributes in Elements(text).found if tag in {"a", "link"}]
    assert links == ["#accounts"]


def test_the_script_never_reads_markup() -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page(report("OPEN")), re.DOTALL)
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function", script)


def test_without_scripts_every_account_is_there() -> None:
    text = page(report("ACCEPTED", "OPEN"))
    (plain,) = re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    assert plain.count("<tr><td>") == 5
    assert "the command <code>aws organizations accept-handshake --handshake-id</code>" in plain
    assert "the command <code>aws organizations accept-handshake" not in page(report())
    assert (
        f"<tr><td>{SECOND}<td>name {SECOND}<td>{SECOND}@example.com<td>Not answered (OPEN)<td>h-child0001"
        in plain
    )


def large(count: int) -> Report:
    """An organization of which two thirds have approved, as CloudTrail recorded, and earlier reports saw."""
    ids = [f"{number:012}" for number in range(100_000_000_000, 100_000_000_000 + count)]
    known = {
        id_: AccountDetails(
            id_, "A name of 25 characters..", "a.mail.address.of.35.chars@example.com", "INVITED", "ACTIVE"
        )
        for id_ in ids
    }
    requests = tuple(
        replace(
            values.children("OPEN")[0],
            id=f"h-{number:032}",
            account_id=id_,
            state="ACCEPTED" if number % 3 else "OPEN",
        )
        for number, id_ in enumerate(ids)
    )
    recorded = evidence(
        *(
            event(
                id=f"0a1b2c3d-0000-4000-8000-{number:012}",
                account_id=each.account_id,
                principal=f"arn:aws:sts::{each.account_id}:assumed-role/AllFeaturesApprover/aws-org-features",
                role=f"arn:aws:iam::{each.account_id}:role/AllFeaturesApprover",
                handshake_id=each.id,
                source="111111111111_CloudTrail_us-east-1_20260301T0000Z_AbCdEfGhIjKlMnOp.json.gz",
            )
            for number, each in enumerate(requests)
            if each.state == "ACCEPTED"
        )
    )
    return report(children=requests, known=known, evidence=recorded, history=History(name="history.jsonl"))


def test_five_thousand_accounts_stay_below_two_megabytes() -> None:
    made = large(5000)
    assert len(page(made).encode()) < 2_000_000
    assert len(made.outstanding) == 1667
    # GitHub takes comments of up to 65,536 characters.
    assert len(markdown(made)) < 65_536


# What they say


def flat(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


WITHOUT_SECOND = {id_: each for id_, each in details().items() if id_ != SECOND}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (report("ACCEPTED", "OPEN"), "1 of 2 accounts has approved"),
        (report("ACCEPTED", "OPEN"), "2026-05-29 12:00 UTC"),
        (report("ACCEPTED", "OPEN"), "The owner of 1 account"),
        (report("ACCEPTED", "OPEN"), "As of 2026-03-01 12:00 UTC"),
        (report(), "AWS doesn&#39;t show which of 3 accounts have approved"),
        (report(), "ends_with(Value, &#39;parent0001&#39;)"),
        (report("ACCEPTED", "DECLINED"), "Declined by name 333333333333"),
        (report("OPEN", known={}), "ListAccounts was denied"),
        (report(known={}), "No accounts are known"),
        (report("OPEN", history=remembered(("OPEN",))), "from the history history.jsonl"),
        (report("OPEN"), "No history was given"),
        (report("OPEN", evidence=evidence()), "from exported files: events.json"),
        (
            report("OPEN", evidence=evidence(event("EnableAllFeatures", handshake_id="h-parent0001"))),
            "EnableAllFeatures 2026-03-01 09:00 UTC by arn:aws:sts::222222222222:assumed-role/Admin/jane",
        ),
        (
            report("OPEN", evidence=evidence(moves=(move(FIRST),))),
            "By CloudTrail, 1 account has left the organization since it was begun, and needn&#39;t approve: "
            f"{FIRST} (removed by the management account 2026-03-01 09:00 UTC ).",
        ),
        (
            report(parent=None, evidence=evidence(moves=(move(FIRST, "LEFT"), move(SECOND, "CLEANED")))),
            f"By CloudTrail, 2 accounts have left the organization, and needn&#39;t approve: {FIRST} (left "
            f"by itself 2026-03-01 09:00 UTC ) and {SECOND} (closed for good 2026-03-01 09:00 UTC ).",
        ),
        (
            report("OPEN", evidence=evidence(moves=(move(CREATED, "CREATED"), move(SECOND, "INVITED")))),
            f"By CloudTrail, 2 accounts have joined the organization since it was begun: {CREATED} "
            f"(created in the organization 2026-03-01 09:00 UTC ) and {SECOND} (joined by invitation "
            "2026-03-01 09:00 UTC ).",
        ),
        (
            report(
                "OPEN", "DECLINED", known=WITHOUT_SECOND, evidence=evidence(moves=(move(SECOND, "LEFT"),))
            ),
            "has left the organization (left by itself 2026-03-01 09:00 UTC)",
        ),
        (
            report("OPEN", evidence=evidence(moves=(move(FIRST, ""),))),
            f"{FIRST} left 2026-03-01 09:00 UTC (from",
        ),
        (
            report("OPEN", evidence=evidence(moves=tuple(move(f"{n:012}") for n in range(1, 53)))),
            "and 48 more.",
        ),
        (
            report("OPEN", evidence=evidence(moves=tuple(move(f"{n:012}") for n in range(1, 53)))),
            "2026-03-01 09:00 UTC (from events.json) and 2 more",
        ),
        (report(parent=None, organization=values.ALL), "All features are enabled"),
        (report(parent=None), "the next pulumi up asks every account"),
    ],
    ids=str,
)
def test_the_page_tells(made: Report, told: str) -> None:
    assert told in flat(page(made))


def test_where_nothing_runs_there_is_no_deadline() -> None:
    assert 'id="deadline"' in page(report("OPEN"))
    assert 'id="deadline"' not in page(report(parent=values.parent("EXPIRED")))


def test_the_markdown_of_a_migration_in_progress() -> None:
    known = details(AccountDetails(SECOND, "a|b `c` @team", "x@example.com", "INVITED", "SUSPENDED"))
    told = (
        "## Organization `o-exampleorg1`: 1 of 2 accounts has approved",
        "`███████████████░░░░░░░░░░░░░░░` 1 approved, 1 not answered",
        "**Where it stands:** Every account that joined by invitation must approve all "
        "features. 1 hasn't answered yet. Of 1 account more that joined by invitation AWS lists no "
        "request (any longer).",
        "**Who must act:** Nobody who is able to. 1 is suspended or closed, so that nobody can approve in "
        "it: AWS doesn't say whether it waits for it. Then the management account finalizes, which can't be "
        "undone, all of it by 2026-05-29 12:00 UTC.",
        "**If nobody does anything:** On 2026-05-29 12:00 UTC the request expires. Then approvals already "
        "given are lost, and everyone must be asked again. Until then nothing changes for any account.",
        "| account | name | email | approval | AWS says | request |\n|---|---|---|---|---|---|\n"
        "| `333333333333` | `a`&#124;``b `c` @team`` | `x@example.com` | Not answered (the account is "
        "`SUSPENDED`) | `OPEN` | `h-child0001` |",
        "To approve, in the account itself, with its request from the table:",
        "```sh\naws organizations accept-handshake --handshake-id REQUEST\n```",
        "Management account `111111111111`, request `h-parent0001`, as AWS showed it on 2026-03-01 12:00 UTC."
        "\n",
    )
    assert markdown(report("ACCEPTED", "OPEN", known=known)).split("\n\n") == list(told)


@pytest.mark.parametrize(
    ("made", "told", "untold"),
    [
        (report(), "--query", "with its request"),
        (report("DECLINED", "ACCEPTED", "OPEN"), "| Declined | `DECLINED` |", "| `ACCEPTED` |"),
        (report("DECLINED", "ACCEPTED", "OPEN"), "| Not answered | `OPEN` |", "| `ACCEPTED` |"),
        (report(parent=None, organization=values.ALL), "`o-exampleorg1`: All features are enabled", "|"),
        (large(200), "and 17 accounts more.", "(none)"),
    ],
    ids=["hidden", "declined", "beside it", "enabled", "many"],
)
def test_the_texts_that_vary_in_the_markdown(made: Report, told: str, untold: str) -> None:
    text = markdown(made)
    assert told in text
    assert untold not in text
