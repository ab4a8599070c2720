"""A kit and its parts: values only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.common import ids

if TYPE_CHECKING:
    from datetime import datetime

_ACTION: Final = re.compile(r"[A-Z_]{1,64}")
_HANDSHAKE_ID: Final = re.compile(r"h-[0-9a-z]{8,32}")
_PARTITION: Final = re.compile(r"aws(-[a-z]+)*")


def _check(value: str | None, pattern: re.Pattern[str], what: str) -> None:
    # These go into texts, names of files, and commands that people are asked to run.
    if value is not None and not pattern.fullmatch(value):
        raise ValueError(f"{value!r} is no {what}")


def action_of(word: str) -> str | None:
    """The meaning of a request's `ActionType`; None where it isn't such a word."""
    return word if _ACTION.fullmatch(word) else None


@dataclass(frozen=True, slots=True)
class Asked:
    """An account whose owner is asked to approve.

    Attributes:
        account_id: Twelve digits.
        name: As its owner typed it; None if unknown.
        email: Of its root user; None if unknown.
        handshake_id: The account's own request; None where AWS doesn't show it to the management account.
        action: The request's `ActionType`; None where it isn't shown.
    """

    account_id: str
    name: str | None = None
    email: str | None = None
    handshake_id: str | None = None
    action: str | None = None

    def __post_init__(self) -> None:
        _check(self.account_id, ids.ACCOUNT_ID, "account id")
        _check(self.handshake_id, _HANDSHAKE_ID, "handshake id")
        _check(self.action, _ACTION, "action")

    @property
    def page(self) -> str:
        """The name of its file: of the id alone, which is harmless."""
        return f"accounts/{self.account_id}.md"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its subject, who asks, and who is asked.

    Attributes:
        organization_id: Whose migration it is.
        management_account_id: Who asks.
        partition: `aws`, `aws-cn`, ...
        accounts: Who hasn't answered yet.
        parent_id: The migration's own handshake; needed where an account's isn't known.
        expires_at: By when to answer, UTC; None if AWS doesn't say.
    """

    organization_id: str
    management_account_id: str
    partition: str
    accounts: tuple[Asked, ...]
    parent_id: str | None = None
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        _check(self.organization_id, ids.ORGANIZATION_ID, "organization id")
        _check(self.management_account_id, ids.ACCOUNT_ID, "account id")
        _check(self.partition, _PARTITION, "partition")
        _check(self.parent_id, _HANDSHAKE_ID, "handshake id")
        lost = [asked.account_id for asked in self.accounts if not (asked.handshake_id or self.parent_id)]
        if lost:
            raise ValueError(f"nothing leads to the requests of {', '.join(lost)}")
        if self.expires_at is not None and self.expires_at.utcoffset() is None:
            raise ValueError("expires_at needs a time zone")


@dataclass(frozen=True, slots=True)
class KitFile:
    """A file of the kit.

    Attributes:
        name: Its path below the kit's folder, with slashes.
        text: What it holds; line ends are part of it.
    """

    name: str
    text: str
