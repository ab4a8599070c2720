"""Write the newcomer's story: its transcripts in the pages, and the README's picture.

python -m tools.docs.story          # `make docs`: regenerate them
python -m tools.docs.story --check  # say which ones no longer are what happens
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tools.docs import picture, transcript
from tools.local import ROOT
from tools.progress import ToolError, report, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def outdated(shown: Mapping[str, str]) -> dict[Path, str]:
    """The files that aren't what was shown, with what they should be."""
    wanted = {page: transcript.filled(page.read_text(), shown) for page in transcript.outdated(shown)}
    drawn = picture.drawn(shown)
    if not picture.PATH.exists() or picture.PATH.read_text() != drawn:
        wanted[picture.PATH] = drawn
    return wanted


def main(arguments: list[str]) -> int:
    """Write what is outdated, or with --check only tell."""
    try:
        shown = {name: text for each in transcript.STORIES for name, text in transcript.agreed(each).items()}
        wanted = outdated(shown)
    except ToolError as error:
        return report(error)
    for path, text in wanted.items():
        say(f"{'Outdated' if arguments else 'Written'}: {os.path.relpath(path, ROOT)}")
        if not arguments:
            path.write_text(text)
    if not wanted:
        say("The story is what happens.")
    return int(bool(arguments and wanted))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
