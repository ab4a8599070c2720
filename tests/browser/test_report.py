"""A report as people have it: found in, sorted, copied from, by mouse and keyboard, light and dark."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aws_org_features.model.organizations import AccountDetails
from tests.browser.conftest import LARGE, NARROW
from tests.cli.test_approval_kit import shell
from tests.unit import values
from tests.unit.report_values import (
    CREATED,
    FIRST,
    SECOND,
    THIRD,
    details,
    event,
    evidence,
    remembered,
    report,
)
from tests.unit.test_report_texts import large

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from aws_org_emulator import Emulator
    from aws_org_features.views.report import Report
    from tests.browser.conftest import Heard, Show
    from tests.cli.conftest import Invoke

HOSTILE = (
    "<img src=x onerror=\"window.hit=1;alert('img')\">",
    "</script><script>window.hit=1</script>",
    "</noscript></title></style><svg onload=window.hit=1>",
    "{{ 7 * 7 }} ${7*7} javascript:alert(1)",
    '" autofocus onfocus="window.hit=1',
    "W" * 128,
)


def hostile() -> Report:
    known = {
        id_: AccountDetails(id_, name, name, "INVITED", "SUSPENDED")
        for id_, name in zip((*values.INVITED, CREATED, "888888888888", "888888888889"), HOSTILE, strict=True)
    }
    recorded = evidence(*(event(id=name, principal=name, role=name, source=name) for name in HOSTILE))
    return report("OPEN", "DECLINED", "ACCEPTED", known=known, evidence=recorded)


def rich() -> Report:
    """A report with a history and evidence."""
    history = remembered(("OPEN", "OPEN", "OPEN"), ("OPEN", "ACCEPTED", "OPEN"))
    return report(
        "OPEN", "ACCEPTED", "DECLINED", history=history, evidence=evidence(event(handshake_id="h-child0001"))
    )


def shown(page: Page) -> list[str]:
    """The ids of the accounts in the list, from top to bottom."""
    return page.locator("#list tbody tr td.col-account .id").all_inner_texts()


# Finding


def test_everything_is_there_at_first(show: Show) -> None:
    page = show(report("ACCEPTED", "OPEN", "OPEN"))
    assert shown(page) == [SECOND, THIRD, FIRST, values.MANAGEMENT, CREATED]
    assert page.inner_text("#shown") == "5 accounts shown"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (THIRD, [THIRD]),
        ("NAME 33333", [SECOND]),
        ("@example.com  name", [SECOND, THIRD, FIRST]),
        ("h-child0002", [THIRD]),
        ("nobody", []),
    ],
)
def test_accounts_are_found_by_what_is_typed(show: Show, text: str, found: list[str]) -> None:
    page = show(report("ACCEPTED", "OPEN", "OPEN"))
    page.get_by_label("Find").fill(text)
    assert shown(page) == found
    assert page.inner_text("#shown") == f"{len(found)} of 5 accounts shown"
    page.get_by_label("Find").fill("")
    assert len(shown(page)) == 5


def test_accounts_are_chosen_by_how_they_stand(show: Show) -> None:
    page = show(report("ACCEPTED", "OPEN", "DECLINED"))
    page.get_by_role("radio", name="Declined 1").check()
    assert shown(page) == [THIRD]
    page.get_by_role("radio", name="Needn't approve 2").check()
    assert shown(page) == [values.MANAGEMENT, CREATED]
    page.get_by_label("Find").fill("sandbox")
    assert shown(page) == [CREATED]
    page.get_by_role("radio", name="All 5").check()
    page.get_by_label("Find").fill("")
    assert len(shown(page)) == 5


# Sorting


@pytest.mark.parametrize(
    ("head", "ascending"),
    [
        ("Account", [values.MANAGEMENT, FIRST, SECOND, THIRD, CREATED]),
        ("Name", [values.MANAGEMENT, FIRST, SECOND, THIRD, CREATED]),
        ("Answered", [FIRST, values.MANAGEMENT, CREATED, SECOND, THIRD]),
    ],
)
def test_a_columns_head_sorts_and_says_so(show: Show, head: str, ascending: list[str]) -> None:
    page = show(rich())
    column = page.get_by_role("columnheader", name=head)
    assert column.get_attribute("aria-sort") is None
    column.get_by_role("button").click()
    assert column.get_attribute("aria-sort") == "ascending"
    assert shown(page) == ascending
    column.get_by_role("button").press("Enter")
    assert column.get_attribute("aria-sort") == "descending"
    assert sorted(shown(page)[:2]) == sorted(ascending[-2:])
    assert page.locator("#list [aria-sort]").count() == 1


def test_those_that_somebody_must_do_something_about_are_first(show: Show) -> None:
    page = show(rich())
    assert shown(page) == [THIRD, FIRST, SECOND, values.MANAGEMENT, CREATED]
    assert page.get_by_role("columnheader", name="Approval").get_attribute("aria-sort") == "ascending"


# Copying


def test_an_owner_approves_by_what_is_copied(
    org: Emulator, invoke: Invoke, show: Show, tmp_path: Path
) -> None:
    org.enable_all_features()
    html = tmp_path / "report.html"
    assert invoke("report", "--html", str(html)).exit_code == 0
    page = show(html, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the command for account 222222222223").click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert page.inner_text("#told") == "The command is copied."
    command = page.evaluate("navigator.clipboard.readText()")
    assert shell(org, "222222222223", command)["Handshake"]["State"] == "ACCEPTED"
    assert invoke("report", "--html", str(html)).exit_code == 0
    assert show(html).inner_text("h1") == "1 of 3 accounts has approved"


def test_the_one_command_for_all_is_copied_too(show: Show) -> None:
    page = show(report(), permissions=["clipboard-read", "clipboard-write"])
    assert page.get_by_role("columnheader", name="how to approve").count() == 0
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('aws organizations accept-handshake --handshake-id "$(aws organizations list-')
    assert copied == report().outstanding[0].command


def test_it_copies_without_a_clipboard_of_the_newer_kind(show: Show) -> None:
    page = show(report("OPEN"))
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy the command").click()
    page.get_by_text("Copied", exact=True).wait_for()
    page.get_by_label("Find").focus()
    page.keyboard.press("Control+V")
    assert (
        page.get_by_label("Find").input_value()
        == "aws organizations accept-handshake --handshake-id h-child0000"
    )


# Keyboard


def test_the_keyboard_reaches_everything_and_shows_where_it_is(show: Show) -> None:
    page = show(rich())
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => {
                const at = document.activeElement;
                const marked = at.type === 'radio' ? at.nextElementSibling : at;
                const style = getComputedStyle(marked);
                return [at.id || at.name || at.textContent, style.outlineStyle + style.outlineWidth];
            }"""
        )
        assert outline == "solid3px", name
        reached.append(name)
    assert reached == [
        "Skip to the accounts",
        "The numbers as a table",
        "find",
        "standing",
        *("Account", "Name", "Approval", "Answered"),
        "Copy",
        "AcceptHandshake 2026-03-01 09:00 UTC",
    ]


