"""An AWS Organizations in this process, behind HTTP: what tests and the command line hold.

It ties the parts together and decides nothing about AWS.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection
from threading import Event, Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, get_args

from werkzeug.wrappers import Response

from aws_org_emulator.handshakes.handshake import render
from aws_org_emulator.handshakes.parties import asked_account
from aws_org_emulator.people.actions import PeopleActions
from aws_org_emulator.people.clients import Clients
from aws_org_emulator.scenario.scenario import Scenario
from aws_org_emulator.server.control import PREFIX, Control
from aws_org_emulator.server.faults import Call, Callback, Fault, Kind, LogEntry, Traffic, When
from aws_org_emulator.server.http_server import Server
from aws_org_emulator.server.request_guard import RequestGuard, json_refusal
from aws_org_emulator.server.request_pipeline import RequestPipeline, refused
from aws_org_emulator.server.services import backend_of, install, uninstall
from aws_org_emulator.server.stop_request import StopRequest
from aws_org_emulator.state.accounts import AccountState, Credentials, credentials_of
from aws_org_emulator.state.shared import SharedState
from aws_org_emulator.state.snapshots import Snapshot
from aws_org_emulator.timing.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def _ignore(_call: Call, _status: int, _error: str | None) -> None:
    pass


def _refused(environ: "WSGIEnvironment", why: str) -> Response:
    return json_refusal(why) if environ["PATH_INFO"].startswith(PREFIX) else refused(environ, why)


class Emulator:
    """A running organization. moto's state is one per process, and so is this.

    Args:
        scenario: how the organization begins.
        port: where to listen; 0 takes a free port.
        host: on which address; only this machine reaches the default.
        served: told each call with its HTTP status (0: no answer) and the code of the error that it ended
            in, if any, on the server's threads.
        allowed_hosts: names by which it is asked, besides `localhost` and the addresses that it listens at.

    Raises:
        RuntimeError: from `start`: another emulator runs in this process, or MOTO_ACCOUNT_ID is
            set, which would make all callers one account.
        CannotListenError: from `start`: the port is taken.
    """

    _one: ClassVar[Lock] = Lock()

    def __init__(
        self,
        scenario: Scenario | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        served: Callable[[Call, int, str | None], None] = _ignore,
        *,
        allowed_hosts: Collection[str] = (),
    ) -> None:
        self.scenario = scenario or Scenario()
        self._address = (host, port)
        self._served = served
        self._hosts = (host, *allowed_hosts)
        self._traffic = Traffic()
        self.stop_requested = StopRequest()
        """Set when somebody asks through the control endpoint that it end."""

    def start(self) -> Self:
        """Make a new organization, and serve it."""
        if "MOTO_ACCOUNT_ID" in os.environ:
            raise RuntimeError("MOTO_ACCOUNT_ID is set: all callers would be that one account")
        if not self._one.acquire(blocking=False):
            raise RuntimeError("an emulator is running in this process already")
        try:
            self._begin()
        except BaseException:
            uninstall()
            self._one.release()
            raise
        return self

    def _begin(self) -> None:
        self._traffic = Traffic()
        self._shared = SharedState(self.scenario)
        self._snapshots: dict[str, Snapshot] = {}
        self._stopping = Event()
        pipeline = RequestPipeline(
            install(self._shared), self._shared, self._traffic, self._stopping, self._answered
        )
        with self._shared.locked_now():
            self._shared.accounts.add(self.management)
            backend_of(self.management).create_from(self.scenario)
            self._shared.read_lag.record()
        self._server = Server(RequestGuard(Control(self, pipeline), self._hosts, _refused), *self._address)
        self._clients = Clients(self.endpoint, by_people=False)
        self._people = PeopleActions(self.endpoint, self.management)

    def _answered(self, call: Call, status: int, error: str | None) -> None:
        self._traffic.answered(call, status, error)
        self._served(call, status, error)

    def stop(self) -> None:
        """End, and leave moto as it was."""
        self._stopping.set()
        self._clients.close()
        self._people.close()
        self._server.stop()
        uninstall()
        self._one.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    # Who is who

    @property
    def endpoint(self) -> str:
        """The URL that clients take as endpoint_url."""
        host = f"[{self._server.host}]" if ":" in self._server.host else self._server.host
        return f"http://{host}:{self._server.port}"

    @property
    def organization_id(self) -> str:
        """The organization's id."""
        return self.scenario.organization_id

    @property
    def management(self) -> str:
        """The management account's id."""
        return self.scenario.management_id

    @property
    def invited(self) -> tuple[str, ...]:
        """Ids of the members that were invited, as they are now."""
        return self._members("INVITED")

    @property
    def created(self) -> tuple[str, ...]:
        """Ids of the members that were created, as they are now."""
        return self._members("CREATED")

    @property
    def standalone(self) -> tuple[str, ...]:
        """Ids of the accounts that exist without being in the organization."""
        with self._shared.locked_now():
            members = {account.id for account in backend_of(self.management).accounts}
            known = tuple(self._shared.accounts)
        return tuple(each for each in known if each not in members and each != self.management)

    def credentials(self, account_id: str) -> Credentials:
        """An account's credentials; an account that isn't known becomes a standalone one."""
        with self._shared.locked_now():
            self._shared.accounts.add(account_id)
        return credentials_of(account_id)

    def client(self, service: str, account_id: str) -> Any:
        """A boto3 client that acts as an account, never retries and is counted."""
        self.credentials(account_id)
        return self._clients.get(service, account_id)

    # What people do; none of it is counted

    def approve(self, account_id: str) -> dict[str, Any]:
        """Accept what an account is asked, as its owner; see `PeopleActions.approve`."""
        return self._people.approve(account_id)

    def approve_all(self) -> None:
        """Accept what anybody is asked, as the owners."""
        for child in self.children:
            account_id = asked_account(child)
            if account_id is not None and child["State"] in ("REQUESTED", "OPEN"):
                self._people.approve(account_id)

    def decline(self, account_id: str) -> dict[str, Any]:
        """Decline what an account is asked, as its owner; see `PeopleActions.decline`."""
        return self._people.decline(account_id)

    def enable_all_features(self) -> dict[str, Any]:
        """Start a migration, as management."""
        return self._people.enable_all_features()

    def cancel(self) -> dict[str, Any]:
        """Cancel the migration in progress, as management."""
        return self._people.cancel()

    def finalize(self) -> dict[str, Any]:
        """Accept the parent, as management."""
        return self._people.finalize()

    def remove_account(self, account_id: str) -> None:
        """Remove a member, as management."""
        self._people.remove_account(account_id)

    def invite(self, account_id: str | None = None) -> str:
        """Invite an account, as management; without an id, a new standalone one.

        Returns:
            The account's id.
        """
        if account_id is None:
            with self._shared.locked_now():
                account_id = self._shared.new_standalone()
        self._people.invite(account_id)
        return account_id

    def join(self, account_id: str) -> dict[str, Any]:
        """Accept the invitation that an account has, as its owner."""
        return self._people.join(account_id)

    def leave(self, account_id: str) -> None:
        """Leave the organization, as the owner of a member."""
        self._people.leave(account_id)

    def set_account_state(self, account_id: str, state: AccountState) -> None:
        """Let a member be closed, suspended or reinstated, as its owner or AWS's support would.

        Raises:
            ValueError: there is no such state, or no such member.
        """
        if state not in get_args(AccountState):
            raise ValueError(f"{state!r} is no state of an account: {', '.join(get_args(AccountState))} are")
        with self._shared.locked_now():
            management = backend_of(self.management)
            if management.management_of(account_id) != self.management or account_id == self.management:
                raise ValueError(f"{account_id} is no member of {self.organization_id}")
            management.set_account_state(self.clock.now(), account_id, state)
            self._shared.read_lag.record()

    @property
    def clock(self) -> Clock:
        """The clock that handshakes and accounts go by."""
        return self._shared.clock

    @property
    def snapshots(self) -> frozenset[str]:
        """The names under which something is kept."""
        return frozenset(self._snapshots)

    def snapshot(self, name: str = "default") -> None:
        """Keep everything as it is now, the clock included, under a name."""
        with self._shared.locked_now():
            self._snapshots[name] = Snapshot(self._shared)

    def restore(self, name: str = "default") -> None:
        """Make everything what it was at the snapshot of a name; traffic and faults stay.

        Raises:
            ValueError: there is none of this name.
        """
        if name not in self._snapshots:
            raise ValueError(f"there is no snapshot {name!r}")
        with self._shared.locked_now():
            self._snapshots[name].restore(self._shared)

    # Requests, and their results

    @property
    def calls(self) -> Counter[str]:
        """Number of calls of each operation since the last reset."""
        return self._traffic.counts()

    @property
    def writes(self) -> Counter[str]:
        """Those of `calls` that may change an organization, refused ones included."""
        return self._traffic.counts(writes_only=True)

    @property
    def log(self) -> list[tuple[str, str]]:
        """Operation and account id of each call since the last reset."""
        return [(call.operation, call.account_id) for call in self._traffic.calls]

    @property
    def entries(self) -> list[LogEntry]:
        """Each call since the last reset, with its time and what it was answered."""
        return self._traffic.entries

    def reset_calls(self) -> None:
        """Forget the calls so far."""
        self._traffic.reset()

    def fail(  # noqa: PLR0913 - a fault has that many sides
        self,
        operation: str,
        *,
        error: str = "ServiceException",
        nth: int = 1,
        times: int = 1,
        when: When = "before",
        reason: str | None = None,
        message: str | None = None,
        status: int | None = None,
        kind: Kind = "error",
        seconds: float = 0,
    ) -> None:
        """Let the Nth call of an operation fail; see `Fault` for the parameters."""
        self.plan(
            Fault(
                operation=operation,
                kind=kind,
                nth=nth,
                times=times,
                when=when,
                error=error,
                message=message or Fault.message,
                reason=reason,
                status=status or Fault.status,
                seconds=seconds,
            )
        )

    def plan(self, fault: Fault) -> None:
        """Let a fault happen."""
        self._traffic.add_fault(fault)

    def clear_faults(self) -> None:
        """Drop all faults and callbacks."""
        self._traffic.clear_faults()

    def before(self, operation: str, callback: Callback, nth: int = 1) -> None:
        """Call back before the Nth call of an operation takes effect, on the server's thread."""
        self._traffic.add_callback(operation, "before", callback, nth)

    def after(self, operation: str, callback: Callback, nth: int = 1) -> None:
        """Call back after the Nth call of an operation took effect, before it is answered."""
        self._traffic.add_callback(operation, "after", callback, nth)

    # What is so, even if AWS would show something else

    @property
    def parent(self) -> dict[str, Any] | None:
        """The organization's newest parent in boto3's shape, however old, or None."""
        with self._shared.locked_now():
            parent_id = self._shared.migrations.newest_parent(self.management)
            return None if parent_id is None else self._render(parent_id)

    @property
    def children(self) -> list[dict[str, Any]]:
        """All of the migration's children in boto3's shape, however old."""
        with self._shared.locked_now():
            parent_id = self._shared.migrations.newest_parent(self.management)
            ids = () if parent_id is None else self._shared.handshake_store.of_parent(parent_id)
            return [self._render(child_id) for child_id in ids]

    @property
    def feature_set(self) -> str | None:
        """CONSOLIDATED_BILLING, ALL, or None without an organization."""
        with self._shared.locked_now():
            organization = backend_of(self.management).org
            return None if organization is None else organization.feature_set

    @property
    def migrations_started(self) -> int:
        """Number of migrations that have been started."""
        return self._shared.migrations.started

    def _render(self, handshake_id: str) -> dict[str, Any]:
        return render(self._shared.handshake_store[handshake_id], self._shared.switches)

    def _members(self, joined: str) -> tuple[str, ...]:
        with self._shared.locked_now():
            accounts = backend_of(self.management).accounts[1:]
            return tuple(account.id for account in accounts if account.joined_method == joined)
