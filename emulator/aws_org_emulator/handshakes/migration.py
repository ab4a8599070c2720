"""What answers and departures do to a migration, in terms of handshakes alone.

The rules are those of the Organizations User Guide, "Enabling all features": each asked account
approves, the parent becomes OPEN when nothing is outstanding, the management account accepts it.
Membership, feature sets and callers belong to `organization`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aws_org_emulator.handshakes.handshake import (
    MIGRATION_LIFETIME,
    Action,
    Handshake,
    Sender,
    new_id,
    parent_action,
)
from aws_org_emulator.handshakes.handshake_store import Ledger
from aws_org_emulator.handshakes.lifecycle import Event, Role, State
from aws_org_emulator.protocol.exceptions import AlreadyPendingMigrationError, InvalidHandshakeTransitionError
from aws_org_emulator.scenario.switches import Switches
from aws_org_emulator.timing.clock import Clock
from aws_org_emulator.timing.scheduler import Agenda


@dataclass(slots=True)
class _Running:
    """A migration in flight. Consent once given is kept here by absence, however old it gets."""

    parent_id: str
    awaited: dict[str, str] = field(default_factory=dict)
    """Children not answered yet: account id -> handshake id."""
    refused: dict[str, str] = field(default_factory=dict)
    """Children declined, or canceled one by one: account id -> handshake id."""
    unmade: dict[str, Action] = field(default_factory=dict)
    """Children that aren't there yet: account id -> what they are going to be."""


class Migrations:
    """The migrations of all organizations, over one ledger."""

    def __init__(self, ledger: Ledger, clock: Clock, switches: Switches, agenda: Agenda) -> None:
        self._ledger = ledger
        self._clock = clock
        self._agenda = agenda
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
        now = self._clock.now()
        parent = Handshake(
            id=new_id(),
            role=Role.PARENT,
            action=parent_action(self._switches),
            state=State.REQUESTED,
            sender=sender,
            requested_at=now,
            expires_at=now + MIGRATION_LIFETIME,
        )
        self._ledger.add(parent)
        self._cancel_invitations(sender.organization_id, now)
        running = _Running(parent.id, unmade=dict(asked))
        self._running[sender.organization_id] = running
        self.started += 1
        self._newest[sender.management_id] = parent.id
        if self._switches.children_after and running.unmade:
            at = now + timedelta(seconds=self._switches.children_after)
            self._agenda.add(at, self._make_children, sender.organization_id, parent.id)
        else:
            self._make_children(now, sender.organization_id, parent.id)
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
        """Let a pending parent or child lapse, at the moment it said it would: each child with its parent."""
        canceled = handshake.role is Role.CHILD and self._switches.expired_children == "CANCELED"
        event = Event.CANCEL if canceled else Event.EXPIRE
        self._ledger.update(handshake.after(event, handshake.expires_at), handshake.expires_at)
        if handshake.role is Role.PARENT:
            organization_id = handshake.sender.organization_id
            self._running.pop(organization_id, None)
            if self._switches.expired_children == "CANCELED":
                self._cancel_invitations(organization_id, handshake.expires_at)

    def departed(self, organization_id: str, account_id: str) -> None:
        """An account has left: what it was asked no longer counts."""
        running = self._running.get(organization_id)
        if running is None:
            return
        awaited = running.awaited.pop(account_id, None)
        if awaited is not None:
            self._finish(awaited, Event.CANCEL)
        running.refused.pop(account_id, None)
        running.unmade.pop(account_id, None)
        self._open_if_ready(running)

    def _make_children(self, at: datetime, organization_id: str, parent_id: str) -> None:
        """Ask those who are still to be asked, unless the migration is over."""
        running = self._running.get(organization_id)
        if running is None or running.parent_id != parent_id:
            return
        parent = self._ledger[parent_id]
        for account_id, action in running.unmade.items():
            child = Handshake(
                id=new_id(),
                role=Role.CHILD,
                action=action,
                state=State(self._switches.pending_child),
                sender=parent.sender,
                requested_at=at,
                expires_at=parent.expires_at,
                account_id=account_id,
                parent_id=parent_id,
            )
            self._ledger.add(child, at)
            running.awaited[account_id] = child.id
        running.unmade.clear()
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
        if running.awaited or running.unmade or refusal_counts or parent.state is State.OPEN:
            return
        self._finish(parent.id, Event.READY)

    def _end(self, running: _Running, organization_id: str, event: Event) -> None:
        del self._running[organization_id]
        if event is Event.CANCEL:
            for child_id in running.awaited.values():
                self._finish(child_id, Event.CANCEL)
            self._cancel_invitations(organization_id, self._clock.now())

    def _cancel_invitations(self, organization_id: str, at: datetime) -> None:
        """Cancel what nobody has answered: what it offers is no longer so.

        So it is when a migration begins, and when one is canceled: User Guide, considerations.
        """
        for handshake_id in self._ledger.of_organization(organization_id):
            handshake = self._ledger[handshake_id]
            if handshake.action is Action.INVITE and handshake.pending:
                self._ledger.update(handshake.after(Event.CANCEL, at), at)

    def _finish(self, handshake_id: str, event: Event) -> None:
        self._ledger.update(self._ledger[handshake_id].after(event, self._clock.now()))
