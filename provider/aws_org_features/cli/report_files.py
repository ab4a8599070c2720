"""The files that a report is written to and made from: replaced whole, added to, or read."""

from __future__ import annotations

import errno
import gzip
import os
import zlib
from typing import IO, TYPE_CHECKING, Final

from aws_org_features.cli.replace_file import replace
from aws_org_features.common.errors import EvidenceUnusableError, FileUnusableError, HistoryUnusableError
from aws_org_features.common.file_lock import locked
from aws_org_features.views.report import Evidence, evidence_of, first_line, history_of, run_line, run_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aws_org_features.views.report import History, Report

_GZIP: Final = b"\x1f\x8b"
_LARGEST: Final = 64 * 1024 * 1024
"""Bytes of evidence in one file, uncompressed: what is compressed may be anything."""
_LARGEST_IN_ALL: Final = 8 * _LARGEST
_LARGEST_HISTORY: Final = 256 * 1024 * 1024


def refuse_unwritable(path: Path) -> None:
    """See to it, before anything is asked of AWS, that a file can be written.

    Raises:
        FileUnusableError: It can't.
    """
    folder = path.absolute().parent
    try:
        there, writable = folder.is_dir(), os.access(path if path.exists() else folder, os.W_OK)
    except OSError as error:
        raise _unwritable(path, error) from error
    if not there:
        raise FileUnusableError(f"The file {path} can't be written: there is no folder {folder}.", _MAKE)
    if not writable:
        raise FileUnusableError(f"The file {path} can't be written: permission denied.", _FIX)


_MAKE: Final = "Make it, or name another file."
_FIX: Final = "Name another file, or fix that."


def write(path: Path, text: str) -> None:
    """Write a file whole, in the place of what was there.

    Raises:
        FileUnusableError: It can't be written; what was there is there still.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a pipe, say
            return
        replace(path.resolve(), text.encode())  # a link is what somebody named
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> FileUnusableError:
    return FileUnusableError(f"The file {path} can't be written: {error.strerror}.", _FIX)


def read_history(path: Path, organization_id: str) -> History:
    """Read a history; that of a file which isn't there has no reports.

    Raises:
        HistoryUnusableError: It is no history, or another organization's, or can't be read.
    """
    try:
        text = _history(path) if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
        raise HistoryUnusableError(
            f"The history {path} can't be read: {reason}.", "Nothing was written. Name another file."
        ) from error
    return history_of(text, organization_id, str(path))


def _history(path: Path) -> str:
    with path.open("rb") as file, locked(file):
        return _lines(file)


def _lines(file: IO[bytes]) -> str:
    content = file.read(_LARGEST_HISTORY + 1)
    if len(content) > _LARGEST_HISTORY:
        raise OSError(errno.EFBIG, f"it holds more than {_LARGEST_HISTORY:,} bytes")
    return content.decode("utf-8").replace("\r\n", "\n")


def remember(path: Path, organization_id: str, report: Report) -> None:
    """Add a report to a history, in one write; nothing else is changed.

    Others may have added theirs since it was read. So it is read again, and nobody else writes meanwhile: a
    history has one head, and each answer once.

    Raises:
        HistoryUnusableError: It can't be written, or is no history any more; it is as it was.
    """
    try:
        with path.open("a+b") as file, locked(file):
            file.seek(0)
            text = _lines(file)
            run = run_of(report, history_of(text, organization_id, str(path)))
            head = "" if text else first_line(organization_id)
            _append(file.fileno(), f"{head}{run_line(run)}".encode(), os.fstat(file.fileno()).st_size)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
        raise HistoryUnusableError(
            f"The history {path} can't be written: {reason}.",
            "The file is unchanged. Fix that, or name another file.",
        ) from error


def _append(file: int, content: bytes, before: int) -> None:
    try:
        left = len(content) - os.write(file, content)
        os.fsync(file)
    except OSError:
        os.ftruncate(file, before)
        raise
    if left:
        os.ftruncate(file, before)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_evidence(paths: Iterable[Path]) -> Evidence:
    """Read exported files of CloudTrail's, compressed or not.

    Raises:
        EvidenceUnusableError: One can't be read, or isn't one.
    """
    found, left = Evidence(), _LARGEST_IN_ALL
    for path in paths:
        text = _text(path, min(_LARGEST, left))
        left -= len(text)
        found += evidence_of(text, path.name)
    return found


def _text(path: Path, largest: int) -> str:
    try:
        return _content(path, largest).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvidenceUnusableError(
            f"The file {path} can't be read: {reason}.", "Name the file as CloudTrail wrote it."
        ) from error


def _content(path: Path, largest: int) -> bytes:
    with path.open("rb") as file:
        compressed = file.read(len(_GZIP)) == _GZIP
    with gzip.open(path) if compressed else path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it holds more than {largest:,} bytes")
    return content