def test_the_way_to_the_accounts_can_be_skipped(show: Show) -> None:
    page = show(report("OPEN"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "accounts"


def test_arrows_choose(show: Show) -> None:
    page = show(report("ACCEPTED", "OPEN", "OPEN"))
    page.get_by_role("radio", name="All 5").focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == [SECOND, THIRD]


# For everybody


def axe_of_playwright() -> Any:
    """Import axe here: it has no types, and `make test`, which passes by here, doesn't install it."""
    return importlib.import_module("axe_playwright_python.sync_playwright").Axe()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(LARGE, "light"), (NARROW, "dark")], ids=["large and light", "narrow and dark"]
)
@pytest.mark.parametrize(
    "made",
    [rich(), report(), report(parent=None, organization=values.ALL), hostile()],
    ids=["rich", "hidden", "enabled", "hostile"],
)
def test_axe_finds_nothing(show: Show, made: Report, viewport: Any, scheme: Any) -> None:
    axe = axe_of_playwright()
    page = show(made, viewport=viewport, color_scheme=scheme)
    for each in page.locator("summary").all():
        each.click()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


def brightness(page: Page, selector: str, of: str) -> float:
    color = page.evaluate(
        "([selector, of]) => getComputedStyle(document.querySelector(selector))[of]", [selector, of]
    )
    return sum(map(float, re.findall(r"[\d.]+", color)[:3]))


def test_it_is_dark_where_people_want_it_dark(show: Show) -> None:
    page = show(report("OPEN"))
    assert brightness(page, "body", "backgroundColor") > brightness(page, "body", "color")
    page.emulate_media(color_scheme="dark")
    assert brightness(page, "body", "backgroundColor") < brightness(page, "body", "color")


def test_nothing_moves_where_people_want_nothing_to_move(show: Show) -> None:
    page = show(report("OPEN"), reduced_motion="reduce")
    duration = page.evaluate("getComputedStyle(document.querySelector('.copy')).transitionDuration")
    assert duration == "0s"


