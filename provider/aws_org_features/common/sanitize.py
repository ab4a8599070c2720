"""Texts from outside, made harmless where they are shown.

An account's name and email address can hold anything. Here they become one line without characters
that move a cursor, turn the reading direction or hide, and without commands to a pipeline's runner, which
reads every log; then what Markdown or a spreadsheet takes literally.

A runner's command is broken by a blank, `# #[add-mask]2`: a person reads the name still, and sees that it was
touched. A character of no width would hide that, and would be copied along. JSON needs no blank: there a
character of the command is written as an escape, and programs read the same value.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 128
"""Characters that are shown of a text: AWS allows a name no more."""

LONGEST_MESSAGE: Final = 2000
"""Characters that are shown of a sentence with something from outside in it, such as AWS's own words."""

_ABSENT: Final = "(none)"

# Joiners belong to how Persian, Hindi and emoji are written; everything else of their kind is for hiding.
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_UNSHOWABLE: Final = frozenset({"Cc", "Cf", "Cs"})
_SPACES: Final = frozenset({"Zl", "Zp", "Zs"})

# Those that OWASP names, and their full-width forms, which some spreadsheets take for them.
_BEGINNINGS: Final = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA: Final = re.compile(f"[{_BEGINNINGS}]")
# In many countries a spreadsheet separates cells by `;`, also within quotes that another cell began before.
_LATER_FORMULA: Final = re.compile(f"""([;|\t]["'\\s]*)(?=[{_BEGINNINGS}])""")

_COMMAND: Final = re.compile(
    r"""
      \#(?=\#[\w.-]*\[)                        # GitHub's older ones, Azure's, TeamCity's, Octopus'
    | (?<!:s3:):(?=:(?!(?:aws|account):[^:])(?:[a-z]|[^\s:]+::))  # GitHub's, but not what stands in ARNs
    | (?<=section)_(?=(?:start|end):)           # GitLab's
    | (?<=travis)_(?=(?:fold|time):)            # Travis'
    | (?<!\S)(?:-(?=--(?!\S))|\+(?=\+\+(?!\S))|~(?=~~(?!\S))|\^(?=\^\^(?!\S)))  # Buildkite's
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The first character of what a runner takes for a command, or the one that it is broken behind.

Anywhere in a text: where its line begins and wraps, it doesn't know.
"""


def line(text: str, longest: int = LONGEST) -> str:
    """A text as one line that can only be read.

    Args:
        text: Anything, lone surrogates included.
        longest: Characters to keep; an ellipsis stands for the rest.
    """
    shown = _no_command(" ".join("".join(map(_shown, text)).split()))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def message(text: str) -> str:
    """A sentence with something from outside in it, as one line that can only be read.

    An ellipsis stands for the middle of one that is too long: how it begins and ends is ours.
    """
    shown, half = line(text, 2 * len(text) + 1), LONGEST_MESSAGE // 2
    return shown if len(shown) <= LONGEST_MESSAGE else f"{shown[: half - 1]}…{shown[-half:]}"


def json_text(text: str) -> str:
    """JSON without commands to a runner: the same values, written with an escape."""
    return _COMMAND.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _no_command(text: str) -> str:
    return _COMMAND.sub(lambda found: f"{found.group()} ", text)


def whole(text: str) -> str:
    """A text that UTF-8 can carry: half of a surrogate pair, as JSON may have it, is no character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(character: str) -> str:
    if character in _JOINERS:
        return character
    if character.isspace() or unicodedata.category(character) in _SPACES:
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in _UNSHOWABLE else character


def code(text: str) -> str:
    """A text as a Markdown code span: nothing in there is a link or markup, to linkifiers neither.

    Never to be put at the beginning of a line, nor into a table: that takes `table_code`.
    """
    shown = line(text)
    if not shown:
        return _ABSENT
    ticks = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padding = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def cell(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula, as OWASP's "CSV Injection" has it.

    Nor any part of it, where `;`, a tab or `|` separates cells.
    """
    text = _LATER_FORMULA.sub(r"\1'", text)
    return f"'{text}" if _FORMULA.match(text) else text


def table_code(text: str) -> str:
    """A text as a cell of a Markdown table: code spans, beside which there is no pipe but an entity.

    Parsers disagree about a backslash before a pipe, so that none is left for them to find.
    """
    shown = line(text)
    if not shown:
        return _ABSENT
    return "&#124;".join(code(part) if part.strip() else "" for part in shown.split("|"))
