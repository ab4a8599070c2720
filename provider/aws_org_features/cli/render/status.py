"""The screen of `status`: the answers first, then the accounts that block it.

In a terminal it fits, so that the answers stay in sight; in a pipe, a line a fact. What names hold of markup
or color is text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from aws_org_features.cli.render import heading, narrow
from aws_org_features.cli.render.bar import bar
from aws_org_features.common.sanitize import line
from aws_org_features.common.text import accounts
from aws_org_features.model.migration import Status

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import ConsoleOptions, RenderableType, RenderResult

    from aws_org_features.migration.approval_requests import ApprovalRequest
    from aws_org_features.model.organizations import Organization
    from aws_org_features.views.status import Outlook

_PIPED_WIDTH: Final = 10_000
"""Columns of a pipe: a fact is a line, however much of AWS's own words is in it."""
_READABLE: Final = 100
"""Columns beyond which sentences aren't read easily."""
MOST: Final = 15
"""Accounts that are shown unless all are asked for."""
_ROOM_OF_A_PIPE: Final = 1000
_FRAME: Final = 4
"""Lines around the accounts: one that is blank, two above them, one that counts the others."""
_WIDE: Final = 110
"""Columns from which the ids of the requests fit in."""
_BLANKS_AT_END: Final = re.compile(r" +((?:\x1b\[[0-9;]*m)*) *$")

_GAP: Final = 2
_LABELS: Final = len("If nobody acts") + _GAP

_URGENT: Final = ((3 * 86_400, "bold red"), (14 * 86_400, "yellow"))
"""Styles of the time left, below so many seconds."""

_STYLES: Final = {
    Status.NOT_STARTED: "bold",
    Status.AWAITING_APPROVALS: "bold yellow",
    Status.DECLINED: "bold red",
    Status.AWAITING_FINALIZATION: "bold cyan",
    Status.EXPIRED: "bold red",
    Status.CANCELED: "bold red",
    Status.ENABLED: "bold green",
}


def console_for(size: os.terminal_size | None) -> Console:
    """The console of a terminal, or of a pipe."""
    if size is None:
        return Console(highlight=False, width=_PIPED_WIDTH, force_terminal=False)
    return Console(highlight=False, width=size.columns, height=size.lines, force_terminal=True)


def lines_of(console: Console, drawn: RenderableType) -> list[str]:
    """Draw it, a line each; a word that is wider than the terminal stays whole."""
    with console.capture() as captured:
        console.print(drawn, crop=False)
    return [_BLANKS_AT_END.sub(r"\1", row) for row in captured.get().splitlines()]


def title(organization: Organization) -> Text:
    """Title with the organization and its management account."""
    return Text.from_ansi(heading.title(organization))