@pytest.mark.parametrize("viewport", [LARGE, NARROW], ids=["large", "narrow"])
@pytest.mark.parametrize("made", [report(), hostile()], ids=["hidden", "hostile"])
def test_nothing_is_wider_than_the_screen(show: Show, made: Report, viewport: Any) -> None:
    page = show(made, viewport=viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("viewport", [LARGE, NARROW], ids=["large", "narrow"])
@pytest.mark.parametrize("made", [rich(), large(200)], ids=["rich", "many"])
def test_the_first_screen_answers_the_three_questions(show: Show, made: Report, viewport: Any) -> None:
    page = show(made, viewport=viewport)
    for answer in ("Where it stands", "Who must act", "If nobody does anything"):
        box = page.get_by_role("region", name=answer).bounding_box()
        assert box is not None
        end = box["y"] + (box["height"] if viewport is LARGE else 0)
        assert end <= viewport["height"], answer


# Names can hold anything


def test_names_are_text(show: Show) -> None:
    page = show(hostile())
    assert page.evaluate("window.hit") is None
    assert sorted(page.locator("#list td.col-name .name").all_inner_texts()) == sorted(HOSTILE)
    page.get_by_label("Find").fill("<script>")
    assert len(shown(page)) == 1
    assert page.locator("main img, main script, main svg[onload], main [onfocus]").count() == 0


def test_no_script_but_its_own_may_run(show: Show, heard: Heard) -> None:
    page = show(report("OPEN"))
    page.evaluate(
        """() => {
            const made = document.createElement('script');
            made.append('window.hit = 1');
            document.body.append(made);
        }"""
    )
    assert page.evaluate("window.hit") is None
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<img src=x onerror=window.hit=1>'")
    assert "blocked" in heard.said[0]
    heard.said.clear()


# Without scripts, and on paper


def test_without_scripts_the_list_is_there(show: Show) -> None:
    page = show(hostile(), java_script_enabled=False)
    rows = page.locator("noscript table tbody tr")
    assert rows.count() == 6
    assert sorted(each.locator("td").nth(1).inner_text() for each in rows.all()) == sorted(HOSTILE)
    assert not page.locator("#controls").is_visible()
    assert not page.locator("#list").is_visible()


def test_on_paper_is_everything_and_no_control(show: Show) -> None:
    page = show(large(700))
    page.get_by_label("Find").fill("A name")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#list tbody tr").count() == 700
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("#controls").is_visible()
    assert not page.locator("button.copy").first.is_visible()
    assert brightness(page, "body", "backgroundColor") > brightness(page, "body", "color")
    assert page.locator("#list tbody code").first.is_visible()


# Many


def test_with_five_thousand_accounts_all_come_into_the_page(show: Show) -> None:
    page = show(large(5000))
    assert page.locator("#list tbody tr").count() == 5000
    page.get_by_label("Find").fill("100000004998")
    assert shown(page) == ["100000004998"]


# Time goes on


@pytest.mark.parametrize(
    ("days", "left", "age"),
    [
        (0.5, "in 88 days", ""),
        (1.5, "in 87 days", "(a day ago: ask for a newer report)"),
        (87.5, "in a day", "(87 days ago: ask for a newer report)"),
        (88.5, "in less than a day", "(88 days ago: ask for a newer report)"),
        (90, "has passed", "(90 days ago: ask for a newer report)"),
    ],
)
def test_the_readers_clock_counts(show: Show, days: float, left: str, age: str) -> None:
    page = show(report("OPEN"))
    page.clock.set_fixed_time(values.NOW + timedelta(days=days))
    page.reload()
    assert page.inner_text("#left") == left
    assert page.locator("#age").inner_text() == age


# Other parts


def test_evidence_is_shown_with_its_file(show: Show) -> None:
    page = show(rich())
    page.get_by_text("AcceptHandshake 2026-03-01 09:00 UTC").click()
    told = page.locator("details.event").inner_text()
    for each in (
        f"arn:aws:sts::{FIRST}:assumed-role/Admin/jane",
        f"arn:aws:iam::{FIRST}:role/Admin",
        "events.json",
    ):
        assert each in told
    assert "first seen approved 2026-02-28 12:00 UTC, not yet 2026-02-27 12:00 UTC" in page.inner_text(
        "#list"
    )


def test_a_suspended_account_and_one_that_has_left_are_reported(show: Show) -> None:
    known = details(AccountDetails(FIRST, "Old", "old@example.com", "INVITED", "SUSPENDED"))
    del known[SECOND]
    page = show(report("OPEN", "OPEN", known=known))
    told = page.locator("#list tbody tr").all_inner_texts()
    assert "SUSPENDED: nobody can act in it" in told[0]
    assert "has left the organization" in told[1]


def test_a_request_of_nobodys_is_reported(show: Show) -> None:
    nobodys = replace(values.children("OPEN")[0], account_id=None)
    page = show(report(children=(nobodys,)))
    assert shown(page)[0] == "not told"
    assert "not named by AWS" in page.get_by_role("region", name="Who must act").inner_text()
