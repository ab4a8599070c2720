"""Shared state of all requests to one emulator: the handshakes, the clock, the accounts, the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from aws_org_emulator.handshakes.handshake_store import HandshakeStore
from aws_org_emulator.handshakes.lifecycle import HandshakeEvent, HandshakeRole
from aws_org_emulator.handshakes.migration import Migrations
from aws_org_emulator.protocol.paging import Pager
from aws_org_emulator.scenario.scenario import FIRST_CREATED_LATER, FIRST_STANDALONE, Scenario
from aws_org_emulator.state.accounts import Accounts
from aws_org_emulator.state.read_lag import ReadLag
from aws_org_emulator.timing.clock import Clock
from aws_org_emulator.timing.rate_limits import TokenBuckets
from aws_org_emulator.timing.scheduler import Scheduler

if TYPE_CHECKING:
    from aws_org_emulator.handshakes.transfer import Transfer

_CONSTANT = frozenset({"_lock", "policy_types", "switches"})


class SharedState:
    """One emulator's state, besides what moto keeps.

    Args:
        scenario: how it begins.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.switches = scenario.switches
        self.policy_types = scenario.offered_types
        self.clock = Clock(scenario.start)
        self.handshake_store = HandshakeStore(self.clock, self.switches.read_lag)
        self.read_lag = ReadLag(self.clock, self.switches.read_lag)
        self.accounts = Accounts()
        self.scheduler = Scheduler()
        self.migrations = Migrations(self.handshake_store, self.clock, self.switches, self.scheduler)
        self.transfers: dict[str, Transfer] = {}
        """Responsibility transfers by their ids, from when they were asked for."""
        self.buckets = TokenBuckets()
        self.pager = Pager(empty_pages=self.switches.empty_pages)
        self._lock = RLock()

    @contextmanager
    def locked_now(self) -> Iterator[None]:
        """Keep all other requests waiting, after what has become due until now was done."""
        with self._lock:
            self._run_what_is_due()
            yield

    def state(self) -> dict[str, Any]:
        """All that changes, by name; not what is the same from beginning to end."""
        return {name: each for name, each in vars(self).items() if name not in _CONSTANT}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restore the state that `state` returned."""
        vars(self).update(state)

    def new_account(self, first: int) -> str:
        """An id that no account has yet, from `first` upwards."""
        while str(first) in self.accounts:
            first += 1
        return str(first)

    def new_standalone(self) -> str:
        """Let a standalone account exist.

        Returns:
            Its id.
        """
        return self._new_account(FIRST_STANDALONE)

    def new_created(self) -> str:
        """Let an account exist that CreateAccount makes.

        Returns:
            Its id.
        """
        return self._new_account(FIRST_CREATED_LATER)

    def _new_account(self, first: int) -> str:
        account_id = self.new_account(first)
        self.accounts.add(account_id)
        return account_id

    def _run_what_is_due(self) -> None:
        now = self.clock.now()
        for at, action, arguments in self.scheduler.due(now):
            self._expire_handshakes(at)
            action(at, *arguments)
            self.read_lag.record(at)
        self._expire_handshakes(now)

    def _expire_handshakes(self, now: datetime) -> None:
        for handshake in self.handshake_store.expired(now):
            if handshake.role is HandshakeRole.INVITATION:
                self.handshake_store.update(
                    handshake.after(HandshakeEvent.EXPIRE, handshake.expires_at), handshake.expires_at
                )
            else:
                self.migrations.expire(handshake)
