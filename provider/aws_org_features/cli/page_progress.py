"""Progress on stderr while long lists are fetched: thousands of approvals take AWS a minute."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from aws_org_features.cli.progress_bar import Remarks
from aws_org_features.common.progress_log import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_features.cli.environment import Environment

_SOON: Final = 1.0
"""Seconds after which a person wonders what it is doing."""

_WHAT: Final = {"ListHandshakesForOrganization": "approvals", "ListAccounts": "accounts"}


class Pages:
    """Counts the pages of lists.

    Args:
        tell: Told, in a few words, how far they are.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._counted: Counter[str] = Counter()

    def __call__(self, operation: str) -> None:
        """A page has come."""
        self._counted[operation] += 1
        self._tell(f"listing {_WHAT.get(operation, operation)}: page {self._counted[operation]}")


@contextlib.contextmanager
def listing(environment: Environment) -> Iterator[Pages]:
    """Say how far lists are: in a terminal in a line that goes, in a pipe now and then."""
    if not sys.stderr.isatty():
        yield Pages(Heartbeat(Remarks(), environment.clock).beat)
        return
    from rich.console import Console

    began = environment.clock()
    line = Console(stderr=True).status("")

    def tell(text: str) -> None:
        if environment.clock() - began >= _SOON:
            line.update(text)
            line.start()

    try:
        yield Pages(tell)
    finally:
        line.stop()
