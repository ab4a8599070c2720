"""Effects of answers, and of accounts that leave, on a migration: in terms of handshakes alone.

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
from aws_org_emulator.handshakes.handshake_store import HandshakeStore
from aws_org_emulator.handshakes.lifecycle import HandshakeEvent, HandshakeRole, HandshakeState
from aws_org_emulator.protocol.exceptions import AlreadyPendingMigrationError, InvalidHandshakeTransitionError
from aws_org_emulator.scenario.switches import Switches
from aws_org_emulator.timing.clock import Clock
from aws_org_emulator.timing.scheduler import Scheduler


@dataclass(slots=True)
class _Running:
    """A migration in progress. Consent once given is kept here by absence, however old it gets."""

    parent_id: str
    awaited: dict[str, str] = field(default_factory=dict)
    """Children not answered yet: account id -> handshake id."""
    refused: dict[str, str] = field(default_factory=dict)
    """Children declined, or canceled one by one: account id -> handshake id."""
    to_ask: dict[str, Action] = field(default_factory=dict)
    """Children that aren't there yet: account id -> what they are going to be."""


class Migrations:
    """The migrations of all organizations, over one store of handshakes."""

    def __init__(
        self, handshake_store: HandshakeStore, clock: Clock, switches: Switches, scheduler: Scheduler
    ) -> None:
        self._handshake_store = handshake_store
        self._clock = clock
        self._scheduler = scheduler
        self._switches = switches
        self._running: dict[str, _Running] = {}
        self.started = 0
        """Number of migrations that have been started."""
        self._newest: dict[str, str] = {}
        """Management account -> the id of the parent that it made last."""

    def newest_parent(self, management_id: str) -> str | None:
        """The id of the parent that a management account made last, or None."""
        return self._newest.get(management_id)

    def in_flight(self, organization_id: str) -> bool:
        """Return whether the organization has a migration that nobody has ended."""
        return organization_id in self._running

    def start(self, sender: Sender, asked: Iterable[tuple[str, Action]]) -> Handshake:
        """Make a parent, and a child for each account that is asked.

        Args:
            sender: the organization.
            asked: account ids and the children's actions.

        Returns:
            The parent: REQUESTED, or OPEN with nobody to ask.

        Raises:
            AlreadyPendingMigrationError: one is in progress.
        """
        if self.in_flight(sender.organization_id):
            raise AlreadyPendingMigrationError
        now = self._clock.now()
        parent = Handshake(
            id=new_id(),
            role=HandshakeRole.PARENT,
            action=parent_action(self._switches),
            state=HandshakeState.REQUESTED,
            sender=sender,
            requested_at=now,
            expires_at=now + MIGRATION_LIFETIME,
        )
        self._handshake_store.add(parent)
        self._cancel_invitations(sender.organization_id, now)
        running = _Running(parent.id, to_ask=dict(asked))
        self._running[sender.organization_id] = running
        self.started += 1
        self._newest[sender.management_id] = parent.id
        if self._switches.children_after and running.to_ask:
            at = now + timedelta(seconds=self._switches.children_after)
            self._scheduler.add(at, self._make_children, sender.organization_id, parent.id)
        else:
            self._make_children(now, sender.organization_id, parent.id)
        return self._handshake_store[parent.id]

    def change(self, handshake: Handshake, event: HandshakeEvent) -> Handshake:
        """Apply an event to a parent or child, with all that follows from it.

        Raises:
            HandshakeAlreadyInStateError: it is already where the event leads.
            InvalidHandshakeTransitionError: the lifecycle has no such transition, or the parent is
                accepted though somebody declined.
        """
        running = self._running.get(handshake.sender.organization_id)
        accepts_parent = handshake.role is HandshakeRole.PARENT and event is HandshakeEvent.ACCEPT
        changed = handshake.after(event, self._clock.now())
        if accepts_parent and running is not None and running.refused:
            self._allow_despite_decline()
        self._handshake_store.update(changed)
        if running is None:
            return changed
        if handshake.role is HandshakeRole.PARENT:
            self._end(running, handshake.sender.organization_id, event)
        else:
            self._take_answer(running, changed, event)
        return self._handshake_store[handshake.id]

    def expire(self, handshake: Handshake) -> None:
        """Let a pending parent or child lapse, at the moment it said it would: each child with its parent."""
        canceled = handshake.role is HandshakeRole.CHILD and self._switches.expired_children == "CANCELED"
        event = HandshakeEvent.CANCEL if canceled else HandshakeEvent.EXPIRE
        self._handshake_store.update(handshake.after(event, handshake.expires_at), handshake.expires_at)
        if handshake.role is HandshakeRole.PARENT:
            organization_id = handshake.sender.organization_id
            self._running.pop(organization_id, None)
            if self._switches.expired_children == "CANCELED":
                self._cancel_invitations(organization_id, handshake.expires_at)

    def account_left(self, organization_id: str, account_id: str) -> None:
        """An account has left: what it was asked no longer counts."""
        running = self._running.get(organization_id)
        if running is None:
            return
        awaited = running.awaited.pop(account_id, None)
        if awaited is not None:
            self._finish(awaited, HandshakeEvent.CANCEL)
        running.refused.pop(account_id, None)
        running.to_ask.pop(account_id, None)
        self._open_if_ready(running)

    def _make_children(self, at: datetime, organization_id: str, parent_id: str) -> None:
        """Ask those who haven't been asked yet, unless the migration is over."""
        running = self._running.get(organization_id)
        if running is None or running.parent_id != parent_id:
            return
        parent = self._handshake_store[parent_id]
        for account_id, action in running.to_ask.items():
            child = Handshake(
                id=new_id(),
                role=HandshakeRole.CHILD,
                action=action,
                state=HandshakeState(self._switches.pending_child),
                sender=parent.sender,
                requested_at=at,
                expires_at=parent.expires_at,
                account_id=account_id,
                parent_id=parent_id,
            )
            self._handshake_store.add(child, at)
            running.awaited[account_id] = child.id
        running.to_ask.clear()
        self._open_if_ready(running)

    def _allow_despite_decline(self) -> None:
        if not self._switches.accept_despite_decline:
            raise InvalidHandshakeTransitionError

    def _take_answer(self, running: _Running, child: Handshake, event: HandshakeEvent) -> None:
        account_id = child.account_id
        if account_id is None or running.awaited.get(account_id) != child.id:
            return
        del running.awaited[account_id]
        if event is not HandshakeEvent.ACCEPT:
            running.refused[account_id] = child.id
        self._open_if_ready(running)

    def _open_if_ready(self, running: _Running) -> None:
        parent = self._handshake_store[running.parent_id]
        refusal_counts = running.refused and not self._switches.open_when_all_responded
        if running.awaited or running.to_ask or refusal_counts or parent.state is HandshakeState.OPEN:
            return
        self._finish(parent.id, HandshakeEvent.READY)

    def _end(self, running: _Running, organization_id: str, event: HandshakeEvent) -> None:
        del self._running[organization_id]
        if event is HandshakeEvent.CANCEL:
            for child_id in running.awaited.values():
                self._finish(child_id, HandshakeEvent.CANCEL)
            self._cancel_invitations(organization_id, self._clock.now())

    def _cancel_invitations(self, organization_id: str, at: datetime) -> None:
        """Cancel what nobody has answered: what it offers is no longer so.

        So it is when a migration begins, and when one is canceled: User Guide, considerations.
        """
        for handshake_id in self._handshake_store.of_organization(organization_id):
            handshake = self._handshake_store[handshake_id]
            if handshake.action is Action.INVITE and handshake.pending:
                self._handshake_store.update(handshake.after(HandshakeEvent.CANCEL, at), at)

    def _finish(self, handshake_id: str, event: HandshakeEvent) -> None:
        self._handshake_store.update(self._handshake_store[handshake_id].after(event, self._clock.now()))
