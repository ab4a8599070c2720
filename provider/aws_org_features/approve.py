"""Approving on behalf of member accounts: a role assumed in each, many at once, at AWS's pace.

One account's failure stops no other, and is a value, never an exception. Whom to approve for is decided
elsewhere; nothing is accepted here but an approval of the one migration.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aws_org_features import errors, words
from aws_org_features.approval import is_approval_of
from aws_org_features.aws import AssumeRole, Members, Paces
from aws_org_features.heartbeat import Heartbeat
from aws_org_features.model import Approver, Desired, Failure, Handshake, Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from aws_org_features.aws import Member, Organizations
    from aws_org_features.say import Say

WORKERS: Final = 8
"""Accounts at once: what keeps AWS's rates busy, as each takes three calls one after another."""

_LONGEST_REASON: Final = 500
_EVERYBODYS: Final = (
    errors.ConfigurationError,
    errors.CredentialsExpiredError,
    errors.CredentialsInvalidError,
    errors.CredentialsMissingError,
    errors.EndpointUnreachableError,
)
"""What isn't one account's trouble: the others are spared the same."""
_SPARED: Final = 3
"""After so many of these in a row."""
_DECLINED: Final = "Remove the account from the organization, or raise `attempt` to ask everyone again."
_NOT_FOUND: Final = (
    "Look at the account's handshakes (`aws organizations list-handshakes-for-account`) there."
)


