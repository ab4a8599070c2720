"""Changes between two looks, a line each; many accounts that did the same are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aws_org_features.common.text import named
from aws_org_features.model.organizations import PENDING_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_org_features.views.status.values import Outlook

_FEW: Final = 5
"""Number of accounts with the same change up to which each has a line of its own."""

_VERBS: Final = {
    "ACCEPTED": "approved",
    "DECLINED": "declined",
    "EXPIRED": "didn't answer in time",
    "CANCELED": "no longer needs to approve",
    "ASKED": "must approve too",
    "GONE": "no longer asked to approve",
}


@dataclass(frozen=True, slots=True)
class Change:
    """An event.

    Attributes:
        what: A new `HandshakeState` of some accounts' requests; `ASKED` and `GONE` of requests that have
            appeared or gone; `STATUS` or `BEGUN` of the migration.
        text: For a person.
        account_ids: Whose requests, each once.
    """

    what: str
    text: str
    account_ids: tuple[str, ...] = ()


def changes(before: Outlook, after: Outlook) -> tuple[Change, ...]:
    """Tell what has changed, the accounts first."""
    return (*_begun(before, after), *_of_accounts(before, after), *_of_status(before, after))


def _same_migration(before: Outlook, after: Outlook) -> bool:
    one, other = before.handshake, after.handshake
    return (one.id if one else None) == (other.id if other else None)


def _begun(before: Outlook, after: Outlook) -> Iterator[Change]:
    if after.handshake is not None and not _same_migration(before, after):
        yield Change("BEGUN", f"a migration has begun: {after.handshake.id}")


def _of_status(before: Outlook, after: Outlook) -> Iterator[Change]:
    if before.status is not after.status:
        yield Change("STATUS", f"{before.status} is now {after.status}: {after.headline}")


def _of_accounts(before: Outlook, after: Outlook) -> Iterator[Change]:
    if before.answers is None or after.answers is None or not _same_migration(before, after):
        return
    found: dict[str, list[str]] = {}
    for handshake_id, answer in after.answers.items():
        then = before.answers.get(handshake_id)
        if then is None:
            found.setdefault("ASKED", []).append(answer.account_id)
        elif then.state != answer.state and answer.state not in PENDING_STATES:
            found.setdefault(answer.state, []).append(answer.account_id)
    for handshake_id, then in before.answers.items():
        if handshake_id not in after.answers and then.state in {*PENDING_STATES, "DECLINED"}:
            found.setdefault("GONE", []).append(then.account_id)
    names = {holder.account_id: holder.name for each in (before, after) for holder in each.holders}
    for what, account_ids in found.items():
        yield from _told(what, sorted(set(account_ids)), names)


def _told(what: str, account_ids: list[str], names: dict[str, str | None]) -> Iterator[Change]:
    verb = _VERBS.get(what, f"is now {what}")
    if len(account_ids) > _FEW:
        whose = f"{len(account_ids):,} accounts {verb}: {named(account_ids)}"
        yield Change(what, whose, tuple(account_ids))
        return
    for account_id in account_ids:
        name = names.get(account_id)
        who = account_id or "an account that AWS doesn't name"
        yield Change(what, f"{who}{f' ({name})' if name else ''} {verb}", (account_id,))
