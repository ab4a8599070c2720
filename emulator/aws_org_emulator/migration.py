"""What answers and departures do to a migration, in terms of handshakes alone.

The rules are those of the Organizations User Guide, "Enabling all features": each asked account
approves, the parent becomes OPEN when nothing is outstanding, the management account accepts it.
Membership, feature sets and callers belong to `organization`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aws_org_emulator.clock import Clock
from aws_org_emulator.exceptions import AlreadyPendingMigrationError, InvalidHandshakeTransitionError
from aws_org_emulator.handshakes import (
    MIGRATION_LIFETIME,
    Action,
    Handshake,
    Sender,
    new_id,
    parent_action,
)
from aws_org_emulator.ledger import Ledger
from aws_org_emulator.lifecycle import Event, Role, State
from aws_org_emulator.switches import Switches


@dataclass(slots=True)
class _Running:
    """A migration in flight. Consent once given is kept here by absence, however old it gets."""

    parent_id: str
    awaited: dict[str, str] = field(default_factory=dict)
    """Children not answered yet: account id -> handshake id."""
    refused: dict[str, str] = field(default_factory=dict)
    """Children declined, or canceled one by one: account id -> handshake id."""


class Migrations:
    """The migrations of all organizations, over one ledger."""

    def __init__(self, ledger: Ledger, clock: Clock, switches: Switches) -> None:
        self._ledger = ledger
        self._clock = clock
        self._switches = switches
        self._running: dict[str, _Running] = {}
        self.started = 0
        """How many migrations have been started."""
        self._newest: dict[str, str] = {}
        """Management account -> the id of the parent that it made last."""

    def newest_parent(self, management_id: str) -> str | None:
        """The id of the parent that a management account made last, or None."""
        return self._newest.get(management_id)

    def in_flight(self, organization_id: str) -> bool:
        """Whether the organization has a migration that nobody has ended."""
        return organization_id in self._running

    def start(self, sender: Sender, asked: Iterable[tuple[str, Action]]) -> Handshake:
        """Make a parent, and a child for each account that is asked.

        Args:
            sender: the organization.
            asked: account ids and the children's actions.

        Returns:
            The parent: REQUESTED, or OPEN with nobody to ask.

        Raises:
            AlreadyPendingMigrationError: one is in flight.
        """
        if self.in_flight(sender.organization_id):
            raise AlreadyPendingMigrationError
        parent = self._make(sender, Role.PARENT, parent_action(self._switches), State.REQUESTED)
        running = _Running(parent.id)
        self._running[sender.organization_id] = running
        pending = State(self._switches.pending_child)
        for account_id, action in asked:
            child = self._make(
                sender, Role.CHILD, action, pending, account_id=account_id, parent_id=parent.id
            )
            running.awaited[account_id] = child.id
        self.started += 1
        self._newest[sender.management_id] = parent.id
        self._open_if_ready(running)
        return self._ledger[parent.id]

    def change(self, handshake: Handshake, event: Event) -> Handshake:
        """Apply an event to a parent or child, with all that follows from it.

        Raises:
            HandshakeAlreadyInStateError: it is already where the event leads.
            InvalidHandshakeTransitionError: the lifecycle has no such transition, or the parent is
                accepted though somebody declined.
        """
        running = self._running.get(handshake.sender.organization_id)
        accepts_parent = handshake.role is Role.PARENT and event is Event.ACCEPT
        changed = handshake.after(event, self._clock.now())
        if accepts_parent and running is not None and running.refused:
            self._allow_despite_decline()
        self._ledger.update(changed)
        if running is None:
            return changed
        if handshake.role is Role.PARENT:
            self._end(running, handshake.sender.organization_id, event)
        else:
            self._take_answer(running, changed, event)
        return self._ledger[handshake.id]

    def expire(self, handshake: Handshake) -> None:
        """Let a pending parent or child lapse, at the moment it said it would."""
        self._ledger.update(handshake.after(Event.EXPIRE, handshake.expires_at), handshake.expires_at)
        if handshake.role is Role.PARENT:
            self._running.pop(handshake.sender.organization_id, None)

    def departed(self, organization_id: str, account_id: str) -> None:
        """An account has left: what it was asked no longer counts."""
        running = self._running.get(organization_id)
        if running is None:
            return
        awaited = running.awaited.pop(account_id, None)
        if awaited is not None:
            self._finish(awaited, Event.CANCEL)
        running.refused.pop(account_id, None)
        self._open_if_ready(running)

    def _allow_despite_decline(self) -> None:
        if not self._switches.accept_despite_decline:
            raise InvalidHandshakeTransitionError

    def _take_answer(self, running: _Running, child: Handshake, event: Event) -> None:
        account_id = child.account_id
        if account_id is None or running.awaited.get(account_id) != child.id:
            return
        del running.awaited[account_id]
        if event is not Event.ACCEPT:
            running.refused[account_id] = child.id
        self._open_if_ready(running)

    def _open_if_ready(self, running: _Running) -> None:
        parent = self._ledger[running.parent_id]
        refusal_counts = running.refused and not self._switches.open_when_all_responded
        if running.awaited or refusal_counts or parent.state is State.OPEN:
            return
        self._finish(parent.id, Event.READY)

    def _end(self, running: _Running, organization_id: str, event: Event) -> None:
        del self._running[organization_id]
        if event is Event.CANCEL:
            for child_id in running.awaited.values():
                self._finish(child_id, Event.CANCEL)

    def _finish(self, handshake_id: str, event: Event) -> None:
        self._ledger.update(self._ledger[handshake_id].after(event, self._clock.now()))

    def _make(  # noqa: PLR0913 - a handshake has that many sides
        self,
        sender: Sender,
        role: Role,
        action: Action,
        state: State,
        *,
        account_id: str | None = None,
        parent_id: str | None = None,
    ) -> Handshake:
        now = self._clock.now()
        handshake = Handshake(
            id=new_id(),
            role=role,
            action=action,
            state=state,
            sender=sender,
            requested_at=now,
            expires_at=now + MIGRATION_LIFETIME,
            account_id=account_id,
            parent_id=parent_id,
        )
        self._ledger.add(handshake)
        return handshake
