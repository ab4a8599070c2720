"""Writing files for people: never over anything that they didn't say may go."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from aws_org_features.cli.replace_file import replace
from aws_org_features.common.errors import FolderUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aws_org_features.views.approval_kit import KitFile


def refuse_used(folder: Path, *, force: bool) -> None:
    """See to it, before anything is asked of AWS, that a folder is empty or may be written into.

    Raises:
        FolderUnusableError: It isn't.
    """
    try:
        used = not force and folder.exists() and any(folder.iterdir())
    except OSError as error:
        raise _unusable(folder, error) from error
    if used:
        raise FolderUnusableError(
            f"The folder {folder} isn't empty.",
            "Name another folder, or use --force to replace files of the same names.",
        )


def write(folder: Path, files: Iterable[KitFile]) -> list[Path]:
    """Write the files, exactly as they are, each whole, in the place of what was there.

    A link that lies there is replaced, and what it leads to stays as it is.

    Returns:
        Texts for owners that lie beside these, from before.

    Raises:
        FolderUnusableError: One can't be written; others may have been.
    """
    written = {folder / file.name: file.text for file in files}
    try:
        for path, text in written.items():
            if path.parent != folder and path.parent.is_symlink():
                raise NotADirectoryError(
                    errno.ENOTDIR, "it is a link, which may lead anywhere", str(path.parent)
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, text.encode())
        folders = {path.parent for path in written if path.parent != folder}
        # A name that begins with a dot is another command's, which is still writing it.
        texts = {text for each in folders for text in each.iterdir() if not text.name.startswith(".")}
    except OSError as error:
        raise _unusable(folder, error) from error
    return sorted(texts - written.keys())


def _unusable(folder: Path, error: OSError) -> FolderUnusableError:
    return FolderUnusableError(
        f"The folder {folder} can't be used: {error.strerror} ({error.filename}).",
        "Name another folder, or fix that.",
    )
