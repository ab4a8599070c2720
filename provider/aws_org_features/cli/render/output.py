"""Printing: results on stdout, everything else on stderr. No decisions.

In a terminal with colors and frames, unless NO_COLOR is set; plain when piped, a line a row.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import click

from aws_org_features.cli.origin import origin
from aws_org_features.common.sanitize import json_text, line, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from rich.console import RenderableType

    from aws_org_features.common.errors import OrgFeaturesError

_PIPED_WIDTH: Final = 10_000
_MOST_ROWS: Final = 20
_LEAST: Final = 30
"""Columns of a cell with several words, at least, where it is that long."""
_OF_A_COMMAND: Final = (
    (
        re.compile(r"\b([Rr])un `pulumi up` again(: it continues where this one stopped)?"),
        r"\1un the command again",
    ),
)
"""Words of errors about a run of Pulumi, and a command's words instead."""


def say(text: str) -> None:
    """Print a line of the result."""
    click.echo(text)


def paragraph(first: str, *others: str) -> None:
    """Print sentences of the result: in a terminal wrapped, the others indented; in a pipe in one line.

    A word that is wider than the terminal, an ARN say, stays whole.
    """
    if not sys.stdout.isatty():
        say(" ".join((first, *others)))
        return
    width = shutil.get_terminal_size().columns
    for text, indent in ((first, ""), *((other, "   ") for other in others)):
        for row in textwrap.wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            say(row)


def note(text: str) -> None:
    """Print a note on standard error, sanitized to a single line."""
    click.echo(message(of_a_command(text)), err=True)


def of_a_command(text: str) -> str:
    """Change an error's text for somebody who runs a command: that command is run again."""
    for of_a_run, ours in _OF_A_COMMAND:
        text = of_a_run.sub(ours, text)
    return origin().in_its_words(text)


def timestamp(when: datetime | None) -> str | None:
    """A point in time as JSON has it: RFC 3339 to the second, UTC."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if when else None


def show_json(value: Any) -> None:
    """Print the result as JSON, in ASCII: what names hold can't act on a terminal, nor on a runner."""
    click.echo(json_text(json.dumps(value, indent=2)))


def show_json_line(value: Any) -> None:
    """Print one of several results as JSON, in a line of its own."""
    click.echo(json_text(json.dumps(value, separators=(",", ":"))))


def tell(error: OrgFeaturesError, *, as_json: bool) -> None:
    """Print an error: its reference, what happened, what to do next."""
    note(f"error: {error.reference}: {error}")
    if as_json:
        what, next_step = of_a_command(error.what), of_a_command(error.next_step)
        show_json({"error": {"reference": error.reference, "what": what, "next_step": next_step}})


def words(first: str, found: Sequence[str]) -> None:
    """Print words below a line: in a terminal in columns; in a pipe in one line with it."""
    if not (sys.stdout.isatty() and found):
        say(f"{first} {', '.join(found) or 'none'}.")
        return
    say(first)
    width = max(map(len, found)) + 2
    in_a_row = max(1, (shutil.get_terminal_size().columns - 2) // width)
    for start in range(0, len(found), in_a_row):
        say("  " + "".join(word.ljust(width) for word in found[start : start + in_a_row]).rstrip())


def show_table(
    columns: Sequence[str],
    rows: Sequence[Iterable[str]],
    *,
    most: int | None = _MOST_ROWS,
    loose: str = "name",
    otherwise: Sequence[tuple[str, str]] = (),
) -> None:
    """Print a table; what its cells say of markup or color is text.

    Args:
        columns: Their heads.
        rows: Their cells.
        most: How many rows are shown before the others are counted; None shows all.
        loose: The head of the column whose cells are wrapped where all are too wide.
        otherwise: What is shown in a terminal that is too narrow for that: two lines for each row.
    """
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else _PIPED_WIDTH)
    shown = [[line(cell) for cell in row] for row in rows[:most]]
    cells = dict(zip(columns, zip(*shown, strict=True) if shown else [()] * len(columns), strict=True))
    with console.capture() as drawn:
        console.print(_table(cells, console.width, loose, otherwise, framed=terminal), crop=False)
    for row_of_text in drawn.get().splitlines():
        say(row_of_text.rstrip())
    if most is not None and len(rows) > most:
        say(f"and {len(rows) - most:,} more")


def _table(
    cells: Mapping[str, Sequence[str]],
    width: int,
    loose: str,
    otherwise: Sequence[tuple[str, str]],
    *,
    framed: bool,
) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from aws_org_features.cli.render import narrow

    between = 3 * len(cells) + 1 if framed else 2 * len(cells)
    least = _LEAST if otherwise else narrow.NARROWEST
    widths = narrow.widths(cells, width - between, loose, least)
    if widths is None:
        return narrow.indented(otherwise) if otherwise else narrow.stacked(cells)
    table = Table(box=box.SQUARE if framed else None, pad_edge=framed)
    for head, column_width in widths.items():
        table.add_column(head, width=column_width, overflow="fold")
    for row in zip(*cells.values(), strict=True):
        table.add_row(*map(Text, row))
    return table
