"""Getting something of an organization on or off: the skeleton of the reconcilers of all that is.

AWS takes one change of an organization at a time, and not more than one a second: changes go one after
another. A change is always preceded by a fresh look, and followed by another where AWS answers with an error.
"""

from __future__ import annotations

import abc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeVar

from aws_org_features.common import errors
from aws_org_features.common.progress_log import Heartbeat
from aws_org_features.common.reconciler import LAG_PAUSES, Reconciler
from aws_org_features.common.run_io import Edges
from aws_org_features.common.state import changed
from aws_org_features.model.on_off import ENABLED, OnDestroy, Removal, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from contextlib import AbstractContextManager

    from aws_org_features.common.log import Log
    from aws_org_features.common.run_cache import OnOffCache
    from aws_org_features.model.organizations import Organization

PATIENCE: Final = 120.0
"""Seconds for which a run waits for what AWS does in the background."""

_SOONEST: Final = 1.0
_LATEST: Final = 10.0
_GROWTH: Final = 1.5

_BUSY: Final = (
    errors.ConcurrentModificationError,
    errors.PolicyChangesInProgressError,
    errors.ThrottledError,
)
"""Refusals that AWS gives before it does anything, and not for long."""


class _Api(Protocol):
    @property
    def connection(self) -> Hashable: ...


class _Declared(Protocol):
    @property
    def organization_id(self) -> str: ...

    @property
    def on_destroy(self) -> OnDestroy: ...


class _Recorded(Protocol):
    @property
    def status(self) -> str | None: ...

    @property
    def enabled_here(self) -> bool: ...


class _Seen(Protocol):
    @property
    def organization(self) -> Organization: ...


_ApiT = TypeVar("_ApiT", bound=_Api)
_DeclaredT = TypeVar("_DeclaredT", bound=_Declared)
_SeenT = TypeVar("_SeenT", bound=_Seen)


def is_left(on_destroy: OnDestroy, *, enabled_here: bool, why_kept: str | None) -> str | None:
    """The reason why a destroy leaves something as it is without looking at AWS; None where it has to look.

    Args:
        on_destroy: What the program declared.
        enabled_here: Whether this resource enabled it.
        why_kept: Why another resource of the same run may want it, as after a rename, if so.
    """
    if not enabled_here:
        return "this resource didn't enable it"
    if why_kept is not None:
        return why_kept
    if on_destroy is OnDestroy.LEAVE:
        return "on_destroy is leave"
    return None


@dataclass(frozen=True, slots=True)
class Words:
    """The words for where something stands.

    Attributes:
        enabling: One line that says what is being done, or would be.
        to_do: What the next `up` does, where there is something to do.
        short: Where it stands, short enough for one side of a property difference.
        disabled_by_hand: What a person must know of what was on when it was last seen.
    """

    enabling: str
    to_do: str
    short: str
    disabled_by_hand: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[_SeenT]):
    """The end of a walk.

    Attributes:
        seen: What AWS shows.
        status: Where it stands.
        to_do: Whether the next `up` has something to do but wait.
        words: The words for that.
        outputs: What goes into the state.
    """

    seen: _SeenT
    status: str
    to_do: bool
    words: Words
    outputs: dict[str, Any]


