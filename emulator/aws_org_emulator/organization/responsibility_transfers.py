"""Billing transfers: one organization's management account asks to manage another organization's bills.

From botocore's model alone: nobody has shown AWS's answers. What billing does then isn't emulated.
"""

import calendar
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aws_org_emulator.handshakes.handshake import (
    INVITATION_LIFETIME,
    Action,
    Handshake,
    Sender,
    Terms,
    new_id,
)
from aws_org_emulator.handshakes.handshake_store import HandshakeStore
from aws_org_emulator.handshakes.lifecycle import HandshakeRole, HandshakeState
from aws_org_emulator.handshakes.transfer import Transfer
from aws_org_emulator.organization.invitations import target_of
from aws_org_emulator.protocol import tagging
from aws_org_emulator.protocol.exceptions import (
    DuplicateHandshakeError,
    InvalidTransferTransitionError,
    SourceIsTargetError,
    TransferAlreadyInStatusError,
    TransferExistsError,
    TransferNotFoundError,
    TransferUpdateError,
)
from aws_org_emulator.protocol.invalid_input import (
    EndTooEarlyError,
    NotEndOfMonthError,
    StartNotBeginningOfDayError,
    StartNotBeginningOfMonthError,
    StartTooEarlyError,
)
from aws_org_emulator.state.shared import SharedState

_CHANGEABLE = ("REQUESTED", "ACCEPTED")


def invite(shared: SharedState, sender: Sender, asked: dict[str, Any]) -> Handshake:
    """InviteOrganizationToTransferResponsibility.

    Raises:
        InvalidInputError: the party is none, or the start isn't the beginning of a month to come.
        SourceIsTargetError: it is the organization's own management account.
        DuplicateHandshakeError: it is asked already.
        TransferExistsError: there is such a transfer.
    """
    account_id, email = target_of(shared, asked["Target"])
    if account_id == sender.management_id:
        raise SourceIsTargetError
    now = shared.clock.now()
    starts_at = _start(asked["StartTimestamp"], now)
    for transfer in shared.transfers.values():
        same = (transfer.source_id, transfer.source_email) == (account_id, email) or (
            account_id is not None and transfer.source_id == account_id
        )
        if transfer.target == sender and same:
            _check_over(transfer, shared.handshake_store)
    address = email or shared.accounts.email(str(account_id))
    transfer = Transfer(
        id=f"rt-{secrets.token_hex(8)}",
        name=asked["SourceName"],
        target=sender,
        source_id=account_id,
        source_email=address,
        handshake_id=new_id(),
        starts_at=starts_at,
        tags=tagging.tagged({}, asked.get("Tags")),
    )
    handshake = Handshake(
        id=transfer.handshake_id,
        role=HandshakeRole.INVITATION,
        action=Action.TRANSFER_RESPONSIBILITY,
        state=HandshakeState.OPEN,
        sender=sender,
        requested_at=now,
        expires_at=now + INVITATION_LIFETIME,
        account_id=account_id,
        terms=Terms("ALL", email=email, notes=asked.get("Notes"), transfer=(transfer.id, starts_at)),
    )
    shared.transfers[transfer.id] = transfer
    shared.handshake_store.add(handshake)
    return handshake


def of_account(shared: SharedState, account_id: str) -> Iterator[Transfer]:
    """The transfers in which a management account has a part."""
    for transfer in shared.transfers.values():
        if account_id in (transfer.target.management_id, transfer.source_id):
            yield transfer


def find(shared: SharedState, transfer_id: str, account_id: str) -> Transfer:
    """A transfer in which a management account has a part.

    Raises:
        TransferNotFoundError: there is none with this id.
    """
    found = next((each for each in of_account(shared, account_id) if each.id == transfer_id), None)
    if found is None:
        raise TransferNotFoundError
    return found


def rename(shared: SharedState, transfer: Transfer, name: str) -> None:
    """UpdateResponsibilityTransfer.

    Raises:
        TransferUpdateError: it is over, or never came to be.
    """
    if transfer.status(shared.handshake_store) not in _CHANGEABLE:
        raise TransferUpdateError
    transfer.name = name


def terminate(shared: SharedState, transfer: Transfer, ends_at: float | None) -> None:
    """TerminateResponsibilityTransfer; without a time, at the end of the month.

    Raises:
        TransferAlreadyInStatusError: it was ended.
        InvalidTransferTransitionError: it never began.
        InvalidInputError: the time isn't the end of a month to come.
    """
    status = transfer.status(shared.handshake_store)
    if status == "WITHDRAWN":
        raise TransferAlreadyInStatusError
    if status != "ACCEPTED":
        raise InvalidTransferTransitionError
    now = shared.clock.now()
    end = _end_of_month(now)
    if ends_at is not None:
        asked = datetime.fromtimestamp(float(ends_at), UTC)
        if asked < now:
            raise EndTooEarlyError
        if abs((asked - _end_of_month(asked)).total_seconds()) >= 1:
            raise NotEndOfMonthError
        end = asked
    transfer.ends_at, transfer.withdrawn = end, True


def _check_over(transfer: Transfer, handshake_store: HandshakeStore) -> None:
    status = transfer.status(handshake_store)
    if status == "REQUESTED":
        raise DuplicateHandshakeError
    if status == "ACCEPTED":
        raise TransferExistsError


def _start(told: float, now: datetime) -> datetime:
    start = datetime.fromtimestamp(float(told), UTC)
    if (start.hour, start.minute, start.second, start.microsecond) != (0, 0, 0, 0):
        raise StartNotBeginningOfDayError
    if start.day != 1:
        raise StartNotBeginningOfMonthError
    if start < now:
        raise StartTooEarlyError
    return start


def _end_of_month(at: datetime) -> datetime:
    last = calendar.monthrange(at.year, at.month)[1]
    return at.replace(day=last, hour=23, minute=59, second=59, microsecond=999000)
