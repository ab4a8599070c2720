"""The emulator's record of requests, and the faults that it applies to them on request.

Counts and a log by operation, faults at the Nth call, callbacks before and after a call. How a fault
is answered is up to `request_pipeline`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Literal, get_args

Callback = Callable[[str, str], object]
"""Called with the operation and the caller's account id ("" for unknown credentials)."""
When = Literal["before", "after"]
Kind = Literal["error", "reset", "hang", "truncate"]

ANY = "*"
"""Stands for every operation, in faults and callbacks."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        service: as it is signed for, e.g. "organizations".
        operation: AWS's name, e.g. "EnableAllFeatures".
        account_id: who calls; "" for unknown credentials.
    """

    service: str
    operation: str
    account_id: str

    @property
    def writes(self) -> bool:
        """Return whether the operation may change an organization."""
        reads = self.operation.startswith(("Describe", "List"))
        return self.service == "organizations" and not reads


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A request in the log.

    Attributes:
        call: what was asked;
        at: when, by the machine's clock, in UTC;
        status: the answer's HTTP status; 0 for none, None as long as it is being answered;
        error: AWS's code of the error that it is, if it is one;
        seconds: how long the emulator took to answer, to subtract where a client is measured.
    """

    call: Call
    at: datetime
    status: int | None = None
    error: str | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        operation: of which calls, or "*" for all.
        kind: "error" answers an error, "reset" closes the connection without an answer, "hang"
            answers late, "truncate" closes it halfway through the answer: the error's if `when` is
            "before", and the call's own if it is "after".
        nth: at which call, counted from 1 since the fault was set,
        times: and at how many calls from that one on.
        when: "before" the call takes effect, or "after".
        error: AWS's code.
        message: what the error says.
        reason: the error's Reason, if any.
        status: the HTTP status; 400 by default.
        seconds: how long to hang.
    """

    operation: str
    kind: Kind = "error"
    nth: int = 1
    times: int = 1
    when: When = "before"
    error: str = "ServiceException"
    message: str = "The emulator was set to fail here."
    reason: str | None = None
    status: int = 400
    seconds: float = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"a fault is one of {', '.join(get_args(Kind))}, not {self.kind!r}")
        if self.when not in ("before", "after"):
            raise ValueError(f"a fault comes before or after a call, not {self.when!r}")
        if self.nth < 1 or self.times < 1:
            raise ValueError("calls are counted from 1")


class _Counting:
    """Counts the calls of an operation, and knows the Nth."""

    def __init__(self, operation: str, nth: int, times: int = 1) -> None:
        self._operation = operation
        self._due = range(nth, nth + times)
        self._seen = 0

    def due(self, operation: str) -> bool:
        """Count a call of an operation, and tell whether it is one of those waited for."""
        if self._operation not in (ANY, operation):
            return False
        self._seen += 1
        return self._seen in self._due


class Traffic:
    """The requests so far, and what is to happen to those to come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: list[LogEntry] = []
        self._faults: list[tuple[_Counting, Fault]] = []
        self._callbacks: list[tuple[_Counting, When, Callback]] = []

    @property
    def calls(self) -> list[Call]:
        """The calls since the last reset, in the order in which they came."""
        return [entry.call for entry in self.entries]

    @property
    def entries(self) -> list[LogEntry]:
        """The log since the last reset, in the order in which the calls came."""
        with self._lock:
            return list(self._entries)

    def counts(self, *, writes_only: bool = False) -> Counter[str]:
        """Number of calls of each operation since the last reset."""
        return Counter(call.operation for call in self.calls if call.writes or not writes_only)

    def reset(self) -> None:
        """Forget the calls so far; faults and callbacks stay."""
        with self._lock:
            self._entries.clear()

    def add_fault(self, fault: Fault) -> None:
        """Plan a fault."""
        with self._lock:
            self._faults.append((_Counting(fault.operation, fault.nth, fault.times), fault))

    def clear_faults(self) -> None:
        """Drop all faults and callbacks."""
        with self._lock:
            self._faults.clear()
            self._callbacks.clear()

    def add_callback(self, operation: str, when: When, callback: Callback, nth: int) -> None:
        """Plan a callback, at one call."""
        with self._lock:
            self._callbacks.append((_Counting(operation, nth), when, callback))

    def record(self, call: Call) -> tuple[Fault | None, list[Callback], list[Callback]]:
        """Take down a call.

        Returns:
            The fault that is due, and the callbacks due before it and after it.
        """
        with self._lock:
            self._entries.append(LogEntry(call, datetime.now(UTC)))
            faults = [fault for counting, fault in self._faults if counting.due(call.operation)]
            due = [
                (when, callback)
                for counting, when, callback in self._callbacks
                if counting.due(call.operation)
            ]
        before = [callback for when, callback in due if when == "before"]
        after = [callback for when, callback in due if when == "after"]
        return (faults[0] if faults else None), before, after

    def answered(self, call: Call, status: int, error: str | None) -> None:
        """Take down how a call was answered, if it was taken down itself."""
        now = datetime.now(UTC)
        with self._lock:
            for number in reversed(range(len(self._entries))):
                entry = self._entries[number]
                if entry.call is call:
                    took = (now - entry.at).total_seconds()
                    self._entries[number] = replace(entry, status=status, error=error, seconds=took)
                    return
