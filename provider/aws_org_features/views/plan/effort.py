"""AWS calls of a `pulumi up`, with the preview that it begins with; a test compares it with the engine's.

Rates are those of the Organizations User Guide, "Throttling limits", for the calls that lists are made of.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from aws_org_features.model.migration import Action
from aws_org_features.views.plan.values import Effort

if TYPE_CHECKING:
    from collections.abc import Collection

    from aws_org_features.model.migration import Decision
    from aws_org_features.model.organizations import AccountDetails, Accounts

_PAGE: Final = 20
"""Handshakes, or accounts, a page."""
_HANDSHAKES_A_SECOND: Final = 5.0
_ACCOUNTS_A_SECOND: Final = 8.0


def next_up(
    decision: Decision, known: Accounts | None, asked: Collection[AccountDetails] | None
) -> Effort | None:
    """AWS calls of the next one; None where that isn't known, or it has nothing to do."""
    if decision.action is Action.START and known is not None and asked is not None:
        # It looks three times: in the preview, before it writes, and after.
        described, searched = (3, 8) if asked else (4, 8)
        return _effort(
            writes=1 if asked else 2,
            described=described,
            handshakes=searched + _pages(len(asked)),
            accounts=2 * _pages(len(known.members)),
        )
    if decision.action is Action.ACCEPT:
        return _effort(writes=1, described=4, handshakes=3)
    return None


def while_waiting(asked: Collection[AccountDetails] | None) -> Effort | None:
    """AWS calls of an `up` with nothing to do, while approvals are outstanding; None if nobody is asked."""
    if not asked:
        return None
    return _effort(described=2, handshakes=2 * (1 + _pages(len(asked))))


def _pages(count: int) -> int:
    return ceil(count / _PAGE)


def _effort(*, writes: int = 0, described: int, handshakes: int, accounts: int = 0) -> Effort:
    seconds = handshakes / _HANDSHAKES_A_SECOND + accounts / _ACCOUNTS_A_SECOND
    return Effort(writes, writes + described + handshakes + accounts, seconds)
