"""Writing a file whole, in the place of what was there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write a file beside it, and put that in its place: of a link, in the link's own.

    Raises:
        OSError: It can't be written; what was there is there still.
    """
    mode = path.lstat().st_mode & 0o777 if path.is_file() and not path.is_symlink() else 0o666 & ~_umask()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as made:
        try:
            made.write(content)
            made.flush()
            Path(made.name).chmod(mode)
            Path(made.name).replace(path)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    # It can only be read by setting it.
    before = os.umask(0o077)
    os.umask(before)
    return before
