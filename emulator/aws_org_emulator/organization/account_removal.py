"""Removal of accounts: who may leave an organization, and the effects of closing one.

From the documentation of LeaveOrganization, RemoveAccountFromOrganization and CloseAccount in
botocore's model. Members and handshakes are changed by `organization`; this says whether, and when.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from moto.organizations.exceptions import AccountAlreadyClosedException

from aws_org_emulator.protocol.exceptions import (
    AccountChangesAlreadyError,
    CannotCloseManagementAccountError,
    CloseAccountQuotaError,
    NotInAllFeaturesModeError,
    PaymentMethodRequiredError,
    WaitingPeriodError,
)
from aws_org_emulator.state.accounts import INACTIVE, AccountState

WAITING_PERIOD = timedelta(days=4)
"""Age at which a created account may leave: LeaveOrganization."""
SETTLING_PERIOD = timedelta(days=7)
"""Age at which an organization may take in another one's member: User Guide, migrating an account."""
CLOSING_TAKES = timedelta(minutes=5)
"""Time that closing takes: "a few minutes", CloseAccount."""
KEPT_AFTER_CLOSURE = timedelta(days=90)
"""Time for which a closed account stays a member, and can be reinstated: CloseAccount."""
QUOTA_WINDOW = timedelta(days=30)


def check_may_leave(*, joined: str, joined_at: datetime, has_payment_method: bool, now: datetime) -> None:
    """See to it that an account can stand alone.

    Raises:
        WaitingPeriodError: it was created less than four days ago.
        PaymentMethodRequiredError: it has no payment method of its own.
    """
    check_waited(joined=joined, joined_at=joined_at, now=now)
    if not has_payment_method:
        raise PaymentMethodRequiredError


def check_waited(*, joined: str, joined_at: datetime, now: datetime) -> None:
    """See to it that an account that was created is old enough to go.

    Raises:
        WaitingPeriodError: it was created less than four days ago.
    """
    if joined == "CREATED" and now < joined_at + WAITING_PERIOD:
        raise WaitingPeriodError


def check_settled(*, founded_at: datetime, now: datetime) -> None:
    """See to it that an organization is old enough to take in another one's member.

    Raises:
        WaitingPeriodError: it was founded less than seven days ago.
    """
    if now < founded_at + SETTLING_PERIOD:
        raise WaitingPeriodError(
            "You must wait until at least seven days after the organization was created."
        )


def check_may_close(  # noqa: PLR0913 - closing an account has that many sides
    *,
    feature_set: str,
    is_management: bool,
    state: AccountState,
    members: int,
    closed_at: Sequence[datetime],
    now: datetime,
) -> None:
    """See to it that CloseAccount may close an account.

    Args:
        feature_set: the organization's.
        is_management: whether it is the management account.
        state: the account's.
        members: how many the organization has.
        closed_at: when the organization closed accounts.
        now: the present.

    Raises:
        CannotCloseManagementAccountError: it is the management account.
        NotInAllFeaturesModeError: the organization isn't ALL.
        AccountAlreadyClosedException: it is closed or suspended.
        AccountChangesAlreadyError: it is being closed.
        CloseAccountQuotaError: as many were closed in 30 days as may be.
    """
    if is_management:
        raise CannotCloseManagementAccountError
    if feature_set != "ALL":
        raise NotInAllFeaturesModeError
    if state in INACTIVE:
        raise AccountAlreadyClosedException
    if state == "PENDING_CLOSURE":
        raise AccountChangesAlreadyError
    recently = sum(1 for at in closed_at if now < at + QUOTA_WINDOW)
    if recently >= quota(members):
        raise CloseAccountQuotaError


def quota(members: int) -> int:
    """Number of accounts that may be closed in 30 days: 250 or 20 % of the members, at most 1,000."""
    return min(max(250, members // 5), 1000)
