"""The site: every page is on it once, it builds strictly, and neither build nor reader fetches anything."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import pytest

from tests.docs import pages
from tools.docs import site, site_tools
from tools.progress import CommandError
from tools.venvs import SITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Requests that a browser makes by itself; a link it follows only when told to.
_FETCHED: Final = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "video": "src",
}
_needs_generator = pytest.mark.exhaustive
"""The builder of the site has a virtual environment of its own, which `make test` doesn't make."""
_STYLES: Final = re.compile(r"""(?:url\(|@import\s+)\s*["']?((?:https?:)?//[^"')]+)""")


class _Fetched(HTMLParser):
    """The requests that a page has a browser make."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # These are given to other programs, and fetched by nobody.
        if tag == "link" and given.get("rel") in {"canonical", "prev", "next"}:
            return
        address = given.get(_FETCHED.get(tag, ""))
        if address is not None:
            self.addresses.append(address)


def _external(address: str) -> bool:
    return address.startswith(("http:", "https:", "//"))


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (SITE.is_current and site_tools.is_mermaid(site_tools.MERMAID)):
        pytest.fail("what builds the site isn't there: `make setup-all` gets it, `make test-all` too")
    return site.build(pages.ROOT, tmp_path_factory.mktemp("site"))


def _built(html: Path, page: Path) -> Path:
    written = html / page.relative_to(pages.ROOT).with_suffix(".html")
    return written.with_name("index.html") if page.name == "README.md" else written


def test_every_page_is_in_the_menu_once() -> None:
    listed = [page for named in site.sections(site.pages(pages.ROOT)).values() for page in named]
    assert sorted(listed) == sorted(pages.name(page) for page in pages.PAGES)


def test_a_page_that_no_section_names_is_a_guide() -> None:
    placed = site.sections(
        ["README.md", "docs/new.md", "docs/decisions/0099-new.md", "examples/new/README.md"]
    )
    assert "docs/new.md" in placed[site.OTHERS]
    assert placed["Contribute"][-1] == "docs/decisions/0099-new.md"
    assert "examples/new/README.md" in placed[site.OTHERS]


@_needs_generator
@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_every_page_is_built_with_its_heading(page: Path, html: Path) -> None:
    shown = _built(html, page).read_text()
    told = re.sub(r"<[^>]+>", "", shown.partition("<h1")[2].partition(">")[2].partition("</h1>")[0])
    assert told.replace("&quot;", '"').startswith(site.heading(page.read_text()))


@_needs_generator
def test_nothing_is_fetched_from_elsewhere(html: Path) -> None:
    built = list(html.rglob("*.html"))
    assert len(built) > len(pages.PAGES)
    for page in built:
        found = _Fetched()
        found.feed(page.read_text())
        assert found.addresses, page
        assert not [address for address in found.addresses if _external(address)], page
        assert not _STYLES.findall(page.read_text()), page
    for style in html.rglob("*.css"):
        assert not _STYLES.findall(style.read_text()), style


@_needs_generator
@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_the_library_for_diagrams_is_beside_the_pages_with_diagrams(page: Path, html: Path) -> None:
    built = _built(html, page)
    scripts = re.findall(r'src="([^"]*mermaid[^"]*)"', built.read_text())
    assert len(scripts) == bool(pages.blocks("mermaid", (page,)))
    assert all((built.parent / script).exists() for script in scripts)


@_needs_generator
@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_what_is_told_for_each_language_is_tabs(page: Path, html: Path) -> None:
    built = _built(html, page).read_text()
    told = page.read_text().count("\n<!-- /languages -->\n")
    assert built.count('class="tabbed-set') == told
    assert "<strong>TypeScript</strong>" not in built
    assert "=== " not in built


@_needs_generator
@pytest.mark.parametrize(
    "broken",
    ["[a](docs/no-such-page.md)", "[a](docs/errors.md#no-such-heading)", "[a](#no-such-heading)"],
    ids=["page", "heading", "own heading"],
)
def test_a_link_that_leads_nowhere_fails_the_build(broken: str, tmp_path: Path, html: Path) -> None:  # noqa: ARG001
    copy = tmp_path / "check out"
    _copy_pages(copy, lambda text: f"{text}\n{broken}\n")
    with pytest.raises(CommandError, match="can't be built") as failed:
        site.build(copy, tmp_path / "site")
    assert "README.md" in failed.value.output


def _copy_pages(copy: Path, changed: Callable[[str], str]) -> None:
    for page in site.pages(pages.ROOT):
        (copy / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(pages.ROOT / page, copy / page)
        for linked in site._files_linked_from(pages.ROOT, page):
            (copy / linked).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(pages.ROOT / linked, copy / linked)
    (copy / "README.md").write_text(changed((copy / "README.md").read_text()))
