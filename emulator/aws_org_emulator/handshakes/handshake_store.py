"""The store of handshakes: by id, with an index for each way that AWS lists them.

Nothing is decided here. The indexes only ever grow, so that a position in one is a stable page
token and a list of n handshakes costs n steps over all of its pages.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from aws_org_emulator.handshakes.handshake import Handshake
from aws_org_emulator.timing.clock import Clock


class HandshakeStore:
    """All handshakes of all organizations of one emulator.

    Args:
        clock: what lateness goes by.
        lag: for how many seconds readers see what was before a write.
    """

    def __init__(self, clock: Clock, lag: float = 0) -> None:
        self._clock = clock
        self._lag = lag
        self._written: dict[str, list[tuple[float, Handshake]]] = defaultdict(list)
        self._handshakes: dict[str, Handshake] = {}
        self._of_organization: dict[str, list[str]] = defaultdict(list)
        self._of_account: dict[str, list[str]] = defaultdict(list)
        self._of_parent: dict[str, list[str]] = defaultdict(list)
        self._expiring: list[tuple[datetime, str]] = []

    def __getitem__(self, handshake_id: str) -> Handshake:
        return self._handshakes[handshake_id]

    def get(self, handshake_id: str) -> Handshake | None:
        """The handshake with this id, or None."""
        return self._handshakes.get(handshake_id)

    def as_readers_see(self, handshake_id: str) -> Handshake | None:
        """The handshake as readers see it, or None."""
        if not self._lag:
            return self._handshakes.get(handshake_id)
        until = self._clock.elapsed() - self._lag
        seen = [handshake for at, handshake in self._written.get(handshake_id, ()) if at <= until]
        return seen[-1] if seen else None

    def add(self, handshake: Handshake, at: datetime | None = None) -> None:
        """Store a new handshake.

        Args:
            handshake: which.
            at: when it was made, if not just now.
        """
        self.update(handshake, at)
        self._of_organization[handshake.sender.organization_id].append(handshake.id)
        if handshake.account_id is not None:
            self._of_account[handshake.account_id].append(handshake.id)
        if handshake.parent_id is not None:
            self._of_parent[handshake.parent_id].append(handshake.id)
        if handshake.pending:
            heapq.heappush(self._expiring, (handshake.expires_at, handshake.id))

    def update(self, handshake: Handshake, at: datetime | None = None) -> None:
        """Replace the stored value of a handshake; what indexes go by doesn't change.

        Args:
            handshake: the new value.
            at: when it became that, if not just now.
        """
        self._handshakes[handshake.id] = handshake
        if self._lag:
            self._written[handshake.id].append((self._clock.elapsed(at), handshake))

    def of_organization(self, organization_id: str) -> Sequence[str]:
        """Ids of an organization's handshakes, oldest first."""
        return self._of_organization.get(organization_id, ())

    def of_account(self, account_id: str) -> Sequence[str]:
        """Ids of the handshakes that an account has received, oldest first."""
        return self._of_account.get(account_id, ())

    def of_parent(self, parent_id: str) -> Sequence[str]:
        """Ids of a handshake's children, oldest first."""
        return self._of_parent.get(parent_id, ())

    def expired(self, now: datetime) -> Iterator[Handshake]:
        """The pending handshakes whose time is over, each once, oldest first."""
        while self._expiring and self._expiring[0][0] <= now:
            _, handshake_id = heapq.heappop(self._expiring)
            handshake = self._handshakes[handshake_id]
            if handshake.pending:
                yield handshake