class Approving:
    """What the approver of one run does, and what it met with.

    Args:
        api: The management account's calls.
        approver: Whose roles to assume; None approves for nobody.
        say: Where to tell how it goes.
        clock: Seconds from whenever.
        over: Whether the run is to end early.
    """

    def __init__(
        self,
        api: Organizations,
        approver: Approver | None,
        say: Say,
        *,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._api = api
        self._approver = approver
        self._say = say
        self._clock = clock
        self._over = over
        self._paces = Paces(approver.max_calls_per_second if approver else None)
        self._parent_id: str | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._tried: frozenset[str] = frozenset()
        self._own: dict[str, Handshake] = {}
        self._failures: dict[str, Failure] = {}
        self._in_a_row = 0

    def remaining(self, desired: Desired) -> Desired:
        """What is still wanted in this run: each account is tried once in a migration."""
        if desired.approver is None or not self._tried:
            return desired
        return replace(desired, approver=desired.approver.without(self._tried))

    def seen(self, shown: Observation) -> Observation:
        """What AWS shows, with what accounts have shown since; another migration begins with nothing."""
        self._turn_to(shown)
        return replace(shown, own=tuple(self._own.values()), failures=tuple(self._failures.values()))

    def _turn_to(self, shown: Observation) -> None:
        parent_id = shown.parent.id if shown.parent else None
        if parent_id != self._parent_id:
            self._parent_id = parent_id
            self._begin_anew()

    def approve(self, shown: Observation, account_ids: Collection[str]) -> None:
        """Approve on behalf of some accounts, as far as that can be done.

        Args:
            shown: The migration.
            account_ids: Accounts whose approval is outstanding.
        """
        self._turn_to(shown)
        heartbeat, given, done = Heartbeat(self._say, self._clock), 0, 0
        began = self._clock()
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="approve") as pool:
            for result in pool.map(lambda account_id: self._one(shown, account_id), sorted(account_ids)):
                done += 1
                given += self._take(result)
                rate = done / max(self._clock() - began, 1)
                heartbeat.beat(words.approving(done, len(account_ids), len(self._failures), rate))
        self._tried |= frozenset(account_ids)
        self._explain_inactive(shown)
        for text in words.approved(
            given, [f for f in self._failures.values() if f.account_id in account_ids]
        ):
            self._say.info(text)

    def decline(self, account_ids: Collection[str]) -> None:
        """Some accounts have said no: nothing is tried there."""
        for account_id in account_ids:
            what = "handshake-declined: the account's owner declined"
            self._failures[account_id] = Failure(account_id, what, _DECLINED)

    def _take(self, result: tuple[Handshake, ...] | Failure | None) -> int:
        """Keep a result; says whether an approval is in."""
        if isinstance(result, Failure):
            self._failures[result.account_id] = result
        elif result:
            self._own |= {approval.id: approval for approval in result}
            return all(approval.state == "ACCEPTED" for approval in result)
        return 0

    def _one(self, shown: Observation, account_id: str) -> tuple[Handshake, ...] | Failure | None:
        if self._over():
            return None
        if self._in_a_row >= _SPARED:
            return Failure(account_id, "not-tried: others failed by what isn't the accounts' trouble", _AGAIN)
        try:
            result = self._within(shown, account_id)
        except errors.OrgFeaturesError as error:
            self._in_a_row = self._in_a_row + 1 if isinstance(error, _EVERYBODYS) else 0
            return _failure(account_id, error)
        self._in_a_row = 0
        return result

    def _within(self, shown: Observation, account_id: str) -> tuple[Handshake, ...] | Failure:
        """Act in an account: assume the role, find what it is asked, accept it."""
        members = Members(self._api.connection, self._paces)
        with members.enter(account_id, self._role(shown, account_id)) as member:
            asked = self._asked(member, shown, account_id)
            if any(approval.state == "DECLINED" for approval in asked):
                return Failure(account_id, "handshake-declined: the account's owner declined", _DECLINED)
            if not asked and shown.children:
                return Failure(
                    account_id, "approval-not-found: the account isn't asked to approve", _NOT_FOUND
                )
            return tuple(self._accepted(member, shown, account_id, approval) for approval in asked)

    def _accepted(
        self, member: Member, shown: Observation, account_id: str, approval: Handshake
    ) -> Handshake:
        if not approval.pending:
            return approval
        try:
            return member.accept(approval.id)
        except errors.OrgFeaturesError:
            # AWS has been seen to refuse and yet to have done it, and the owner may have been quicker.
            for later in self._asked(member, shown, account_id):
                if later.id == approval.id and not later.pending:
                    return later
            raise

    def _asked(self, member: Member, shown: Observation, account_id: str) -> list[Handshake]:
        """What the account is asked of this very migration, by what both sides are shown."""
        organization_id, parent = shown.organization.id, shown.parent
        ours = {child.id for child in shown.children or ()}
        return [
            received
            for received in member.handshakes()
            if is_approval_of(received, organization_id, account_id)
            and (received.id in ours or (parent is not None and received.parent_id == parent.id))
        ]

    def _role(self, shown: Observation, account_id: str) -> AssumeRole:
        assert self._approver is not None  # noqa: S101 - without one, there is nobody to approve for
        partition = shown.organization.arn.split(":")[1]
        return AssumeRole(
            self._approver.role_arn(partition, account_id),
            external_id=self._approver.external_id,
            session_name=self._approver.session_name,
        )

    def _explain_inactive(self, shown: Observation) -> None:
        """Tell a suspended account from one that lacks the role: AWS answers both alike."""
        unreached = [f.account_id for f in self._failures.values() if f.reference == "role-not-assumed"]
        if not unreached:
            return
        accounts = shown.accounts
        if accounts is None:
            try:
                accounts = self._api.accounts()
            except errors.OrgFeaturesError:
                return
        for account_id in unreached:
            state = accounts.inactive.get(account_id)
            if state is not None:
                reason = f"account-inactive: the account is {state}, so nobody can act in it"
                self._failures[account_id] = Failure(account_id, reason, _INACTIVE)


_AGAIN: Final = "Mend what the other accounts' reasons say, then run `pulumi up` again."
_INACTIVE: Final = (
    "Have the account reinstated, or remove it from the organization; whether it holds the migration up is "
    "documented nowhere."
)


def _failure(account_id: str, error: errors.OrgFeaturesError) -> Failure:
    reason = f"{error.reference}: {error.what}"
    return Failure(account_id, reason[:_LONGEST_REASON], error.next_step)
