"""The skeleton of every reconciler: look, decide, act, and look again.

A write is always preceded by a fresh look, and followed by another where AWS answers with an error: it has
been seen to refuse and yet to have done it. AWS's reads lag behind its writes by about a second.
"""

from __future__ import annotations

import abc
import contextlib
from typing import TYPE_CHECKING, Final, Generic

from aws_org_features.common import errors
from aws_org_features.common.run_cache import SeenT

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from aws_org_features.common.run_cache import Key, RunCache
    from aws_org_features.common.run_io import Edges

_AT_ONCE: Final = (0.0,)
LAG_PAUSES: Final = (0.0, 0.5, 1.0)
"""Seconds before each look for what may have been written."""
LONG_LAG_PAUSES: Final = (*LAG_PAUSES, 2.0, 4.0)
"""The same, where AWS says that it was written: by then somebody waits for it."""

_NOT_DONE: Final = (
    errors.AccessDeniedError,
    errors.ConcurrentModificationError,
    errors.ThrottledError,
)
"""Refusals that AWS gives before it does anything; one read is enough to be sure."""

_DONE: Final = (errors.AlreadyEnabledError, errors.AlreadyMigratingError)


class Reconciler(abc.ABC, Generic[SeenT]):
    """Takes one resource as far as it will go, in one call of the engine.

    Args:
        connection: Who looks and acts.
        organization_id: The only organization that is looked at.
        cache: What the run remembers.
        edges: A log, a clock, pauses, and whether the run is over.
    """

    def __init__(
        self, connection: Hashable, organization_id: str, cache: RunCache[SeenT], edges: Edges
    ) -> None:
        self._key: Key = (connection, organization_id)
        self._cache = cache
        self._edges = edges
        self._log = edges.log
        self._sleep = edges.sleep

    @abc.abstractmethod
    def _observe(self) -> SeenT:
        """Ask AWS."""

    def _complete(self, seen: SeenT) -> SeenT:
        """Ask for what an earlier look of the run lacks, as other resources needed less."""
        return seen

    def _remembered(self) -> SeenT | None:
        """The look of an earlier step of this run, if there was one."""
        seen = self._cache.seen.get(self._key)
        return None if seen is None else self._remember(self._complete(seen))

    def _fresh(self) -> SeenT:
        return self._remember(self._observe())

    def _remember(self, seen: SeenT) -> SeenT:
        self._cache.seen[self._key] = seen
        return seen

    def _forget(self) -> None:
        """Forget every look at the organization: a write makes them stale, no matter who looked."""
        self._cache.forget(self._key[1])

    def _tell(self, step: str, tell: Callable[[str], None] | None = None) -> None:
        """Tell a step once in a run, unless told otherwise as news: a diff may have told it already."""
        if step not in self._cache.announced:
            self._cache.announced.add(step)
            (tell or self._log.info)(step)

    def _look_after(self, error: errors.OrgFeaturesError, happened: Callable[[SeenT], bool]) -> SeenT:
        """Look again after an error of a write; raise the error only if the write hasn't happened."""
        for pause in _pauses_after(error):
            self._sleep(pause)
            with contextlib.suppress(errors.OrgFeaturesError):
                later = self._fresh()
                if happened(later):
                    return later
        raise error


def _pauses_after(error: errors.OrgFeaturesError) -> tuple[float, ...]:
    if isinstance(error, _NOT_DONE):
        return _AT_ONCE
    return LONG_LAG_PAUSES if isinstance(error, _DONE) else LAG_PAUSES
