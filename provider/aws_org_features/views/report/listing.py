"""The accounts of an HTML report, as data for its script: JSON that may stand in any element.

An account is an array, and texts that many share are in `texts`, so that 5,000 accounts stay small. What is
a name here is one harmless line already; that it becomes a text node and nothing else is the script's work.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.common.sanitize import line
from aws_org_features.views.report.labels import LABELS, answered, called, moved, told_by
from aws_org_features.views.report.values import OUTSTANDING, Standing

if TYPE_CHECKING:
    from aws_org_features.views.report.values import Entry, Event, Report

_OWN_ID: Final = "\x01"
"""Stands for the account's own id in shared texts; no text from outside has it, once it is harmless."""

_ARN: Final = 256
_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def columns(report: Report) -> dict[str, str]:
    """The list's columns, by their key: those that have something to tell."""
    told = {"account": "Account", "name": "Name", "standing": "Approval"}
    if any(entry.sighting or entry.events or told_by(entry) for entry in report.entries):
        told["answered"] = "Answered"
    if beginning(report):
        told["command"] = "For its owner: how to approve"
    return told


def beginning(report: Report) -> str:
    """The command that approves, but for the request's id, which ends it; empty where AWS shows none."""
    shown = (entry for entry in report.outstanding if entry.command and entry.handshake_id)
    return next((entry.command.removesuffix(entry.handshake_id) for entry in shown), "")


def listing(report: Report) -> str:
    """The data, as text that ends no element and begins no comment."""
    texts = _Texts()
    rows = [_row(entry, texts) for entry in report.entries]
    value = {
        "standings": [{"key": str(each), "label": LABELS[each]} for each in Standing],
        "command": beginning(report),
        "accounts": rows,
        "texts": texts.all,
        "ownId": _OWN_ID,
    }
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPES)


class _Texts:
    """Texts that are there once, and elsewhere by their number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    @property
    def all(self) -> list[str]:
        """All groups, in the order of their numbers."""
        return list(self._numbers)

    def number(self, text: str) -> int:
        """A text's number."""
        return self._numbers.setdefault(text, len(self._numbers))


_STANDINGS: Final = list(Standing)


def _row(entry: Entry, texts: _Texts) -> list[Any]:
    # A comment each, as the script takes them by their place.
    return [
        entry.account_id or "",
        line(entry.name),
        line(entry.email),
        _STANDINGS.index(entry.standing),
        texts.number(entry.state),
        entry.handshake_id,
        texts.number(" · ".join(_tags(entry))),
        texts.number(answered(entry)),
        int(entry.sighting.at.timestamp()) if entry.sighting else 0,
        texts.number(told_by(entry)),
        int(bool(entry.command and entry.handshake_id and entry.standing in OUTSTANDING)),
        [_event(event, entry, texts) for event in entry.events],
    ]


def _tags(entry: Entry) -> list[str]:
    """Further marks of an account."""
    joined = {"INVITED": "invited", "CREATED": "created here"}.get(entry.joined, line(entry.joined))
    told = ["management account" if entry.management else joined]
    if not entry.active:
        told.append(f"{line(entry.account_state)}: nobody can act in it")
    if not entry.member:
        how = f" ({moved(entry.departure)})" if entry.departure else ""
        told.append(f"has left the organization{how}")
    if entry.action and "ROLE" in entry.action:
        told.append("asked to let AWS make its role again")
    return [each for each in told if each]


def _event(event: Event, entry: Entry, texts: _Texts) -> list[Any]:
    def number(text: str) -> int:
        shown = line(text, _ARN)
        return texts.number(shown.replace(entry.account_id, _OWN_ID) if entry.account_id else shown)

    return [
        line(called(event)),
        number(event.principal),
        number(event.role),
        number(event.source),
        line(event.id),
    ]
