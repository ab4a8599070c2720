"""The site: the repository's pages as they are, laid out as in the repository, and built by Zensical.

    python -m tools.docs.site          # `make site`

No page is written for it: README.md is where it begins, and a link that leads somewhere on GitHub leads
there on the site. What a page tells for each language is tabs there. A page that no section names is to look
up. Nothing is fetched, by the build or by a reader.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.docs import tabs
from tools.docs.blocks import ROOT
from tools.docs.site_tools import FOLDER, MERMAID
from tools.progress import CommandError, ToolError, report, say
from tools.venvs import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HTML: Final = FOLDER / "html"
_SETTINGS: Final = Path(__file__).with_name("zensical.toml")
_STYLE: Final = Path(__file__).with_name("site.css")
_SCRIPT: Final = "assets/mermaid.min.js"
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)\s]*\)")
_DIAGRAM: Final = re.compile(r"^```mermaid$", re.MULTILINE)

OTHERS: Final = "Look up"
"""The section of a page of `docs/` that no section names."""

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Decide": (
        "README.md",
        "docs/before-you-start.md",
        "docs/plan.md",
        "docs/comparison.md",
        "docs/promises.md",
    ),
    "Start": (
        "docs/your-organization.md",
        "docs/feature-set.md",
        "docs/native.md",
        "examples/yaml/README.md",
        "docs/concepts.md",
        "docs/story.md",
    ),
    "Get approvals": (
        "docs/approvals.md",
        "docs/member-account.md",
        "examples/member-account/README.md",
        "docs/status.md",
        "docs/report.md",
    ),
    "Finish": (
        "docs/two-person-finalization.md",
        "docs/pipelines.md",
        "docs/many-organizations.md",
        "examples/many-organizations/README.md",
    ),
    "The day after": (
        "docs/landing-zone.md",
        "docs/policy-types.md",
        "docs/trusted-services.md",
        "examples/landing-zone/README.md",
        "examples/landing-zone-typescript/README.md",
    ),
    OTHERS: ("docs/errors.md", "docs/reference.md", "docs/settings.md", "docs/pulumi-options.md"),
    "Look up, in every language": (
        "docs/native-reference/README.md",
        *(
            f"docs/native-reference/{name}.md"
            for name in (
                "organization-feature-set",
                "all-features-gate",
                "feature-set-approval",
                "root-policy-type",
                "trusted-service",
                "all-features-organization",
                "get-organization-feature-set",
                "provider",
                "types",
            )
        ),
    ),
    "Contribute": ("CONTRIBUTING.md", "CHANGELOG.md", "docs/decisions/README.md"),
}
"""The order of pages, by what a reader wants to do."""

TITLES: Final[Mapping[str, str]] = {
    "README.md": "Overview",
    "docs/before-you-start.md": "Other ways",
    "docs/plan.md": "Plan before it starts",
    "docs/promises.md": "What is promised",
    "docs/native.md": "From any language",
    "docs/native-reference/README.md": "The native provider",
    "docs/reference.md": "Reference, for Python",
    "docs/story.md": "The tutorial in full",
    "docs/status.md": "Status",
    "docs/many-organizations.md": "Many organizations",
    "docs/errors.md": "Troubleshooting, by error",
    "examples/yaml/README.md": "Example: YAML",
    "examples/member-account/README.md": "Example: a member account",
    "examples/many-organizations/README.md": "Example: many organizations",
    "examples/landing-zone/README.md": "Example: a landing zone",
    "examples/landing-zone-typescript/README.md": "Example: a landing zone in TypeScript",
}
"""Names of pages in the menu that aren't their headings."""


def pages(root: Path) -> list[str]:
    """All pages, by their paths in the repository."""
    found = [*root.glob("*.md"), *(root / "docs").glob("**/*.md"), *(root / "examples").glob("*/*.md")]
    return sorted(path.relative_to(root).as_posix() for path in found)


def sections(known: Iterable[str]) -> dict[str, list[str]]:
    """Every page in its section: those that are named first, then the rest where it belongs."""
    placed = {name: list(named) for name, named in SECTIONS.items()}
    for page in known:
        if page in {each for named in placed.values() for each in named}:
            continue
        if page.startswith("docs/decisions/"):
            placed["Contribute"].append(page)
        else:
            placed[OTHERS].append(page)
    return placed


def heading(text: str) -> str:
    """A page's title, as plain text."""
    return next(line for line in text.splitlines() if line.startswith("# "))[2:].replace("`", "")


def settings(root: Path, placed: Mapping[str, list[str]]) -> str:
    """Zensical's configuration: how it looks, and then the menu and the folders."""
    entries = {
        name: [{TITLES.get(page) or heading((root / page).read_text()): page} for page in named]
        for name, named in placed.items()
    }
    menu = ", ".join(
        f"{{ {json.dumps(name)} = [{', '.join(_entry(each) for each in named)}] }}"
        for name, named in entries.items()
    )
    added = f'[project]\ndocs_dir = "source"\nsite_dir = "html"\nnav = [{menu}]\n'
    return _SETTINGS.read_text().replace("[project]\n", added, 1)


def _entry(entry: Mapping[str, str]) -> str:
    ((title, page),) = entry.items()
    return f"{{ {json.dumps(title, ensure_ascii=False)} = {json.dumps(page)} }}"


def lay_out(root: Path, source: Path) -> None:
    """Copy the pages, and what they link to, to where Zensical looks for them."""
    for page in pages(root):
        text = tabs.in_tabs((root / page).read_text())
        if _DIAGRAM.search(text):
            # Five megabytes, so only where there is something to draw.
            text += f'\n<script src="{"../" * page.count("/")}{_SCRIPT}"></script>\n'
        target = source / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        for linked in _files_linked_from(root, page):
            (source / linked).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / linked, source / linked)
    (source / _SCRIPT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(MERMAID, source / _SCRIPT)
    shutil.copy2(_STYLE, source / "assets" / _STYLE.name)


def _files_linked_from(root: Path, page: str) -> Iterable[Path]:
    for link in _LINK.findall((root / page).read_text()):
        target = (root / page).parent / link
        if not link.startswith("https:") and target.suffix != ".md" and target.is_file():
            yield target.resolve().relative_to(root)


def build(root: Path, folder: Path) -> Path:
    """Build the site in an empty folder; gives where it is.

    Raises:
        CommandError: A link leads nowhere, or something else is wrong with a page.
    """
    for name in ("source", "html", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    lay_out(root, folder / "source")
    (folder / "zensical.toml").write_text(settings(root, sections(pages(root))))
    done = subprocess.run(
        [SITE.path / "bin" / "zensical", "build", "--strict"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError("the site can't be built", f"{done.stdout}{done.stderr}".strip())
    return folder / "html"


def main() -> int:
    """Build the site, and say where it is."""
    try:
        html = build(ROOT, FOLDER)
    except ToolError as error:
        return report(error)
    say(f"The site: {html.relative_to(ROOT)}/index.html")
    say(f"With a search: python3 -m http.server -d {html.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
