"""The README's picture: a terminal with the story's main lines, drawn by rich from what was really shown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.highlighter import RegexHighlighter
from rich.terminal_theme import MONOKAI
from rich.theme import Theme

from tools.docs.transcript import STEPS, Excerpt, cut
from tools.local import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = ROOT / "docs" / "story.svg"
_COLUMNS: Final = 100
_SHOWN: Final = (
    Excerpt("make up", first="The migration:", last="  0 of"),
    Excerpt("status", first="AWAITING_APPROVALS", last="Outstanding"),
    Excerpt("approve"),
    Excerpt("up", first="    All features are enabled.", last="Outputs:"),
    Excerpt("preview", first="Resources:"),
)
_STYLES: Final = Theme(
    {
        "story.prompt": "bold bright_cyan",
        "story.command": "bold",
        "story.waiting": "bold yellow",
        "story.heading": "cyan",
        "story.done": "bold green",
    }
)
# As rich's own, without the fonts that it would have readers fetch.
_DRAWING: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
    font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class _Highlighter(RegexHighlighter):
    base_style = "story."
    highlights = (
        r"^(?P<prompt>\$) (?P<command>.+)$",
        r"(?P<waiting>AWAITING_APPROVALS)",
        r"^(?P<heading>Time left|Must act|Then|If nobody acts)(?=  )",
        r"(?P<done>All features are enabled\.|\bapproved (?=h-))",
    )


def drawn(shown: Mapping[str, str]) -> str:
    """The picture, as SVG, of what the steps of the story showed."""
    commands = {step.name: step.command for step in STEPS}
    console = Console(
        record=True, width=_COLUMNS, file=io.StringIO(), theme=_STYLES, highlighter=_Highlighter()
    )
    for number, excerpt in enumerate(_SHOWN):
        lines = cut(shown[excerpt.step], excerpt).replace("[…]\n", "").replace("\n[…]", "").rstrip()
        for line in (*([""] if number else []), f"$ {commands[excerpt.step]}", *lines.splitlines()):
            console.print(line, markup=False, soft_wrap=True)
    return console.export_svg(
        title="aws-org-features", theme=MONOKAI, code_format=_DRAWING, unique_id="story"
    )
