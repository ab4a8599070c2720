"""The site as people have it: a language that somebody chooses is chosen on all its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import LARGE, NARROW
from tools.docs import site, site_tools
from tools.docs.blocks import ROOT
from tools.venvs import SITE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

LANGUAGES = ["YAML", "TypeScript", "Python", "Go"]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (SITE.is_current and site_tools.is_mermaid(site_tools.MERMAID)):
        pytest.fail("what builds the site isn't there: `make setup-all` gets it, `make test-all` too")
    return site.build(ROOT, tmp_path_factory.mktemp("site")) / "docs" / "native-reference"


def _shown(page: Page) -> set[str]:
    """The languages of what is shown, of all tabs of a page."""
    chosen = page.locator(".tabbed-set > input:checked")
    labels = (f"label[for='{each.get_attribute('id')}']" for each in chosen.all())
    return {page.locator(each).inner_text() for each in labels}


@pytest.mark.parametrize("how", [LARGE, NARROW], ids=["large", "narrow"])
def test_a_language_is_chosen_once_for_all_pages(chromium: Browser, html: Path, how: dict[str, int]) -> None:
    with chromium.new_context(viewport=how) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto((html / "organization-feature-set.html").as_uri())
        first = page.locator(".tabbed-labels").first
        assert first.locator("label").all_inner_texts() == LANGUAGES
        assert _shown(page) == {"YAML"}

        first.locator("label", has_text="Go").click()

        page.locator(".tabbed-block:visible", has_text="package main").wait_for()
        assert _shown(page) == {"Go"}
        page.goto((html / "root-policy-type.html").as_uri())
        page.locator(".tabbed-block:visible", has_text="package main").wait_for()
        assert _shown(page) == {"Go"}
        # What is too wide scrolls by itself.
        assert page.evaluate("document.documentElement.scrollWidth") <= how["width"]
