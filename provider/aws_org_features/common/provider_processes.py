"""What the processes of one run tell one another: which resources its program declares.

Each explicit provider is a process of its own. A resource that gets another name, and another provider with
it, is created by one process and deleted by another, which mustn't cancel what the first has just taken on.
The processes of one run have the engine's address in common, and each has a file that the others read.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Siblings:
    """The processes of one run.

    Args:
        engine_address: Where the engine of the run listens; empty if nobody knows. Without users as Unix has
            them (Windows) it counts for nothing: a file there can't be told to be one's own.
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

    def keeps(self, organization_id: str, urn: str) -> None:
        """Tell that the program declares a resource."""
        if self._run:
            with contextlib.suppress(OSError):
                self._folder.mkdir(mode=0o700, exist_ok=True)
                # One write of one line: a reader sees all of it or nothing.
                with self._own.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([organization_id, urn]) + "\n")

    def is_kept_by_another(self, organization_id: str, urn: str) -> bool:
        """Whether the program declares another resource of an organization."""
        if not self._run:
            return False
        told = [line for path in self._files(self._run) for line in _lines(path)]
        return any(found == organization_id and other != urn for found, other in told)

    def close(self) -> None:
        """Take back what this process told."""
        with contextlib.suppress(OSError):
            self._own.unlink(missing_ok=True)

    def _files(self, run: str) -> list[Path]:
        if not self._folder.is_dir() or self._folder.stat().st_uid != os.getuid():
            return []
        return list(self._folder.glob(f"{run}.*.*"))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(OSError, ValueError):
        for line in path.read_text(encoding="utf-8").splitlines():
            organization_id, urn = json.loads(line)
            yield organization_id, urn


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