class OnOffReconciler(Reconciler[_SeenT], Generic[_ApiT, _DeclaredT, _SeenT]):
    """Gets something of an organization on or off, in one call of the engine.

    Args:
        api: The calls.
        declared: What the program declares.
        recorded: What the state holds.
        log: Where to tell what happens.
        run: The run's memory.
        sleep: Waits for some seconds; tests pass their own.
        clock: A monotonic clock, in seconds.
        over: Whether the run must end early: it was canceled, or the engine is gone.
    """

    _settled: ClassVar[Mapping[Step, tuple[type[errors.OrgFeaturesError], ...]]] = {}
    """Errors of AWS's, for each change, that leave nothing to look for."""

    def __init__(  # noqa: PLR0913 - the edges are passed in
        self,
        api: _ApiT,
        declared: _DeclaredT,
        recorded: _Recorded,
        log: Log,
        run: OnOffCache[_SeenT],
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(api.connection, declared.organization_id, run, Edges(log, clock, sleep, over))
        self._api = api
        self._declared = declared
        self._known = run.organizations
        self._was_on = recorded.status == ENABLED
        self._enabled_here = recorded.enabled_here
        self._asked = Step.NONE  # what AWS was asked for

    def look(self) -> Outcome[_SeenT]:
        """See where it stands; writes nothing."""
        with self._known.lock(self._key[1]):
            return self._outcome(self._remembered() or self._confirmed())

    def apply(self) -> Outcome[_SeenT]:
        """Get it on, as far as that will go today."""
        with self._known.lock(self._key[1]):
            seen = self._remembered()
            if seen is None or self._next(seen) is not Step.NONE:
                seen = self._until_done(self._confirmed(), self._next, self._enable)
            self._refuse_unfinished(seen, Step.ENABLE)
            return self._outcome(seen)

    def disable_if_free(self, why_kept: str | None = None) -> Removal:
        """Get it off if this resource got it on, and nobody would miss it.

        Args:
            why_kept: Why another resource of the run may want it, if so.

        Returns:
            What was done: DISABLE; or NONE and why.
        """
        why = is_left(self._declared.on_destroy, enabled_here=self._enabled_here, why_kept=why_kept)
        if why is not None:
            return Removal(Step.NONE, why)
        with self._known.lock(self._key[1]):
            seen = self._until_done(self._confirmed(), self._next_removal, self._disable)
        if self._asked is Step.DISABLE:
            return Removal(Step.DISABLE, "this resource had enabled it")
        self._refuse_unfinished(seen, Step.DISABLE)
        return self._removal(seen)

    # What each has of its own

    @abc.abstractmethod
    def _is_off(self, seen: _SeenT) -> bool:
        """Return whether it is off, and isn't only getting on or off."""

    @abc.abstractmethod
    def _outcome(self, seen: _SeenT) -> Outcome[_SeenT]:
        """The messages and the record of a look."""

    @abc.abstractmethod
    def _waiting(self, seen: _SeenT) -> str:
        """The change that the run waits for."""

    def _unfinished(self, seen: _SeenT, wanted: Step) -> errors.OrgFeaturesError | None:  # noqa: ARG002
        """The obstacle, if the run could only wait until somebody else changes something."""
        return None

    @abc.abstractmethod
    def _next(self, seen: _SeenT) -> Step:
        """Decide how to get it on."""

    @abc.abstractmethod
    def _enable(self, seen: _SeenT) -> _SeenT:
        """Ask AWS to get it on; gives what is so then."""

    @abc.abstractmethod
    def _as_whom(self, organization: Organization) -> AbstractContextManager[None]:
        """Distinguish a missing permission from a wrong account, which AWS answers alike."""

    @abc.abstractmethod
    def _removal(self, seen: _SeenT, users: tuple[Any, ...] | None = None) -> Removal:
        """Decide how to get it off; None are users that weren't asked for."""

    @abc.abstractmethod
    def _users(self) -> tuple[Any, ...]:
        """Ask AWS who would miss it."""

    @abc.abstractmethod
    def _in_use(self, users: tuple[Any, ...]) -> errors.OrgFeaturesError:
        """The error that names them."""

    @abc.abstractmethod
    def _disable(self, seen: _SeenT) -> _SeenT:
        """Ask AWS to get it off; gives what is so then."""

    # Looking

    def _remember(self, seen: _SeenT) -> _SeenT:
        if seen.organization.has_all_features:
            self._known.with_all_features[self._key] = seen.organization
        return super()._remember(seen)

    def _confirmed(self) -> _SeenT:
        """A look that contradicts the record only if it goes on doing so."""
        seen = self._fresh()
        for pause in LAG_PAUSES[1:]:
            if not self._was_on or not self._is_off(seen):
                break
            self._sleep(pause)
            seen = self._fresh()
        return seen

    def _again(self) -> _SeenT | None:
        """Look again while waiting; None if the wait ends here."""
        return self._fresh()

    # Changing

    def _next_removal(self, seen: _SeenT) -> Step:
        step = self._removal(seen).step
        if step is not Step.DISABLE or self._declared.on_destroy is not OnDestroy.REFUSE_IF_USED:
            return step
        users = self._users_at_last(seen)
        if self._removal(seen, users).step is Step.REFUSE:
            raise self._in_use(users)
        return step

    def _users_at_last(self, seen: _SeenT) -> tuple[Any, ...]:
        """Users that would miss it; one that was taken away a moment ago may still be shown."""
        users: tuple[Any, ...] = ()
        with self._as_whom(seen.organization):
            for pause in LAG_PAUSES:
                self._sleep(pause)
                users = self._users()
                if not users:
                    break
        return users

    def _until_done(
        self, seen: _SeenT, decide: Callable[[_SeenT], Step], change: Callable[[_SeenT], _SeenT]
    ) -> _SeenT:
        """Change and wait until nothing is left to do, AWS takes too long, or the run is over."""
        pause, until = _SOONEST, self._edges.clock() + PATIENCE
        heartbeat = Heartbeat(self._log, self._edges.clock)
        while (step := decide(seen)) is not Step.NONE:
            refusal: errors.OrgFeaturesError | None = None
            if step is not Step.WAIT:
                try:
                    seen = self._remember(change(seen))
                except _BUSY as error:
                    refusal = error
                else:
                    continue
            heartbeat.beat(self._waiting(seen))
            left = until - self._edges.clock()
            if left <= 0 or not self._edges.rest(min(pause, left)):
                if refusal is not None:
                    raise refusal
                break
            pause = min(pause * _GROWTH, _LATEST)
            later = self._again()
            if later is None:
                break
            seen = later
        return seen

    def _refuse_unfinished(self, seen: _SeenT, wanted: Step) -> None:
        if self._asked is Step.NONE and (error := self._unfinished(seen, wanted)) is not None:
            raise error

    def _change(self, step: Step, ask: Callable[[], _SeenT], happened: Callable[[_SeenT], bool]) -> _SeenT:
        """Ask AWS for a change. What it answers with an error may have been done all the same."""
        self._forget()
        try:
            later = ask()
        except errors.OrgFeaturesError as error:
            if isinstance(error, (*_BUSY, *self._settled.get(step, ()))):
                raise
            later = self._look_after(error, happened)
        self._asked = step
        return later


def drift(kept: Mapping[str, Any], outcome: Outcome[_SeenT]) -> str | None:
    """The difference from the goal that the next `up` acts on; None while only waiting.

    Args:
        kept: What the state holds, as the outputs.
        outcome: What AWS shows.
    """
    if outcome.status == ENABLED:
        return None
    return outcome.status if outcome.to_do or changed(kept, outcome.outputs) else None
