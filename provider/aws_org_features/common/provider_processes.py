"""Messages among the processes of one run: what its program declares, and what they have done.

Each explicit provider is a process of its own, and so is each kind of provider, dynamic or native. A resource
that moves from one to another is created by one process and deleted by another. That one mustn't cancel what
the first has just adopted. The processes of one run have the engine's address in common, and each has a file
that the others read.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

KEEPS: Final = "keeps"
"""A resource stays in the program."""

TAKES_ON: Final = "takes on"
"""A resource was created, and goes on with what was there or has begun it."""

CANCELS: Final = "cancels"
"""A migration was canceled by a delete."""


class Fact(NamedTuple):
    """Something that a run does.

    Attributes:
        what: One of the above.
        subject: An organization, or one of its policy types.
        which: A resource's URN, or a migration's id.
    """

    what: str
    subject: str
    which: str


class Siblings:
    """The processes of one run.

    Args:
        engine_address: Where the engine of the run listens; empty if nobody knows. Without users as Unix has
            them (Windows) it doesn't count: nobody can know there whether a file is one's own.
        folder: Where the files lie; one of this user's unless given.
    """

    def __init__(self, engine_address: str, folder: Path | None = None) -> None:
        user = os.getuid() if hasattr(os, "getuid") else None
        self._folder = folder or Path(tempfile.gettempdir()) / f"org-features-{user}"
        self._run = "" if user is None else re.sub(r"\W+", "-", engine_address)
        self._own = self._folder / f"{self._run}.{os.getpid()}.{uuid.uuid4().hex}"
        if self._run:
            with contextlib.suppress(OSError):
                # Earlier runs may have been killed, and an engine of theirs have had this address.
                for path in self._files("*"):
                    if not _is_alive(int(path.name.split(".")[1])):
                        path.unlink(missing_ok=True)

    def tell(self, fact: Fact) -> None:
        """Tell the others."""
        with contextlib.suppress(OSError):
            self._write(json.dumps(fact) + "\n")

    def told(self) -> set[Fact]:
        """Messages of this process and of the others."""
        return {fact for path in self._files(self._run) for fact in _facts(path)} if self._run else set()

    def unheard(self) -> str | None:
        """The reason why no messages can be passed, if so; then the others can't pass any either."""
        try:
            self._write("")
        except OSError as error:
            return str(error)
        return None

    def close(self) -> None:
        """Take back what this process told."""
        with contextlib.suppress(OSError):
            self._own.unlink(missing_ok=True)

    def _write(self, line: str) -> None:
        if not self._run:
            return
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not self._is_ours():
            raise PermissionError(f"{self._folder} is somebody else's")
        # One write of one line: a reader sees all of it or nothing.
        with self._own.open("a", encoding="utf-8") as file:
            file.write(line)

    def _is_ours(self) -> bool:
        return self._folder.is_dir() and self._folder.stat().st_uid == os.getuid()

    def _files(self, run: str) -> list[Path]:
        return list(self._folder.glob(f"{run}.*.*")) if self._is_ours() else []


def _facts(path: Path) -> Iterator[Fact]:
    with contextlib.suppress(OSError, ValueError, TypeError):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Fact(*json.loads(line))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
