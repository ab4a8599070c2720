"""The lines of a recording: one an answer, JSON, in ASCII. How one is made of what AWS answered, and read."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.sanitize import json_text
from aws_org_features.evidence.pseudonyms import DEEPEST, LEFT_OUT, Pseudonyms, looks_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION: Final = 1
LARGEST_LINE: Final = 1024 * 1024
"""Characters. A page of AWS's is a hundredth of that."""
MANAGEMENT: Final = "management"
MEMBER: Final = "member"
UNKNOWN: Final = "unknown"
"""Kinds of callers."""
_OF_MANAGEMENT: Final = frozenset(
    {
        *("CancelHandshake", "CreateOrganization", "DeleteOrganization", "DisableAWSServiceAccess"),
        *("DisablePolicyType", "EnableAWSServiceAccess", "EnableAllFeatures", "EnablePolicyType"),
        *("InviteAccountToOrganization", "ListAWSServiceAccessForOrganization", "ListAccounts"),
        *("ListDelegatedAdministrators",),
        *("ListHandshakesForOrganization", "ListRoots", "RemoveAccountFromOrganization"),
    }
)
"""Operations that only the management account may call, unless somebody is a delegated administrator."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request to AWS Organizations, and its outcome, as it is.

    Attributes:
        operation: As AWS names it: `ListRoots`.
        request: What was asked.
        at: When the answer came, in seconds since 1970.
        seconds: How long it took.
        status: The HTTP status; None if no answer came.
        body: The answer, as JSON has it.
        unanswered: What happened instead of an answer: the name of an exception.
        account_id: Whose credentials asked, where that is known.
    """

    operation: str
    request: Mapping[str, Any]
    at: float
    seconds: float | None
    status: int | None
    body: Any
    unanswered: str = ""
    account_id: str = ""


class Writer:
    """Makes the lines of one recording.

    Args:
        key: What pseudonyms are made with.
        began: The time of the first answer, in seconds since 1970.
    """

    def __init__(self, key: bytes, began: float) -> None:
        self._began = began
        self.key_print = hashlib.sha256(b"recording" + key).hexdigest()[:8]
        """The mark in each line: it says which key was used, and nothing of the key itself."""
        self._pseudonyms = Pseudonyms(key, began)
        self._management = ""

    def line(self, answered: Answered) -> str:
        """The line of an answer, with its end."""
        self._management = _management_of(answered) or self._management
        told = self._told(answered)
        text = _json(told)
        if len(text) > LARGEST_LINE or looks_private(text):
            told |= {"request": LEFT_OUT, "left_out": ["all of it"]}
            text = _json({name: value for name, value in told.items() if name not in {"answer", "message"}})
        return text + "\n"

    def _told(self, answered: Answered) -> dict[str, Any]:
        asked = self._pseudonyms.shape(dict(answered.request))
        told: dict[str, Any] = {
            "v": VERSION,
            "key": self.key_print,
            "t": round(max(0.0, answered.at - self._began), 3),
            "caller": self._kind(answered),
            "operation": answered.operation,
            "request": asked.value,
            "status": answered.status,
        }
        if answered.account_id:
            told["account"] = self._pseudonyms.of("account", answered.account_id)
        if answered.seconds is not None:
            told["seconds"] = round(answered.seconds, 3)
        left_out = [f"request.{place}" for place in asked.left_out]
        if answered.unanswered:
            told["unanswered"] = answered.unanswered
        else:
            left_out += self._answer(told, answered)
        if left_out:
            told["left_out"] = sorted(set(left_out))[:100]
        return told

    def _answer(self, told: dict[str, Any], answered: Answered) -> list[str]:
        body = answered.body
        if not _failed(answered) or not isinstance(body, dict):
            shaped = self._pseudonyms.shape(body)
            told["answer"] = shaped.value
            return [f"answer.{place}" for place in shaped.left_out]
        rest = {name: value for name, value in body.items() if name not in _OF_ERRORS}
        shaped = self._pseudonyms.shape(rest)
        reason = self._pseudonyms.shape({"Reason": str(body.get("Reason") or "")})
        words = body.get("Message", body.get("message"))
        told["code"] = _code(body.get("__type"))
        told["reason"] = reason.value["Reason"]
        told["message"] = self._pseudonyms.text(str(words)) if words else ""
        if rest:
            told["answer"] = shaped.value
        withheld = ["message"] if told["message"] == LEFT_OUT else []
        return [*(f"answer.{place}" for place in (*shaped.left_out, *reason.left_out)), *withheld]

    def _kind(self, answered: Answered) -> str:
        if answered.account_id and self._management:
            return MANAGEMENT if answered.account_id == self._management else MEMBER
        if answered.operation in _OF_MANAGEMENT and answered.status is not None and not _failed(answered):
            return MANAGEMENT
        return UNKNOWN


