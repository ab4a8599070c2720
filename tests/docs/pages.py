"""The pages, taken apart: blocks of code, tables, links, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = tuple(
    sorted(
        [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "examples").glob("*/*.md")],
        key=lambda p: p.relative_to(ROOT),
    )
)
README: Final = ROOT / "README.md"
FEATURE_SET: Final = ROOT / "docs" / "feature-set.md"
ORGANIZATION: Final = ROOT / "docs" / "your-organization.md"
NATIVE: Final = ROOT / "docs" / "native.md"
MEMBER: Final = ROOT / "docs" / "member-account.md"
LANDING_ZONE: Final = ROOT / "docs" / "landing-zone.md"
POLICY_TYPES: Final = ROOT / "docs" / "policy-types.md"
TRUSTED_SERVICES: Final = ROOT / "docs" / "trusted-services.md"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A block of code."""

    page: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{name(self.page)}: {self.text.strip().splitlines()[0]}"


def name(page: Path) -> str:
    """A page's path below the checkout."""
    return str(page.relative_to(ROOT))


def blocks(language: str, pages: tuple[Path, ...] = PAGES) -> list[Block]:
    """All blocks in a language."""
    found = ((page, *match) for page in pages for match in _FENCE.findall(page.read_text()))
    return [Block(page, lang, text) for page, lang, text in found if lang == language]


def commands(page: Path, heading: str = "") -> list[str]:
    """Commands to type into a shell, on a page or under one of its headings."""
    within = section(page, heading) if heading else page.read_text()
    return [
        line for block in blocks("sh", (page,)) if block.text in within for line in block.text.splitlines()
    ]


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", page.read_text())


def section(page: Path, heading: str) -> str:
    """The text under a heading of the second level, up to the next."""
    return page.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def ticked(text: str) -> list[str]:
    """Texts between backticks."""
    return re.findall(r"`([^`]+)`", text)


def links(page: Path) -> list[str]:
    """Targets of a page's links."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Targets of links within a page, as GitHub makes them of the headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
