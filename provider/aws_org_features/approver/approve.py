"""Approving on behalf of member accounts: assumes a role in each, many at once, at AWS's pace.

One account's failure doesn't stop the others, and is a value, never an exception. Other modules decide whom
to approve for; this one accepts only an approval of the one migration.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aws_org_features.approver import member_session, messages
from aws_org_features.approver.circuit_breaker import CircuitBreaker
from aws_org_features.approver.fan_out import Progress, in_each
from aws_org_features.aws import AssumeRole, Members, Paces
from aws_org_features.common import account_rules, errors
from aws_org_features.common.progress_log import Heartbeat
from aws_org_features.model.migration import Failure, ruling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from aws_org_features.approver.fan_out import Watch
    from aws_org_features.approver.member_session import Found
    from aws_org_features.aws import Member, Organizations
    from aws_org_features.common.log import Log
    from aws_org_features.model.migration import Approver, Desired, Observation
    from aws_org_features.model.organizations import Handshake, Unclear

    Act = Callable[[Member, Observation, str], Found | Failure]

_LONGEST_REASON: Final = 500
_TICK: Final = 0.2
"""Seconds after which a thread that waits for AWS's rates notices that the run is over."""

_STRANGER: Final = (
    "handshake-unclear: the account has an approval request, but isn't a member of the organization"
)
_UNNAMED: Final = (
    "handshake-unclear: can't verify that the account is a member of the organization: ListAccounts was "
    "denied, and no request names both the account and the migration"
)
_NOT_ENTERED: Final = (
    "No role was assumed there. Look at the accounts (`aws organizations list-accounts`) and the requests, "
    "and allow organizations:ListAccounts; then run it again."
)
_SKIPPED: Final = (
    "not-tried: skipped, because several accounts in a row failed for a reason that affects all of them"
)
_AFTER_SKIPPED: Final = "Fix the problem reported for the other accounts, then run it again."
_INACTIVE: Final = (
    "Have the account reinstated, or remove it from the organization. AWS doesn't document whether it blocks "
    "the migration."
)


