"""Earlier states of organizations, for readers to whom AWS shows the time before a write.

After each write all of them are kept as bytes, which takes milliseconds for a thousand accounts; a reader
gets backends made of the bytes that are old enough. Nothing is kept where nothing lags. Handshakes have a
history of their own, in `handshake_store`.
"""

import io
import math
import pickle
from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from moto.core.common_models import BaseModel
from moto.organizations.models import OrganizationsBackend, organizations_backends

from aws_org_emulator.state.accounts import Accounts
from aws_org_emulator.timing.clock import Clock

LAGGING_OPERATIONS = frozenset(
    {
        "DescribeAccount",
        "DescribeOrganization",
        "DescribeEffectivePolicy",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListChildren",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListEffectivePolicyValidationErrors",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
    }
)
"""Operations that show what this keeps. CreateAccount's progress is shown at once, by the request's id."""

SEEN_ONE_BY_ONE = 32
"""So many writes within the lag are seen one by one; of more, those within a 32nd of it are seen together.

That keeps three times as many states at most.
"""

_Backend = TypeVar("_Backend", bound=OrganizationsBackend)


class ReadLag:
    """Earlier states of all organizations of an emulator, as far back as readers see.

    Args:
        clock: what lateness goes by.
        lag: for how many seconds readers see what was before a write.
    """

    def __init__(self, clock: Clock, lag: float) -> None:
        self._clock = clock
        self._lag = lag
        self._kept: list[tuple[float, bytes]] = []
        self._unpickled: tuple[bytes, dict[str, dict[str, Any]]] = (b"", {})

    def __len__(self) -> int:
        return len(self._kept)

    def __getstate__(self) -> dict[str, Any]:
        """Reduce it to the parts that a copy needs: those that were opened can be opened again."""
        return {**vars(self), "_unpickled": (b"", {})}

    def record(self, at: datetime | None = None) -> None:
        """Take down what is so now; what is there first was always so.

        Args:
            at: when it became so, if not just now.
        """
        if not self._lag:
            return
        state = _pickled({backend.account_id: vars(backend) for backend in with_organizations()})
        if not self._kept:
            self._kept.append((-math.inf, state))
        elif state != self._kept[-1][1]:
            self._keep(self._clock.elapsed(at), state)

    def as_readers_see(self, backend: _Backend) -> _Backend | None:
        """A management account's backend as readers see it, for reading only; None if they don't yet."""
        seen = self._seen()
        if seen is None or seen == len(self._kept) - 1:
            return backend
        state = self._kept[seen][1]
        if self._unpickled[0] is not state:
            self._unpickled = (state, _unpickled(state))
        attributes = self._unpickled[1].get(backend.account_id)
        if attributes is None:
            return None
        view = object.__new__(type(backend))
        vars(view).update(attributes)
        return view

    def _seen(self) -> int | None:
        """The number of the newest state that is old enough."""
        until = self._clock.elapsed() - self._lag
        old_enough = [number for number, (at, _) in enumerate(self._kept) if at <= until]
        return old_enough[-1] if old_enough else None

    def _keep(self, at: float, state: bytes) -> None:
        del self._kept[: self._seen()]
        if len(self._kept) > SEEN_ONE_BY_ONE and at - self._kept[-2][0] < self._lag / SEEN_ONE_BY_ONE:
            del self._kept[-1]
        self._kept.append((at, state))


def with_organizations() -> Iterator[OrganizationsBackend]:
    """The backends of management accounts."""
    for partitions in list(organizations_backends.values()):
        yield from (backend for backend in list(partitions.values()) if backend.org is not None)


class _Pickler(pickle.Pickler):
    """Writes moto's things without what they hold, which is written after them all.

    Policies and what they are attached to refer to one another, in chains as long as there are policies.
    """

    def __init__(self, file: io.BytesIO, things: list[BaseModel]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._things = {id(thing) for thing in things}

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, Accounts):
            return Accounts.of_states, (value.states(),)
        if isinstance(value, BaseModel):
            held = None if id(value) in self._things else vars(value)
            return _empty, (type(value),), held
        return NotImplemented


def _empty(kind: type[BaseModel]) -> BaseModel:
    """A thing that moto keeps no track of, as its constructors do."""
    return object.__new__(kind)


def _pickled(states: dict[str, dict[str, Any]]) -> bytes:
    things = [thing for state in states.values() for thing in objects_of(state)]
    file = io.BytesIO()
    _Pickler(file, things).dump((things, [vars(thing) for thing in things], states))
    return file.getvalue()


def _unpickled(state: bytes) -> dict[str, dict[str, Any]]:
    things, held, states = pickle.loads(state)  # noqa: S301 - bytes of our own
    for thing, attributes in zip(things, held, strict=True):
        vars(thing).update(attributes)
    opened: dict[str, dict[str, Any]] = states
    return opened


def objects_of(state: dict[str, Any]) -> Iterator[BaseModel]:
    """All that moto's backend with these attributes consists of."""
    yield state["org"]
    for name in ("accounts", "ou", "policies", "admins"):
        yield from state[name]
