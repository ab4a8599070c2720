"""Sessions in member accounts, from the management account: one session with one role in each."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

from aws_org_features.aws.calls import Calls
from aws_org_features.aws.clients import clients_of
from aws_org_features.aws.member_account import Member
from aws_org_features.common import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_org_features.aws.connection import AssumeRole, Connection
    from aws_org_features.aws.rate_limit import Paces

_NEXT_STEP = (
    "Check that the account has the role, that its trust policy names the caller with the external id it "
    "asks for, and that the caller may assume it; or have the account's owner approve: "
    "`org-features approval-kit` writes what owners need."
)


class Members(Calls):
    """Reaches member accounts with the connection's credentials; threads may share it.

    Args:
        connection: Who acts, and where.
        paces: How fast to call AWS Organizations, over all accounts.
        notify: Told, in a sentence, when a call has to wait.
    """

    def __init__(
        self, connection: Connection, paces: Paces, notify: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(connection, notify, paces=paces)

    @contextlib.contextmanager
    def enter(self, account_id: str, role: AssumeRole) -> Iterator[Member]:
        """Act as a role of an account (`sts:AssumeRole`), for as long as this lasts.

        Raises:
            RoleNotAssumedError: AWS doesn't say whether there is no such role or it doesn't trust the caller.
        """
        assume = functools.partial(clients_of(self._connection).assumed, role)
        try:
            clients = self._call("sts", "AssumeRole", account_id, assume)
        except errors.AccessDeniedError as error:
            raise errors.RoleNotAssumedError(
                f"{role.role_arn} can't be assumed. {error.what}", _NEXT_STEP
            ) from error
        with contextlib.closing(clients):
            yield Member(self._connection, self._notify, clients=clients, paces=self._paces)
