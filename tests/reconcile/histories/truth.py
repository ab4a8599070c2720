"""The truth about an emulated organization, even if AWS would show less, and the effect of each call."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_org_emulator import Emulator
    from aws_org_emulator.server.faults import Call

PENDING = ("REQUESTED", "OPEN")


@dataclass(frozen=True)
class Approval:
    """One account's, by its state, and whether AWS still shows it."""

    state: str
    kept: bool


@dataclass(frozen=True)
class Truth:
    """An organization at a moment.

    Attributes:
        feature_set: CONSOLIDATED_BILLING or ALL.
        started: How many migrations were ever begun.
        parent: The newest migration's handshake, however old, if there is one.
        state: Its state.
        kept: Whether AWS still shows it.
        answers: What its accounts have answered, those that have left since included.
        members: The organization's accounts but for management.
        in_flight: How many migrations haven't ended.
    """

    feature_set: str
    started: int
    parent: str | None
    state: str
    kept: bool
    answers: Mapping[str, Approval]
    members: frozenset[str]
    in_flight: int

    @property
    def pending(self) -> bool:
        """Return whether a migration is in progress."""
        return self.state in PENDING

    def who(self, state: str) -> frozenset[str]:
        """The accounts whose approval is in a state."""
        return frozenset(account for account, answer in self.answers.items() if answer.state == state)


def truth(org: Emulator) -> Truth:
    """The truth at this moment."""
    world = org._shared
    with world.locked_now():
        newest, now = world.migrations.newest_parent(org.management), world.clock.now()
        ledger = world.handshake_store
        parent = None if newest is None else ledger[newest]
        children = [] if newest is None else [ledger[each] for each in ledger.of_parent(newest)]
        ours = [ledger[each] for each in ledger.of_organization(org.organization_id)]
        return Truth(
            feature_set=str(org.feature_set),
            started=org.migrations_started,
            parent=newest,
            state="" if parent is None else str(parent.state),
            kept=parent is not None and parent.kept(now),
            answers={
                str(child.account_id): Approval(str(child.state), child.kept(now)) for child in children
            },
            members=frozenset((*org.invited, *org.created)),
            in_flight=sum(1 for each in ours if each.role == "parent" and each.pending),
        )


@dataclass(frozen=True)
class Asked:
    """A call that a command made, and how it was before and after.

    Attributes:
        call: The call.
        seen: How it was when the command decided to make it; others may have done something since.
        before: How it was just before it took effect.
        after: How it was then.
        answered: Whether there was an answer.
    """

    call: Call
    seen: Truth
    before: Truth
    after: Truth
    answered: bool = True

    @property
    def began(self) -> bool:
        """Return whether it began a migration."""
        return self.after.started > self.before.started

    @property
    def finalized(self) -> bool:
        """Return whether it accepted the parent, or tried to."""
        parents = self.before.parent is not None and self.call.operation == "AcceptHandshake"
        return parents and self.call.account_id not in self.before.members

    @property
    def canceled(self) -> bool:
        """Return whether it canceled the migration."""
        return (
            self.before.pending and self.after.parent == self.before.parent and self.after.state == "CANCELED"
        )

    @property
    def approved(self) -> frozenset[str]:
        """The accounts that it approved for."""
        same = self.before.parent == self.after.parent
        return self.after.who("ACCEPTED") - self.before.who("ACCEPTED") if same else frozenset()


@dataclass
class Witness:
    """Takes down what a command asks, on the emulator's threads: a command asks one thing at a time."""

    asked: list[Asked] = field(default_factory=list)
    _org: Emulator | None = None
    _seen: Truth | None = None
    _before: Truth | None = None

    def watch(self, org: Emulator) -> None:
        """Begin again, with how it is now."""
        self.asked, self._org = [], org
        self._seen = self._before = truth(org)

    @contextlib.contextmanager
    def others_act(self) -> Iterator[None]:
        """Before the next call takes effect others do something: nothing that the command asks."""
        org, self._org = self._org, None
        try:
            yield
        finally:
            self._org = org
            self._before = None if org is None else truth(org)

    def look_away(self) -> list[Asked]:
        """End; what was asked."""
        self._org = None
        return self.asked

    def served(self, call: Call, status: int, _error: str | None) -> None:
        """Take down a call, once it has had its effect."""
        if self._org is None or self._before is None or self._seen is None:
            return
        after = truth(self._org)
        self.asked.append(Asked(call, self._seen, self._before, after, answered=status != 0))
        self._seen = self._before = after
