"""Pieces of sentences: times, durations, numbers of accounts, lists of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


NAMED_IN_PASSING: Final = 3
"""Number of accounts that a sentence names before it only counts the rest."""

NAMED_TO_ACT: Final = 10
"""The same, of accounts that somebody must do something about."""

NAMED_FOR_CONSENT: Final = 50
"""The same, of accounts whose consent is about to be given."""


def moment(when: datetime | None) -> str:
    """A point in time, to the minute."""
    return when.strftime("%Y-%m-%d %H:%M UTC") if when else "a time that AWS didn't give"


def accounts(count: int) -> str:
    """A number of accounts."""
    return "1 account" if count == 1 else f"{count} accounts"


def named(account_ids: Sequence[str], most: int = NAMED_IN_PASSING) -> str:
    """Some accounts by id, and how many more there are."""
    shown = [account_id or "an account that AWS doesn't name" for account_id in account_ids[:most]]
    more = len(account_ids) - len(shown)
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def sentence(words: str) -> str:
    """Capitalize a clause."""
    return words[:1].upper() + words[1:]


def duration(seconds: float) -> str:
    """A time as Pulumi writes it: `1h30m`."""
    whole = int(seconds)
    parts = ((whole // 3600, "h"), (whole // 60 % 60, "m"), (whole % 60, "s"))
    return "".join(f"{value}{unit}" for value, unit in parts if value) or "0s"


NEWER_VERSION = (
    "Look at it (`aws organizations describe-handshake --handshake-id …`), and install a newer version of "
    "aws-org-features if there is one."
)


def not_known(state: str) -> str:
    """The clause that follows the name of a handshake whose state this version doesn't know."""
    return f"in state {state}, which this version of aws-org-features doesn't know"
