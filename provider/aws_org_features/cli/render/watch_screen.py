"""The screen of `watch` in a terminal: the status, in place, and recent changes below it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Self

from rich.live import Live
from rich.text import Text

from aws_org_features.cli.render.status import Drawing, console_for, title
from aws_org_features.common.sanitize import line, message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import TracebackType

    from rich.console import Console, ConsoleOptions, RenderResult

    from aws_org_features.cli.environment import Environment
    from aws_org_features.common.errors import OrgFeaturesError
    from aws_org_features.views.status import Change, Outlook

_REMEMBERED: Final = 3
"""Changes that stay in sight."""
_LINES: Final = 3
"""Lines of a change, or of a remark."""
_ABOVE: Final = 1
"""Lines above the answers: the organization."""


class Screen:
    """Draws it in place; what it drew last stays when it ends.

    Args:
        environment: The time, and the terminal.
        everyone: Show all accounts.
    """

    def __init__(self, environment: Environment, *, everyone: bool) -> None:
        self._environment = environment
        self._everyone = everyone
        self._outlook: Outlook | None = None
        self._changes: deque[tuple[datetime, str]] = deque(maxlen=_REMEMBERED)
        self._doing = "looking"
        self._trouble = ""
        self._remark = ""
        self._over = False
        self._size = environment.terminal()
        self._live = self._fresh()

    def _fresh(self) -> Live:
        return Live(
            self,
            console=console_for(self._size),
            auto_refresh=False,
            vertical_overflow="visible" if self._everyone else "crop",
        )

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Draw for the last time, without what won't come any more."""
        self._over = True
        self._live.stop()

    # What is shown

    def looking(self) -> None:
        """Say that it looks."""
        self._doing = "looking"
        self._draw()

    def progress(self, text: str) -> None:
        """Say how far it is."""
        self._doing = line(text)
        self._draw()

    def note(self, text: str) -> None:
        """Say what else a person should know."""
        self._remark = message(text)

    def seen(self, outlook: Outlook, changed: Sequence[Change] | None) -> None:
        """Draw what was seen."""
        self._outlook, self._trouble = outlook, ""
        self._changes.extend((outlook.looked_at, message(change.text)) for change in changed or ())
        self._draw()

    def failed(self, error: OrgFeaturesError) -> None:
        """Say it below what was seen last."""
        text = message(f"{error.reference}: {error.what}")
        self._trouble = f"can't read AWS at {self._environment.now():%H:%M:%S} UTC: {text}"
        self._draw()

    def resting(self, seconds: float) -> None:
        """Say when the next look is."""
        self._doing = f"again in {round(seconds)} s"
        self._draw()

    def ended(self, outlook: Outlook) -> None:
        """End the screen: the last drawing says it all."""

    # Drawing

    def _draw(self) -> None:
        size = self._environment.terminal()
        if size != self._size:
            # The terminal has folded what was drawn, so where that begins isn't known any more.
            self._size = size
            self._live.stop()
            self._live = self._fresh()
            self._live.console.clear()
            self._live.start()
        self._live.refresh()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it, as rich asks for it."""
        if self._outlook is None:
            if not self._over:
                yield Text(f"{self._doing} ...", "dim")
            return
        yield title(self._outlook.organization)
        newest = self._outlook.looked_at
        columns = options.max_width
        news = [
            _row(f"{when:%H:%M:%S} UTC  {text}", "bold green" if when == newest else "", columns)
            for when, text in self._changes
        ]
        said = ((self._trouble, "bold red"), (self._remark, "dim"), (self._looked(newest), "dim"))
        foot = [_row(text, style, columns) for text, style in said]
        yield Drawing(
            self._outlook,
            everyone=self._everyone,
            above=_ABOVE,
            news=news,
            foot=[row for row in foot if row],
        )

    def _looked(self, when: datetime) -> str:
        looked = f"looked at {when:%Y-%m-%d %H:%M:%S} UTC"
        return looked if self._over else f"{looked}, {self._doing}; Ctrl-C stops watching"


def _row(text: str, style: str, columns: int) -> Text:
    """A few lines at most; what goes is whole words, so that no id is cut."""
    longest = _LINES * columns - columns // 2
    if len(text) <= longest:
        return Text(text, style)
    return Text(f"{text[:longest].rpartition(' ')[0]} …", style)
