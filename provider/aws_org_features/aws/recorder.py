"""The hook that every answer of AWS Organizations passes, and the file it goes to where one is named.

A recording adds no call and fails none: a failed write is reported once. Each line is written whole and at
once, so that a process that is killed leaves complete ones. Several processes may write to one file.

Beside the recording lies its key, which makes the same thing the same pseudonym in every process. Without it
nobody can tell who a recording is about. It stays with the person who records.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.file_lock import locked
from aws_org_features.evidence.recording import LARGEST_LINE, Answered, Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

KEY_SUFFIX: Final = ".key"
_PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes to the file."""
_OURS: Final = "aws_org_features_recorder"
_KEY_BYTES: Final = 32


@functools.cache
def recorder_of(path: str) -> Recorder:
    """The recorder of a file: one for the whole process."""
    return Recorder(Path(path))


class Recorder:
    """Writes answers to a file; threads may share it.

    Args:
        path: The recording.
        now: Tells the time, in seconds since 1970.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._key_path = path.with_name(path.name + KEY_SUFFIX)
        self._lock = threading.Lock()
        self._writer: Writer | None = None
        self._key = b""
        self._trouble: str | None = None
        self._told: set[str] = set()
        self._accounts: dict[object, str] = {}

    def attach(self, client: Any, service: str, whose: object, account_id: str = "") -> None:
        """Have a client's answers pass here.

        Args:
            client: Of Organizations; or of STS, whose answers are never written: they tell who calls.
            service: Which of them.
            whose: What stands for the credentials that the client acts with.
            account_id: Whose they are, where that is known.
        """
        events = client.meta.events
        if account_id:
            self._accounts[whose] = account_id
        if service == "sts":
            events.register("after-call.sts.GetCallerIdentity", functools.partial(self._caller, whose))
        elif service == "organizations":
            events.register("provide-client-params.organizations", _asked)
            events.register("request-created.organizations", _sent)
            events.register("response-received.organizations", functools.partial(self._received, whose))

    def untold(self) -> str | None:
        """The note on the file, once; None while it can be written."""
        with self._lock:
            if self._trouble is None and self._writer is None:
                try:
                    with self._path.open("ab"):
                        pass
                except OSError as error:
                    self._failed(error)
            if self._trouble is None or self._trouble in self._told:
                return None
            self._told.add(self._trouble)
            return self._trouble

    def _caller(self, whose: object, *, parsed: Any, **_: Any) -> None:
        account_id = parsed.get("Account")
        if isinstance(account_id, str):
            self._accounts[whose] = account_id

    def _received(
        self,
        whose: object,
        *,
        event_name: str,
        response_dict: dict[str, Any] | None,
        context: dict[str, Any],
        exception: Exception | None,
        **_: Any,
    ) -> None:
        try:
            self._write(self._answered(whose, event_name, response_dict, context, exception))
        except Exception as error:  # noqa: BLE001 - nothing that goes wrong here may cost AWS's answer
            with self._lock:
                self._failed(error)

    def _answered(
        self,
        whose: object,
        event_name: str,
        response_dict: dict[str, Any] | None,
        context: dict[str, Any],
        exception: Exception | None,
    ) -> Answered:
        ours, body, unanswered = context.get(_OURS, {}), None, ""
        if response_dict is None:
            unanswered = type(exception).__name__
        else:
            try:
                body = json.loads(response_dict["body"])
            except ValueError:
                unanswered = "NotJson"
        return Answered(
            operation=event_name.rpartition(".")[2],
            request=ours.get("asked", {}),
            at=self._now(),
            seconds=time.monotonic() - ours["sent"] if "sent" in ours else None,
            status=response_dict["status_code"] if response_dict is not None else None,
            body=body,
            unanswered=unanswered,
            account_id=self._accounts.get(whose, ""),
        )

    def _write(self, answered: Answered) -> None:
        with self._lock, self._path.open("ab+", buffering=0) as file, locked(file, _PATIENCE):
            size = file.seek(0, os.SEEK_END)
            line = self._current(answered.at, file, size).line(answered).encode("ascii")
            if size and _last_byte(file, size) != b"\n":
                line = b"\n" + line  # of a line that was cut off
            written = os.write(file.fileno(), line)
            if written != len(line):
                os.write(file.fileno(), line[written:])

    def _current(self, at: float, file: IO[bytes], size: int) -> Writer:
        """The writer of the lines, with the key that lies beside the file now."""
        found = self._read_key() if size else None
        if found is None:
            if size:
                self._other_pseudonyms("is gone, or can't be read")
            found = secrets.token_bytes(_KEY_BYTES), at
            self._write_key(*found)
            self._writer = None
        if self._writer is None or found[0] != self._key:
            self._key = found[0]
            self._writer = Writer(*found)
            if size and not self._trouble and not _has(file, size, self._writer.key_print):
                self._other_pseudonyms("is another recording's")
        return self._writer

    def _other_pseudonyms(self, why: str) -> None:
        self._trouble = (
            f"The key of the recording {self._path} {why}: what is recorded from here on has other "
            "pseudonyms than what stands there."
        )

    def _read_key(self) -> tuple[bytes, float] | None:
        try:
            kept = json.loads(self._key_path.read_text(encoding="ascii"))
            return bytes.fromhex(kept["key"]), float(kept["began"])
        except (OSError, LookupError, TypeError, ValueError):
            return None

    def _write_key(self, key: bytes, began: float) -> None:
        made = self._key_path.with_name(f".{self._key_path.name}.{os.getpid()}")
        made.unlink(missing_ok=True)
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"key": key.hex(), "began": began}, file)
        made.replace(self._key_path)

    def _failed(self, error: Exception) -> None:
        why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        self._trouble = (
            f"The recording {self._path} can't be written: {why}. What AWS answers isn't recorded; nothing "
            "else depends on it."
        )


def _asked(*, params: Any, context: dict[str, Any], **_: Any) -> None:
    context[_OURS] = {"asked": dict(params) if isinstance(params, dict) else {}}


def _sent(*, request: Any, **_: Any) -> None:
    ours = request.context.get(_OURS)
    if ours is not None:
        ours["sent"] = time.monotonic()


def _has(file: IO[bytes], size: int, key_print: str) -> bool:
    """Return whether lines at the beginning or the end of a recording were made with a key."""
    wanted = f'"key":"{key_print}"'.encode()
    file.seek(0)
    if wanted in file.readline(LARGEST_LINE):
        return True
    file.seek(max(0, size - 2 * LARGEST_LINE))
    return wanted in file.read(2 * LARGEST_LINE)


def _last_byte(file: IO[bytes], size: int) -> bytes:
    file.seek(size - 1)
    return file.read(1)
