"""Progress over many accounts, on stderr, and Ctrl-C meanwhile.

In a terminal a bar, which goes when they are done; in a pipe a line now and then.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Final

from aws_org_features.approver import messages
from aws_org_features.cli.render import output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from aws_org_features.approver.fan_out import Progress, Watch

_SHORTEST: Final = 10
_BESIDE: Final = 58
"""Columns for what stands beside a bar, and for the ^C that a terminal shows, which must fit into the row."""


class Remarks:
    """A `Say` that prints lines beside the result."""

    def info(self, text: str) -> None:
        """Something happened."""
        output.note(text)

    def warn(self, text: str) -> None:
        """Report something that a person should know, or must act on."""
        output.note(text)

    def progress(self, text: str) -> None:
        """Show that it goes on."""
        output.note(text)


class Interrupt:
    """Ctrl-C while many accounts are in hand: they are brought to their end, unless it comes again."""

    def __init__(self) -> None:
        self.count = 0

    def asked(self) -> bool:
        """Return whether it came."""
        return self.count > 0

    @contextlib.contextmanager
    def gently(self) -> Iterator[None]:
        """Take the first Ctrl-C as a wish; without this, and the second, it raises KeyboardInterrupt."""
        before = signal.signal(signal.SIGINT, self._take)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _take(self, _signal: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count > 1:
            raise KeyboardInterrupt


def watching(doing: str, interrupt: Interrupt) -> Watch:
    """Watch rounds.

    Args:
        doing: What is done: `approving`.
        interrupt: Takes Ctrl-C while a round lasts.
    """
    from aws_org_features.approver.approve import beating

    watch = _bar(doing, interrupt) if sys.stderr.isatty() else beating(Remarks(), doing=doing)

    @contextlib.contextmanager
    def watched(wanted: int) -> Iterator[Callable[[Progress], None]]:
        with interrupt.gently(), watch(wanted) as tell:
            yield tell

    return watched


def _bar(doing: str, interrupt: Interrupt) -> Watch:
    class Doing:
        def __str__(self) -> str:
            return "ending" if interrupt.asked() else doing

    @contextlib.contextmanager
    def watch(wanted: int) -> Iterator[Callable[[Progress], None]]:
        from rich import progress as rich
        from rich.console import Console

        console = Console(stderr=True)
        bar = rich.Progress(
            rich.TextColumn("{task.fields[doing]}"),
            rich.BarColumn(bar_width=max(_SHORTEST, console.width - _BESIDE)),
            rich.MofNCompleteColumn(),
            rich.TextColumn("{task.fields[going]}"),
            console=console,
            transient=True,
        )
        task = bar.add_task("", total=wanted, doing=Doing(), going="")
        with bar:
            yield lambda progress: bar.update(task, completed=progress.done, going=messages.going(progress))

    return watch
