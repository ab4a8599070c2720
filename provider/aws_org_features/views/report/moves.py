"""Accounts that came into an organization or went: CloudTrail's membership events, since May 2026.

The documentation of AcceptHandshake, LeaveOrganization, RemoveAccountFromOrganization, CloseAccount and
CreateAccount names the events, `joinedMethod` and `departureMethod`, and that they lie in the management
account's event history alone. Where in a record the method stands, and how the account is called, it doesn't
say: both are looked for in what AWS adds to the record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_org_features.views.report.trail_records import account_id
from aws_org_features.views.report.values import Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.views.report.trail_records import Record

MOVES: Final = {"AccountJoinedOrganization": True, "AccountDepartedOrganization": False}
"""The events, and whether they are of accounts that came."""
_METHODS: Final = frozenset({"joinedMethod", "departureMethod", "departedMethod"})
"""AWS's documentation had the last of them at first."""
_WORD: Final = re.compile(r"[A-Za-z_]{1,32}")
_DETAILS: Final = ("serviceEventDetails", "additionalEventData", "responseElements", "requestParameters")
"""Places in a record that may hold something about the event itself, by the CloudTrail User Guide."""


def move_of(record: Record) -> Move | None:
    """Read a record; None where it doesn't tell the account, or more than one could be meant.

    Raises:
        EvidenceUnusableError: It has no time.
    """
    management = account_id(record.text("recipientAccountId"))
    told = [pair for name in _DETAILS for pair in _texts(record.part(name).values)]
    accounts = {text for _, text in told if account_id(text)} - {management}
    accounts = accounts & {text for key, text in told if key == "accountId"} or accounts
    if len(accounts) != 1:
        return None
    return Move(
        id=record.text("eventID"),
        joined=MOVES[record.text("eventName")],
        at=record.moment("eventTime"),
        account_id=accounts.pop(),
        method=next((text.upper() for key, text in told if key in _METHODS and _WORD.fullmatch(text)), ""),
        management_account_id=management,
        source=record.file,
    )


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """The texts in an object, however deep they lie, with their keys."""
    left = [("", value)]
    while left:
        key, found = left.pop()
        if isinstance(found, str):
            yield key, found
        elif isinstance(found, dict):
            left += found.items()
        elif isinstance(found, list):
            left += ((key, each) for each in found)