class Drawing:
    """Draws it.

    Args:
        outlook: Where it stands.
        everyone: Show all accounts, whether they fit or not.
        above: Lines that stand above it already.
        news: What stands below, as far as it fits: the last of it.
        foot: What stands at the end in any case.
    """

    def __init__(
        self,
        outlook: Outlook,
        *,
        everyone: bool = False,
        above: int = 0,
        news: Sequence[Text] = (),
        foot: Sequence[Text] = (),
    ) -> None:
        self._outlook = outlook
        self._everyone = everyone
        self._above = above
        self._news = news
        self._foot = foot

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it, as rich asks for it."""
        width = readable(console, options)
        answers = labeled(facts(self._outlook, self._outlook.next_step, self._outlook.otherwise), width)
        top = Group(*standing(self._outlook, console, width), answers)
        yield top
        room = _ROOM_OF_A_PIPE
        if console.is_terminal:
            # The last line is the prompt's.
            foot = Group(*self._foot)
            taken = self._above + height(console, options, top) + height(console, options, foot)
            room = console.height - 1 - taken - bool(self._foot)
        news = self._last(console, options, room - _FRAME - 1)
        if self._outlook.holders:
            yield self._holders(console, options, room - height(console, options, Group(*news)))
        if news or self._foot:
            yield from (Text(), *news, *self._foot)

    def _last(self, console: Console, options: ConsoleOptions, room: int) -> Sequence[Text]:
        """The last of the news, as much as fits, one piece at least."""
        news = self._news
        while len(news) > 1 and height(console, options, Group(*news)) > room:
            news = news[1:]
        return news

    def _holders(self, console: Console, options: ConsoleOptions, room: int) -> Group:
        most = self._most(room - _FRAME)
        drawn = Group(*_accounts(self._outlook, most, options.max_width))
        # In a narrow terminal, an account takes several lines.
        while self._foot and most and height(console, options, drawn) > room:
            most -= 1
            drawn = Group(*_accounts(self._outlook, most, options.max_width))
        return drawn

    def _most(self, room: int) -> int:
        found = len(self._outlook.holders)
        if self._everyone or found <= min(room + 1, MOST):
            return found
        # The lines below must stay in sight; where there are none, the terminal may as well scroll.
        return max(0 if self._foot else 1, min(room, MOST))


def readable(console: Console, options: ConsoleOptions) -> int:
    """The width of sentences."""
    return min(options.max_width, _READABLE) if console.is_terminal else options.max_width


def height(console: Console, options: ConsoleOptions, drawn: RenderableType) -> int:
    """Number of lines that it takes."""
    return len(console.render_lines(drawn, options, pad=False))


# Where it stands, who must act, what happens if nobody does


def standing(outlook: Outlook, console: Console, width: int) -> list[RenderableType]:
    """Status of the migration: in a few words, and drawn."""
    head = Text.assemble((outlook.status, _STYLES[outlook.status]), "  ", outlook.headline)
    drawn: list[RenderableType] = [Text(), narrow.Whole(head)] if console.is_terminal else [head]
    if outlook.approvals is not None and outlook.approvals.required:
        drawn += bar(outlook.approvals, width, plain=not console.is_terminal, ascii_only=_is_ascii(console))
    if console.is_terminal:
        drawn.append(Text())
    return drawn


def _is_ascii(console: Console) -> bool:
    return console.options.ascii_only


def facts(outlook: Outlook, then: str, otherwise: str) -> list[tuple[str, Text]]:
    """The deadline, who must act, what happens then, and what happens if nobody does."""
    left = [("Time left", Text(outlook.time_left, _urgency(outlook)))] if outlook.time_left else []
    return [
        *left,
        ("Must act", Text(outlook.to_do, "bold")),
        ("Then", Text(then)),
        ("If nobody acts", Text(otherwise)),
    ]


def labeled(rows: Iterable[tuple[str, Text]], width: int) -> RenderableType:
    """Labels, and beside each a text; below it, where an id in one is too wide for that."""
    rows = list(rows)
    beside = width - _LABELS
    if narrow.longest_id(text for _, text in rows) > beside:
        return narrow.below(rows)
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True, style="dim", min_width=_LABELS - _GAP)
    grid.add_column(max_width=beside)
    for label, text in rows:
        grid.add_row(label, text)
    return grid


def _urgency(outlook: Outlook) -> str:
    left = outlook.seconds_left
    return next((style for below, style in _URGENT if left is not None and left < below), "")


# Accounts that block it


def _accounts(outlook: Outlook, most: int, width: int) -> list[RenderableType]:
    if not most:
        return [Text(), _caption(outlook)]
    shown = outlook.holders[:most]
    more = len(outlook.holders) - len(shown)
    drawn: list[RenderableType] = [Text(), _caption(outlook), _table(shown, width)]
    if more:
        drawn.append(Text(f"and {more:,} more (--all)", "dim"))
    return drawn


def _caption(outlook: Outlook) -> Text:
    count = accounts(len({holder.account_id or holder.handshake_id for holder in outlook.holders}))
    who = "Had not approved" if outlook.status is Status.EXPIRED else "Not approved yet"
    if all(not holder.state for holder in outlook.holders):
        who, count = "Invited", f"{count}, of which some may have approved"
    waiting = sorted({holder.state for holder in outlook.holders if holder.pending})
    legend = "".join(f"   {state} = not yet answered" for state in waiting)
    return Text.assemble((who, "bold"), f": {count}", (legend, "dim"))


def _table(shown: Sequence[ApprovalRequest], width: int) -> RenderableType:
    columns = {
        "account": [holder.account_id or "not named" for holder in shown],
        "name": [holder.name or "" for holder in shown],
        "handshake": [holder.handshake_id for holder in shown],
        "state": [holder.state for holder in shown],
        "why": [holder.remark for holder in shown],
    }
    if width < _WIDE:
        del columns["handshake"]
    return columned(columns, width)


def columned(columns: Mapping[str, Sequence[str]], width: int) -> RenderableType:
    """Columns by their heads, those that aren't empty; what isn't a name is shown in full."""
    cells = {head: [line(cell) for cell in column] for head, column in columns.items() if any(column)}
    widths = narrow.widths(cells, width - _GAP * (len(cells) - 1))
    if widths is None:
        return narrow.stacked(cells)
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
    for head, column_width in widths.items():
        table.add_column(head, no_wrap=True, overflow="ellipsis", width=column_width)
    for row in zip(*cells.values(), strict=True):
        table.add_row(*map(Text, row))
    return table