_OF_ERRORS: Final = frozenset({"__type", "Message", "message", "Reason"})
_LOWEST_FAILURE: Final = 300


def _failed(answered: Answered) -> bool:
    return answered.status is not None and answered.status >= _LOWEST_FAILURE


def _code(kind: object) -> str:
    """The error's code: without the namespace that some services put before it."""
    text = kind.rpartition("#")[2].partition(":")[0] if isinstance(kind, str) else ""
    return text if text.isascii() and text.isalpha() and not looks_private(text) else LEFT_OUT if text else ""


def _management_of(answered: Answered) -> str:
    """The management account, where an answer names it, or is one that only it gets."""
    if answered.operation in _OF_MANAGEMENT and answered.status is not None and not _failed(answered):
        return answered.account_id
    body = answered.body
    organization = body.get("Organization") if isinstance(body, dict) else None
    found = organization.get("MasterAccountId") if isinstance(organization, dict) else None
    return found if isinstance(found, str) else ""


def _json(value: object) -> str:
    return json_text(json.dumps(value, separators=(",", ":"), allow_nan=False))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of a recording.

    Attributes:
        at: Seconds since the recording's first answer.
        operation: As AWS names it.
        request: What was asked.
        status: The HTTP status; None if no answer came.
        answer: What was answered; empty if that was an error.
        code, reason, message: The error's, empty if there was none.
        caller: `management`, `member` or `unknown`.
        account: The pseudonym of the caller's account, if that is known.
        seconds: How long it took, if that is known.
        unanswered: What happened instead of an answer.
        left_out: Where something stood that wasn't written.
    """

    at: float
    operation: str
    request: Mapping[str, Any]
    status: int | None
    answer: Mapping[str, Any]
    code: str = ""
    reason: str = ""
    message: str = ""
    caller: str = UNKNOWN
    account: str = ""
    seconds: float | None = None
    unanswered: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Return whether AWS did what it was asked."""
        return self.status is not None and self.status < _LOWEST_FAILURE


@dataclass(frozen=True, slots=True)
class Recording:
    """The exchanges that were recorded with one key.

    Attributes:
        name: What to call it: the file's name.
        exchanges: In the order in which they were written.
        unread: How many lines aren't a recording's.
    """

    name: str
    exchanges: tuple[Exchange, ...] = ()
    unread: int = 0


def read(name: str, lines: Iterable[str]) -> tuple[Recording, ...]:
    """The recordings of a file: several, where its key was lost on the way, or files were put together.

    Args:
        name: The file's.
        lines: Of the file. One that isn't a recording's is counted: the last may be half of one.
    """
    found: dict[str, list[Exchange]] = {}
    unread = 0
    for line in lines:
        if not line.strip():
            continue
        read_line = _exchange(line)
        if read_line is None:
            unread += 1
            continue
        key, exchange = read_line
        found.setdefault(key, []).append(exchange)
    many = len(found) > 1
    made = [
        Recording(f"{name} ({number})" if many else name, tuple(exchanges), unread if number == 1 else 0)
        for number, exchanges in enumerate(found.values(), 1)
    ]
    return tuple(made) or (Recording(name, (), unread),)


def _exchange(line: str) -> tuple[str, Exchange] | None:
    try:
        told = json.loads(line[: LARGEST_LINE + 1])
        if not isinstance(told, dict) or told["v"] != VERSION or _depth(told) > 2 * DEEPEST:
            return None
        return str(told["key"]), _read(told)
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _read(told: Mapping[str, Any]) -> Exchange:
    status, seconds = told["status"], told.get("seconds")
    if not all(math.isfinite(float(each)) for each in (told["t"], seconds or 0, status or 0)):
        raise ValueError
    return Exchange(
        at=float(told["t"]),
        operation=_text(told["operation"]),
        request=_mapping(told["request"]),
        status=int(status) if status is not None else None,
        answer=_mapping(told.get("answer", {})),
        code=_text(told.get("code", "")),
        reason=_text(told.get("reason", "")),
        message=_text(told.get("message", "")),
        caller=_text(told["caller"]),
        account=_text(told.get("account", "")),
        seconds=float(seconds) if seconds is not None else None,
        unanswered=_text(told.get("unanswered", "")),
        left_out=tuple(map(_text, told.get("left_out", ()))),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