class _OverError(Exception):
    """The run is over, so an account is left as it is."""


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a round.

    Attributes:
        given: The accounts in which this run approved.
        failures: Those in which it couldn't.
        left: Those that it didn't come to.
    """

    given: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    left: frozenset[str] = frozenset()


def beating(say: Log, clock: Callable[[], float] = time.monotonic, *, doing: str = "approving") -> Watch:
    """Watch rounds by saying now and then how far they are.

    Args:
        say: Where.
        clock: A monotonic clock, in seconds.
        doing: What is done.
    """

    @contextlib.contextmanager
    def watch(_wanted: int) -> Iterator[Callable[[Progress], None]]:
        heartbeat = Heartbeat(say, clock)
        yield lambda progress: heartbeat.beat(messages.approving(progress, doing))

    return watch


class Approving:
    """The approver of one run, and its results.

    Args:
        api: The management account's calls.
        approver: Whose roles to assume; None approves for nobody.
        watch: Told how far a round is.
        clock: A monotonic clock, in seconds.
        over: Whether the run must end early.
    """

    def __init__(
        self,
        api: Organizations,
        approver: Approver | None,
        watch: Watch,
        *,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._api = api
        self._approver = approver
        self._watch = watch
        self._clock = clock
        self._over = over
        self._paces = Paces(approver.max_calls_per_second if approver else None, sleep=self._rest)
        self._parent_id: str | None = None
        self._listed: frozenset[str] | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._wanted: frozenset[str] = frozenset()
        self._tried: frozenset[str] = frozenset()
        self._given: frozenset[str] = frozenset()
        self._own: dict[str, Handshake] = {}
        self._failures: dict[str, Failure] = {}
        self._unclear: dict[str, Unclear] = {}
        self._breaker = CircuitBreaker()

    def remaining(self, desired: Desired) -> Desired:
        """Accounts left in this run: each account is tried once in a migration."""
        return _without(desired, self._wanted)

    def unsettled(self, desired: Desired) -> Desired:
        """Accounts left after this run: it failed for them or didn't try them."""
        return _without(desired, self._tried - self._failures.keys())

    @property
    def result(self) -> Result:
        """The outcome of this run so far."""
        return self._result(self._wanted | self._failures.keys())

    @property
    def unclear(self) -> tuple[Unclear, ...]:
        """Requests that contradict themselves, in accounts that were asked something clear as well."""
        return tuple(self._unclear[each] for each in sorted(self._unclear))

    def _result(self, account_ids: Collection[str]) -> Result:
        failures = (self._failures[each] for each in sorted(self._failures) if each in account_ids)
        left = self._wanted.intersection(account_ids) - self._tried
        return Result(self._given.intersection(account_ids), tuple(failures), left)

    def seen(self, shown: Observation) -> Observation:
        """AWS's answers, with what accounts have shown since; another migration begins with nothing."""
        self._turn_to(shown)
        return replace(shown, own=tuple(self._own.values()), failures=tuple(self._failures.values()))

    def _turn_to(self, shown: Observation) -> None:
        parent_id = shown.parent.id if shown.parent else None
        if parent_id != self._parent_id:
            self._parent_id = parent_id
            self._begin_anew()

    def approve(self, shown: Observation, account_ids: Collection[str]) -> Result:
        """Approve on behalf of some accounts, as far as that can be done.

        Args:
            shown: The migration.
            account_ids: Accounts whose approval is outstanding.
        """
        return self._round(
            shown, account_ids, member_session.approve, ("ListHandshakesForAccount", "AcceptHandshake")
        )

    def probe(self, shown: Observation, account_ids: Collection[str]) -> Result:
        """Reach some accounts as if to approve for them, and write nothing."""
        return self._round(shown, account_ids, member_session.reach, ("ListHandshakesForAccount",))

    def decline(self, account_ids: Collection[str]) -> None:
        """Some accounts have said no: nothing is tried there."""
        for account_id in account_ids:
            self._failures[account_id] = Failure(
                account_id, member_session.DECLINED, member_session.AFTER_DECLINED
            )

    # Many accounts

    def _round(
        self,
        shown: Observation,
        account_ids: Collection[str],
        act: Act,
        calls: tuple[str, ...],
    ) -> Result:
        self._turn_to(shown)
        self._wanted |= frozenset(account_ids)
        kept_from = self._kept_from(shown, account_ids)
        self._failures |= kept_from
        self._tried |= kept_from.keys()
        to_enter = [account_id for account_id in account_ids if account_id not in kept_from]
        began, done, failed = self._clock(), len(kept_from), len(kept_from)
        each = in_each(to_enter, lambda account_id: self._one(shown, account_id, act))
        with self._watch(len(account_ids)) as tell, contextlib.closing(each) as results:
            for account_id, came in results:
                if came is not None:
                    self._take(account_id, came)
                    done, failed = done + 1, failed + isinstance(came, Failure)
                pace = self._paces.together(calls)
                tell(Progress(len(account_ids), done, failed, self._clock() - began, pace))
        if not self._over():
            self._explain_inactive(shown)
        return self._result(account_ids)

    def _take(self, account_id: str, came: Found | Failure) -> None:
        self._tried |= {account_id}
        if isinstance(came, Failure):
            self._failures[account_id] = came
            return
        self._own |= {approval.id: approval for approval in came.approvals}
        self._unclear |= {unclear.handshake.id: unclear for unclear in came.unclear}
        if came.given:
            self._given |= {account_id}

    # Whom not to enter

    def _kept_from(self, shown: Observation, account_ids: Collection[str]) -> dict[str, Failure]:
        """Accounts in which no role is so much as tried: ruled out, or no members of the organization."""
        connection = self._api.connection
        found: dict[str, Failure] = {}
        for account_id in account_ids:
            rule = ruling(account_id, connection.allowed_accounts, connection.forbidden_accounts)
            if rule is not None:
                reason = f"{errors.AccountNotAllowedError.reference}: {account_rules.ruled_out(rule)}"
                found[account_id] = Failure(account_id, reason, account_rules.TO_ALLOW)
        left = frozenset(account_ids) - found.keys()
        if left:
            why = self._not_members(shown, left)
            found |= {each: Failure(each, reason, _NOT_ENTERED) for each, reason in why.items()}
        return found

    def _not_members(self, shown: Observation, account_ids: frozenset[str]) -> dict[str, str]:
        """Accounts that may not be the organization's members, and why.

        Decided by the list of accounts, even if requests name others. If the list can't be read, decided by
        the requests.
        """
        management = shown.organization.management_account_id
        members = self._members(shown, account_ids)
        if members is not None:
            return dict.fromkeys(account_ids - (members - {management}), _STRANGER)
        named = {
            child.account_id
            for child in shown.children or ()
            if shown.parent is None or child.parent_id == shown.parent.id
        }
        return dict.fromkeys(account_ids - (named - {management}), _UNNAMED)

    def _members(self, shown: Observation, account_ids: frozenset[str]) -> frozenset[str] | None:
        """The organization's accounts, listed again where one isn't among them: it may have joined since."""
        if self._listed is None and shown.accounts is not None and shown.accounts.known:
            self._listed = shown.accounts.members
        if self._listed is None or not account_ids <= self._listed:
            try:
                self._listed = self._api.accounts().members
            except errors.OrgFeaturesError:
                # Then every account with a consistent request counts as a member.
                return self._listed
        return self._listed

    def _one(
        self,
        shown: Observation,
        account_id: str,
        act: Act,
    ) -> Found | Failure | None:
        """Act in an account; None leaves it as it was."""
        if self._over():
            return None
        if self._breaker.is_open:
            return Failure(account_id, _SKIPPED, _AFTER_SKIPPED)
        members = Members(self._api.connection, self._paces)
        try:
            with members.enter(account_id, self._role(shown, account_id)) as member:
                came = act(member, shown, account_id)
        except _OverError:
            return None
        except errors.OrgFeaturesError as error:
            self._breaker.record(error)
            return _failure(account_id, error)
        self._breaker.record(None)
        return came

    def _rest(self, seconds: float) -> None:
        """Wait, unless the run ends meanwhile."""
        while seconds > 0:
            if self._over():
                raise _OverError
            pause = min(seconds, _TICK)
            time.sleep(pause)
            seconds -= pause

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
                reason = f"account-inactive: the account is {state}, so nobody can approve in it"
                self._failures[account_id] = Failure(account_id, reason, _INACTIVE)


def _without(desired: Desired, account_ids: frozenset[str]) -> Desired:
    if desired.approver is None or not account_ids:
        return desired
    return replace(desired, approver=desired.approver.without(account_ids))


def _failure(account_id: str, error: errors.OrgFeaturesError) -> Failure:
    reason = f"{error.reference}: {error.what}"
    return Failure(account_id, reason[:_LONGEST_REASON], error.next_step)
