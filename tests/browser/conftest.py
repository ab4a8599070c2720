"""Pages in headless Chromium: nothing may be said on its console, and nothing asked of any network.

All of them are for `make test-all`, which sets up playwright and the browser.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from aws_org_features.views.report.page import page as page_of
from tests.cli.conftest import invoke, invoke_in
from tools import browser as browsers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from aws_org_features.views.report import Report

__all__ = ["invoke", "invoke_in"]

HERE = Path(__file__).parent
LARGE = {"width": 1280, "height": 800}
NARROW = {"width": 400, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them all: they need a browser, which `make test` doesn't."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.exhaustive)


@dataclass
class Heard:
    """Messages and requests of a page."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))


class Show(Protocol):
    """Opens a report, or a file with one; `how` is playwright's for a context."""

    def __call__(self, shown: Report | Path, **how: Any) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = browsers.find()
    if executable is None:
        pytest.fail(f"{browsers.MISSING}. {browsers.WHAT_TO_DO}", pytrace=False)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - `make test` installs no playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def show(chromium: Browser, heard: Heard, tmp_path: Path) -> Iterator[Show]:
    """Shows pages, and sees to it in the end that they kept quiet."""
    contexts = []

    def call(shown: Report | Path, **how: Any) -> Page:
        context = chromium.new_context(**{"viewport": LARGE, "color_scheme": "light", **how})
        contexts.append(context)
        page = context.new_page()
        heard.listen(page)
        path = tmp_path / "shown.html"
        path.write_text(page_of(shown)) if not hasattr(shown, "read_text") else path.write_text(
            shown.read_text()
        )
        page.goto(path.as_uri())
        if how.get("java_script_enabled", True) and page.locator("#list").count():
            page.wait_for_selector("#list[aria-busy=false]", state="attached")
        return page

    yield call
    for context in contexts:
        context.close()
    assert heard.said == []
    assert [url for url in heard.asked if not url.startswith("file:")] == []
